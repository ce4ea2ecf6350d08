"""Who is given which branch by a run, what a seat is worth, and why not the nearer one."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest

from tenants.matching.assignments.findings import Person
from tenants.matching.assignments.passing import passed_over
from tenants.matching.assignments.rules import solve
from tenants.matching.rules import Branch

LON, LAT = 103.6, 40.1
DEGREE = 85_270.0
"""About so many metres of longitude there; tests compare with a tolerance."""


def at(metres: float, north: float = 0.0) -> tuple[float, float]:
    return LON + metres / DEGREE, LAT + north / 111_040.0


def person(number: int, metres: float | None, **facts) -> Person:
    home = None if metres is None else at(metres)
    return Person(UUID(int=number), home, facts.pop("work", None), **facts)


def branch(number: int, metres: float, seats: int | None = 1, **facts) -> Branch:
    return Branch(UUID(int=100 + number), at(metres), seats, **facts)


def found(people, branches, **options):
    return solve(people, branches, **{"basis": "nearer", "reach_metres": 5000, **options})


def given(result) -> list[int | None]:
    return [None if line.branch_id is None else line.branch_id.int - 100 for line in result.lines]


def test_the_sum_of_ways_is_least_not_the_first_ones_way():
    """Greedy by order would send the second person 400 m; together it is shorter the other way."""
    people = [person(1, 100), person(2, 0)]
    result = found(people, [branch(1, 10), branch(2, 400)])
    assert given(result) == [2, 1]
    assert result.total == result.bound == pytest.approx(31_000, abs=200)
    assert result.gap == 0


def test_more_people_come_before_fewer_metres():
    only_near = person(2, 0)
    could_go_far = person(1, 0)
    result = found([could_go_far, only_near], [branch(1, 10), branch(2, 4900)], reach_metres=4950)
    assert sorted(given(result)) == [1, 2]


@pytest.mark.parametrize(
    ("who", "branches", "reason"),
    [
        (person(1, None), [branch(1, 0)], "no_place"),
        (person(1, 0), [branch(1, 9000)], "out_of_reach"),
        (person(1, 0), [branch(1, 0, seats=0)], "no_seat"),
        (person(1, 0), [branch(1, 0, classes=frozenset({"企业"}))], "not_allowed"),
        (person(1, 0, refused=frozenset({UUID(int=101)})), [branch(1, 0)], "not_allowed"),
        (person(1, 0), [branch(1, 0, is_open=False)], "out_of_reach"),
        (person(1, 0), [], "out_of_reach"),
    ],
)
def test_nobody_is_lost_and_each_is_told_why(who, branches, reason):
    (line,) = found([who], branches).lines
    assert (line.outcome, line.reason, line.branch_id) == ("unserved", reason, None)


def test_who_stays_keeps_the_branch_and_takes_no_seat_of_the_run():
    stays = person(1, 0, branch_id=UUID(int=102), stays=True)
    result = found([stays, person(2, 0)], [branch(1, 10), branch(2, 300, seats=0)])
    assert given(result) == [2, 1]
    assert [line.outcome for line in result.lines] == ["kept", "assigned"]
    assert result.lines[0].centimetres == pytest.approx(30_000, abs=300)


@pytest.mark.parametrize(
    ("basis", "expected", "place"),
    [("home", 1, "home"), ("work", 2, "work"), ("nearer", 2, "work")],
)
def test_the_basis_decides_which_place_counts(basis, expected, place):
    who = person(1, 0, work=at(1000))
    result = found([who], [branch(1, 50), branch(2, 1010)], basis=basis)
    assert given(result) == [expected]
    assert result.lines[0].place == place


def test_the_other_place_serves_when_the_chosen_one_is_unknown():
    result = found([person(1, None, work=at(0))], [branch(1, 10)], basis="home")
    assert result.lines[0].place == "work"


@pytest.mark.parametrize("seed", range(12))
def test_a_price_is_what_one_more_seat_saves(seed):
    """Against the definition: solve again with one seat more at each branch."""
    dice = np.random.default_rng(seed)
    people = [person(n, float(x)) for n, x in enumerate(dice.uniform(0, 3000, 14), 1)]
    seats = [2, 3, 2, 4, 3] if seed % 2 else [2, 3, 2, 4, 1]
    branches = [
        branch(n, float(x), seats=s)
        for n, (x, s) in enumerate(zip(dice.uniform(0, 3000, 5), seats, strict=True))
    ]
    before = found(people, branches)
    for at_, price in enumerate(before.prices):
        more = list(branches)
        more[at_] = replace(more[at_], seats=more[at_].seats + 1)
        after = found(people, more)
        served = after.count("assigned") - before.count("assigned")
        assert price.places_one_more == bool(served)
        if not served:
            assert price.saved_centimetres == before.total - after.total


def test_a_seat_too_few_is_told_as_one_person_more():
    result = found([person(1, 0), person(2, 5)], [branch(1, 0)])
    assert [(p.given, p.places_one_more, p.saved_centimetres) for p in result.prices] == [
        (1, True, 0)
    ]


def test_three_without_a_branch_are_proposed_one_of_their_own_and_two_are_not():
    far = [person(n, 20_000 + n) for n in range(3)]
    pair = [person(10 + n, 40_000 + n) for n in range(2)]
    result = found([*far, *pair], [branch(1, 0)])
    assert [(site.number, site.people) for site in result.sites] == [(1, 3)]
    assert [line.site for line in result.lines] == [1, 1, 1, None, None]


def test_why_not_the_nearer_one():
    who = person(1, 0, class_="农民", refused=frozenset({UUID(int=103)}))
    branches = [
        branch(1, 10, is_open=False),
        branch(2, 20, classes=frozenset({"企业"})),
        branch(3, 30),
        branch(4, 40, seats=2),
        branch(5, 50, seats=5),
        branch(6, 60),
    ]
    given_away = {UUID(int=104): 2, UUID(int=105): 1}
    passed = passed_over(who, at_metres := 55.0, branches, given_away, basis="nearer")
    assert [(p.branch_id.int - 100, p.reason) for p in passed] == [
        (1, "closed"),
        (2, "not_allowed"),
        (3, "asked_for_another"),
        (4, "no_seat"),
        (5, "changed"),
    ]
    assert all(p.metres < at_metres for p in passed)
    assert len(passed_over(who, None, branches, given_away, basis="nearer")) == 5


@pytest.mark.parametrize(("full", "sites"), [((True, True, True), 1), ((True, True, False), 0)])
def test_a_temporary_branch_needs_three_full_members(full, sites):
    people = [person(n, 50_000, full=each) for n, each in enumerate(full, 1)]
    assert len(found(people, [branch(1, 0)]).sites) == sites


def test_probationary_members_come_along_to_a_temporary_branch():
    people = [person(n, 50_000, full=n < 4) for n in range(1, 5)]
    result = found(people, [branch(1, 0)])
    assert [site.people for site in result.sites] == [4]
    assert {line.site for line in result.lines} == {1}
