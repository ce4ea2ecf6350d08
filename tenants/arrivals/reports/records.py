"""Members who report themselves through the open letter (domain REG-2), and who verified them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.arrivals.reports.rules import DOCUMENTS, WAYS
from tenants.database import TenantOwned, db, now


class OpenLetter(TenantOwned, db.Model):  # type: ignore[name-defined]
    """The letter that hangs in the hall: its code opens the form. One is open at a time."""

    __tablename__ = "open_letter"
    __table_args__ = (
        Index(
            "uq_open_letter_open",
            "tenant_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    code: Mapped[str] = mapped_column(String(32))
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=now())
    closed_at: Mapped[datetime | None]


class SelfReport(TenantOwned, db.Model):  # type: ignore[name-defined]
    """What somebody wrote into the form, sealed as a whole, until a person has looked.

    It is deleted when it became an arrival, when it was declined, and after its term.
    """

    __tablename__ = "self_report"

    facts_sealed: Mapped[bytes]
    received_at: Mapped[datetime] = mapped_column(server_default=now())


class Verification(TenantOwned, db.Model):  # type: ignore[name-defined]
    """Somebody made sure that a member is one: how, when, and which document was seen.

    The document is not kept, nor its number (domain REG-15, REG-16).
    """

    __tablename__ = "verification"
    __table_args__ = (
        CheckConstraint(f"how IN {WAYS}", name="how"),
        CheckConstraint(f"document IN {DOCUMENTS}", name="document"),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        Index("ix_verification_member", "tenant_id", "member_id"),
    )

    member_id: Mapped[UUID]
    how: Mapped[str] = mapped_column(String(12))
    document: Mapped[str] = mapped_column(String(24))
    verified_on: Mapped[date]
    verified_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=now())
