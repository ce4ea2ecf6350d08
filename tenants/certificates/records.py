"""Activity certificates of members who are away, and what destinations entered (domain CRT)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.certificates.rules import ENTRIES, OPEN, STATES
from tenants.database import TenantOwned, db, now


class ActivityCertificate(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One certificate; each step has its day, the last one is its state.

    `episode_id`: the absence it was issued for, where that is known. `holder`: the organisation
    that holds it at the destination. `pledge_on`: the day the pledge was signed (CRT-2).
    """

    __tablename__ = "activity_certificate"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("state IN ('requested', 'void') OR issued_on IS NOT NULL", name="issued"),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(["tenant_id", "episode_id"], ["episode.tenant_id", "episode.id"]),
        Index("ix_activity_certificate_state", "tenant_id", "state"),
        Index("ix_activity_certificate_member", "tenant_id", "member_id"),
        Index(
            "uq_activity_certificate_open",
            "tenant_id",
            "member_id",
            unique=True,
            postgresql_where=text(f"state IN {OPEN}"),
        ),
        Index(
            "uq_activity_certificate_number",
            "tenant_id",
            "number",
            unique=True,
            postgresql_where=text("number <> ''"),
        ),
    )

    member_id: Mapped[UUID]
    episode_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(10), server_default="requested")
    number: Mapped[str] = mapped_column(String(40), server_default="")
    holder: Mapped[str] = mapped_column(String(80), server_default="")
    pledge_on: Mapped[date | None]
    requested_on: Mapped[date]
    issued_on: Mapped[date | None]
    presented_on: Mapped[date | None]
    held_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    checked_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    lost_on: Mapped[date | None]
    void_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=now())


class CertificateEntry(TenantOwned, db.Model):  # type: ignore[name-defined]
    """What the destination entered: that somebody took part or paid, and who signed. Append only.

    A mistake is struck by a further row that names it in `strikes`; both stay.
    """

    __tablename__ = "certificate_entry"
    __table_args__ = (
        CheckConstraint(f"what IN {ENTRIES}", name="what"),
        ForeignKeyConstraint(
            ["tenant_id", "certificate_id"],
            ["activity_certificate.tenant_id", "activity_certificate.id"],
        ),
        ForeignKeyConstraint(
            ["tenant_id", "strikes"], ["certificate_entry.tenant_id", "certificate_entry.id"]
        ),
        Index("ix_certificate_entry_certificate", "tenant_id", "certificate_id", "happened_on"),
        Index(
            "uq_certificate_entry_strikes",
            "tenant_id",
            "strikes",
            unique=True,
            postgresql_where=text("strikes IS NOT NULL"),
        ),
    )

    certificate_id: Mapped[UUID]
    happened_on: Mapped[date]
    what: Mapped[str] = mapped_column(String(10))
    signed_by: Mapped[str] = mapped_column(String(40))
    strikes: Mapped[UUID | None]
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=now())
