"""Which branch is proposed to whom: the nearest open one with a free place that may take them.

Pure: plain values in, plain values out. Distances are geodesics on the WGS-84 ellipsoid, compared
to the millimetre; ties go to the lowest branch id. Sources: domain ASG-2, ASG-9, ORG-4, ORG-6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from geo.ellipsoid import metres_between

Point = tuple[float, float]
NEARER_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as matching sees it. `seats`: those it may give, None: no limit. `classes` empty:
    anyone."""

    branch_id: UUID
    place: Point
    seats: int | None
    classes: frozenset[str] = frozenset()
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Waiting:
    """An arrival as matching sees it. `refused`: branches for which they asked for another."""

    arrival_id: UUID
    home: Point | None
    work: Point | None
    class_: str = ""
    refused: frozenset[UUID] = frozenset()


class Seeker(Protocol):
    """Whoever looks for a branch: of which class, and for which branches they want another."""

    @property
    def class_(self) -> str: ...
    @property
    def refused(self) -> frozenset[UUID]: ...


@dataclass(frozen=True, slots=True)
class Nearer:
    """A branch nearer than the one proposed, and why it was not taken."""

    branch_id: UUID
    metres: float
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What is proposed to one arrival; without a branch, `reason` says why there is none.

    `reason` is '', no_place, out_of_reach, no_seat or not_allowed; `place` is home or work.
    """

    arrival_id: UUID
    branch_id: UUID | None
    metres: float
    place: str
    nearer: tuple[Nearer, ...]
    reason: str = ""


def choose(
    waiting: Sequence[Waiting], branches: Sequence[Branch], *, basis: str, reach_metres: float
) -> list[Choice]:
    """One choice for each arrival, in the order given: who registered first is served first.

    `basis` is home, work or nearer (domain ORG-4): which place decides; the other one serves
    when that one is unknown. A seat proposed to one is not proposed to the next.
    """
    branches = sorted(branches, key=lambda branch: branch.branch_id)
    free = {branch.branch_id: branch.seats for branch in branches}
    points = np.array([branch.place for branch in branches], dtype=np.float64).reshape(-1, 2)
    choices = []
    for arrival in waiting:
        choice = _choose_one(arrival, branches, points, free, basis, reach_metres)
        left = free.get(choice.branch_id) if choice.branch_id else None
        if choice.branch_id and left is not None:
            free[choice.branch_id] = left - 1
        choices.append(choice)
    return choices


def _choose_one(
    arrival: Waiting,
    branches: Sequence[Branch],
    points: NDArray[np.float64],
    free: dict[UUID, int | None],
    basis: str,
    reach_metres: float,
) -> Choice:
    places = _deciding_places(arrival, basis)
    if not places:
        return Choice(arrival.arrival_id, None, 0.0, "home", (), "no_place")
    measured = {name: _metres(point, points) for name, point in places.items()}
    nearest = np.minimum.reduce(list(measured.values()))
    passed_over: list[Nearer] = []
    for index in np.lexsort((np.arange(len(branches)), nearest)):
        metres = float(nearest[index])
        if metres > reach_metres:
            break
        branch = branches[index]
        reason = why_not(branch, arrival, free[branch.branch_id])
        if not reason:
            place = next(name for name, row in measured.items() if row[index] == nearest[index])
            return Choice(
                arrival.arrival_id,
                branch.branch_id,
                metres,
                place,
                tuple(passed_over[:NEARER_SHOWN]),
            )
        passed_over.append(Nearer(branch.branch_id, metres, reason))
    return Choice(
        arrival.arrival_id,
        None,
        0.0,
        "home",
        tuple(passed_over[:NEARER_SHOWN]),
        _why_none(passed_over),
    )


def _deciding_places(arrival: Waiting, basis: str) -> dict[str, Point]:
    known = {
        name: point
        for name, point in (("home", arrival.home), ("work", arrival.work))
        if point is not None
    }
    return {basis: known[basis]} if basis in known else known


def _metres(point: Point, points: NDArray[np.float64]) -> NDArray[np.float64]:
    here = np.broadcast_to(np.array(point, dtype=np.float64), points.shape)
    return np.round(metres_between(here, points), 3)


def why_not(branch: Branch, seeker: Seeker, free: int | None) -> str:
    """What speaks against this branch with `free` seats left (None: no limit); '' for nothing.

    closed, not_allowed, asked_for_another or no_seat, the first that applies.
    """
    if not branch.is_open:
        return "closed"
    if branch.classes and seeker.class_ not in branch.classes:
        return "not_allowed"
    if branch.branch_id in seeker.refused:
        return "asked_for_another"
    if free is not None and free <= 0:
        return "no_seat"
    return ""


def _why_none(passed_over: Sequence[Nearer]) -> str:
    reasons = {nearer.reason for nearer in passed_over} - {"closed"}
    if "no_seat" in reasons:
        return "no_seat"
    return "not_allowed" if reasons else "out_of_reach"
