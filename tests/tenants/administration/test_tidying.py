"""What administering leaves behind is dropped in time, counted, and nothing that is needed."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import text

from tenants.administration.exports import ask_export, keep_export
from tenants.administration.tidying import drop_expired
from tenants.database import db
from tenants.people.invitations import InvitationDraft, invite

TODAY = date.today()


def test_old_invitations_and_exports_go_and_new_ones_stay(community):
    with community.acting() as scope:
        ids = [
            invite(scope, InvitationDraft(f"x{n}@example.invalid", "甲", "community_admin"))[0]
            for n in range(4)
        ]
        changes = (
            "accepted_at = now() - interval '40 days'",
            "expires_at = now() - interval '40 days'",
            "expires_at = now() - interval '5 days'",
        )
        for id_, change in zip(ids, changes, strict=False):
            db.session.execute(text(f"UPDATE invitation SET {change} WHERE id = :id"), {"id": id_})
        export_id = ask_export(scope)
        keep_export(scope, export_id, b"PK", {}, TODAY)
    with community.acting() as scope:
        assert drop_expired(scope, TODAY) == {"invitations": 2}
    with community.acting() as scope:
        left = set(db.session.execute(text("SELECT id FROM invitation")).scalars())
        assert left == set(ids[2:])
        assert drop_expired(scope, TODAY + timedelta(days=8)) == {"exports": 1}
        state = db.session.execute(text("SELECT state, file_sealed FROM tenant_export")).one()
        assert tuple(state) == ("gone", None)
