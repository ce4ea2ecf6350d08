"""Compounds and buildings, and the building a member lives in."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from migrations.policies import overseen, own_tenant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "building_import",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("system", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), server_default="checked", nullable=False),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "drafts", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "faults", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column(
            "doubt", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("accepted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "state IN ('checked', 'accepted', 'discarded', 'undone')",
            name=op.f("ck_building_import_state"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_building_import")),
    )
    op.create_table(
        "building",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("normal_name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=120), server_default="", nullable=False),
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
            "footprint",
            Geometry(
                geometry_type="POLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("source", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kind IN ('compound', 'building')", name=op.f("ck_building_kind")),
        sa.CheckConstraint(
            "kind = 'building' OR parent_id IS NULL", name=op.f("ck_building_parent")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["building.tenant_id", "building.id"],
            name=op.f("fk_building_tenant_id_parent_id_building"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["building_import.tenant_id", "building_import.id"],
            name=op.f("fk_building_tenant_id_import_id_building_import"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_building")),
    )
    for column in ("place", "footprint"):
        op.create_index(f"ix_building_{column}", "building", [column], postgresql_using="gist")
        op.create_index(
            f"ix_building_tenant_{column}",
            "building",
            ["tenant_id", column],
            postgresql_using="gist",
        )
    op.create_index("ix_building_parent", "building", ["tenant_id", "parent_id"], unique=False)
    op.create_index("ix_building_name", "building", ["tenant_id", "normal_name"], unique=False)
    # Two open buildings of one compound never share a name, nor do two open compounds.
    op.create_index(
        "uq_building_open_name",
        "building",
        ["tenant_id", "kind", "parent_id", "normal_name"],
        unique=True,
        postgresql_where=sa.text("closed_on IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    # Adding the key reads members as their owner, whom the policies bind too; nobody else can meanwhile.
    op.execute('ALTER TABLE "member" NO FORCE ROW LEVEL SECURITY')
    op.add_column("member", sa.Column("home_building_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_member_tenant_id_home_building_id_building"),
        "member",
        "building",
        ["tenant_id", "home_building_id"],
        ["tenant_id", "id"],
    )
    op.create_index(
        "ix_member_home_building", "member", ["tenant_id", "home_building_id"], unique=False
    )

    # Part of a name is looked for in the index alone: the table's rows are ten times as wide.
    op.create_index(
        "ix_member_find",
        "member",
        ["tenant_id", "name", "id"],
        unique=False,
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.execute('ALTER TABLE "member" FORCE ROW LEVEL SECURITY')
    own_tenant("building_import", commands="SELECT INSERT UPDATE", area=False)
    own_tenant("building", commands="SELECT INSERT UPDATE", area=True)
    overseen("building", "tenant_id, id, area, parent_id, kind, closed_on")
