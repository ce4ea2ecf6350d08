"""A tenant's export: asked for, made by a worker, kept sealed for a while, fetched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, text

from tenants.administration.records import TenantExport
from tenants.audit.actions import note, note_people
from tenants.database import db, new_id
from tenants.errors import Conflict, NotFound
from tenants.organisations.limits import keep_to_storage
from tenants.organisations.sealing import seal_of
from tenants.outbox.actions import ask
from tenants.scope import Scope

EXPORT_JOB: Final = "export_tenant"
KEPT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One export as its page lists it; `size` in bytes."""

    id: UUID
    state: str
    job_id: UUID | None
    made_at: datetime
    kept_until: date | None
    size: int


def exports(scope: Scope) -> list[ExportLine]:
    """The newest twenty exports of the tenant."""
    rows = db.session.execute(
        select(
            TenantExport.id,
            TenantExport.state,
            TenantExport.job_id,
            TenantExport.made_at,
            TenantExport.kept_until,
            func.coalesce(func.octet_length(TenantExport.file_sealed), 0),
        )
        .where(TenantExport.tenant_id == scope.tenant_id)
        .order_by(TenantExport.made_at.desc(), TenantExport.id.desc())
        .limit(20)
    )
    return [ExportLine(*row) for row in rows]


def ask_export(scope: Scope) -> UUID:
    """Ask a worker for everything; answers the export's id. One at a time."""
    if any(each.state == "asked" for each in exports(scope)):
        raise Conflict("已经在导出了，请等它做完。")
    export_id = new_id()
    record = TenantExport(id=export_id, made_by=scope.person_id)
    db.session.add(record)
    db.session.flush()
    record.job_id = ask(scope, EXPORT_JOB, {"export": str(export_id)})
    note(scope, "ask_export", "tenant_export", export_id)
    return export_id


def keep_export(
    scope: Scope, export_id: UUID, content: bytes, counts: Mapping[str, int], day: date
) -> None:
    """What the worker made; older files are dropped. Whoever is in it is told so."""
    record = db.session.get(TenantExport, (scope.tenant_id, export_id))
    if record is None:
        raise NotFound
    db.session.execute(delete(TenantExport).where(TenantExport.id != export_id))
    keep_to_storage(scope, len(content))
    record.file_sealed = seal_of(scope).close_bytes(content, export_id, "file")
    record.counts, record.state, record.kept_until = dict(counts), "ready", day + KEPT
    note_people(scope, "export_tenant", _everybody())
    db.session.flush()


def export_content(scope: Scope, export_id: UUID, day: date) -> bytes:
    """The ZIP itself, and a word in the audit that it was fetched. Raises NotFound, Conflict."""
    record = db.session.execute(
        select(TenantExport).where(
            TenantExport.tenant_id == scope.tenant_id, TenantExport.id == export_id
        )
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    if record.file_sealed is None or (record.kept_until is not None and record.kept_until < day):
        raise Conflict("这份导出已经不在了，请再导出一次。")
    note(scope, "fetch_export", "tenant_export", export_id)
    return seal_of(scope).open_bytes(bytes(record.file_sealed), export_id, "file")


def _everybody() -> Iterable[UUID]:
    """The rows are read without their capability, as all others of the export are."""
    return db.session.scalars(text("SELECT id FROM member WHERE tenant_id = app_tenant()"))
