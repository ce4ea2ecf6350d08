"""What a run is given and what it finds, as plain values."""

from dataclasses import dataclass
from uuid import UUID

from tenants.matching.rules import Point


@dataclass(frozen=True, slots=True)
class Person:
    """A member as a run sees them. `branch_id`: where they are now, or have agreed to go.

    `full`: no longer on probation. `stays`: they keep that branch. `refused`: branches for which they asked for another.
    """

    member_id: UUID
    home: Point | None
    work: Point | None
    class_: str = ""
    branch_id: UUID | None = None
    stays: bool = False
    refused: frozenset[UUID] = frozenset()
    full: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """What was found for one person; columns as in `records.AssignmentLine`."""

    member_id: UUID
    branch_id: UUID | None
    from_branch_id: UUID | None
    centimetres: int | None
    place: str
    outcome: str
    reason: str = ""
    site: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What a branch gave, and what one seat more there would be worth to everybody together."""

    branch_id: UUID
    is_open: bool
    seats: int | None
    given: int
    saved_centimetres: int
    places_one_more: bool


@dataclass(frozen=True, slots=True)
class Site:
    """A place for a temporary branch, numbered from 1."""

    number: int
    lon: float
    lat: float
    radius_metres: float
    people: int


@dataclass(frozen=True, slots=True)
class Found:
    """Everything a run found; one line per person, in the order given. Lengths in centimetres."""

    lines: tuple[Line, ...]
    prices: tuple[Price, ...]
    sites: tuple[Site, ...]
    total: int
    bound: int
    gap: float

    def count(self, outcome: str) -> int:
        return sum(line.outcome == outcome for line in self.lines)
