"""Match runs and the proposals they make. A proposal is a suggestion until a person decides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKeyConstraint, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, TenantOwned, db, now

DECISIONS = ("open", "accepted", "redirected", "another", "withdrawn")


class MatchRun(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One matching of waiting arrivals; its counts add up to `arrivals`."""

    __tablename__ = "match_run"

    cause: Mapped[str] = mapped_column(String(20))
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=now())
    ended_at: Mapped[datetime | None]
    arrivals: Mapped[int] = mapped_column(server_default="0")
    proposed: Mapped[int] = mapped_column(server_default="0")
    unserved: Mapped[int] = mapped_column(server_default="0")


class Proposal(Overseen, db.Model):  # type: ignore[name-defined]
    """A branch proposed for an arrival: metres, which place won, why nearer ones were not taken.

    `nearer`: [{"branch": id, "metres": m, "reason": "no_seat" | "not_allowed" | "closed" |
    "asked_for_another"}], nearest first. At most one open proposal an arrival.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(f"decision IN {DECISIONS}", name="decision"),
        CheckConstraint("place IN ('home', 'work')", name="place"),
        ForeignKeyConstraint(["tenant_id", "arrival_id"], ["arrival.tenant_id", "arrival.id"]),
        ForeignKeyConstraint(["tenant_id", "branch_id"], ["branch.tenant_id", "branch.id"]),
        ForeignKeyConstraint(["tenant_id", "run_id"], ["match_run.tenant_id", "match_run.id"]),
        Index(
            "uq_proposal_open",
            "tenant_id",
            "arrival_id",
            unique=True,
            postgresql_where=text("decision = 'open'"),
        ),
    )

    arrival_id: Mapped[UUID]
    run_id: Mapped[UUID | None]
    branch_id: Mapped[UUID]
    metres: Mapped[float] = mapped_column(Double)
    place: Mapped[str] = mapped_column(String(4))
    nearer: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    decision: Mapped[str] = mapped_column(String(10), server_default="open")
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(server_default=now())
