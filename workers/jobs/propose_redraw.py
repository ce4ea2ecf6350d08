"""Reckon who would change cell and group with a draft grid (domain ASG-10); nothing is applied."""

from uuid import UUID

from tenants.database import db
from tenants.marking import N_
from tenants.redraws.actions import keep_reckoned
from tenants.redraws.lookups import reckon
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease

WORDS = N_("正在核对谁会换网格")


def propose_redraw(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Reckoning again gives the same lines, so repeating the job repeats nothing."""
    draft_id = UUID(lease.arguments["draft"])
    progress(0, 2, WORDS)
    found = reckon(scope, draft_id)
    db.session.rollback()
    progress(1, 2, WORDS)
    return lambda: keep_reckoned(scope, draft_id, found)
