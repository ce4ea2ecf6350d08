"""Looking for members: who has nothing on record, what was tried, found."""

from datetime import date, timedelta

import pytest

from tenants.errors import Conflict, InvalidInput, NotFound
from tenants.mobility.tracing import (
    begin_trace,
    begin_traces,
    keep_step,
    take_back_trace,
    take_back_traces,
)
from tenants.mobility.untraced import how_many_untraced, how_many_with_nothing, untraced
from tests.factories.members import a_member

DAY = date(2026, 11, 21)
NOTHING = {"phone": "", "address": "", "home": None}


def test_a_handed_over_roster_of_names_is_looked_for_at_once(community):
    """Domain T6: a handover by roster only, "on the roster and never seen"."""
    a_member(community)
    lost = {a_member(community, **NOTHING) for _ in range(3)}
    a_member(community, **{**NOTHING, "employer": "虚构厂"})
    with community.acting() as scope:
        assert how_many_with_nothing(scope) == 3
        assert begin_traces(scope, DAY) == 3
        assert how_many_with_nothing(scope) == begin_traces(scope, DAY) == 0
        assert {each.member_id for each in untraced(scope)} == lost


def test_what_was_tried_is_kept_and_found_ends_it(community):
    member_id = a_member(community)
    with community.acting() as scope:
        begin_trace(scope, member_id, DAY)
        with pytest.raises(Conflict):
            begin_trace(scope, member_id, DAY)
        keep_step(scope, member_id, "phone", "nothing", DAY, DAY)
        keep_step(scope, member_id, "former_unit", "hint", DAY, DAY)
        [line] = untraced(scope)
        assert sorted(step.way for step in line.steps) == ["former_unit", "phone"]
        keep_step(scope, member_id, "visit", "found", DAY, DAY)
        assert untraced(scope) == []
        with pytest.raises(Conflict):
            keep_step(scope, member_id, "visit", "found", DAY, DAY)
        begin_trace(scope, member_id, DAY + timedelta(1))
        assert len(untraced(scope)[0].steps) == 3


@pytest.mark.parametrize(
    ("way", "outcome", "on"),
    [
        ("police", "nothing", DAY),
        ("phone", "maybe", DAY),
        ("phone", "nothing", DAY + timedelta(1)),
    ],
)
def test_what_cannot_be_is_refused(community, way, outcome, on):
    member_id = a_member(community)
    with community.acting() as scope:
        begin_trace(scope, member_id, DAY)
        with pytest.raises(InvalidInput):
            keep_step(scope, member_id, way, outcome, on, DAY)


def test_a_leader_looks_for_the_people_of_their_cells_only(community, leader):
    elsewhere = a_member(community, home=community.inside(4))
    with community.acting(leader.scope) as scope, pytest.raises(NotFound):
        begin_trace(scope, elsewhere, DAY)


def test_whoever_was_put_on_the_list_by_mistake_is_taken_off(community):
    member_id = a_member(community)
    with community.acting() as scope:
        begin_trace(scope, member_id, date.today())
        take_back_trace(scope, member_id)
        assert how_many_untraced(scope) == 0
        with pytest.raises(Conflict):
            take_back_trace(scope, member_id)
        begin_trace(scope, member_id, date.today())
        keep_step(scope, member_id, "phone", "nothing", date.today(), date.today())
        with pytest.raises(Conflict):
            take_back_trace(scope, member_id)


def test_a_whole_list_is_taken_back_but_for_whom_somebody_looked(community):
    today = date.today()
    lost = [a_member(community, **NOTHING) for _ in range(3)]
    earlier = a_member(community)
    with community.acting() as scope:
        begin_trace(scope, earlier, today - timedelta(1))
        begin_traces(scope, today)
        keep_step(scope, lost[0], "visit", "nothing", today, today)
        assert take_back_traces(scope, today) == 2
        assert {each.member_id for each in untraced(scope)} == {lost[0], earlier}
        assert how_many_with_nothing(scope) == 2
