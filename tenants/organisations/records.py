"""County, township, community: the tenants, their boundaries and their keys."""

from datetime import date, datetime

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Sequence,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, TenantOwned, db, now

tenant_ids = Sequence("tenant_id_seq", metadata=db.metadata)


class Tenant(db.Model):  # type: ignore[name-defined]
    """One organisation that holds records. Its `area` says where it hangs in the county.

    `match_basis`: which place of a person decides about "nearest": home, work, or the nearer of
    the two (domain ORG-4). `reach_metres`: farther than this is "no branch within reach".
    Paused is read-only; closed opens to nobody but the administrators, who fetch the export until
    `erase_on`. The three `most_` columns keep one tenant from starving the others.
    """

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint("level IN ('county', 'township', 'community')", name="level"),
        CheckConstraint("match_basis IN ('home', 'work', 'nearer')", name="match_basis"),
        CheckConstraint("reach_metres > 0", name="reach_metres"),
        CheckConstraint(
            "most_members > 0 AND most_imports_an_hour > 0 AND most_megabytes > 0", name="limits"
        ),
        CheckConstraint("erase_on IS NULL OR closed_at IS NOT NULL", name="erase_on"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger, tenant_ids, primary_key=True, server_default=tenant_ids.next_value()
    )
    area: Mapped[int] = mapped_column(BigInteger, unique=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(String(12))
    match_basis: Mapped[str] = mapped_column(String(8), server_default="nearer")
    reach_metres: Mapped[int] = mapped_column(server_default="3000")
    language: Mapped[str] = mapped_column(String(8), server_default="zh_Hans")
    opened_at: Mapped[datetime] = mapped_column(server_default=now())
    paused_at: Mapped[datetime | None]
    paused_why: Mapped[str] = mapped_column(String(200), server_default="")
    closed_at: Mapped[datetime | None]
    closed_why: Mapped[str] = mapped_column(String(200), server_default="")
    erase_on: Mapped[date | None]
    erased_at: Mapped[datetime | None]
    most_members: Mapped[int] = mapped_column(server_default="50000")
    most_imports_an_hour: Mapped[int] = mapped_column(server_default="30")
    most_megabytes: Mapped[int] = mapped_column(server_default="1000")


class Boundary(Overseen, db.Model):  # type: ignore[name-defined]
    """The ground of a tenant, from a day on; the one without an end is today's."""

    __tablename__ = "boundary"
    __table_args__ = (
        Index("ix_boundary_shape", "shape", postgresql_using="gist"),
        Index("ix_boundary_tenant_shape", "tenant_id", "shape", postgresql_using="gist"),
        Index(
            "uq_boundary_today",
            "tenant_id",
            unique=True,
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    tenant_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("tenant.id"),
        primary_key=True,
        server_default=text("app_tenant()"),
        sort_order=-3,
    )
    shape: Mapped[object] = mapped_column(Geometry("MULTIPOLYGON", 4326, spatial_index=False))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class TenantKey(TenantOwned, db.Model):  # type: ignore[name-defined]
    """The tenant's own key for sensitive fields, wrapped by the master key."""

    __tablename__ = "tenant_key"

    wrapped: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(server_default=now())


class ReportedFigure(Overseen, db.Model):  # type: ignore[name-defined]
    """A figure as somebody reported it, kept beside what the register says; never a correction.

    Source: domain Q1, Q2, STA-1. `value` is text because reports say "80,000 or more".
    """

    __tablename__ = "reported_figure"

    key: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(40))
    reading: Mapped[str] = mapped_column(String(300), server_default="")
    reported_on: Mapped[date | None]
