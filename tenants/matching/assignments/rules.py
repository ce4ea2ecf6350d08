"""Whom an assignment run gives which branch: as many people as possible, then the fewest metres.

Pure: plain values in, plain values out; the optimum and its proof are `geo.assignment`'s. Sources:
domain ASG-1, ASG-2 ("near, no blanks"), ORG-4 (which place counts), ORG-6 (temporary branches).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
import numpy.typing as npt

from geo.assignment import Assignment, Places, Seats, assign
from geo.clusters import temporary_branches
from geo.ellipsoid import metres_between
from geo.nearest import Status

Point = tuple[float, float]
Progress = Callable[[int, int], None]
Floats = npt.NDArray[np.float64]

REASONS = {
    Status.NO_PLACE: "no_place",
    Status.OUT_OF_REACH: "out_of_reach",
    Status.NO_SEAT: "no_seat",
    Status.NOT_ALLOWED: "not_allowed",
}
NEARER_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Person:
    """A member as a run sees them. `branch_id`: where they are now, or have agreed to go.

    `stays`: they keep that branch. `refused`: branches for which they asked for another.
    """

    member_id: UUID
    home: Point | None
    work: Point | None
    class_: str = ""
    branch_id: UUID | None = None
    stays: bool = False
    refused: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as a run sees it. `seats`: free for this run, None: no limit."""

    branch_id: UUID
    place: Point
    seats: int | None
    classes: frozenset[str] = frozenset()
    is_open: bool = True


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


@dataclass(frozen=True, slots=True)
class Passed:
    """A branch nearer than the one given, and why it was not.

    `reason`: closed, not_allowed, asked_for_another, no_seat, or changed (since the run).
    """

    branch_id: UUID
    metres: float
    reason: str


def solve(
    people: Sequence[Person],
    branches: Sequence[Branch],
    *,
    basis: str,
    reach_metres: float,
    deadline_seconds: float | None = None,
    progress: Progress | None = None,
) -> Found:
    """The best assignment of everybody who does not stay. Raises `geo.assignment.Unusable`.

    `basis` is home, work or nearer: which place decides; the other serves when it is unknown.
    """
    placed = [_with_basis(person, basis) for person in people]
    open_ones = [branch for branch in branches if branch.is_open]
    moving = [person for person in placed if not person.stays]
    answer = None
    if moving and open_ones:
        answer = _assign(moving, open_ones, reach_metres, deadline_seconds, progress)
    where = {branch.branch_id: branch.place for branch in branches}
    free = iter(_lines(moving, open_ones, answer))
    lines = [_kept(person, where) if person.stays else next(free) for person in placed]
    lines, sites = _with_sites(lines, placed, reach_metres)
    return Found(
        tuple(lines),
        tuple(_prices(branches, open_ones, answer)),
        sites,
        0 if answer is None else answer.total,
        0 if answer is None else answer.lower_bound,
        0.0 if answer is None else answer.gap,
    )


def passed_over(
    person: Person,
    metres: float | None,
    branches: Sequence[Branch],
    given: dict[UUID, int],
    *,
    basis: str,
) -> list[Passed]:
    """ "Why not the nearer one?": branches nearer than `metres` (None: all), nearest first.

    `given`: how many of each branch's seats the run gave away.
    """
    points = _points(_with_basis(person, basis))
    if not points or not branches:
        return []
    there = np.array([branch.place for branch in branches], dtype=np.float64)
    near = np.minimum.reduce(
        [metres_between(np.broadcast_to(np.array(here), there.shape), there) for here in points]
    )
    limit = np.inf if metres is None else metres - 0.005
    found = [
        Passed(branches[at].branch_id, float(near[at]), _why_not(person, branches[at], given))
        for at in np.argsort(near, kind="stable")
        if near[at] < limit
    ]
    return found[:NEARER_SHOWN]


def _why_not(person: Person, branch: Branch, given: dict[UUID, int]) -> str:
    if not branch.is_open:
        return "closed"
    if branch.classes and person.class_ not in branch.classes:
        return "not_allowed"
    if branch.branch_id in person.refused:
        return "asked_for_another"
    if branch.seats is not None and given.get(branch.branch_id, 0) >= branch.seats:
        return "no_seat"
    return "changed"


def _with_basis(person: Person, basis: str) -> Person:
    if basis == "home" and person.home is not None:
        return replace(person, work=None)
    if basis == "work" and person.work is not None:
        return replace(person, home=None)
    return person


def _points(person: Person) -> list[Point]:
    return [point for point in (person.home, person.work) if point is not None]


