"""Redirects in two legs, one row in each tenant with the same id."""

import sqlalchemy as sa
from alembic import op

from migrations.policies import overseen, own_tenant

revision = "0017"
down_revision = "0016"

STATES = (
    "('proposed', 'accepted', 'correction', 'passed_on', 'escalated', 'settled', 'released',"
    " 'delivered', 'done', 'withdrawn')"
)
ARRIVAL_STATES = (
    "('signalled', 'verified', 'proposed', 'consented', 'placed', 'filed', 'served', 'unserved',"
    " 'redirected')"
)


def upgrade() -> None:
    # Checking the rows there are reads them as their owner, whom the policies bind too.
    op.execute("ALTER TABLE arrival NO FORCE ROW LEVEL SECURITY")
    op.drop_constraint(op.f("ck_arrival_state"), "arrival", type_="check")
    op.create_check_constraint(op.f("ck_arrival_state"), "arrival", f"state IN {ARRIVAL_STATES}")
    op.execute("ALTER TABLE arrival FORCE ROW LEVEL SECURITY")
    op.create_table(
        "redirect",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("round", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("other", sa.String(length=80), nullable=False),
        sa.Column("arrival_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("branch", sa.String(length=80), nullable=False),
        sa.Column("class", sa.String(length=40), server_default="", nullable=False),
        sa.Column("metres", sa.Double(), nullable=True),
        sa.Column("place", sa.String(length=4), server_default="home", nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.String(length=16), server_default="", nullable=False),
        sa.Column("next_branch_id", sa.Uuid(), nullable=True),
        sa.Column("by_county", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("sent_version", sa.Integer(), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("came_from", sa.String(length=80), server_default="", nullable=False),
        sa.Column("came_why", sa.String(length=40), server_default="", nullable=False),
        sa.Column(
            "opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "state_since",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("side IN ('from', 'to', 'county')", name=op.f("ck_redirect_side")),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_redirect_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "arrival_id"],
            ["arrival.tenant_id", "arrival.id"],
            name=op.f("fk_redirect_tenant_id_arrival_id_arrival"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.id"],
            name=op.f("fk_redirect_tenant_id_member_id_member"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_redirect")),
    )
    op.create_index(
        "ix_redirect_state", "redirect", ["tenant_id", "state", "state_since"], unique=False
    )
    op.create_index(
        "uq_redirect_open",
        "redirect",
        ["tenant_id", "arrival_id"],
        unique=True,
        postgresql_where=sa.text(
            "side = 'from' AND state IN"
            " ('proposed', 'accepted', 'correction', 'escalated', 'released')"
        ),
    )
    own_tenant("redirect", commands="SELECT INSERT UPDATE", area=True)
    overseen("redirect", "tenant_id, id, area, side, state, opened_at, state_since")
