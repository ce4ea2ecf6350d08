"""Work asked for: rows written in the transaction that causes them (design, section 3)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db, now

STATES = ("queued", "running", "done", "failed")


class JobRequest(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One piece of work and its life: queued -> running(lease, token) -> done | failed.

    `token` counts the leases: whoever holds an older one may no longer write results.
    `arguments` hold ids only.
    """

    __tablename__ = "job_request"
    __table_args__ = (
        UniqueConstraint("tenant_id", "dedupe_key"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index(
            "ix_job_request_due",
            "dispatch_after",
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    dedupe_key: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(8), server_default="queued")
    token: Mapped[int] = mapped_column(BigInteger, server_default="0")
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    dispatch_after: Mapped[datetime] = mapped_column(server_default=now())
    progress_done: Mapped[int] = mapped_column(server_default="0")
    progress_total: Mapped[int] = mapped_column(server_default="0")
    progress_words: Mapped[str] = mapped_column(String(120), server_default="")
    failure: Mapped[str] = mapped_column(String(300), server_default="")
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=now())
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
