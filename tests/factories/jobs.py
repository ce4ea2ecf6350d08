"""Doing a tenant's due jobs here and now, as a worker would."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from tenants.database import db
from tests.factories.counties import Office
from workers.envelope import perform
from workers.jobs import JOBS


def due_jobs(office: Office) -> list[UUID]:
    """Jobs of the tenant that a relay would ring for now, in the order they were asked for."""
    with office.acting():
        rows = db.session.execute(
            text(
                "SELECT id FROM job_request WHERE state = 'queued' AND dispatch_after <= now()"
                " ORDER BY asked_at, id"
            )
        )
        return list(rows.scalars())


def work_off(office: Office) -> list[str]:
    """Do every due job, those that follow from them included; answers how each ended."""
    outcomes: list[str] = []
    while due := due_jobs(office):
        for job_id in due:
            with office.app.app_context():
                outcomes.append(perform(JOBS, office.tenant_id, job_id))
    return outcomes
