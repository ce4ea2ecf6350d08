"""One person more: nobody moves by default, and the other way is the optimum of all together."""

from __future__ import annotations

from random import Random
from uuid import UUID

import pytest

from tenants.matching.assignments.findings import Person
from tenants.matching.assignments.one_more import one_more
from tenants.matching.assignments.rules import solve
from tenants.matching.rules import Branch

LON, LAT = 103.6, 40.1
REACH = 3000.0


def at(metres: float) -> tuple[float, float]:
    return LON + metres / 85_270.0, LAT


def person(number: int, metres: float | None, **wanted) -> Person:
    return Person(UUID(int=number), None if metres is None else at(metres), None, **wanted)


def branch(number: int, metres: float, seats: int | None, **wanted) -> Branch:
    return Branch(UUID(int=1000 + number), at(metres), seats, **wanted)


def asked(people, branches, newcomer, **wanted):
    found = solve(people, branches, basis="home", reach_metres=REACH)
    lines = {line.member_id: line for line in found.lines}
    options = {"basis": "home", "reach_metres": REACH, **wanted}
    return one_more(people, lines, branches, newcomer, **options)


def test_a_chain_of_moves_is_told_and_not_done():
    """The nearest branch is full: by default farther, at best one neighbour moves over."""
    branches = [branch(1, 0, 1), branch(2, 1000, 5)]
    found = asked([person(1, 400)], branches, person(2, 10))
    assert (found.frozen.branch_id, round(found.frozen.metres)) == (branches[1].branch_id, 990)
    assert found.best.branch_id == branches[0].branch_id
    (mover,) = found.movers
    assert (mover.member_id, mover.from_id, mover.to_id) == (
        UUID(int=1),
        branches[0].branch_id,
        branches[1].branch_id,
    )
    assert found.saved_metres == pytest.approx(990 - 10 - (600 - 400), abs=2)


def test_a_free_seat_nearby_moves_nobody():
    found = asked([person(1, 400)], [branch(1, 0, 2)], person(2, 10))
    assert (found.movers, found.saved_metres) == ((), 0)
    assert found.best == found.frozen


def test_a_seat_that_only_moves_can_give():
    """The newcomer reaches one full branch alone; who sits there reaches another."""
    branches = [branch(1, 0, 1), branch(2, 3500, 1)]
    found = asked([person(1, 600)], branches, person(2, -10))
    assert (found.frozen.branch_id, found.frozen.reason) == (None, "no_seat")
    assert found.best.branch_id == branches[0].branch_id
    assert found.saved_metres is None
    assert len(found.movers) == 1


@pytest.mark.parametrize(
    ("newcomer", "reason"),
    [
        (person(9, None), "no_place"),
        (person(9, 90_000), "out_of_reach"),
        (person(9, 0, refused=frozenset({UUID(int=1001)})), "not_allowed"),
    ],
)
def test_who_has_no_branch_is_told_why(newcomer, reason):
    found = asked([person(1, 400)], [branch(1, 0, 5)], newcomer)
    assert (found.frozen.reason, found.best.reason, found.movers) == (reason, reason, ())


def test_without_an_open_branch_there_is_an_answer():
    found = asked([person(1, 0)], [branch(1, 0, 5, is_open=False)], person(2, 0))
    assert found.frozen.reason == "out_of_reach"


def test_lines_that_are_no_optimum_any_more_have_no_answer():
    people, branches = [person(1, 400)], [branch(1, 0, 1), branch(2, 1000, 5)]
    found = solve(people, branches, basis="home", reach_metres=REACH)
    lines = {line.member_id: line for line in found.lines}
    moved_house = [person(1, 900)]
    answer = one_more(moved_house, lines, branches, person(2, 0), basis="home", reach_metres=REACH)
    assert answer is None


@pytest.mark.parametrize("seed", range(12))
def test_the_best_way_is_the_optimum_of_everybody_together(seed):
    """Checked by solving the question with the newcomer in it from the start."""
    random = Random(seed)
    people = [person(n, random.uniform(-2000, 2000)) for n in range(1, 25)]
    branches = [branch(n, random.uniform(-2000, 2000), random.randint(1, 5)) for n in range(1, 8)]
    newcomer = person(99, random.uniform(-2000, 2000))
    before = solve(people, branches, basis="home", reach_metres=REACH)
    after = solve([*people, newcomer], branches, basis="home", reach_metres=REACH)
    found = asked(people, branches, newcomer)
    if after.count("assigned") == before.count("assigned"):
        assert (found.best.branch_id, found.movers) == (None, ()), "nobody loses a seat for it"
        return
    where = {line.member_id: line.branch_id for line in before.lines}
    for mover in found.movers:
        assert where[mover.member_id] == mover.from_id
        where[mover.member_id] = mover.to_id
    where[newcomer.member_id] = found.best.branch_id
    placed = [id_ for id_ in where.values() if id_]
    assert len(placed) == after.count("assigned")
    place = {one.branch_id: one.place for one in branches}
    total = sum(
        abs(place[id_][0] - who.home[0]) * 85_270.0
        for who in [*people, newcomer]
        if (id_ := where[who.member_id])
    )
    assert total == pytest.approx(after.total / 100, rel=1e-3)
