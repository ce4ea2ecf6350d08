"""The jobs that accept a run's lines or take them back: one at a time for each run."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from tenants.database import db
from tenants.errors import Conflict
from tenants.outbox.lookups import Job, job
from tenants.outbox.records import JobRequest
from tenants.scope import Scope

ACCEPT_JOB = "accept_lines"
UNDO_JOB = "undo_acceptance"


@dataclass(frozen=True, slots=True)
class Work:
    """The latest such job of a run; `left`: people whom a finished one could not move."""

    job: Job

    @property
    def left(self) -> int:
        return self.job.total - self.job.done if self.job.state == "done" else 0


def latest_work(scope: Scope, run_id: UUID) -> Work | None:
    """The job asked for last for a run, whatever became of it; None when there never was one."""
    job_id = db.session.execute(
        select(JobRequest.id)
        .where(
            JobRequest.tenant_id == scope.tenant_id,
            JobRequest.kind.in_((ACCEPT_JOB, UNDO_JOB)),
            JobRequest.arguments["run"].astext == str(run_id),
        )
        .order_by(JobRequest.asked_at.desc(), JobRequest.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if job_id is None else Work(job(scope, job_id))


def refuse_while_working(scope: Scope, run_id: UUID) -> None:
    """Raises Conflict while such a job waits or runs."""
    latest = latest_work(scope, run_id)
    if latest is not None and not latest.job.over:
        raise Conflict("这次安排正在接受或撤销，请等它完成。")


def keep_count(scope: Scope, job_id: UUID, done: int, total: int) -> None:
    """How many of how many a job that ends could move; said by the job, behind its fence."""
    db.session.execute(
        update(JobRequest)
        .where(JobRequest.tenant_id == scope.tenant_id, JobRequest.id == job_id)
        .values(progress_done=done, progress_total=total),
        execution_options={"synchronize_session": False},
    )
