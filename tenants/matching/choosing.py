"""What a person can choose instead of a proposal: every branch, how far, and what speaks against.

Pure. A branch that is full or not open cannot be chosen; one that usually takes other people can,
because a person may know better (domain ORG-5, "propose only").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from geo.ellipsoid import metres_between

Point = tuple[float, float]


class Place(Protocol):
    """What choosing needs to know of a branch; `tenants.places.lookups.BranchPlace` has it."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def lon(self) -> float: ...
    @property
    def lat(self) -> float: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def free(self) -> int | None: ...
    def open_on(self, day: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class BranchChoice:
    """A branch to choose. `metres` None: no place of the person is known.

    `reason` is '', not_allowed, no_seat or closed; the last two cannot be chosen. `held` of its
    `free` seats are proposed to others who have not decided yet: a person may take one all the
    same, the machine does not.
    """

    id: UUID
    name: str
    kind: str
    free: int | None
    metres: float | None
    place: str
    reason: str
    held: int = 0

    @property
    def can_be_chosen(self) -> bool:
        return self.reason in ("", "not_allowed")


def choices(
    home: Point | None,
    work: Point | None,
    class_: str,
    branches: Sequence[Place],
    today: date,
    held: Mapping[UUID, int] = MappingProxyType({}),
) -> list[BranchChoice]:
    """Every branch: nothing against it first, then by distance from the nearer known place.

    `held`: how many seats of a branch are proposed to others.
    """
    places = [(name, point) for name, point in (("home", home), ("work", work)) if point]
    found = [
        replace(
            _choice(branch, *_nearer(places, (branch.lon, branch.lat)), class_, today),
            held=held.get(branch.id, 0),
        )
        for branch in branches
    ]
    order = ("", "not_allowed", "no_seat", "closed")
    return sorted(
        found, key=lambda choice: (order.index(choice.reason), choice.metres or 0.0, choice.name)
    )


def _choice(
    branch: Place, metres: float | None, place: str, class_: str, today: date
) -> BranchChoice:
    if not branch.open_on(today):
        reason = "closed"
    elif branch.free is not None and branch.free <= 0:
        reason = "no_seat"
    elif branch.classes and class_ not in branch.classes:
        reason = "not_allowed"
    else:
        reason = ""
    return BranchChoice(branch.id, branch.name, branch.kind, branch.free, metres, place, reason)


def _nearer(places: list[tuple[str, Point]], there: Point) -> tuple[float | None, str]:
    measured = [(float(metres_between([point], [there])[0]), name) for name, point in places]
    return min(measured, default=(None, ""))
