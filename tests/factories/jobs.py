"""Doing a tenant's due jobs here and now, as a worker would."""

from __future__ import annotations

from time import monotonic, sleep
from uuid import UUID

from sqlalchemy import text

from tenants.database import db
from tests.factories.counties import Office
from workers.envelope import perform
from workers.jobs import JOBS

PATIENCE_SECONDS = 20


def due_jobs(office: Office) -> list[tuple[UUID, str]]:
    """(id, state) of the tenant's jobs that a relay would ring for now, or that somebody does.

    Counting is left out: `figures.counted` does it when a test wants it.
    """
    with office.acting():
        rows = db.session.execute(
            text(
                "SELECT id, state FROM job_request WHERE kind <> 'count_tenant' AND (state = 'running'"
                " OR (state = 'queued' AND dispatch_after <= now())) ORDER BY asked_at, id"
            )
        )
        return [(id_, state) for id_, state in rows]


def work_off(office: Office) -> list[str]:
    """Do every due job, those that follow from them included; answers how each ended.

    Where a worker serves the same database, what it took is waited for.
    """
    outcomes: list[str] = []
    until = monotonic() + PATIENCE_SECONDS
    while due := due_jobs(office):
        if all(state == "running" for _id, state in due):
            assert monotonic() < until, "a job is held by a worker that does not finish it"
            sleep(0.05)
        for job_id, state in due:
            if state == "queued":
                with office.app.app_context():
                    outcomes.append(perform(JOBS, office.tenant_id, job_id))
    return outcomes
