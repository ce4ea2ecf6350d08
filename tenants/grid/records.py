"""Cells on the ground and the groups that run them (domain ORG-1)."""

from datetime import date
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import Overseen, TenantOwned, db


class GridCell(Overseen, db.Model):  # type: ignore[name-defined]
    """A polygon of responsibility, from a day on; the one without an end is today's."""

    __tablename__ = "grid_cell"
    __table_args__ = (
        Index("ix_grid_cell_shape", "shape", postgresql_using="gist"),
        Index("ix_grid_cell_tenant_shape", "tenant_id", "shape", postgresql_using="gist"),
        Index(
            "uq_grid_cell_code_today",
            "tenant_id",
            "code",
            unique=True,
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    shape: Mapped[object] = mapped_column(Geometry("POLYGON", 4326, spatial_index=False))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Group(TenantOwned, db.Model):  # type: ignore[name-defined]
    """Part of a branch; usually runs one cell."""

    __tablename__ = "group"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "branch_id"], ["branch.tenant_id", "branch.id"]),
    )

    branch_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class GroupCell(TenantOwned, db.Model):  # type: ignore[name-defined]
    """Which group runs which cell, from a day to a day."""

    __tablename__ = "group_cell"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "group_id"], ["group.tenant_id", "group.id"]),
        ForeignKeyConstraint(["tenant_id", "cell_id"], ["grid_cell.tenant_id", "grid_cell.id"]),
    )

    group_id: Mapped[UUID]
    cell_id: Mapped[UUID]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class CellStay(TenantOwned, db.Model):  # type: ignore[name-defined]
    """Somebody in the middle of a case when the grid was redrawn: the leader of the cell they lived
    in goes on seeing them until the case is over (domain ASG-10)."""

    __tablename__ = "cell_stay"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"]),
        ForeignKeyConstraint(["tenant_id", "cell_id"], ["grid_cell.tenant_id", "grid_cell.id"]),
        ForeignKeyConstraint(["tenant_id", "draft_id"], ["grid_draft.tenant_id", "grid_draft.id"]),
        Index(
            "uq_cell_stay_member",
            "tenant_id",
            "member_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
    )

    member_id: Mapped[UUID]
    cell_id: Mapped[UUID]
    draft_id: Mapped[UUID]
    since: Mapped[date]
    until: Mapped[date | None]
