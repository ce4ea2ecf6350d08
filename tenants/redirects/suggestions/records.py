"""Suggestions of a match run to ask a community next door. Nobody is moved by one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db, now
from tenants.redirects.suggestions.rules import DECISIONS, REASONS


class RedirectSuggestion(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A branch elsewhere in the county that suits an arrival of ours better than ours do.

    `branch_id` is of another tenant, `keeper` that one's name, `free` its seats when it was
    looked up (None: no limit). `here_metres`: what was proposed here instead, None for nothing.
    At most one open suggestion an arrival.
    """

    __tablename__ = "redirect_suggestion"
    __table_args__ = (
        CheckConstraint(f"decision IN {DECISIONS}", name="decision"),
        CheckConstraint(f"reason IN {REASONS}", name="reason"),
        CheckConstraint("place IN ('home', 'work')", name="place"),
        ForeignKeyConstraint(["tenant_id", "arrival_id"], ["arrival.tenant_id", "arrival.id"]),
        ForeignKeyConstraint(["tenant_id", "run_id"], ["match_run.tenant_id", "match_run.id"]),
        Index("ix_redirect_suggestion_arrival", "tenant_id", "arrival_id"),
        Index(
            "uq_redirect_suggestion_open",
            "tenant_id",
            "arrival_id",
            unique=True,
            postgresql_where=text("decision = 'open'"),
        ),
    )

    arrival_id: Mapped[UUID]
    run_id: Mapped[UUID | None]
    branch_id: Mapped[UUID]
    branch: Mapped[str] = mapped_column(String(80))
    keeper: Mapped[str] = mapped_column(String(80))
    metres: Mapped[float] = mapped_column(Double)
    place: Mapped[str] = mapped_column(String(4))
    here_metres: Mapped[float | None] = mapped_column(Double)
    free: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(12))
    decision: Mapped[str] = mapped_column(String(10), server_default="open")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(server_default=now())
