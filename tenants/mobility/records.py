"""Coming and going as dated episodes (domain REG-5, MOB-1)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, db, now

DIRECTIONS = ("outflow", "inflow")


class Episode(Overseen, db.Model):  # type: ignore[name-defined]
    """One absence (outflow) or one stay here (inflow). Open while `ended_on` is empty.

    `other_place` is where they went or came from, at district level only (domain MOB-12).
    """

    __tablename__ = "episode"
    __table_args__ = (
        CheckConstraint(f"direction IN {DIRECTIONS}", name="direction"),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        Index("ix_episode_member", "tenant_id", "member_id"),
    )

    member_id: Mapped[UUID]
    direction: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(40), server_default="")
    other_place: Mapped[str] = mapped_column(String(80), server_default="")
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    registered_at: Mapped[datetime] = mapped_column(server_default=now())
