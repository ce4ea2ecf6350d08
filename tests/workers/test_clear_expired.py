"""The night's clearing: expired notes and old answers go, what is younger stays."""

from __future__ import annotations

from sqlalchemy import text

from tenants.database import db, new_id
from tests.factories.members import a_member
from tests.factories.visits import a_visit, an_operation, delivered
from workers.jobs.clear_expired import clear_expired
from workers.lease import Lease


def cleared(community) -> None:
    with community.acting() as scope:
        lease = Lease(new_id(), 1, "clear_expired", {}, 1)
        clear_expired(scope, lease, lambda *_: None)()


def left(community) -> tuple[int, int]:
    with community.acting():
        notes = "SELECT count(*) FROM visit WHERE note_sealed IS NOT NULL"
        return tuple(
            db.session.execute(text(question)).scalar_one()
            for question in (notes, "SELECT count(*) FROM operation")
        )


def test_notes_and_answers_go_when_their_day_has_come(leader, community):
    member = a_member(community)
    for _ in range(2):
        a_visit(community, member, leader.scope, note="下次带材料来")
    delivered(leader, [an_operation(member=member) for _ in range(2)])
    cleared(community)
    assert left(community) == (2, 2)
    with community.acting():
        db.session.execute(
            text(
                "UPDATE visit SET note_expires_on = CURRENT_DATE"
                " WHERE id = (SELECT id FROM visit WHERE note_sealed IS NOT NULL LIMIT 1)"
            )
        )
        db.session.execute(
            text(
                "UPDATE operation SET received_at = now() - interval '91 days'"
                " WHERE id = (SELECT id FROM operation LIMIT 1)"
            )
        )
    cleared(community)
    assert left(community) == (1, 1)
    cleared(community)
    assert left(community) == (1, 1)
