"""Accept everything that stands open of a run, for more people than a page waits for."""

from dataclasses import replace
from uuid import UUID

from tenants.database import db
from tenants.matching.assignments import accepting
from tenants.matching.assignments.lines import to_accept
from tenants.matching.assignments.work import keep_count
from tenants.outbox.lookups import asked_by
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def accept_lines(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Everybody who still fits or nobody; the acceptance's id is the job's.

    It is done in the name of whoever asked for it.
    """
    run_id = UUID(lease.arguments["run"])
    acting = replace(scope, person_id=asked_by(scope, lease.job_id))
    total = to_accept(scope, run_id)
    db.session.rollback()
    progress(0, max(total, 1), "正在按这次安排编入支部")

    def write() -> None:
        done = accepting.accept_lines(acting, run_id, acceptance_id=lease.job_id)
        keep_count(scope, lease.job_id, done.done, done.done + len(done.left))

    return write