def _assign(
    people: Sequence[Person],
    branches: Sequence[Branch],
    reach_metres: float,
    deadline_seconds: float | None,
    progress: Progress | None,
) -> Assignment:
    number = {branch.branch_id: at for at, branch in enumerate(branches)}
    forbidden = [
        (row, number[branch_id])
        for row, person in enumerate(people)
        for branch_id in person.refused
        if branch_id in number
    ]
    limits = [-1 if branch.seats is None else branch.seats for branch in branches]
    return assign(
        Places(
            _array([person.home for person in people]),
            _array([person.work for person in people]),
            [person.class_ for person in people],
        ),
        Seats(
            _array([branch.place for branch in branches]),
            np.array(limits, dtype=np.int64),
            classes=[branch.classes for branch in branches],
        ),
        reach_metres=reach_metres,
        forbidden=np.array(forbidden, dtype=np.int64).reshape(-1, 2),
        deadline_seconds=deadline_seconds,
        progress=progress,
    )


def _array(points: Sequence[Point | None]) -> Floats:
    unknown = (np.nan, np.nan)
    return np.array([point or unknown for point in points], dtype=np.float64).reshape(-1, 2)


def _lines(
    people: Sequence[Person], branches: Sequence[Branch], answer: Assignment | None
) -> list[Line]:
    if answer is None:
        return [
            _unserved(person, "out_of_reach" if _points(person) else "no_place")
            for person in people
        ]
    lines = []
    for row, person in enumerate(people):
        at = int(answer.branch[row])
        if at < 0:
            lines.append(_unserved(person, REASONS[Status(int(answer.status[row]))]))
            continue
        place = ("home", "work")[int(answer.place[row])]
        centimetres = int(answer.centimetres[row])
        branch_id = branches[at].branch_id
        lines.append(
            Line(person.member_id, branch_id, person.branch_id, centimetres, place, "assigned")
        )
    return lines


def _unserved(person: Person, reason: str) -> Line:
    return Line(person.member_id, None, person.branch_id, None, "", "unserved", reason)


def _kept(person: Person, where: dict[UUID, Point]) -> Line:
    """Somebody who stays: their own way is measured, nothing else is asked."""
    there = None if person.branch_id is None else where.get(person.branch_id)
    known = [(name, p) for name, p in (("home", person.home), ("work", person.work)) if p]
    measured = [
        (int(np.rint(float(metres_between([point], [there])[0]) * 100)), name)
        for name, point in known
        if there is not None
    ]
    centimetres, place = min(measured, default=(None, ""))
    return Line(person.member_id, person.branch_id, person.branch_id, centimetres, place, "kept")


def _with_sites(
    lines: Sequence[Line], people: Sequence[Person], reach_metres: float
) -> tuple[list[Line], tuple[Site, ...]]:
    """Temporary branches for those without one; nobody is counted in two of them."""
    rows = [
        row for row, line in enumerate(lines) if line.outcome == "unserved" and _points(people[row])
    ]
    points = _array([_points(people[row])[0] for row in rows])
    marked, sites = list(lines), []
    for number, group in enumerate(temporary_branches(points, reach_metres), 1):
        lon, lat = group.site.tolist()
        sites.append(Site(number, lon, lat, group.radius_metres, len(group.members)))
        for at in group.members.tolist():
            marked[rows[at]] = replace(marked[rows[at]], site=number)
    return marked, tuple(sites)


def _prices(
    branches: Sequence[Branch], open_ones: Sequence[Branch], answer: Assignment | None
) -> list[Price]:
    price: dict[UUID, int] = {}
    given: dict[UUID, int] = {}
    penalty = 1
    if answer is not None:
        penalty = answer.question.penalty
        counts = np.bincount(answer.branch[answer.branch >= 0], minlength=len(open_ones))
        for at, branch in enumerate(open_ones):
            price[branch.branch_id] = max(0, int(answer.price[at]))
            given[branch.branch_id] = int(counts[at])
    return [
        _price(branch, given.get(branch.branch_id, 0), price.get(branch.branch_id, 0), penalty)
        for branch in branches
    ]


def _price(branch: Branch, given: int, price: int, penalty: int) -> Price:
    """Leaving somebody without a seat costs the penalty, which no chain of moves comes near: a
    price of that size means that one more person would find a seat."""
    one_more = 2 * price >= penalty
    return Price(
        branch.branch_id, branch.is_open, branch.seats, given, 0 if one_more else price, one_more
    )
