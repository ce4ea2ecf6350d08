"""The register of transfer letters: the stub that stays behind (domain TRF-2, TRF-3)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db, now

STATES = ("issued", "presented", "lost", "closed", "voided", "withdrawn")


class TransferLetter(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One letter. A number is never used twice, and a member has one open letter at most.

    `destination` is known at district level only; `receiver` is an organisation, not a person.
    `replaces_id`: the letter that was voided when this one was issued in its place. `said_by`: who
    wrote the last step down.
    """

    __tablename__ = "transfer_letter"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("valid_to >= issued_on", name="valid_to"),
        CheckConstraint(
            "(state IN ('closed', 'voided', 'withdrawn')) = (ended_on IS NOT NULL)", name="ended_on"
        ),
        CheckConstraint("state <> 'presented' OR presented_on IS NOT NULL", name="presented_on"),
        CheckConstraint("state <> 'lost' OR lost_on IS NOT NULL", name="lost_on"),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "replaces_id"], ["transfer_letter.tenant_id", "transfer_letter.id"]
        ),
        Index("uq_transfer_letter_number", "tenant_id", "number", unique=True),
        Index("uq_transfer_letter_replaces", "tenant_id", "replaces_id", unique=True),
        Index(
            "uq_transfer_letter_open",
            "tenant_id",
            "member_id",
            unique=True,
            postgresql_where=text("state IN ('issued', 'presented', 'lost')"),
        ),
        Index("ix_transfer_letter_member", "tenant_id", "member_id"),
        Index("ix_transfer_letter_valid_to", "tenant_id", "state", "valid_to"),
    )

    member_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(String(30))
    destination: Mapped[str] = mapped_column(String(80))
    receiver: Mapped[str] = mapped_column(String(80))
    issued_on: Mapped[date]
    valid_to: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), server_default="issued")
    presented_on: Mapped[date | None]
    lost_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    replaces_id: Mapped[UUID | None]
    said_by: Mapped[UUID | None]
    registered_at: Mapped[datetime] = mapped_column(server_default=now())
