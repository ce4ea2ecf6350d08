"""One person more in what a run found: where they would go, and whom else that would move.

Pure. By default everybody the run told keeps their branch and the newcomer takes the nearest seat
that is left; beside it stands what the optimum would do if others may move. Nobody loses a seat to a
newcomer, though it might save metres. Nothing is changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from geo.assignment import Arrival, Assignment, Register
from geo.ellipsoid import metres_between
from tenants.matching.assignments.findings import Line, Person
from tenants.matching.assignments.questions import array, assigned, deciding, points
from tenants.matching.assignments.rules import REASONS
from tenants.matching.rules import Branch, Point


@dataclass(frozen=True, slots=True)
class Seat:
    """A branch for the newcomer; None: none, for `reason`. `place` is home or work."""

    branch_id: UUID | None
    metres: float | None
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody whom the optimum would move."""

    member_id: UUID
    from_id: UUID
    to_id: UUID


@dataclass(frozen=True, slots=True)
class OneMore:
    """`frozen`: nobody else moves. `best`: as the optimum wants it, with its `movers`.

    `saved_metres`: what the optimum spares everybody together; None when only it has a seat for
    the newcomer.
    """

    frozen: Seat
    best: Seat
    movers: tuple[Mover, ...]
    saved_metres: float | None


def one_more(
    people: Sequence[Person],
    lines: Mapping[UUID, Line],
    branches: Sequence[Branch],
    newcomer: Person,
    *,
    basis: str,
    reach_metres: float,
) -> OneMore | None:
    """The answer for a newcomer, or None when the lines are the optimum of this question no more.

    `people`: those whom the run gave a branch or none, each with a line. `branches`: as the run saw
    them, with the seats it could give.
    """
    open_ones = [branch for branch in branches if branch.is_open]
    if not open_ones:
        seat = Seat(None, None, "", "out_of_reach" if points(newcomer) else "no_place")
        return OneMore(seat, seat, (), 0.0)
    asked = [deciding(person, basis) for person in people]
    found = assigned(asked, open_ones, reach_metres)
    state = _as_kept(found, asked, [lines[person.member_id] for person in people], open_ones)
    if state is None:
        return None
    comes = deciding(newcomer, basis)
    sits = _arrive(state, comes, open_ones, move_others=False)
    seat = _seat(sits, comes, open_ones)
    if sits.saving == 0:
        return OneMore(seat, seat, (), 0.0)
    joins = _arrive(state, comes, open_ones, move_others=True)
    movers = tuple(
        Mover(
            people[move.member].member_id,
            open_ones[move.origin].branch_id,
            open_ones[move.to].branch_id,
        )
        for move in joins.moves
    )
    saved = None if sits.saving is None else sits.saving / 100
    return OneMore(seat, _seat(joins, comes, open_ones), movers, saved)


def _as_kept(
    found: Assignment, asked: Sequence[Person], lines: Sequence[Line], open_ones: Sequence[Branch]
) -> Assignment | None:
    """The optimum with the people where the run put them: prices prove every optimum alike."""
    number = {branch.branch_id: at for at, branch in enumerate(open_ones)}
    if any(line.branch_id is not None and line.branch_id not in number for line in lines):
        return None
    branch = np.array([number[id_] if (id_ := line.branch_id) else -1 for line in lines], np.int64)
    own = np.array([-1 if (cm := line.centimetres) is None else cm for line in lines], np.int64)
    seated = np.flatnonzero(branch >= 0)
    there = array([one.place for one in open_ones])[branch[seated]]
    ways = [
        metres_between(array([here[row] for row in seated]), there)
        for here in ([one.home for one in asked], [one.work for one in asked])
    ]
    same = (
        found.proven
        and len(seated) == found.placed
        and int(own[seated].sum()) == found.total
        and bool((abs(np.fmin(*ways) * 100 - own[seated]) <= 1).all())
    )
    return replace(found, branch=branch, centimetres=own) if same else None


def _arrive(
    state: Assignment, comes: Person, open_ones: Sequence[Branch], *, move_others: bool
) -> Arrival:
    refused = [at for at, one in enumerate(open_ones) if one.branch_id in comes.refused]
    return Register(state).arrive(
        comes.home,
        work=comes.work,
        label=comes.class_,
        forbidden=refused,
        move_others=move_others,
    )


def _seat(arrival: Arrival, comes: Person, open_ones: Sequence[Branch]) -> Seat:
    if arrival.branch < 0:
        return Seat(None, None, "", REASONS[arrival.status])
    branch = open_ones[arrival.branch]
    ways = [(_way(point, branch.place), name) for name, point in _named(comes)]
    metres, place = min(ways)
    return Seat(branch.branch_id, metres, place, "")


def _named(person: Person) -> list[tuple[str, Point]]:
    return [(name, p) for name, p in (("home", person.home), ("work", person.work)) if p]


def _way(point: Point, there: Point) -> float:
    return float(metres_between([point], [there])[0])
