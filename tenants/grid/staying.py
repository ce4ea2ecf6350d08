"""Whose leader goes on after a redraw, when two records turn out to be one person's."""

from uuid import UUID

from sqlalchemy import select, update

from tenants.database import db
from tenants.grid.records import CellStay
from tenants.scope import Scope


def hand_stay(scope: Scope, from_member: UUID, to_member: UUID) -> UUID | None:
    """The open stay of one record goes over to another that has none; answers it, or None."""
    held = {
        stay.member_id: stay
        for stay in db.session.execute(
            select(CellStay)
            .where(
                CellStay.tenant_id == scope.tenant_id,
                CellStay.member_id.in_((from_member, to_member)),
                CellStay.until.is_(None),
            )
            .with_for_update()
        ).scalars()
    }
    if from_member not in held or to_member in held:
        return None
    held[from_member].member_id = to_member
    db.session.flush()
    return held[from_member].id


def hand_stay_back(scope: Scope, stay_id: UUID, to_member: UUID) -> None:
    """Undo `hand_stay`, whether the stay is over meanwhile or not."""
    db.session.execute(
        update(CellStay)
        .where(CellStay.tenant_id == scope.tenant_id, CellStay.id == stay_id)
        .values(member_id=to_member)
    )
