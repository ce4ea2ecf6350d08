"""Small counts are not shown upward, nor can they be worked out from what is shown. Pure.

Source: domain STA-3; design, section 7. A count of one or two people may tell who they are, so it
is hidden. A hidden count that follows from the others (a total less its shown parts) is no secret:
others are hidden beside it until none of the small ones follows from the sums, not even for somebody
who knows that no count is below nought, and until what a sum hides is no small count either.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
from scipy.linalg import qr
from scipy.optimize import linprog

FEWEST: Final = 3
"""The smallest count of people that is shown; nought is shown as well, it is about nobody."""

Cell = TypeVar("Cell", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Sum(Generic[Cell]):
    """`total` = all `parts` together: everybody who reads the table knows that it is so."""

    total: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.total, *self.parts)


@dataclass(frozen=True)
class _Safe(Generic[Cell]):
    """Small cells that do not follow (`free`) and that are not pinned (`loose`).

    Both stay so for good: hiding more lets nothing follow that did not follow before.
    """

    free: set[Cell]
    loose: set[Cell]


def hidden_cells(
    counts: Mapping[Cell, int],
    sums: Sequence[Sum[Cell]],
    *,
    unprinted: Collection[Cell] = (),
    printed: Collection[Cell] = (),
    secret: Collection[Cell] = (),
    fewest: int = FEWEST,
) -> frozenset[Cell]:
    """Which counts are hidden. `counts`: cell -> people, of every cell in `sums`.

    `unprinted`: cells that take part in the sums but stand in no table; they need no protection.
    `printed`, `secret`: what another table of the same figures shows already, or hides.
    Of several that would protect a small count the smallest is taken, so that little is lost.
    """
    dark, kept = set(unprinted), set(printed)
    small = {cell for cell, count in counts.items() if 0 < count < fewest} - dark - kept
    small |= set(secret)
    hidden = set(small)
    for together in _apart(sums):
        cells = {cell for each in together for cell in each.cells}
        hidden |= _hidden_within(counts, together, small & cells, dark & cells, kept, fewest)
    return frozenset(hidden)


def _apart(sums: Sequence[Sum[Cell]]) -> list[list[Sum[Cell]]]:
    """The sums in groups that share no cell: from one of them nothing follows for another."""
    group_of: dict[Cell, list[Sum[Cell]]] = {}
    for each in sums:
        together = [each]
        touched = {id(group_of[cell]): group_of[cell] for cell in each.cells if cell in group_of}
        for other in touched.values():
            together += other
        for joined in together:
            group_of |= dict.fromkeys(joined.cells, together)
    return list({id(group): group for group in group_of.values()}.values())


def _hidden_within(
    counts: Mapping[Cell, int],
    sums: Sequence[Sum[Cell]],
    small: set[Cell],
    dark: set[Cell],
    kept: set[Cell],
    fewest: int,
) -> set[Cell]:
    """What is hidden in one group of sums that hang together."""
    hidden = set(small)
    safe: _Safe[Cell] = _Safe(set(), set())
    while given_away := _given_away(counts, sums, hidden | dark, small, safe, fewest):
        out = hidden | dark | kept
        cheapest = (_best(giving, counts, out) for giving in given_away)
        more = {cell for cell in cheapest if cell is not None}
        if not more:
            shown = [cell for each in sums for cell in each.cells if cell not in out]
            if not shown:
                break
            more = {min(shown, key=lambda cell: _worth(cell, counts))}
        hidden |= more
    return hidden


def determined(unknown: Iterable[Cell], sums: Sequence[Sum[Cell]]) -> frozenset[Cell]:
    """The unknown cells whose value follows from the known ones by the sums alone.

    First whatever one sum gives, again and again; of the rest a cell follows when no change of the
    unknown cells that leaves every sum true changes it.
    """
    left = set(unknown)
    followed: set[Cell] = set()
    while single := _single(sums, left):
        followed |= single
        left -= single
    order = {cell: place for place, cell in enumerate(sorted(left, key=repr))}
    rows = [_row(each, order) for each in sums if left.intersection(each.cells)]
    if not rows:
        return frozenset(followed)
    # A cell follows when its own direction lies in the space that the sums span.
    basis, triangle, _ = qr(np.array(rows, dtype=float).T, mode="economic", pivoting=True)
    spanning = basis[:, : int(np.sum(abs(np.diag(triangle)) > 1e-9))]
    fixed = np.sum(spanning**2, axis=1) > 1 - 1e-9
    return frozenset(followed | {cell for cell, place in order.items() if fixed[place]})


def _single(sums: Sequence[Sum[Cell]], unknown: set[Cell]) -> set[Cell]:
    """Cells that are the only unknown one of some sum."""
    found = set()
    for each in sums:
        open_here = [cell for cell in each.cells if cell in unknown]
        if len(open_here) == 1:
            found.add(open_here[0])
    return found


def _given_away(
    counts: Mapping[Cell, int],
    sums: Sequence[Sum[Cell]],
    unknown: set[Cell],
    small: set[Cell],
    safe: _Safe[Cell],
    fewest: int,
) -> list[list[Sum[Cell]]]:
    """For each thing given away the sums in any of which something more could be hidden."""
    asked = small - safe.free
    followed = determined(unknown, sums) & asked if asked else frozenset()
    safe.free.update(asked - followed)
    if followed:
        return [[each for each in sums if cell in each.cells] for cell in followed]
    few = [[each] for each in sums if _hides_too_few(each, counts, unknown, small, fewest)]
    if few:
        return few
    for cell in sorted(small - safe.loose, key=repr):  # in one order in every process
        if _is_pinned(cell, counts, sums, unknown):
            return [_around(cell, sums, unknown)]
        safe.loose.add(cell)
    return []


def _is_pinned(
    cell: Cell, counts: Mapping[Cell, int], sums: Sequence[Sum[Cell]], unknown: set[Cell]
) -> bool:
    """Whether only one number of nought or more is left for a cell, by linear programming."""
    if len(sums) == 1 and cell in sums[0].cells:
        # What several unknown parts of one known total share leaves each a choice, unless nothing.
        return sums[0].total not in unknown and not sum(
            counts[part] for part in sums[0].parts if part in unknown
        )
    order = {each: place for place, each in enumerate(sorted(unknown, key=repr))}
    touched = [each for each in sums if unknown.intersection(each.cells)]
    rows = np.array([_row(each, order) for each in touched], dtype=float)
    known = [
        (0 if each.total in unknown else counts[each.total])
        - sum(counts[part] for part in each.parts if part not in unknown)
        for each in touched
    ]
    if not any(cell in each.cells for each in touched):
        return False
    aim = np.zeros(len(order))
    aim[order[cell]] = 1
    least = linprog(aim, A_eq=rows, b_eq=known)
    most = linprog(-aim, A_eq=rows, b_eq=known)
    if most.x is None or least.x is None:  # there is no limit
        return False
    return bool(most.x[order[cell]] - least.x[order[cell]] < 1 - 1e-6)


def _around(cell: Cell, sums: Sequence[Sum[Cell]], unknown: set[Cell]) -> list[Sum[Cell]]:
    """The sums that reach a cell over unknown ones, nearest first as far as anything is shown."""
    reached, found = {cell}, list[Sum[Cell]]()
    while True:
        more = [each for each in sums if each not in found and reached.intersection(each.cells)]
        found += more
        if not more or any(other not in unknown for each in more for other in each.cells):
            return found
        reached |= {other for each in more for other in each.cells}


def _best(giving: Sequence[Sum[Cell]], counts: Mapping[Cell, int], out: set[Cell]) -> Cell | None:
    """The cell of these sums that costs least to hide; None where nothing is left to hide."""
    shown = [cell for each in giving for cell in each.cells if cell not in out]
    return min(shown, key=lambda cell: _worth(cell, counts), default=None)


def _hides_too_few(
    each: Sum[Cell], counts: Mapping[Cell, int], unknown: set[Cell], small: set[Cell], fewest: int
) -> bool:
    if each.total in unknown:
        return False
    parts = [cell for cell in each.parts if cell in unknown]
    if not small.intersection(parts) or len(parts) == len(each.parts):
        return False
    return sum(counts[cell] for cell in parts) < fewest


def _worth(cell: Cell, counts: Mapping[Cell, int]) -> tuple[bool, int, str]:
    """What is lost by hiding a count; a nought tells most, so it goes last."""
    return counts[cell] == 0, counts[cell], repr(cell)


def _row(each: Sum[Cell], order: Mapping[Cell, int]) -> list[int]:
    row = [0] * len(order)
    if each.total in order:
        row[order[each.total]] -= 1
    for cell in each.parts:
        if cell in order:
            row[order[cell]] += 1
    return row
