"""Which state an inflow case may go to from which (domain, section 7)."""

from __future__ import annotations

import pytest

from tenants.arrivals.rules import STATES, UNSERVED_REASONS, WAITING, may_become

ALLOWED = {
    "signalled": "verified proposed placed unserved",
    "verified": "proposed placed unserved",
    "proposed": "consented placed verified unserved",
    "consented": "placed proposed",
    "placed": "filed proposed verified",
    "filed": "served",
    "served": "unserved",
    "unserved": "verified proposed placed unserved",
    "redirected": "",
}

ELSEWHERE = "redirected"
"""With another community now: the redirect takes a case there, and no step of its own leads on."""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("following", STATES)
def test_every_step_is_allowed_or_not(state, following):
    assert may_become(state, following) is (following in ALLOWED[state].split())


def test_the_way_is_open_from_the_first_state_to_the_last():
    reached, before = {"signalled"}, set()
    while reached != before:
        before = set(reached)
        reached |= {after for state in before for after in STATES if may_become(state, after)}
    assert reached == {*STATES} - {ELSEWHERE}


@pytest.mark.parametrize("state", [state for state in STATES if state != ELSEWHERE])
def test_no_state_is_a_dead_end(state):
    assert any(may_become(state, after) for after in STATES if after != state)


@pytest.mark.parametrize("state", WAITING)
def test_who_waits_may_be_proposed_a_branch_or_said_to_be_unserved(state):
    assert may_become(state, "proposed")
    assert may_become(state, "unserved")


def test_the_reasons_are_those_a_choice_gives():
    assert UNSERVED_REASONS == ("no_place", "out_of_reach", "no_seat", "not_allowed")
