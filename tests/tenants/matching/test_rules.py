"""Who is proposed which branch (domain ASG-2, ASG-9, ORG-4, ORG-6): tables of cases, then laws."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ellipsoid import metres_between
from tenants.matching.rules import NEARER_SHOWN, Branch, Choice, Waiting, choose

LON, LAT = 112.5, 28.2
STEP = 0.001
"""One step north is 110.8 m here."""


def north(steps: float) -> tuple[float, float]:
    return LON, round(LAT + steps * STEP, 7)


def branch(number: int, steps: float | None = None, **wanted) -> Branch:
    """Branch `number`, that many steps north of the origin; one free place."""
    place = north(number if steps is None else steps)
    return Branch(**{"branch_id": UUID(int=number), "place": place, "seats": 1, **wanted})


def arrival(number: int = 1, home: float | None = 0, work: float | None = None, **wanted):
    """Somebody at home (and at work) that many steps north of the origin."""
    return Waiting(
        UUID(int=1000 + number),
        None if home is None else north(home),
        None if work is None else north(work),
        **wanted,
    )


def choose_one(who: Waiting, seats: list[Branch], basis: str = "home", reach: float = 3000):
    (choice,) = choose([who], seats, basis=basis, reach_metres=reach)
    return choice


def got(choice: Choice) -> int | str:
    """The branch's number, or why there is none."""
    return choice.branch_id.int if choice.branch_id else choice.reason


def passed_over(choice: Choice) -> list[tuple[int, str]]:
    return [(near.branch_id.int, near.reason) for near in choice.nearer]


SHOPS = frozenset({"商户"})


@pytest.mark.parametrize(
    ("who", "seats", "expected", "over"),
    [
        pytest.param(arrival(), [branch(2), branch(1)], 1, [], id="the nearest"),
        pytest.param(
            arrival(), [branch(2, 1), branch(1, 1)], 1, [], id="as near: the lowest number"
        ),
        pytest.param(
            arrival(), [branch(2, -1), branch(1, 1.0000001)], 1, [], id="less than 1 mm is a tie"
        ),
        pytest.param(arrival(), [branch(1, seats=0), branch(2)], 2, [(1, "no_seat")], id="full"),
        pytest.param(arrival(), [branch(1, seats=None)], 1, [], id="no limit"),
        pytest.param(
            arrival(), [branch(1, is_open=False), branch(2)], 2, [(1, "closed")], id="closed"
        ),
        pytest.param(
            arrival(class_="企业"),
            [branch(1, classes=SHOPS), branch(2, classes=frozenset({"企业", "商户"}))],
            2,
            [(1, "not_allowed")],
            id="takes another class",
        ),
        pytest.param(
            arrival(class_=""),
            [branch(1, classes=SHOPS), branch(2)],
            2,
            [(1, "not_allowed")],
            id="no class known: only branches for anyone",
        ),
        pytest.param(
            arrival(refused=frozenset({UUID(int=1)})),
            [branch(1), branch(2)],
            2,
            [(1, "asked_for_another")],
            id="asked for another",
        ),
        pytest.param(
            arrival(),
            [branch(1, is_open=False, seats=0, classes=SHOPS), branch(2)],
            2,
            [(1, "closed")],
            id="of several reasons the one that cannot change",
        ),
        pytest.param(
            arrival(),
            [branch(number, seats=0) for number in range(1, 9)] + [branch(9)],
            9,
            [(number, "no_seat") for number in range(1, NEARER_SHOWN + 1)],
            id="the nearest few that were passed over",
        ),
        pytest.param(arrival(home=None), [branch(1)], "no_place", [], id="no place"),
        pytest.param(arrival(), [], "out_of_reach", [], id="no branch at all"),
        pytest.param(arrival(), [branch(28)], "out_of_reach", [], id="too far"),
        pytest.param(
            arrival(), [branch(1, seats=0), branch(28)], "no_seat", [(1, "no_seat")], id="all full"
        ),
        pytest.param(
            arrival(),
            [branch(1, classes=SHOPS)],
            "not_allowed",
            [(1, "not_allowed")],
            id="none may",
        ),
        pytest.param(
            arrival(),
            [branch(1, classes=SHOPS), branch(2, seats=0)],
            "no_seat",
            [(1, "not_allowed"), (2, "no_seat")],
            id="a seat would help",
        ),
        pytest.param(
            arrival(refused=frozenset({UUID(int=1)})),
            [branch(1)],
            "not_allowed",
            [(1, "asked_for_another")],
            id="refused all",
        ),
        pytest.param(
            arrival(),
            [branch(1, is_open=False)],
            "out_of_reach",
            [(1, "closed")],
            id="a closed branch is none",
        ),
    ],
)
def test_which_branch(who, seats, expected, over):
    choice = choose_one(who, seats)
    assert (got(choice), passed_over(choice)) == (expected, over)
    assert choice.reason == ("" if choice.branch_id else expected)


