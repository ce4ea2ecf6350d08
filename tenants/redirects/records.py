"""Redirects: one row on each side, with the same id (design, section 2)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, db, now
from tenants.redirects.rules import SIDES, STATES


class Redirect(Overseen, db.Model):  # type: ignore[name-defined]
    """One side's leg of an arrival's way to another community.

    side 'from': the community that has the person; `arrival_id` and `member_id` are its own,
    `branch_id` is the branch asked for, in tenant `other_id`. side 'to': the community asked;
    `branch_id` is its own; `member_id` is the person's row here once the data is delivered, out
    of the register until the sender let go; `sent_version` is that of the sender's row then. side 'county': asked to settle; it never holds a
    person. `next_branch_id`: where it is passed on to, or what the county settled.
    Until both sides acted the receiver knows the class, the distance and the reason, no name.
    """

    __tablename__ = "redirect"
    __table_args__ = (
        CheckConstraint(f"side IN {SIDES}", name="side"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        ForeignKeyConstraint(["tenant_id", "arrival_id"], ["arrival.tenant_id", "arrival.id"]),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        Index("ix_redirect_state", "tenant_id", "state", "state_since"),
        Index(
            "uq_redirect_open",
            "tenant_id",
            "arrival_id",
            unique=True,
            postgresql_where=text(
                "side = 'from' AND state IN"
                " ('proposed', 'accepted', 'correction', 'escalated', 'released')"
            ),
        ),
    )

    side: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(10))
    round: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    other_id: Mapped[int] = mapped_column(BigInteger)
    other: Mapped[str] = mapped_column(String(80))
    arrival_id: Mapped[UUID | None]
    member_id: Mapped[UUID | None]
    branch_id: Mapped[UUID]
    branch: Mapped[str] = mapped_column(String(80))
    class_: Mapped[str] = mapped_column("class", String(40), server_default="")
    metres: Mapped[float | None] = mapped_column(Double)
    place: Mapped[str] = mapped_column(String(4), server_default="home")
    reason: Mapped[str] = mapped_column(String(12))
    answer: Mapped[str] = mapped_column(String(16), server_default="")
    next_branch_id: Mapped[UUID | None]
    by_county: Mapped[bool] = mapped_column(server_default="false")
    sent_version: Mapped[int | None]
    arrived_on: Mapped[date | None]
    came_from: Mapped[str] = mapped_column(String(80), server_default="")
    came_why: Mapped[str] = mapped_column(String(40), server_default="")
    opened_at: Mapped[datetime] = mapped_column(server_default=now())
    state_since: Mapped[datetime] = mapped_column(server_default=now())
    version: Mapped[int] = mapped_column(server_default="1")
    done_by: Mapped[UUID | None]
