"""What was written down about a thing, with the names of who did it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, true

from tenants.audit.records import AuditEntry
from tenants.database import db
from tenants.organisations.remarks import opened
from tenants.people.lookups import shown_names
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Happening:
    """One audit entry as a page shows it; `who` is empty when a worker did it."""

    at: datetime
    person_id: UUID | None
    role: str
    act: str
    facts: dict[str, object]
    who: str = ""


def history(
    scope: Scope, subject_kind: str, subject_id: UUID, *, act: str | None = None, limit: int = 200
) -> list[Happening]:
    """What happened to one thing and who read it, newest first, `limit` at most.

    A list in which a member stood counts as a reading of that member.

    `act`: only entries of this kind.
    """
    wanted = AuditEntry.act == act if act else true()
    rows = db.session.execute(
        select(
            AuditEntry.at, AuditEntry.person_id, AuditEntry.role, AuditEntry.act, AuditEntry.facts
        )
        .where(
            AuditEntry.tenant_id == scope.tenant_id,
            AuditEntry.subject_kind == subject_kind,
            or_(
                AuditEntry.subject_id == subject_id,
                AuditEntry.facts.contains({"people": [str(subject_id)]}),
            ),
            wanted,
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    ).all()
    names = shown_names(scope, {row.person_id for row in rows if row.person_id})
    return [
        Happening(
            at, person_id, role, act_, opened(scope, facts, subject_id), names.get(person_id, "")
        )
        for at, person_id, role, act_, facts in rows
    ]
