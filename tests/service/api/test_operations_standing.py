"""What tablets deliver is judged by the standing of the time it was done (issue 5, item 5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from tenants.database import db
from tenants.people.actions import end_standing, give_standing
from tests.factories.members import a_member
from tests.factories.people import a_leader, a_person
from tests.factories.visits import an_operation, delivered, visits

NOW = datetime.now(UTC)


def ended(office, cast, ago: timedelta) -> None:
    """The person's standing is ended the way the page does it, some time ago."""
    with office.acting(a_person(office, "community_admin").scope) as scope:
        end_standing(scope, cast.scope.standing_id)
    with office.acting():
        db.session.execute(
            text("UPDATE standing SET ended_at = now() - :ago, valid_from = :from WHERE id = :id"),
            {"ago": ago, "from": date(2026, 1, 1), "id": cast.scope.standing_id},
        )


def end_standings(office, person_id, valid_to: date, valid_from: date | None = None) -> None:
    with office.acting():
        db.session.execute(
            text(
                "UPDATE standing SET valid_to = :to, valid_from = coalesce(:from, valid_from)"
                " WHERE person_id = :person"
            ),
            {"to": valid_to, "from": valid_from, "person": person_id},
        )


@pytest.fixture
def member(community):
    return a_member(community)


def test_what_was_done_before_the_cell_changed_hands_stays_with_who_did_it(community, member):
    old, ago = a_leader(community), NOW - timedelta(days=4)
    a_leader(community)
    yesterday = date.today() - timedelta(days=1)
    end_standings(community, old.person_id, yesterday - timedelta(days=1), date(2026, 1, 1))
    before = an_operation(made_at=ago, member=member, happened_on=ago.date().isoformat())
    after = an_operation(member=member)
    answers = delivered(old, [before, after])
    assert [each["status"] for each in answers] == ["applied", "refused"]
    assert [each.done_by for each in visits(community)] == [old.person_id]
    assert old.client.get(f"{community.api}/offline?device={uuid4()}").status_code == 404
    assert old.client.get(f"{community.pages}/members").status_code == 404


@pytest.mark.parametrize("ago", [timedelta(), timedelta(days=3)])
def test_whose_standing_was_ended_delivers_what_they_did_before_that(community, member, ago):
    dismissed = a_person(community, "community_admin")
    ended(community, dismissed, ago)
    before = NOW - ago - timedelta(hours=30)
    theirs = an_operation(made_at=before, member=member, happened_on=before.date().isoformat())
    edit = {"member": str(member), "changes": {"phone": "19900009999"}}
    after = [an_operation(member=member), an_operation("member_edit", body=edit, seen=1)]
    answers = delivered(dismissed, [theirs, *after])
    assert [each["status"] for each in answers] == ["applied", "refused", "refused"]
    assert len(visits(community)) == 1


def test_a_paused_community_takes_nothing_from_whom_it_let_go_either(community, member):
    dismissed = a_leader(community)
    ended(community, dismissed, timedelta(hours=1))
    with community.county.acting():
        paused = text("UPDATE tenant SET paused_at = now() WHERE id = :id")
        db.session.execute(paused, {"id": community.scope.tenant_id})
    sent = an_operation(made_at=NOW - timedelta(hours=3), member=member)
    assert delivered(dismissed, [sent], status=409)["code"] == "paused"
    assert visits(community) == []


def test_who_administered_long_ago_is_judged_by_what_they_are(community):
    """A tablet's clock is what it says it is: it must not bring back what somebody was once."""
    now_leads = a_leader(community)
    with community.acting() as scope:
        give_standing(scope, now_leads.person_id, "网格长甲", "community_admin")
        db.session.execute(
            text(
                "UPDATE standing SET valid_from = '2024-01-01', valid_to = '2025-01-01'"
                " WHERE role = 'community_admin' AND person_id = :person"
            ),
            {"person": now_leads.person_id},
        )
    elsewhere = a_member(community, home=community.inside(4))
    sent = an_operation(made_at=datetime(2024, 6, 1, tzinfo=UTC), member=elsewhere)
    assert delivered(now_leads, [sent])[0]["status"] == "refused"


def test_who_is_no_longer_in_charge_is_not_told_what_stands_there_now(community, member, leader):
    dismissed = a_leader(community)
    ended(community, dismissed, timedelta(days=1))
    newer = {"member": str(member), "changes": {"employer": "新单位"}}
    delivered(leader, [an_operation("member_edit", body=newer, seen=1)])
    body = {"member": str(member), "changes": {"employer": "旧单位"}}
    sent = an_operation("member_edit", NOW - timedelta(days=2), body=body, seen=1)
    answer = delivered(dismissed, [sent])[0]
    assert (answer["status"], answer["facts"]["now"]) == ("conflict", {})
    assert answer["facts"]["yours"] == {"employer": "旧单位"}


def test_who_leads_another_cell_now_delivers_for_the_cell_of_then(community, member):
    moved = a_leader(community)
    end_standings(community, moved.person_id, date.today() - timedelta(days=2), date(2026, 1, 1))
    with community.acting() as scope:
        give_standing(scope, moved.person_id, "网格长甲", "grid_leader", cell_id=community.cells[3])
    ago = NOW - timedelta(days=5)
    theirs = an_operation(made_at=ago, member=member, happened_on=ago.date().isoformat())
    elsewhere = a_member(community, home=community.inside(4))
    too_early = an_operation(made_at=ago, member=elsewhere, happened_on=ago.date().isoformat())
    answers = delivered(moved, [theirs, an_operation(member=elsewhere), too_early])
    assert [each["status"] for each in answers] == ["applied", "applied", "refused"]


def test_nobody_from_elsewhere_delivers_anything(outsider, neighbour, officer, community, member):
    for who in (outsider, neighbour):
        answer = who.client.post(
            f"{community.api}/operations",
            json={"device": str(uuid4()), "operations": [an_operation(member=member)]},
        )
        assert answer.status_code == 404
    assert delivered(officer, [an_operation(member=member)])[0]["status"] == "refused"
    theirs = a_member(community, branch_id=community.branches[0], home=None)
    assert delivered(officer, [an_operation(member=theirs)])[0]["status"] == "applied"
