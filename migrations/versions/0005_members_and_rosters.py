"""Members and rosters."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from migrations.policies import overseen, own_tenant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "roster_import",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("system", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), server_default="checking", nullable=False),
        sa.Column("file_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("accepted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rejected", sa.Integer(), server_default="0", nullable=False),
        sa.Column("duplicates", sa.Integer(), server_default="0", nullable=False),
        sa.Column("arrivals", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "faults", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("sentence", sa.String(length=400), server_default="", nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('checking', 'checked', 'accepting', 'accepted', 'unusable', 'discarded')",
            name=op.f("ck_roster_import_state"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_roster_import")),
    )
    op.create_table(
        "member",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sex", sa.String(length=1), server_default="", nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("born_precision", sa.String(length=8), server_default="unknown", nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column(
            "joined_precision", sa.String(length=8), server_default="unknown", nullable=False
        ),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_blind", sa.LargeBinary(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("employer", sa.String(length=80), server_default="", nullable=False),
        sa.Column("class", sa.String(length=40), server_default="", nullable=False),
        sa.Column("affiliation", sa.String(length=12), nullable=False),
        sa.Column("residence", sa.String(length=8), server_default="unknown", nullable=False),
        sa.Column(
            "home",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("home_precision", sa.String(length=8), server_default="unknown", nullable=False),
        sa.Column("home_source", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "work",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("work_precision", sa.String(length=8), server_default="unknown", nullable=False),
        sa.Column("work_source", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "affiliation IN ('affiliated', 'incoming')", name=op.f("ck_member_affiliation")
        ),
        sa.CheckConstraint(
            "born_precision IN ('day', 'month', 'year', 'unknown')",
            name=op.f("ck_member_born_precision"),
        ),
        sa.CheckConstraint(
            "home_precision IN ('building', 'compound', 'cell', 'unknown')",
            name=op.f("ck_member_home_precision"),
        ),
        sa.CheckConstraint(
            "joined_precision IN ('day', 'month', 'year', 'unknown')",
            name=op.f("ck_member_joined_precision"),
        ),
        sa.CheckConstraint(
            "residence IN ('inside', 'outside', 'unknown')", name=op.f("ck_member_residence")
        ),
        sa.CheckConstraint(
            "work_precision IN ('building', 'compound', 'cell', 'unknown')",
            name=op.f("ck_member_work_precision"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "branch_id"],
            ["branch.tenant_id", "branch.id"],
            name=op.f("fk_member_tenant_id_branch_id_branch"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "group_id"],
            ["group.tenant_id", "group.id"],
            name=op.f("fk_member_tenant_id_group_id_group"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["roster_import.tenant_id", "roster_import.id"],
            name=op.f("fk_member_tenant_id_import_id_roster_import"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_member")),
    )
    op.create_index("ix_member_branch", "member", ["tenant_id", "branch_id"], unique=False)
    op.create_index("ix_member_home", "member", ["home"], unique=False, postgresql_using="gist")
    op.create_index("ix_member_name", "member", ["tenant_id", "name"], unique=False)
    op.create_index("ix_member_phone_blind", "member", ["tenant_id", "phone_blind"], unique=False)
    op.create_index(
        "ix_member_tenant_home",
        "member",
        ["tenant_id", "home"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_table(
        "episode",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=40), server_default="", nullable=False),
        sa.Column("other_place", sa.String(length=80), server_default="", nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("direction IN ('outflow', 'inflow')", name=op.f("ck_episode_direction")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.id"],
            name=op.f("fk_episode_tenant_id_member_id_member"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_episode")),
    )
    op.create_index("ix_episode_member", "episode", ["tenant_id", "member_id"], unique=False)

    own_tenant("roster_import", commands="SELECT INSERT UPDATE", area=False)
    own_tenant("member", area=True)
    overseen("member", "tenant_id, area, affiliation, residence, left_on, registered_at")
    own_tenant("episode", area=True)
    overseen("episode", "tenant_id, area, member_id, direction, started_on, ended_on")
