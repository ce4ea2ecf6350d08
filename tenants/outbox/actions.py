"""Asking for work: a row in the same transaction as its cause, and a ring when that commits."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from tenants.database import db, new_id
from tenants.outbox.records import JobRequest
from tenants.scope import Scope


def ask(
    scope: Scope, kind: str, arguments: dict[str, str], *, dedupe_key: str | None = None
) -> UUID:
    """Ask for a job of `kind`; answers its id.

    The same `dedupe_key` asked twice is one job. NOTIFY reaches the relay at commit only, so a
    transaction that fails asks for nothing.
    """
    key = dedupe_key or new_id().hex
    asked = db.session.execute(
        insert(JobRequest)
        .values(
            id=new_id(), kind=kind, arguments=arguments, dedupe_key=key, asked_by=scope.person_id
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "dedupe_key"])
        .returning(JobRequest.id)
    ).scalar_one_or_none()
    if asked is None:
        return db.session.execute(
            select(JobRequest.id).where(JobRequest.dedupe_key == key)
        ).scalar_one()
    db.session.execute(text("NOTIFY job_request"))
    return asked