@pytest.mark.parametrize(
    ("basis", "home", "work", "expected", "place"),
    [
        ("home", 0, 9, 1, "home"),
        ("work", 0, 9, 8, "work"),
        ("nearer", 0, 8.5, 8, "work"),
        ("nearer", 0.5, 9.5, 1, "home"),
        # Both as near to a branch: home, which people mean when they say "near me".
        ("nearer", 2, 0, 1, "home"),
        # The place that decides is unknown: the other one serves.
        ("home", None, 9, 8, "work"),
        ("work", 0, None, 1, "home"),
        ("nearer", None, 9, 8, "work"),
    ],
)
def test_which_place_decides(basis, home, work, expected, place):
    choice = choose_one(arrival(home=home, work=work), [branch(1), branch(8)], basis)
    assert (got(choice), choice.place) == (expected, place)


def test_metres_are_the_geodesic_to_the_millimetre():
    choice = choose_one(arrival(), [branch(1)])
    assert choice.metres == round(float(metres_between([north(0)], [north(1)])[0]), 3)
    assert choice.metres == pytest.approx(110.8, abs=0.1)


@pytest.mark.parametrize(("reach", "expected"), [(110.9, 1), (110.7, "out_of_reach")])
def test_the_reach_is_a_limit(reach, expected):
    assert got(choose_one(arrival(), [branch(1)], reach=reach)) == expected


def test_a_branch_at_the_door_is_zero_metres_away():
    choice = choose_one(arrival(), [branch(1, 0)])
    assert (got(choice), choice.metres, choice.nearer) == (1, 0.0, ())


def test_who_comes_first_has_the_last_seat():
    first, second, third = (arrival(number) for number in (1, 2, 3))
    seats = [branch(1, seats=1), branch(2, seats=1)]
    choices = choose([first, second, third], seats, basis="home", reach_metres=3000)
    assert [got(choice) for choice in choices] == [1, 2, "no_seat"]
    assert passed_over(choices[1]) == [(1, "no_seat")]
    again = choose([third, first], seats, basis="home", reach_metres=3000)
    assert [got(choice) for choice in again] == [1, 2]
    assert [choice.arrival_id for choice in again] == [third.arrival_id, first.arrival_id]


def test_who_gets_none_takes_no_seat():
    seats = [branch(1, classes=SHOPS)]
    choices = choose(
        [arrival(1), arrival(2, class_="商户")], seats, basis="home", reach_metres=3000
    )
    assert [got(choice) for choice in choices] == ["not_allowed", 1]


def test_nobody_waits():
    assert choose([], [branch(1)], basis="home", reach_metres=3000) == []


