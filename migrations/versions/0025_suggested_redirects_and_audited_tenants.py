"""Redirects that a match run suggests, the tenants whose audit is verified, stays of linked people."""

import sqlalchemy as sa
from alembic import op

from migrations.policies import give_to_the_door, moved_and_erased, own_tenant

revision = "0025"
down_revision = "0024"

AUDITED = """
CREATE FUNCTION door_audited_tenants(wanted text)
    RETURNS TABLE (tenant_id bigint, slug text, name text, level text, area bigint, state text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
    $$ SELECT id, slug, name, level, area,
              CASE WHEN erased_at IS NOT NULL THEN 'erased'
                   WHEN closed_at IS NOT NULL THEN 'closed'
                   WHEN paused_at IS NOT NULL THEN 'paused' ELSE 'open' END
       FROM public.tenant WHERE wanted IS NULL OR slug = wanted ORDER BY id $$
"""
"""Whatever became of a tenant: what was noted of it stays, and is verified as long as it does."""


def upgrade() -> None:
    _suggestions()
    op.add_column("member_link", sa.Column("stay_id", sa.Uuid(), nullable=True))
    op.execute("SET LOCAL check_function_bodies = off")
    op.execute(AUDITED)
    give_to_the_door("door_audited_tenants(text)")


def _suggestions() -> None:
    op.create_table(
        "redirect_suggestion",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("arrival_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("branch", sa.String(length=80), nullable=False),
        sa.Column("keeper", sa.String(length=80), nullable=False),
        sa.Column("metres", sa.Double(), nullable=False),
        sa.Column("place", sa.String(length=4), nullable=False),
        sa.Column("here_metres", sa.Double(), nullable=True),
        sa.Column("free", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("decision", sa.String(length=10), server_default="open", nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "decision IN ('open', 'taken', 'declined', 'withdrawn')",
            name=op.f("ck_redirect_suggestion_decision"),
        ),
        sa.CheckConstraint(
            "reason IN ('nearer', 'no_seat', 'not_allowed', 'out_of_reach')",
            name=op.f("ck_redirect_suggestion_reason"),
        ),
        sa.CheckConstraint("place IN ('home', 'work')", name=op.f("ck_redirect_suggestion_place")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "arrival_id"],
            ["arrival.tenant_id", "arrival.id"],
            name=op.f("fk_redirect_suggestion_tenant_id_arrival_id_arrival"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["match_run.tenant_id", "match_run.id"],
            name=op.f("fk_redirect_suggestion_tenant_id_run_id_match_run"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_redirect_suggestion")),
    )
    op.create_index(
        "uq_redirect_suggestion_open",
        "redirect_suggestion",
        ["tenant_id", "arrival_id"],
        unique=True,
        postgresql_where=sa.text("decision = 'open'"),
    )
    op.create_index(
        "ix_redirect_suggestion_arrival", "redirect_suggestion", ["tenant_id", "arrival_id"]
    )
    own_tenant("redirect_suggestion", area=False)
    moved_and_erased("redirect_suggestion", area=False)
