"""Branches and service stations: the county's directory. No people in it."""

from datetime import date

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, db

BRANCH_KINDS = ("general", "enterprise", "mobile", "temporary", "joint", "members_home")
STATION_KINDS = (
    "service_center",
    "service_station",
    "station",
    "temporary_station",
    "service_point",
)


class Branch(Overseen, db.Model):  # type: ignore[name-defined]
    """A branch that can take people.

    `classes`: who may be taken; empty means anyone. `capacity` None means no limit was set.
    `taken` moves in the same transaction as each placement, so that a last place goes to one.
    """

    __tablename__ = "branch"
    __table_args__ = (
        CheckConstraint(f"kind IN {BRANCH_KINDS}", name="kind"),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
        CheckConstraint("taken >= 0", name="taken"),
        Index("ix_branch_place", "place", postgresql_using="gist"),
        Index("ix_branch_tenant_place", "tenant_id", "place", postgresql_using="gist"),
    )

    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    place: Mapped[object] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    classes: Mapped[list[str]] = mapped_column(ARRAY(String(40)), server_default="{}")
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(server_default="0")
    opens_on: Mapped[date]
    closes_on: Mapped[date | None]


class Station(Overseen, db.Model):  # type: ignore[name-defined]
    """A place where members are served, with its hours and its published number."""

    __tablename__ = "station"
    __table_args__ = (
        CheckConstraint(f"kind IN {STATION_KINDS}", name="kind"),
        Index("ix_station_place", "place", postgresql_using="gist"),
        Index("ix_station_tenant_place", "tenant_id", "place", postgresql_using="gist"),
    )

    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    place: Mapped[object] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    hours: Mapped[str] = mapped_column(String(120), server_default="")
    phone: Mapped[str] = mapped_column(String(30), server_default="")
    opens_on: Mapped[date]
    closes_on: Mapped[date | None]
