"""One side's leg of a redirect: held, and moved on."""

from uuid import UUID

from sqlalchemy import func, select

from tenants.database import db
from tenants.redirects.records import Redirect
from tenants.scope import Scope


def locked(scope: Scope, redirect_id: UUID) -> Redirect | None:
    """Our leg until the commit; None when we have none."""
    return db.session.execute(
        select(Redirect)
        .where(Redirect.tenant_id == scope.tenant_id, Redirect.id == redirect_id)
        .with_for_update()
    ).scalar_one_or_none()


def become(record: Redirect, state: str) -> None:
    """The leg comes to a state, and its clock begins anew."""
    record.state, record.state_since = state, func.now()
    record.version = (record.version or 0) + 1
    db.session.flush()
