"""Who is proposed to which centre household, and what both sides then say."""

from __future__ import annotations

from uuid import UUID

import pytest

from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.matching.households.actions import (
    agree,
    ask_for_another,
    ask_for_settlement,
    end_household,
    end_pair,
    name_host,
)
from tenants.matching.households.lookups import households, last_settlement
from tenants.matching.households.rules import Host, Neighbour, may_become, propose
from tests.factories.households import a_household, settled
from tests.factories.jobs import work_off
from tests.factories.members import a_member, some_members


def pairs(community) -> dict:
    """(household, member) -> pair, of the open ones."""
    with community.acting() as scope:
        return {
            (household.id, pair.member_id): pair
            for household in households(scope)
            for pair in household.pairs
        }


# What is proposed


def test_a_number_that_cannot_be_divided_says_so_in_words():
    people = [Neighbour(UUID(int=n), (112.5, 28.2)) for n in range(12)]
    hosts = [Host(UUID(int=100 + n), (112.5, 28.2), 7, 10) for n in range(2)]
    found = propose(people, hosts, reach_metres=1000)
    assert found.placed == len(found.pairs) == 10
    assert "12" in found.explanation


def test_fourteen_are_divided_into_seven_and_seven():
    people = [Neighbour(UUID(int=n), (112.5, 28.2)) for n in range(14)]
    hosts = [Host(UUID(int=100 + n), (112.5, 28.2), 7, 10) for n in range(2)]
    found = propose(people, hosts, reach_metres=1000)
    assert (found.placed, found.explanation, found.gap) == (14, "", 0)
    assert {sum(p.household_id == h.household_id for p in found.pairs) for h in hosts} == {7}


def test_what_was_agreed_stays_and_what_was_declined_is_not_proposed_again():
    hosts = [Host(UUID(int=100), (112.5, 28.2), 1, 3), Host(UUID(int=101), (112.51, 28.2), 1, 3)]
    near = (112.5, 28.2)
    people = [
        Neighbour(UUID(int=1), near, agreed=hosts[1].household_id),
        Neighbour(UUID(int=2), near, refused=frozenset({hosts[0].household_id})),
        Neighbour(UUID(int=3), near),
        Neighbour(UUID(int=4), None),
    ]
    found = propose(people, hosts, reach_metres=5000)
    assert {p.member_id.int: p.household_id.int for p in found.pairs} == {2: 101, 3: 100}
    assert found.placed == 3


@pytest.mark.parametrize(
    ("state", "following", "may"),
    [
        ("proposed", "host_agreed", True),
        ("proposed", "active", False),
        ("host_agreed", "active", True),
        ("host_agreed", "another", True),
        ("active", "another", False),
        ("active", "ended", True),
        ("ended", "active", False),
        ("another", "proposed", False),
    ],
)
def test_what_may_follow_what(state, following, may):
    assert may_become(state, following) is may


# The job


def test_the_job_proposes_the_nearest_household_and_nobody_has_agreed_yet(community):
    north, south = a_household(community, 1), a_household(community, 4)
    up = a_member(community, home=community.inside(1, east=30))
    down = a_member(community, home=community.inside(4, east=30))
    settled(community)
    found = pairs(community)
    assert set(found) == {(north, up), (south, down)}
    assert {pair.state for pair in found.values()} == {"proposed"}
    with community.acting() as scope:
        last = last_settlement(scope)
    assert (last.people, last.placed, last.explanation) == (2, 2, "")
    assert last.total_metres == pytest.approx(60, abs=1)


def test_hosts_and_people_living_outside_are_nobodys_guests(community):
    a_household(community)
    outside = a_member(community, residence="outside")
    settled(community)
    assert outside not in {member for _household, member in pairs(community)}


def test_without_a_host_there_is_nothing_to_ask(community):
    with community.acting() as scope, pytest.raises(Conflict):
        ask_for_settlement(scope)


# What both sides say


def test_the_host_agrees_first_then_the_member(community, colleague):
    household = a_household(community)
    member = a_member(community)
    settled(community)
    pair = pairs(community)[household, member]
    with colleague.acting() as scope:
        assert agree(scope, pair.id) == "host_agreed"
    with colleague.acting() as scope:
        assert agree(scope, pair.id) == "active"
    with colleague.acting() as scope, pytest.raises(Conflict):
        agree(scope, pair.id)
    with colleague.acting() as scope:
        end_pair(scope, pair.id)
    assert pairs(community) == {}


def test_another_please_is_proposed_elsewhere_and_never_here_again(community, colleague):
    first, second = a_household(community, 1), a_household(community, 2)
    member = a_member(community)
    settled(community)
    with colleague.acting() as scope:
        ask_for_another(scope, pairs(community)[first, member].id)
    work_off(community)
    assert set(pairs(community)) == {(second, member)}
    settled(community)
    assert set(pairs(community)) == {(second, member)}


def test_a_new_run_keeps_what_a_side_agreed_to(community, colleague):
    full = a_household(community, 1, most=1)
    first = a_member(community, home=community.inside(1, east=100))
    settled(community)
    with colleague.acting() as scope:
        agree(scope, pairs(community)[full, first].id)
    nearer = a_member(community)
    settled(community)
    found = pairs(community)
    assert set(found) == {(full, first)}
    assert found[full, first].state == "host_agreed"
    assert nearer not in {member for _household, member in found}


def test_a_household_that_ends_sets_everybody_free(community, colleague):
    household = a_household(community)
    member = a_member(community)
    settled(community)
    with colleague.acting() as scope:
        agree(scope, pairs(community)[household, member].id)
    with colleague.acting() as scope:
        end_household(scope, household)
    assert pairs(community) == {}
    with colleague.acting() as scope:
        assert households(scope) == []
        with pytest.raises(NotFound):
            end_household(scope, household)


def test_who_becomes_a_host_is_nobodys_guest_any_more(community, colleague):
    a_household(community)
    (member,) = some_members(community, 1)
    settled(community)
    with colleague.acting() as scope:
        name_host(scope, member, fewest=7, most=10)
    assert pairs(community) == {}
    with colleague.acting() as scope, pytest.raises(Conflict):
        name_host(scope, member, fewest=7, most=10)


@pytest.mark.parametrize(("fewest", "most"), [(0, 3), (8, 7), (7, 31)])
def test_bounds_that_mean_nothing_are_refused(community, fewest, most):
    member = a_member(community)
    with community.acting() as scope, pytest.raises(InvalidInput):
        name_host(scope, member, fewest=fewest, most=most)


def test_a_host_without_a_known_home_is_refused(community):
    member = a_member(community, home=None)
    with community.acting() as scope, pytest.raises(InvalidInput):
        name_host(scope, member, fewest=7, most=10)


def test_a_neighbour_can_do_nothing(community, neighbour):
    household = a_household(community)
    member = a_member(community)
    settled(community)
    pair = pairs(community)[household, member]
    for act in (agree, ask_for_another, end_pair):
        with neighbour.acting() as scope, pytest.raises(NotFound):
            act(scope, pair.id)
    with neighbour.acting() as scope, pytest.raises(NotFound):
        end_household(scope, household)
