"""Grids that are being drawn: nothing of them is in force until a person approves (domain ORG-1)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import TenantOwned, db, now

DRAFT_STATES = ("draft", "proposed", "approved", "withdrawn", "undone")


class GridDraft(TenantOwned, db.Model):  # type: ignore[name-defined]
    """One draft of the whole grid. `version` counts its changes, whoever made them.

    `based_on` tells the cells that were in force when it began (`rules.mark_of`). `plan` holds
    what a balanced draft was asked for and found. `job_id` reckons who changes. Approved and
    without `applied_on` it waits for its day; a tenant has at most one such. `ended` holds the ids
    of standings and links that applying it ended, for the undo.
    """

    __tablename__ = "grid_draft"
    __table_args__ = (
        CheckConstraint(f"state IN {DRAFT_STATES}", name="state"),
        CheckConstraint("applied_on IS NULL OR state IN ('approved', 'undone')", name="applied"),
        Index(
            "uq_grid_draft_waiting",
            "tenant_id",
            unique=True,
            postgresql_where=text("state = 'approved' AND applied_on IS NULL"),
        ),
    )

    name: Mapped[str] = mapped_column(String(60))
    effective_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), server_default="draft")
    version: Mapped[int] = mapped_column(server_default="1")
    based_on: Mapped[str] = mapped_column(String(64))
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    job_id: Mapped[UUID | None]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=now())
    proposed_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    applied_on: Mapped[date | None]
    ended: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    undone_by: Mapped[UUID | None]
    undone_at: Mapped[datetime | None]


class DraftCell(TenantOwned, db.Model):  # type: ignore[name-defined]
    """A cell of a draft. `from_cell_id`: the cell in force that it continues, with its leader and
    its groups; at most one draft cell continues a cell. `group_id`: who would run a new one.

    `cell_id` is the cell it became, once the draft was applied.
    """

    __tablename__ = "draft_cell"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "draft_id"], ["grid_draft.tenant_id", "grid_draft.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "from_cell_id"], ["grid_cell.tenant_id", "grid_cell.id"]
        ),
        ForeignKeyConstraint(["tenant_id", "cell_id"], ["grid_cell.tenant_id", "grid_cell.id"]),
        ForeignKeyConstraint(["tenant_id", "group_id"], ["group.tenant_id", "group.id"]),
        Index("uq_draft_cell_code", "tenant_id", "draft_id", "code", unique=True),
        Index("uq_draft_cell_from_cell", "tenant_id", "draft_id", "from_cell_id", unique=True),
        Index("ix_draft_cell_shape", "shape", postgresql_using="gist"),
        Index("ix_draft_cell_tenant_shape", "tenant_id", "shape", postgresql_using="gist"),
    )

    draft_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    shape: Mapped[object] = mapped_column(Geometry("POLYGON", 4326, spatial_index=False))
    from_cell_id: Mapped[UUID | None]
    group_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default="1")
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=now())
    cell_id: Mapped[UUID | None]
