"""Asking for work: a row in the same transaction as its cause, and a ring when that commits."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from tenants.database import db, new_id, now
from tenants.outbox.records import JobRequest
from tenants.scope import Scope

RECOUNT_SECONDS = 10


def recount(scope: Scope) -> None:
    """Ask for the tenant's figures to be counted again, once for all that happens in a while.

    It is done when the while is over, so that nothing of it is missed.
    """
    moment = datetime.now(UTC)
    slot = moment - timedelta(seconds=moment.timestamp() % RECOUNT_SECONDS)
    due = slot + timedelta(seconds=RECOUNT_SECONDS)
    ask(scope, "count_tenant", {}, dedupe_key=f"count_tenant@{slot:%Y-%m-%dT%H:%M:%S}", due=due)


def ask(
    scope: Scope,
    kind: str,
    arguments: dict[str, str],
    *,
    dedupe_key: str | None = None,
    due: datetime | None = None,
) -> UUID:
    """Ask for a job of `kind`, to be done at once or from `due` on; answers its id.

    The same `dedupe_key` asked twice is one job. NOTIFY reaches the relay at commit only, so a
    transaction that fails asks for nothing.
    """
    key = dedupe_key or new_id().hex
    asked = db.session.execute(
        insert(JobRequest)
        .values(
            id=new_id(),
            kind=kind,
            arguments=arguments,
            dedupe_key=key,
            asked_by=scope.person_id,
            dispatch_after=due or now(),
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
