"""A file to take away, and what became of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db, now

EXPORT_STATES = ("asked", "ready", "gone")
KINDS = ("everything", "inflow", "outflow", "register")
FORMS = ("zip", "xlsx", "pdf")


class TenantExport(TenantOwned, db.Model):  # type: ignore[name-defined]
    """Everything a tenant holds, or one of its ledgers, sealed, for whoever may have it until a day.

    `language` is that of the person who asked: a worker has none of its own.
    """

    __tablename__ = "tenant_export"
    __table_args__ = (
        CheckConstraint(f"state IN {EXPORT_STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"form IN {FORMS}", name="form"),
    )

    kind: Mapped[str] = mapped_column(String(12), server_default="everything")
    form: Mapped[str] = mapped_column(String(4), server_default="zip")
    language: Mapped[str] = mapped_column(String(8), server_default="zh_Hans")
    state: Mapped[str] = mapped_column(String(8), server_default="asked")
    file_sealed: Mapped[bytes | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    job_id: Mapped[UUID | None]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=now())
    kept_until: Mapped[date | None]
