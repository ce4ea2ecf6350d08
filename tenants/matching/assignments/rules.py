"""Whom an assignment run gives which branch: as many people as possible, then the fewest metres.

Pure: plain values in, plain values out; the optimum and its proof are `geo.assignment`'s. Sources:
domain ASG-1, ASG-2 ("near, no blanks"), ORG-4 (which place counts), ORG-6 (temporary branches).
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np

from geo.assignment import Assignment
from geo.clusters import temporary_branches
from geo.ellipsoid import metres_between
from geo.nearest import Status
from tenants.matching.assignments.findings import Found, Line, Person, Price, Site
from tenants.matching.assignments.questions import Progress, array, assigned, deciding, points
from tenants.matching.rules import Branch, Point

REASONS = {
    Status.NO_PLACE: "no_place",
    Status.OUT_OF_REACH: "out_of_reach",
    Status.NO_SEAT: "no_seat",
    Status.NOT_ALLOWED: "not_allowed",
}


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
    placed = [deciding(person, basis) for person in people]
    open_ones = [branch for branch in branches if branch.is_open]
    moving = [person for person in placed if not person.stays]
    answer = None
    if moving and open_ones:
        answer = assigned(moving, open_ones, reach_metres, deadline_seconds, progress)
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


def _lines(
    people: Sequence[Person], branches: Sequence[Branch], answer: Assignment | None
) -> list[Line]:
    if answer is None:
        return [
            _unserved(person, "out_of_reach" if points(person) else "no_place") for person in people
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
    """Temporary branches for those without one, three full members or more (domain ORG-6);
    probationary ones come along. Nobody is counted in two of them."""
    rows = [
        row for row, line in enumerate(lines) if line.outcome == "unserved" and points(people[row])
    ]
    places = array([points(people[row])[0] for row in rows])
    marked, sites = list(lines), []
    full = [people[row].full for row in rows]
    for number, group in enumerate(temporary_branches(places, reach_metres, full=full), 1):
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
