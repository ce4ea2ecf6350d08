"""Arrivals runs and proposals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.policies import overseen, own_tenant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "match_run",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrivals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("proposed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unserved", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_match_run")),
    )
    op.create_table(
        "arrival",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=20), server_default="office", nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=12), server_default="signalled", nullable=False),
        sa.Column(
            "state_since",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("unserved_reason", sa.String(length=12), server_default="", nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(state = 'unserved') = (unserved_reason <> '') AND unserved_reason IN ('', 'no_place', 'out_of_reach', 'no_seat', 'not_allowed')",
            name=op.f("ck_arrival_unserved_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('signalled', 'verified', 'proposed', 'consented', 'placed', 'filed', 'served', 'unserved')",
            name=op.f("ck_arrival_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.id"],
            name=op.f("fk_arrival_tenant_id_member_id_member"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["match_run.tenant_id", "match_run.id"],
            name=op.f("fk_arrival_tenant_id_run_id_match_run"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("tenant_id", "member_id", name=op.f("uq_arrival_tenant_id_member_id")),
    )
    op.create_index(
        "ix_arrival_state", "arrival", ["tenant_id", "state", "state_since"], unique=False
    )
    op.create_table(
        "proposal",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column("arrival_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("metres", sa.Double(), nullable=False),
        sa.Column("place", sa.String(length=4), nullable=False),
        sa.Column(
            "nearer", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False
        ),
        sa.Column("decision", sa.String(length=10), server_default="open", nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "decision IN ('open', 'accepted', 'redirected', 'another', 'withdrawn')",
            name=op.f("ck_proposal_decision"),
        ),
        sa.CheckConstraint("place IN ('home', 'work')", name=op.f("ck_proposal_place")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "arrival_id"],
            ["arrival.tenant_id", "arrival.id"],
            name=op.f("fk_proposal_tenant_id_arrival_id_arrival"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "branch_id"],
            ["branch.tenant_id", "branch.id"],
            name=op.f("fk_proposal_tenant_id_branch_id_branch"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["match_run.tenant_id", "match_run.id"],
            name=op.f("fk_proposal_tenant_id_run_id_match_run"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_proposal")),
    )
    op.create_index(
        "uq_proposal_open",
        "proposal",
        ["tenant_id", "arrival_id"],
        unique=True,
        postgresql_where=sa.text("decision = 'open'"),
    )

    own_tenant("match_run", area=False, commands="SELECT INSERT UPDATE")
    own_tenant("arrival", area=True)
    overseen("arrival", "tenant_id, area, state, state_since, unserved_reason, arrived_on")
    own_tenant("proposal", area=True)
    overseen("proposal", "tenant_id, area, decision, metres, made_at")
