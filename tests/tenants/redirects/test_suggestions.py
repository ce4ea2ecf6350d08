"""What a match run suggests across the border: the rule, the run, and what a person says to it."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import text

from geo.ellipsoid import metres_between
from tenants.database import db
from tenants.errors import Conflict, NotFound
from tenants.matching.actions import match_again
from tenants.matching.rules import Branch, Choice, Waiting
from tenants.redirects.lookups import leg, legs
from tenants.redirects.suggestions.actions import decline, take, think_again
from tenants.redirects.suggestions.lookups import (
    last_suggestion,
    suggestion,
    suggestions,
    suggestions_of,
)
from tenants.redirects.suggestions.rules import better_elsewhere
from tests.factories.arrivals import an_arrival
from tests.factories.counties import a_community, a_county
from tests.factories.jobs import work_off
from tests.factories.people import a_leader
from tests.factories.redirects import a_neighbour

HOME = (112.5, 28.2)


def north(metres: float) -> tuple[float, float]:
    return HOME[0], HOME[1] + metres / 110_900


def someone(number: int = 1, **wanted) -> Waiting:
    return Waiting(UUID(int=number), wanted.pop("home", HOME), None, **wanted)


def at_home(metres: float | None, number: int = 1, reason: str = "no_seat") -> Choice:
    if metres is None:
        return Choice(UUID(int=number), None, 0.0, "home", (), reason)
    return Choice(UUID(int=number), UUID(int=99), metres, "home", ())


def beyond(number: int, metres: float, seats: int | None = 5, **wanted) -> Branch:
    return Branch(UUID(int=number), north(metres), seats, **wanted)


@pytest.mark.parametrize(
    ("here", "elsewhere", "expected"),
    [
        (500.0, [beyond(1, 400)], (1, "nearer")),
        (500.0, [beyond(1, 600)], None),
        (500.0, [beyond(1, 400, seats=0), beyond(2, 450)], (2, "nearer")),
        (500.0, [beyond(1, 400, is_open=False)], None),
        (500.0, [beyond(1, 400, classes=frozenset({"work"}))], None),
        (None, [beyond(1, 2900)], (1, "no_seat")),
        (None, [beyond(1, 3100)], None),
        (500.0, [], None),
    ],
)
def test_only_a_branch_that_suits_better_is_suggested(here, elsewhere, expected):
    found = better_elsewhere(
        [someone()], {UUID(int=1): at_home(here)}, elsewhere, basis="nearer", reach_metres=3000
    )
    assert [(each.branch_id.int, each.reason) for each in found] == ([expected] if expected else [])


def test_who_has_no_place_gets_no_suggestion():
    nowhere = at_home(None, reason="no_place")
    found = better_elsewhere(
        [someone(home=None)], {UUID(int=1): nowhere}, [beyond(1, 0)], basis="home", reach_metres=9e3
    )
    assert found == []


def test_a_seat_is_suggested_once_and_a_declined_branch_not_again():
    people = [someone(1), someone(2), someone(3, refused=frozenset({UUID(int=8)}))]
    here = {UUID(int=number): at_home(None, number) for number in (1, 2, 3)}
    found = better_elsewhere(
        people, here, [beyond(7, 100, seats=1), beyond(8, 200)], basis="nearer", reach_metres=3000
    )
    assert [(each.arrival_id.int, each.branch_id.int, each.free) for each in found] == [
        (1, 7, 1),
        (2, 8, 5),
    ]


def test_the_rough_look_around_loses_nobody():
    """Against every pair measured exactly: 300 people, 200 branches over a degree of a county."""
    dice = np.random.default_rng(7)
    spots = dice.uniform((112.0, 27.7), (113.0, 28.7), (200, 2))
    branches = [Branch(UUID(int=n + 1), tuple(spot), None) for n, spot in enumerate(spots)]
    homes = dice.uniform((112.0, 27.7), (113.0, 28.7), (300, 2))
    people = [someone(n + 1, home=tuple(home)) for n, home in enumerate(homes)]
    here = {each.arrival_id: at_home(None, each.arrival_id.int) for each in people}
    found = better_elsewhere(people, here, branches, basis="home", reach_metres=4000)
    got = {each.arrival_id.int: each.branch_id.int for each in found}
    for number, home in enumerate(homes):
        metres = metres_between(np.broadcast_to(home, spots.shape), spots)
        best = int(np.argmin(metres))
        assert got.get(number + 1) == (best + 1 if metres[best] <= 4000 else None)


@pytest.fixture
def neighbour(community):
    return a_neighbour(community)


def at_the_edge(community, **wanted) -> UUID:
    arrival_id = an_arrival(community, home=community.inside(4, east=240), **wanted)
    work_off(community)
    return arrival_id


def standing(community, arrival_id):
    with community.acting() as scope:
        return last_suggestion(scope, arrival_id)


def test_a_run_suggests_the_branch_next_door_and_sends_nothing(community, neighbour):
    edge = at_the_edge(community, name="虚构党员午")
    middle = an_arrival(community, home=community.inside(1))
    work_off(community)
    found = standing(community, edge)
    assert (found.keeper, found.reason, found.free) == ("东邻社区", "nearer", 1)
    assert found.branch_id in neighbour.branches
    assert found.metres < found.here_metres
    assert standing(community, middle) is None
    with community.acting() as scope:
        assert [each.name for each in suggestions(scope)] == ["虚构党员午"]
        assert legs(scope, "from", still_open=True) == []
    with neighbour.acting() as scope:
        assert legs(scope, "to", still_open=True) == []


def test_taken_it_is_asked_next_door_and_no_longer_suggested(community, neighbour, colleague):
    edge = at_the_edge(community)
    found = standing(community, edge)
    with colleague.acting() as scope:
        redirect_id = take(scope, found.id)
    with community.acting() as scope:
        mine = leg(scope, redirect_id)
        assert (mine.state, mine.reason, mine.branch_id) == ("proposed", "nearer", found.branch_id)
        assert suggestions(scope) == []
        assert suggestions_of(scope, [edge]) == {}
    with colleague.acting() as scope, pytest.raises(Conflict):
        take(scope, found.id)
    # Who is on the way is not suggested again.
    with community.acting() as scope:
        match_again(scope, edge)
    work_off(community)
    assert standing(community, edge) is None


def test_declined_it_is_not_suggested_again_and_can_be_thought_over(
    community, neighbour, colleague
):
    edge = at_the_edge(community)
    first = standing(community, edge)
    with colleague.acting() as scope:
        decline(scope, first.id)
    assert standing(community, edge).decision == "declined"
    with colleague.acting() as scope:
        think_again(scope, first.id)
    assert standing(community, edge).decision == "open"
    with colleague.acting() as scope:
        decline(scope, first.id)
        match_again(scope, edge)
    work_off(community)
    second = standing(community, edge)
    assert (second.decision, second.branch_id) == ("declined", first.branch_id)


def test_a_new_run_takes_the_place_of_the_old_suggestion(community, neighbour):
    edge = at_the_edge(community)
    with neighbour.acting():
        db.session.execute(text("UPDATE branch SET taken = capacity"))
    with community.acting() as scope:
        match_again(scope, edge)
    work_off(community)
    assert standing(community, edge) is None
    with community.acting():
        decisions = text("SELECT decision FROM redirect_suggestion WHERE arrival_id = :id")
        assert db.session.execute(decisions, {"id": edge}).scalars().all() == ["withdrawn"]


def test_who_has_nothing_at_home_is_told_of_next_door(app):
    county = a_county(app)
    community = a_community(county, capacities=(0, 0, 0))
    a_neighbour(community)
    found = standing(community, at_the_edge(community))
    assert (found.reason, found.here_metres) == ("no_seat", None)


def test_a_leader_decides_about_their_own_cell_only(community, neighbour):
    edge = at_the_edge(community)
    found = standing(community, edge)
    mine, other = a_leader(community, cell=4), a_leader(community, cell=1)
    with other.acting() as scope:
        assert suggestions(scope) == []
        with pytest.raises(NotFound):
            suggestion(scope, found.id)
        with pytest.raises(NotFound):
            decline(scope, found.id)
    with mine.acting() as scope:
        assert [each.id for each in suggestions(scope)] == [found.id]


def test_another_county_is_not_next_door(app, community):
    abroad = a_county(app)
    a_community(abroad, centre=(community.centre[0] + 0.00509 * 2, community.centre[1]))
    assert standing(community, at_the_edge(community)) is None
