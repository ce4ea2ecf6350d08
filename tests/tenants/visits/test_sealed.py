"""Notes and tablets' keys when the tenant's own key is replaced, and when their day has come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import text

from tenants.database import db
from tenants.members.resealing import begin_rotation, fields_behind, reseal_further, reseal_members
from tenants.visits.devices import hand_out_key, meet_device
from tenants.visits.lookups import visits_of
from tenants.visits.rules import NOTE_LASTS_DAYS
from tests.factories.members import a_member
from tests.factories.visits import a_visit


def test_a_note_and_a_key_survive_a_new_key_of_the_tenant(leader, community):
    member, device, now = a_member(community), uuid4(), datetime.now(UTC)
    a_visit(community, member, leader.scope, note="下次带材料来")
    with leader.acting() as scope:
        meet_device(scope, device)
        key = hand_out_key(scope, device, now)
    with community.acting() as scope:
        begin_rotation(scope)
        while reseal_members(scope) or reseal_further(scope):
            pass
        assert fields_behind(scope) == 0
    with leader.acting() as scope:
        assert hand_out_key(scope, device, now) == key
        [visit] = visits_of(scope, member, date.today())
        assert visit.note == "下次带材料来"


def test_a_note_past_its_day_is_not_shown_even_before_it_is_emptied(leader, community):
    member = a_member(community)
    a_visit(community, member, leader.scope, note="下次带材料来")
    with leader.acting() as scope:
        later = date.today() + timedelta(days=NOTE_LASTS_DAYS)
        [before] = visits_of(scope, member, later - timedelta(days=1))
        [after] = visits_of(scope, member, later)
        sealed = db.session.execute(text("SELECT note_sealed FROM visit")).scalar_one()
    assert (before.note, before.has_note) == ("下次带材料来", True)
    assert (after.note, after.has_note) == ("", False)
    assert "材料".encode() not in bytes(sealed)
