"""Writing down what happened, in the transaction in which it happens."""

from collections.abc import Iterable
from uuid import UUID

from tenants.audit.records import AuditEntry
from tenants.database import db
from tenants.scope import Scope


def note(
    scope: Scope, act: str, subject_kind: str, subject_id: UUID | None = None, **facts: object
) -> None:
    """One audit entry. `facts`: ids, counts and metres only; never a name, phone or address."""
    db.session.add(
        AuditEntry(
            person_id=scope.person_id,
            role=scope.role,
            act=act,
            subject_kind=subject_kind,
            subject_id=subject_id,
            facts=facts,
        )
    )


def note_people(scope: Scope, act: str, member_ids: Iterable[UUID]) -> None:
    """One entry for a list of people that was read; it tells each of them too (`history`)."""
    people = [str(member_id) for member_id in member_ids]
    note(scope, act, "member", None, count=len(people), people=people)
