"""Registering that somebody came, and the request for a match that goes with it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from tenants.arrivals.actions import ArrivalDraft, move_on, register_arrival, register_arrivals
from tenants.arrivals.lookups import arrival, counts_by_state
from tenants.database import db, new_id
from tenants.errors import Conflict, NotFound
from tenants.members.lookups import member_card
from tests.factories.arrivals import an_arrival
from tests.factories.jobs import due_jobs, work_off
from tests.factories.members import a_draft


def test_an_arrival_is_a_member_an_episode_a_case_and_a_job(community):
    draft = ArrivalDraft(
        a_draft(community, name="虚构丙"),
        date(2026, 11, 1),
        from_place="邻县",
        reason="务工",
    )
    with community.acting() as scope:
        arrival_id = register_arrival(scope, draft)
    with community.acting() as scope:
        line = arrival(scope, arrival_id)
        assert (line.name, line.state, line.arrived_on) == (
            "虚构丙",
            "signalled",
            date(2026, 11, 1),
        )
        assert member_card(scope, line.member_id).affiliation == "incoming"
        words = text("SELECT direction FROM episode WHERE member_id = :id")
        found = db.session.execute(words, {"id": line.member_id}).scalars().all()
    assert found == ["inflow"]
    assert len(due_jobs(community)) == 1


def test_a_registration_that_fails_asks_for_nothing(community):
    """The request and its cause are one transaction."""

    def cut_off(scope) -> None:
        register_arrival(scope, ArrivalDraft(a_draft(community)))
        db.session.flush()
        raise RuntimeError("the cable was pulled")

    with pytest.raises(RuntimeError, match="the cable"), community.acting() as scope:
        cut_off(scope)
    assert due_jobs(community) == []
    with community.acting() as scope:
        assert counts_by_state(scope) == {}


def test_many_are_registered_at_once_in_their_order(community):
    drafts = [ArrivalDraft(a_draft(community, name=f"虚构{sign}")) for sign in "甲乙丙"]
    with community.acting() as scope:
        ids = register_arrivals(scope, drafts)
        assert [arrival(scope, id_).name for id_ in ids] == ["虚构甲", "虚构乙", "虚构丙"]
        assert register_arrivals(scope, []) == []


def test_a_step_that_does_not_lead_on_is_a_conflict(community):
    arrival_id = an_arrival(community)
    with pytest.raises(Conflict), community.acting() as scope:
        move_on(scope, arrival_id, "served")
    with community.acting() as scope:
        assert arrival(scope, arrival_id).state == "signalled"


def test_each_step_counts_the_version_up(community):
    arrival_id = an_arrival(community)
    work_off(community)
    with community.acting() as scope:
        before = arrival(scope, arrival_id)
        move_on(scope, arrival_id, "consented")
    with community.acting() as scope:
        after = arrival(scope, arrival_id)
    assert (after.state, after.version) == ("consented", before.version + 1)
    assert after.state_since > before.state_since


def test_a_case_that_is_not_there_is_not_found(community, neighbour):
    arrival_id = an_arrival(community)
    with pytest.raises(NotFound), community.acting() as scope:
        move_on(scope, new_id(), "verified")
    with pytest.raises(NotFound), neighbour.acting() as scope:
        move_on(scope, arrival_id, "verified")
