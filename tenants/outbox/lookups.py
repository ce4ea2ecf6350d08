"""How far a job has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from tenants.database import db
from tenants.errors import NotFound
from tenants.outbox.records import JobRequest
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class Job:
    """A job as a page shows it: `state` is queued, running, done or failed."""

    id: UUID
    kind: str
    state: str
    done: int
    total: int
    words: str
    failure: str
    attempts: int
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def over(self) -> bool:
        return self.state in ("done", "failed")


def job(scope: Scope, job_id: UUID) -> Job:
    """One job of the tenant. Raises NotFound."""
    row = db.session.execute(
        select(
            JobRequest.id,
            JobRequest.kind,
            JobRequest.state,
            JobRequest.progress_done,
            JobRequest.progress_total,
            JobRequest.progress_words,
            JobRequest.failure,
            JobRequest.attempts,
            JobRequest.asked_at,
            JobRequest.started_at,
            JobRequest.ended_at,
        ).where(JobRequest.tenant_id == scope.tenant_id, JobRequest.id == job_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Job(*row)


def asked_by(scope: Scope, job_id: UUID) -> UUID | None:
    """Who asked for a job; None when nobody did, as for those of the timetable."""
    return db.session.execute(
        select(JobRequest.asked_by).where(
            JobRequest.tenant_id == scope.tenant_id, JobRequest.id == job_id
        )
    ).scalar_one_or_none()


def failures(scope: Scope, job_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Those of the jobs that failed for good -> the sentence that says why."""
    rows = db.session.execute(
        select(JobRequest.id, JobRequest.failure).where(
            JobRequest.tenant_id == scope.tenant_id,
            JobRequest.id.in_(list(job_ids)),
            JobRequest.state == "failed",
        )
    )
    return {id_: failure for id_, failure in rows}


def unfinished_jobs(scope: Scope) -> int:
    """How many jobs of the tenant run, or may begin at any moment."""
    return db.session.execute(
        select(func.count()).where(
            JobRequest.tenant_id == scope.tenant_id,
            or_(
                JobRequest.state == "running",
                and_(JobRequest.state == "queued", JobRequest.dispatch_after <= func.now()),
            ),
        )
    ).scalar_one()
