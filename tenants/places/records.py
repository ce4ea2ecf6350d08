"""Branches and service stations, the county's directory; compounds and buildings. No people."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, TenantOwned, db, now

BRANCH_KINDS = ("general", "enterprise", "mobile", "temporary", "joint", "members_home")
STATION_KINDS = (
    "service_center",
    "service_station",
    "station",
    "temporary_station",
    "service_point",
)
BUILDING_KINDS = ("compound", "building")
BUILDING_IMPORT_STATES = ("checked", "accepted", "discarded", "undone")


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


class Building(Overseen, db.Model):  # type: ignore[name-defined]
    """A compound, or a building of one or of none. Closed, never deleted; nobody stands in it.

    `normal_name` is `spelling.normal_name(name)`. `place` is WGS-84; `source` keeps the raw
    numbers and their system. `footprint`: the outline where one is known.
    """

    __tablename__ = "building"
    __table_args__ = (
        CheckConstraint(f"kind IN {BUILDING_KINDS}", name="kind"),
        CheckConstraint("kind = 'building' OR parent_id IS NULL", name="parent"),
        ForeignKeyConstraint(["tenant_id", "parent_id"], ["building.tenant_id", "building.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "import_id"], ["building_import.tenant_id", "building_import.id"]
        ),
        Index("ix_building_place", "place", postgresql_using="gist"),
        Index("ix_building_tenant_place", "tenant_id", "place", postgresql_using="gist"),
        Index("ix_building_footprint", "footprint", postgresql_using="gist"),
        Index("ix_building_tenant_footprint", "tenant_id", "footprint", postgresql_using="gist"),
        Index("ix_building_parent", "tenant_id", "parent_id"),
        Index("ix_building_name", "tenant_id", "normal_name"),
        Index(
            "uq_building_open_name",
            "tenant_id",
            "kind",
            "parent_id",
            "normal_name",
            unique=True,
            postgresql_where=text("closed_on IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    parent_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(80))
    normal_name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(120), server_default="")
    place: Mapped[object] = mapped_column(Geometry("POINT", 4326, spatial_index=False))
    footprint: Mapped[object | None] = mapped_column(Geometry("POLYGON", 4326, spatial_index=False))
    source: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    import_id: Mapped[UUID | None]
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")


class BuildingImport(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A list of buildings that was checked and waits for a person, or was decided.

    `drafts` are the rows that can be taken, `faults` those that cannot, each with its reason;
    `doubt` says which coordinate system fits better than the one that was chosen.
    """

    __tablename__ = "building_import"
    __table_args__ = (CheckConstraint(f"state IN {BUILDING_IMPORT_STATES}", name="state"),)

    filename: Mapped[str] = mapped_column(String(200))
    system: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), server_default="checked")
    rows: Mapped[int] = mapped_column(server_default="0")
    drafts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    faults: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    doubt: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    accepted: Mapped[int] = mapped_column(server_default="0")
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=now())
