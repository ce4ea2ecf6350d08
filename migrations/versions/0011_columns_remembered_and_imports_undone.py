"""What an office chose for its columns, and imports undone as a whole."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.policies import own_tenant

revision = "0011"
down_revision = "0010"

STATES = (
    "'checking', 'asking', 'checked', 'accepting', 'accepted', 'unusable', 'discarded',"
    " 'undoing', 'undone'"
)


def upgrade() -> None:
    op.alter_column("roster_import", "system", type_=sa.String(length=24))
    for column in (
        sa.Column("question", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "decisions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column(
            "impact", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    ):
        op.add_column("roster_import", column)
    op.drop_constraint(op.f("ck_roster_import_state"), "roster_import", type_="check")
    op.create_check_constraint(
        op.f("ck_roster_import_state"), "roster_import", f"state IN ({STATES})"
    )
    op.create_index(
        "ix_member_import",
        "member",
        ["tenant_id", "import_id"],
        unique=False,
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )
    _match()
    _column()


def _match() -> None:
    op.create_table(
        "roster_match",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("sheet", sa.String(length=100), server_default="", nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=8), nullable=False),
        sa.Column("sign", sa.String(length=12), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.String(length=20)), nullable=False),
        sa.Column("values_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("decision", sa.String(length=6), server_default="", nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.Column("episode_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "standing IN ('changed', 'possible')", name=op.f("ck_roster_match_standing")
        ),
        sa.CheckConstraint(
            "decision IN ('', 'update', 'add', 'skip')", name=op.f("ck_roster_match_decision")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["roster_import.tenant_id", "roster_import.id"],
            name=op.f("fk_roster_match_tenant_id_import_id_roster_import"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.id"],
            name=op.f("fk_roster_match_tenant_id_member_id_member"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_roster_match")),
    )
    op.create_index(
        "uq_roster_match_row",
        "roster_match",
        ["tenant_id", "import_id", "sheet", "row"],
        unique=True,
    )
    op.create_index("ix_roster_match_member", "roster_match", ["tenant_id", "member_id"])
    own_tenant("roster_match", area=False)


def _column() -> None:
    op.create_table(
        "roster_column_choice",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("header", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("chosen_by", sa.Uuid(), nullable=True),
        sa.Column(
            "chosen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_roster_column_choice")),
    )
    op.create_index(
        "uq_roster_column_choice_header",
        "roster_column_choice",
        ["tenant_id", "header"],
        unique=True,
    )
    own_tenant("roster_column_choice", area=False)
