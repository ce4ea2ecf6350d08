"""Cells groups and places."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from migrations.policies import county_directory, overseen, own_tenant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "branch",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "place",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "classes", postgresql.ARRAY(sa.String(length=40)), server_default="{}", nullable=False
        ),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('general', 'enterprise', 'mobile', 'temporary', 'joint', 'members_home')",
            name=op.f("ck_branch_kind"),
        ),
        sa.CheckConstraint("capacity IS NULL OR capacity >= 0", name=op.f("ck_branch_capacity")),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_branch_taken")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_branch")),
    )
    op.create_index("ix_branch_place", "branch", ["place"], unique=False, postgresql_using="gist")
    op.create_index(
        "ix_branch_tenant_place",
        "branch",
        ["tenant_id", "place"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_table(
        "grid_cell",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
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
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_grid_cell")),
    )
    op.create_index(
        "ix_grid_cell_shape", "grid_cell", ["shape"], unique=False, postgresql_using="gist"
    )
    op.create_index(
        "ix_grid_cell_tenant_shape",
        "grid_cell",
        ["tenant_id", "shape"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_index(
        "uq_grid_cell_code_today",
        "grid_cell",
        ["tenant_id", "code"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_table(
        "station",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "place",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("hours", sa.String(length=120), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=30), server_default="", nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('service_center', 'service_station', 'station', 'temporary_station', 'service_point')",
            name=op.f("ck_station_kind"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_station")),
    )
    op.create_index("ix_station_place", "station", ["place"], unique=False, postgresql_using="gist")
    op.create_index(
        "ix_station_tenant_place",
        "station",
        ["tenant_id", "place"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_table(
        "group",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "branch_id"],
            ["branch.tenant_id", "branch.id"],
            name=op.f("fk_group_tenant_id_branch_id_branch"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_group")),
    )
    op.create_table(
        "group_cell",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("cell_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "cell_id"],
            ["grid_cell.tenant_id", "grid_cell.id"],
            name=op.f("fk_group_cell_tenant_id_cell_id_grid_cell"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "group_id"],
            ["group.tenant_id", "group.id"],
            name=op.f("fk_group_cell_tenant_id_group_id_group"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_group_cell")),
    )

    own_tenant("grid_cell", area=True)
    overseen("grid_cell", "tenant_id, id, area, code, name, shape, valid_from, valid_to")
    county_directory("branch")
    overseen(
        "branch",
        "tenant_id, id, area, name, kind, place, classes, capacity, taken, opens_on, closes_on",
    )
    county_directory("station")
    overseen("station", "tenant_id, id, area, name, kind, place, hours, phone, opens_on, closes_on")
    own_tenant("group", area=False)
    own_tenant("group_cell", area=False)
