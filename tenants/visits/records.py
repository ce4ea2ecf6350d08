"""What was done for a member, what they wish for, and what tablets sent (domain LIA, VIS, SVC)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, TenantOwned, db, now
from tenants.visits.rules import KINDS, OUTCOMES, REQUEST_KINDS, REQUEST_STATES, SOURCES, WAYS

FINAL = ("applied", "refused", "conflict")
"""What an operation ends as; its answer is then the same however often it is delivered."""


class Visit(Overseen, db.Model):  # type: ignore[name-defined]
    """One contact or attempt at one, on a day. Never changed; withdrawn where it was a mistake.

    `topics`: ticks, no free words. The note is sealed, short, may be read by the member, and is
    emptied on `note_expires_on`. `dated_ahead`: the day lay in the future by the server's clock.
    A visit that a tablet sent has its operation's id.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint(f"way IN {WAYS}", name="way"),
        CheckConstraint(f"source IN {SOURCES}", name="source"),
        CheckConstraint("note_sealed IS NULL OR note_expires_on IS NOT NULL", name="note_expires"),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        Index("ix_visit_member", "tenant_id", "member_id", "happened_on"),
        Index("ix_visit_recorded_at", "tenant_id", "recorded_at"),
    )

    member_id: Mapped[UUID]
    happened_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(12))
    way: Mapped[str] = mapped_column(String(8))
    topics: Mapped[list[str]] = mapped_column(ARRAY(String(20)), server_default="{}")
    next_step: Mapped[str] = mapped_column(String(16), server_default="")
    next_on: Mapped[date | None]
    note_sealed: Mapped[bytes | None]
    note_expires_on: Mapped[date | None]
    done_by: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(String(8))
    recorded_at: Mapped[datetime] = mapped_column(server_default=now())
    operation_id: Mapped[UUID | None]
    dated_ahead: Mapped[bool] = mapped_column(server_default="false")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]


class ServiceRequest(Overseen, db.Model):  # type: ignore[name-defined]
    """Something a member wishes for, from a short list; each step has its day (SVC-2)."""

    __tablename__ = "service_request"
    __table_args__ = (
        CheckConstraint(f"kind IN {REQUEST_KINDS}", name="kind"),
        CheckConstraint(f"state IN {REQUEST_STATES}", name="state"),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(["tenant_id", "visit_id"], ["visit.tenant_id", "visit.id"]),
        Index("ix_service_request_member", "tenant_id", "member_id"),
        Index("ix_service_request_state", "tenant_id", "state", "received_on"),
    )

    member_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), server_default="received")
    received_on: Mapped[date]
    studied_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    visit_id: Mapped[UUID | None]
    received_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=now())
    version: Mapped[int] = mapped_column(server_default="1")


class Device(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One person's tablet (or browser): the key of what it keeps, and when it last synced.

    Its id is made by the tablet. Nothing about the machine itself is kept, and no position.
    """

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint("withdrawn_at IS NULL OR key_sealed IS NULL", name="withdrawn"),
        Index("ix_device_person", "tenant_id", "person_id"),
    )

    person_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(40))
    key_id: Mapped[UUID | None]
    key_sealed: Mapped[bytes | None]
    key_expires_at: Mapped[datetime | None]
    first_seen_at: Mapped[datetime] = mapped_column(server_default=now())
    last_synced_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]


class Operation(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One act that a tablet sent, under the tablet's own id, with its answer (design, section 5).

    Kept at least 90 days. `body_hash` tells a repeated delivery from another act under the same
    id. `made_at` is the day by the tablet's clock, `received_at` a moment by ours; `sequence` is
    no longer kept: with the minutes it would be the walk of a day, door by door (domain section 5).
    """

    __tablename__ = "operation"
    __table_args__ = (
        CheckConstraint(f"status IN {FINAL}", name="status"),
        ForeignKeyConstraint(["tenant_id", "device_id"], ["device.tenant_id", "device.id"]),
        Index("ix_operation_received_at", "tenant_id", "received_at"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    body_hash: Mapped[bytes]
    status: Mapped[str] = mapped_column(String(10))
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    device_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    sequence: Mapped[int | None] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(server_default=now())
