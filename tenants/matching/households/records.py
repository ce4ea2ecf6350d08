"""Centre households and who might join them: nothing counts before both sides agreed (ASG-5)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db, now
from tenants.matching.households.rules import FEWEST, MOST

PAIR_STATES = ("proposed", "host_agreed", "active", "another", "withdrawn", "ended")
OPEN_STATES = ("proposed", "host_agreed", "active")


class CentreHousehold(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A host whom people chose (never a program), who offered to take `fewest` to `most` people.

    The host's home is nobody's business: pages show the cell it lies in, never the door.
    """

    __tablename__ = "centre_household"
    __table_args__ = (
        CheckConstraint("0 < fewest AND fewest <= most AND most <= 30", name="bounds"),
        ForeignKeyConstraint(["tenant_id", "host_id"], ["member.tenant_id", "member.id"]),
        Index(
            "uq_centre_household_host",
            "tenant_id",
            "host_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    host_id: Mapped[UUID]
    fewest: Mapped[int] = mapped_column(server_default=str(FEWEST))
    most: Mapped[int] = mapped_column(server_default=str(MOST))
    host_agreed_on: Mapped[date]
    ended_on: Mapped[date | None]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=now())


class HouseholdPair(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One member and one centre household: proposed -> host_agreed -> active -> ended.

    `another`: one of the two asked for somebody else, no reason is kept; this pair is not proposed
    again. A member has at most one open pair.
    """

    __tablename__ = "household_pair"
    __table_args__ = (
        CheckConstraint(f"state IN {PAIR_STATES}", name="state"),
        ForeignKeyConstraint(
            ["tenant_id", "household_id"], ["centre_household.tenant_id", "centre_household.id"]
        ),
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        Index(
            "uq_household_pair_open",
            "tenant_id",
            "member_id",
            unique=True,
            postgresql_where=text(f"state IN {OPEN_STATES}"),
        ),
        Index("ix_household_pair_household", "tenant_id", "household_id"),
    )

    household_id: Mapped[UUID]
    member_id: Mapped[UUID]
    metres: Mapped[float] = mapped_column(Double)
    state: Mapped[str] = mapped_column(String(12), server_default="proposed")
    host_agreed_at: Mapped[datetime | None]
    member_agreed_at: Mapped[datetime | None]
    recorded_by: Mapped[UUID | None]
    proposed_at: Mapped[datetime] = mapped_column(server_default=now())
    ended_at: Mapped[datetime | None]


class HouseholdRun(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One proposal of who might join whom; its id is the job's. `explanation`: why not everybody."""

    __tablename__ = "household_run"

    asked_at: Mapped[datetime] = mapped_column(server_default=now())
    ended_at: Mapped[datetime | None]
    people: Mapped[int] = mapped_column(server_default="0")
    placed: Mapped[int] = mapped_column(server_default="0")
    total_metres: Mapped[float] = mapped_column(Double, server_default="0")
    gap: Mapped[float] = mapped_column(Double, server_default="0")
    explanation: Mapped[str] = mapped_column(String(400), server_default="")
