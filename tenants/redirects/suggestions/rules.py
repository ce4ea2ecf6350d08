"""Whom a branch beyond the border suits better than what is proposed at home. Pure.

The same rule chooses on both sides of it (`matching.rules.choose`): nearest, open, with a free
seat, for this class of people, within reach. Ours comes first: only one that is truly nearer, or
any within reach where we have none, is suggested. Sources: domain ASG-2, ASG-9, TRF-4.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from tenants.matching.rules import Branch, Choice, Point, Waiting, choose

DECISIONS: Final = ("open", "taken", "declined", "withdrawn")
REASONS: Final = ("nearer", "no_seat", "not_allowed", "out_of_reach")
"""Nearer than what is proposed here; or why nothing is proposed here."""
METRES_A_DEGREE: Final = 111_320.0
ROUGHLY: Final = 1.05
"""How much the flat measure may be short of the true one in a county, for looking around only."""


@dataclass(frozen=True, slots=True)
class Better:
    """A branch elsewhere for an arrival. `here_metres` None: nothing is proposed here."""

    arrival_id: UUID
    branch_id: UUID
    metres: float
    place: str
    here_metres: float | None
    free: int | None
    reason: str


def better_elsewhere(
    waiting: Sequence[Waiting],
    here: Mapping[UUID, Choice],
    elsewhere: Sequence[Branch],
    *,
    basis: str,
    reach_metres: float,
) -> list[Better]:
    """At most one each, in the order of `waiting`; a seat suggested to one is not to the next.

    `here`: arrival -> what the same run chose at home.
    """
    if not elsewhere:
        return []
    free = {branch.branch_id: branch.seats for branch in elsewhere}
    around = _Around(elsewhere)
    found = []
    for arrival in waiting:
        own = here[arrival.arrival_id]
        limit = own.metres if own.branch_id else reach_metres
        near = [replace(branch, seats=free[branch.branch_id]) for branch in around(arrival, limit)]
        (choice,) = choose([arrival], near, basis=basis, reach_metres=limit)
        if choice.branch_id is None or (own.branch_id and choice.metres >= own.metres):
            continue
        found.append(_better(choice, own, free[choice.branch_id]))
        left = free[choice.branch_id]
        free[choice.branch_id] = None if left is None else left - 1
    return found


class _Around:
    """Branches that may be within so many metres of somebody; a few more, never one less."""

    def __init__(self, branches: Sequence[Branch]) -> None:
        self.branches = branches
        self.narrow = float(np.cos(np.radians(np.mean([one.place[1] for one in branches]))))
        self.tree = KDTree(self._flat([one.place for one in branches]))

    def __call__(self, arrival: Waiting, metres: float) -> Iterator[Branch]:
        places = [point for point in (arrival.home, arrival.work) if point]
        if not places:
            return
        rough = metres * ROUGHLY + 1
        found: set[int] = set()
        for place in self._flat(places):
            found.update(self.tree.query_ball_point(place, rough))
        for index in sorted(found):
            yield self.branches[index]

    def _flat(self, places: Sequence[Point]) -> NDArray[np.float64]:
        degrees = np.array(places, dtype=np.float64)
        metres: NDArray[np.float64] = degrees * METRES_A_DEGREE * np.array([self.narrow, 1.0])
        return metres


def _better(choice: Choice, own: Choice, free: int | None) -> Better:
    assert choice.branch_id is not None
    return Better(
        choice.arrival_id,
        choice.branch_id,
        choice.metres,
        choice.place,
        own.metres if own.branch_id else None,
        free,
        "nearer" if own.branch_id else own.reason,
    )
