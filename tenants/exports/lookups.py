"""Which files there are, what was asked for, and what is in one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from tenants.database import db
from tenants.errors import NotFound
from tenants.exports.records import TenantExport
from tenants.outbox.lookups import failures
from tenants.scope import Scope


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One file as its page lists it; `size` in bytes. `state`: asked, ready, gone or failed."""

    id: UUID
    kind: str
    form: str
    state: str
    job_id: UUID | None
    made_at: datetime
    kept_until: date | None
    size: int

    def here(self, day: date) -> bool:
        """Whether it can be fetched on that day."""
        return self.state == "ready" and (self.kept_until is None or self.kept_until >= day)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, by whom, in which language."""

    kind: str
    form: str
    language: str
    made_by: UUID | None


def exports(scope: Scope, kinds: Collection[str], limit: int = 20) -> list[ExportLine]:
    """The tenant's newest files of these kinds. What a worker gave up on is `failed`."""
    rows = db.session.execute(
        select(
            TenantExport.id,
            TenantExport.kind,
            TenantExport.form,
            TenantExport.state,
            TenantExport.job_id,
            TenantExport.made_at,
            TenantExport.kept_until,
            func.coalesce(func.octet_length(TenantExport.file_sealed), 0),
        )
        .where(TenantExport.tenant_id == scope.tenant_id, TenantExport.kind.in_(kinds))
        .order_by(TenantExport.made_at.desc(), TenantExport.id.desc())
        .limit(limit)
    ).all()
    failed = failures(scope, [row.job_id for row in rows if row.state == "asked" and row.job_id])
    return [
        ExportLine(
            row[0], row[1], row[2], "failed" if row.job_id in failed else row.state, *row[4:]
        )
        for row in rows
    ]


def wish(scope: Scope, export_id: UUID) -> Wish:
    """What a worker is to make. Raises NotFound."""
    row = db.session.execute(
        select(
            TenantExport.kind, TenantExport.form, TenantExport.language, TenantExport.made_by
        ).where(TenantExport.tenant_id == scope.tenant_id, TenantExport.id == export_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Wish(*row)