def test_the_order_of_the_branches_changes_nothing():
    seats = [branch(number, steps) for number, steps in ((1, 2), (2, 1), (3, 1), (4, 0.5))]
    people = [arrival(number) for number in range(5)]
    forth = choose(people, seats, basis="home", reach_metres=3000)
    back = choose(people, seats[::-1], basis="home", reach_metres=3000)
    assert forth == back
    assert [got(choice) for choice in forth] == [4, 2, 3, 1, "no_seat"]


CLASSES = ("", "商户", "企业")
SPOTS = st.tuples(st.integers(-40, 40), st.integers(-40, 40)).map(
    lambda at: (round(LON + at[0] * STEP, 7), round(LAT + at[1] * STEP, 7))
)


@st.composite
def branches(draw) -> list[Branch]:
    return [
        Branch(
            UUID(int=number),
            draw(SPOTS),
            draw(st.none() | st.integers(0, 3)),
            draw(st.frozensets(st.sampled_from(CLASSES[1:]))),
            draw(st.integers(0, 4)) > 0,
        )
        for number in draw(st.permutations(range(1, draw(st.integers(1, 7)))))
    ]


@st.composite
def people(draw) -> list[Waiting]:
    return [
        Waiting(
            UUID(int=1000 + number),
            draw(st.none() | SPOTS),
            draw(st.none() | SPOTS),
            draw(st.sampled_from(CLASSES)),
            draw(st.frozensets(st.integers(1, 6).map(lambda number: UUID(int=number)), max_size=2)),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


def eligible(who: Waiting, seat: Branch, left: int | None) -> bool:
    return (
        seat.is_open
        and (not seat.classes or who.class_ in seat.classes)
        and seat.branch_id not in who.refused
        and (left is None or left > 0)
    )


def metres(who: Waiting, seat: Branch, basis: str) -> float:
    """From the place that decides, the nearer one when both do."""
    known = {"home": who.home, "work": who.work}
    deciding = [known[basis]] if known.get(basis) else [p for p in known.values() if p]
    return min(round(float(metres_between([p], [seat.place])[0]), 3) for p in deciding)


@given(people(), branches(), st.sampled_from(["home", "work", "nearer"]), st.integers(50, 9000))
def test_nobody_gets_a_farther_branch_while_a_nearer_one_would_do(waiting, seats, basis, reach):
    """The law of the main job, told apart from how it is computed: by trying every pair."""
    left = {seat.branch_id: seat.seats for seat in seats}
    for who, choice in zip(
        waiting, choose(waiting, seats, basis=basis, reach_metres=reach), strict=True
    ):
        assert choice.arrival_id == who.arrival_id
        placeless = who.home is None and who.work is None
        assert (choice.reason == "no_place") is placeless
        if placeless:
            continue
        possible = [
            (metres(who, seat, basis), seat.branch_id)
            for seat in seats
            if eligible(who, seat, left[seat.branch_id]) and metres(who, seat, basis) <= reach
        ]
        if choice.branch_id is None:
            assert possible == []
            assert choice.reason in ("out_of_reach", "no_seat", "not_allowed")
            continue
        assert (choice.metres, choice.branch_id) == min(possible)
        assert all(near.metres <= choice.metres for near in choice.nearer)
        if left[choice.branch_id] is not None:
            left[choice.branch_id] -= 1


@given(people(), branches())
def test_no_branch_is_proposed_beyond_its_free_places(waiting, seats):
    proposed = [c.branch_id for c in choose(waiting, seats, basis="nearer", reach_metres=1e5)]
    for seat in seats:
        assert seat.seats is None or proposed.count(seat.branch_id) <= seat.seats


@given(people(), branches())
def test_one_more_free_place_takes_nothing_from_who_comes_first(waiting, seats):
    if not waiting:
        return
    more = [replace(seat, seats=None if seat.seats is None else seat.seats + 1) for seat in seats]
    before = choose(waiting, seats, basis="nearer", reach_metres=1e5)[0]
    after = choose(waiting, more, basis="nearer", reach_metres=1e5)[0]
    assert before.branch_id is None or (after.branch_id and after.metres <= before.metres)
