"""What administering leaves behind, dropped when nobody needs it: addresses, links, files."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import CursorResult, Update, update

from tenants.administration.records import TenantOpening
from tenants.audit.actions import note
from tenants.database import db
from tenants.exports.actions import drop_exports
from tenants.people.invitations import forget_invitations
from tenants.people.rules import LINK_LASTS
from tenants.scope import Scope

KEPT: Final = timedelta(days=30)
"""How long it can still be seen that somebody was invited, or that a sheet waits for a decision."""


def drop_expired(scope: Scope, day: date) -> dict[str, int]:
    """Drop it for one tenant and say how much; the caller commits."""
    before = day - KEPT
    gone = {"invitations": forget_invitations(scope, before)}
    gone["exports"] = drop_exports(scope, day)
    gone["links"] = _changed(
        update(TenantOpening)
        .where(TenantOpening.tenant_id == scope.tenant_id)
        .where(TenantOpening.links_sealed.is_not(None))
        .where(TenantOpening.opened_at < day - LINK_LASTS)
        .values(links_sealed=None)
    )
    gone["sheets"] = _changed(
        update(TenantOpening)
        .where(TenantOpening.tenant_id == scope.tenant_id, TenantOpening.state == "checked")
        .where(TenantOpening.made_at < before)
        .values(file_sealed=None, state="discarded")
    )
    found = {what: count for what, count in gone.items() if count}
    if found:
        note(scope, "drop_expired", "tenant", None, **found)
    return found


def _changed(statement: Update) -> int:
    result = db.session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0
