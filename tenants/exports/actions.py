"""Asking for a file, keeping what the worker made, fetching it, and dropping it in time."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update

from tenants.audit.actions import note
from tenants.database import db, new_id
from tenants.errors import Conflict, NotFound
from tenants.exports.lookups import exports
from tenants.exports.records import TenantExport
from tenants.organisations.limits import keep_to_storage
from tenants.organisations.sealing import seal_of
from tenants.scope import Scope

KEPT: Final = timedelta(days=7)


def begin_export(scope: Scope, *, kind: str, form: str, language: str = "zh_Hans") -> UUID:
    """A file that is wanted; answers its id, for the job that makes it (`made_by_job`).

    Raises Conflict while another of this kind and form is being made.
    """
    if any(each.form == form and each.state == "asked" for each in exports(scope, [kind])):
        raise Conflict("已经在导出了，请等它做完。")
    export_id = new_id()
    record = TenantExport(
        id=export_id, kind=kind, form=form, language=language, made_by=scope.person_id
    )
    db.session.add(record)
    db.session.flush()
    note(scope, "ask_export", "tenant_export", export_id, kind=kind, form=form)
    return export_id


def made_by_job(scope: Scope, export_id: UUID, job_id: UUID) -> None:
    """Which job makes the file, so that its page can say how far it has come."""
    db.session.execute(
        update(TenantExport)
        .where(TenantExport.tenant_id == scope.tenant_id, TenantExport.id == export_id)
        .values(job_id=job_id)
    )


def keep_export(
    scope: Scope, export_id: UUID, content: bytes, counts: Mapping[str, int], day: date
) -> None:
    """What the worker made, sealed; older files of its kind and form are dropped."""
    record = db.session.get(TenantExport, (scope.tenant_id, export_id))
    if record is None:
        raise NotFound
    db.session.execute(
        delete(TenantExport).where(
            TenantExport.tenant_id == scope.tenant_id,
            TenantExport.id != export_id,
            TenantExport.kind == record.kind,
            TenantExport.form == record.form,
        )
    )
    keep_to_storage(scope, len(content))
    record.file_sealed = seal_of(scope).close_bytes(content, export_id, "file")
    record.counts, record.state, record.kept_until = dict(counts), "ready", day + KEPT
    db.session.flush()


def fetch_export(
    scope: Scope, export_id: UUID, kinds: Collection[str], day: date
) -> tuple[bytes, str, str]:
    """(the file, its kind, its form), and a word in the audit that it was fetched.

    Raises NotFound, also for a file of another kind; Conflict once it is gone.
    """
    record = db.session.execute(
        select(TenantExport).where(
            TenantExport.tenant_id == scope.tenant_id,
            TenantExport.id == export_id,
            TenantExport.kind.in_(kinds),
        )
    ).scalar_one_or_none()
    if record is None:
        raise NotFound
    if record.file_sealed is None or (record.kept_until is not None and record.kept_until < day):
        raise Conflict("这份导出已经不在了，请再导出一次。")
    note(scope, "fetch_export", "tenant_export", export_id, kind=record.kind, form=record.form)
    content = seal_of(scope).open_bytes(bytes(record.file_sealed), export_id, "file")
    return content, record.kind, record.form


def drop_exports(scope: Scope, day: date) -> int:
    """Files past their day are gone; their rows stay. Answers how many."""
    result = db.session.execute(
        update(TenantExport)
        .where(TenantExport.tenant_id == scope.tenant_id, TenantExport.kept_until < day)
        .where(TenantExport.file_sealed.is_not(None))
        .values(file_sealed=None, state="gone")
    )
    return result.rowcount if isinstance(result, CursorResult) else 0
