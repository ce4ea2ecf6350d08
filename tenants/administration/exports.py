"""Everything a tenant holds, as a file: asked for, made by a worker, fetched by administrators."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text

from tenants.audit.actions import note_people
from tenants.database import db
from tenants.exports import actions, lookups
from tenants.exports.lookups import ExportLine
from tenants.outbox.actions import ask
from tenants.scope import Scope

EXPORT_JOB: Final = "export_tenant"
KIND: Final = "everything"


def exports(scope: Scope) -> list[ExportLine]:
    """The newest twenty exports of the tenant."""
    return lookups.exports(scope, [KIND])


def ask_export(scope: Scope) -> UUID:
    """Ask a worker for everything; answers the export's id. One at a time."""
    export_id = actions.begin_export(scope, kind=KIND, form="zip")
    job_id = ask(scope, EXPORT_JOB, {"export": str(export_id)})
    actions.made_by_job(scope, export_id, job_id)
    return export_id


def keep_export(
    scope: Scope, export_id: UUID, content: bytes, counts: Mapping[str, int], day: date
) -> None:
    """What the worker made; older ones are dropped. Whoever is in it is told so."""
    actions.keep_export(scope, export_id, content, counts, day)
    note_people(scope, "export_tenant", _everybody())
    db.session.flush()


def export_content(scope: Scope, export_id: UUID, day: date) -> bytes:
    """The ZIP itself, and a word in the audit that it was fetched. Raises NotFound, Conflict."""
    return actions.fetch_export(scope, export_id, [KIND], day)[0]


def _everybody() -> Iterable[UUID]:
    """The rows are read without their capability, as all others of the export are."""
    return db.session.scalars(text("SELECT id FROM member WHERE tenant_id = app_tenant()"))
