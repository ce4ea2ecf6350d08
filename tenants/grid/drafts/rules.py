"""What may happen to a draft, when it is out of date, and what differs from the grid in force."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from uuid import UUID

_MAY = {
    "edit": {"draft"},
    "propose": {"draft"},
    "take_back": {"proposed"},
    "withdraw": {"draft", "proposed"},
    "rebase": {"draft", "proposed"},
    "approve": {"proposed"},
    "undo": {"approved"},
}
"""Act -> the states in which it may be done."""
OPEN = ("draft", "proposed")
"""States in which a draft is still somebody's work."""


def may(act: str, state: str) -> bool:
    """Whether an act is possible in a state."""
    return state in _MAY[act]


def mark_of(cell_ids: Iterable[UUID]) -> str:
    """The same word for the same cells in force, another one as soon as one begins or ends."""
    return sha256("".join(sorted(str(id_) for id_ in cell_ids)).encode()).hexdigest()


def takes_effect(effective_on: date, today: date) -> bool:
    """Whether an approved draft is due: on its day, or at once when that has passed."""
    return effective_on <= today


def difference(*, from_cell: bool, same_shape: bool, same_words: bool) -> str:
    """How a draft cell differs from the cell it continues: new, same, renamed or changed."""
    if not from_cell:
        return "new"
    if not same_shape:
        return "changed"
    return "same" if same_words else "renamed"


def free_code(taken: Iterable[str], near: str = "") -> str:
    """A code nobody has: `near` with a letter behind it, else N1, N2 and so on."""
    used = set(taken)
    if near:
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            if (code := f"{near[:19]}{letter}") not in used:
                return code
    number = 1
    while f"N{number}" in used:
        number += 1
    return f"N{number}"
