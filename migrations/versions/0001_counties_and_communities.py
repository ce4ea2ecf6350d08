"""Counties and communities."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

from migrations.policies import BELOW, SAME_COUNTY, allow, lock, overseen, own_tenant

revision = "0001"
down_revision = None


def _stamp_functions() -> None:
    """What the transaction is stamped with; empty stamp -> NULL -> no row passes any policy."""
    for name in ("tenant_id", "area", "area_lo", "area_hi", "county_lo", "county_hi"):
        op.execute(
            f"CREATE FUNCTION app_{name.removesuffix('_id')}() RETURNS bigint "
            "LANGUAGE sql STABLE PARALLEL SAFE AS "
            f"$$ SELECT NULLIF(current_setting('app.{name}', true), '')::bigint $$"
        )
    op.execute(
        "CREATE FUNCTION app_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS "
        "$$ SELECT NULLIF(current_setting('app.person_id', true), '')::uuid $$"
    )


def upgrade() -> None:
    _stamp_functions()
    op.execute("CREATE SEQUENCE tenant_id_seq")
    op.create_table(
        "reported_figure",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("reading", sa.String(length=300), server_default="", nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reported_figure")),
    )
    op.create_table(
        "tenant",
        sa.Column(
            "id",
            sa.BigInteger(),
            server_default=sa.text("nextval('tenant_id_seq')"),
            nullable=False,
        ),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("match_basis", sa.String(length=8), server_default="nearer", nullable=False),
        sa.Column("reach_metres", sa.Integer(), server_default="3000", nullable=False),
        sa.Column("language", sa.String(length=8), server_default="zh_Hans", nullable=False),
        sa.Column(
            "opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "level IN ('county', 'township', 'community')", name=op.f("ck_tenant_level")
        ),
        sa.CheckConstraint(
            "match_basis IN ('home', 'work', 'nearer')", name=op.f("ck_tenant_match_basis")
        ),
        sa.CheckConstraint("reach_metres > 0", name=op.f("ck_tenant_reach_metres")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("area", name=op.f("uq_tenant_area")),
        sa.UniqueConstraint("slug", name=op.f("uq_tenant_slug")),
    )
    op.create_table(
        "tenant_key",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tenant_key")),
    )
    op.create_table(
        "boundary",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column(
            "shape",
            Geometry(
                geometry_type="MULTIPOLYGON",
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
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_boundary_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_boundary")),
    )
    op.create_index(
        "ix_boundary_shape", "boundary", ["shape"], unique=False, postgresql_using="gist"
    )
    op.create_index(
        "ix_boundary_tenant_shape",
        "boundary",
        ["tenant_id", "shape"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_index(
        "uq_boundary_today",
        "boundary",
        ["tenant_id"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    lock("tenant")
    allow("tenant", "wangge_app", "SELECT", using=SAME_COUNTY)
    allow("tenant", "wangge_app", "INSERT", check=BELOW)
    allow("tenant", "wangge_app", "UPDATE", using=BELOW, check=BELOW)
    allow("tenant", "wangge_dispatch", "SELECT", using="true")
    allow("tenant", "wangge_door", "SELECT", using="true")
    op.execute("GRANT SELECT, INSERT ON tenant TO wangge_app")
    op.execute(
        "GRANT UPDATE (name, match_basis, reach_metres, language, closed_at) ON tenant "
        "TO wangge_app"
    )
    op.execute("GRANT USAGE ON SEQUENCE tenant_id_seq TO wangge_app")
    op.execute("GRANT SELECT (id, level, closed_at) ON tenant TO wangge_dispatch")
    op.execute("GRANT SELECT ON tenant TO wangge_door")
    overseen(
        "tenant",
        "id, area, slug, name, level, match_basis, reach_metres, language, opened_at, closed_at",
    )
    own_tenant("boundary", area=True)
    overseen("boundary", "tenant_id, id, area, shape, valid_from, valid_to")
    own_tenant("tenant_key", commands="SELECT INSERT", area=False)
    own_tenant("reported_figure", area=True)
    overseen("reported_figure", "tenant_id, id, area, key, value, reading, reported_on")
