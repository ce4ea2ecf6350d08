"""Inflow cases: somebody came, and is to be placed with a branch (domain, section 7)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from tenants.arrivals.rules import STATES, UNSERVED_REASONS
from tenants.database import Overseen, db, now


class Arrival(Overseen, db.Model):  # type: ignore[name-defined]
    """One inflow case of one member. `state_since` gives "unserved" its age.

    `unserved_reason` is set in state unserved only: no_place, out_of_reach, no_seat, not_allowed.
    """

    __tablename__ = "arrival"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(
            "(state = 'unserved') = (unserved_reason <> '')"
            f" AND unserved_reason IN {('', *UNSERVED_REASONS)}",
            name="unserved_reason",
        ),
        UniqueConstraint("tenant_id", "member_id"),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(["tenant_id", "run_id"], ["match_run.tenant_id", "match_run.id"]),
        Index("ix_arrival_state", "tenant_id", "state", "state_since"),
    )

    member_id: Mapped[UUID]
    source: Mapped[str] = mapped_column(String(20), server_default="office")
    arrived_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(12), server_default="signalled")
    state_since: Mapped[datetime] = mapped_column(server_default=now())
    unserved_reason: Mapped[str] = mapped_column(String(12), server_default="")
    run_id: Mapped[UUID | None]
    registered_at: Mapped[datetime] = mapped_column(server_default=now())
    version: Mapped[int] = mapped_column(server_default="1")
