"""Draft grids, who would change with them, and who stays with a cell until their case is over."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from migrations.policies import own_tenant

revision = "0013"
down_revision = "0012"


def key() -> list[sa.Column]:
    """The tenant first, then the row's own id."""
    return [
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A key that begins with the tenant on both sides."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{other}.tenant_id", f"{other}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}_{other}"),
    )


def upgrade() -> None:
    op.create_table(
        "grid_draft",
        *key(),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("based_on", sa.String(length=64), nullable=False),
        sa.Column("plan", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("ended", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'approved', 'withdrawn', 'undone')",
            name=op.f("ck_grid_draft_state"),
        ),
        sa.CheckConstraint(
            "applied_on IS NULL OR state IN ('approved', 'undone')",
            name=op.f("ck_grid_draft_applied"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_grid_draft")),
    )
    op.create_index(
        "uq_grid_draft_waiting",
        "grid_draft",
        ["tenant_id"],
        unique=True,
        postgresql_where=sa.text("state = 'approved' AND applied_on IS NULL"),
    )
    op.create_table(
        "draft_cell",
        *key(),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "shape",
            Geometry(
                geometry_type="POLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("from_cell_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("cell_id", sa.Uuid(), nullable=True),
        reference("draft_cell", "draft_id", "grid_draft"),
        reference("draft_cell", "from_cell_id", "grid_cell"),
        reference("draft_cell", "cell_id", "grid_cell"),
        reference("draft_cell", "group_id", "group"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_draft_cell")),
    )
    op.create_index(
        "uq_draft_cell_code", "draft_cell", ["tenant_id", "draft_id", "code"], unique=True
    )
    op.create_index(
        "uq_draft_cell_from_cell",
        "draft_cell",
        ["tenant_id", "draft_id", "from_cell_id"],
        unique=True,
    )
    op.create_index("ix_draft_cell_shape", "draft_cell", ["shape"], postgresql_using="gist")
    op.create_index(
        "ix_draft_cell_tenant_shape", "draft_cell", ["tenant_id", "shape"], postgresql_using="gist"
    )
    op.create_table(
        "redraw_line",
        *key(),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(length=4), nullable=False),
        sa.Column("from_cell_id", sa.Uuid(), nullable=True),
        sa.Column("to_draft_cell_id", sa.Uuid(), nullable=True),
        sa.Column("from_group_id", sa.Uuid(), nullable=True),
        sa.Column("to_group_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=5), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.CheckConstraint("place IN ('home', 'work')", name=op.f("ck_redraw_line_place")),
        sa.CheckConstraint("outcome IN ('moves', 'stays')", name=op.f("ck_redraw_line_outcome")),
        reference("redraw_line", "draft_id", "grid_draft"),
        reference("redraw_line", "member_id", "member"),
        reference("redraw_line", "from_cell_id", "grid_cell"),
        reference("redraw_line", "from_group_id", "group"),
        reference("redraw_line", "to_group_id", "group"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_redraw_line")),
    )
    op.create_index(
        "uq_redraw_line_member",
        "redraw_line",
        ["tenant_id", "draft_id", "member_id"],
        unique=True,
    )
    op.create_table(
        "cell_stay",
        *key(),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("cell_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        reference("cell_stay", "member_id", "member"),
        reference("cell_stay", "cell_id", "grid_cell"),
        reference("cell_stay", "draft_id", "grid_draft"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_cell_stay")),
    )
    op.create_index(
        "uq_cell_stay_member",
        "cell_stay",
        ["tenant_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    )

    for table in ("grid_draft", "draft_cell", "redraw_line", "cell_stay"):
        own_tenant(table, area=False)
