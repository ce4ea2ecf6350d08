"""Take an acceptance back, for more people than a page waits for."""

from dataclasses import replace
from uuid import UUID

from tenants.database import db
from tenants.matching.assignments import accepting
from tenants.matching.assignments.lines import accepted_lines
from tenants.matching.assignments.work import keep_count
from tenants.outbox.lookups import asked_by
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def undo_acceptance(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Everybody who can still go back or nobody, in the name of whoever asked for it."""
    acceptance_id = UUID(lease.arguments["acceptance"])
    acting = replace(scope, person_id=asked_by(scope, lease.job_id))
    total = accepted_lines(scope, acceptance_id)
    db.session.rollback()
    progress(0, max(total, 1), "正在撤销这次接受")

    def write() -> None:
        done = accepting.undo_acceptance(acting, acceptance_id)
        keep_count(scope, lease.job_id, done.done, done.done + len(done.left))

    return write
