"""Addresses to call at. A move-in signal is an address and nothing else (domain REG-1)."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from tenants.arrivals.talks.rules import STATES
from tenants.database import TenantOwned, db


class FirstTalk(TenantOwned, db.Model):  # type: ignore[name-defined]
    """An address at which somebody is to call once. Nothing about who lives there.

    It is deleted when the talk is over, whatever was said: that somebody is no member, or does
    not want to say, leaves no trace. `no_visit` stays for the address until its last day.
    """

    __tablename__ = "first_talk"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(
            "(state = 'no_visit') = (no_visit_until IS NOT NULL)", name="no_visit_until"
        ),
        CheckConstraint("building_id IS NOT NULL OR address_sealed IS NOT NULL", name="where"),
        ForeignKeyConstraint(["tenant_id", "building_id"], ["building.tenant_id", "building.id"]),
        Index("ix_first_talk_building", "tenant_id", "building_id"),
    )

    building_id: Mapped[UUID | None]
    address_sealed: Mapped[bytes | None]
    signalled_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(12), server_default="queued")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    next_on: Mapped[date | None]
    no_visit_until: Mapped[date | None]
    signalled_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default="1")
