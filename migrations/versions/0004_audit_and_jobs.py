"""Audit and jobs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.policies import allow, own_tenant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column(
            "facts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["tenant_id", "at"], unique=False)
    op.create_index(
        "ix_audit_entry_people",
        "audit_entry",
        ["facts"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"facts": "jsonb_path_ops"},
    )
    op.create_index(
        "ix_audit_entry_subject",
        "audit_entry",
        ["tenant_id", "subject_kind", "subject_id"],
        unique=False,
    )
    op.create_table(
        "job_request",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "arguments",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="queued", nullable=False),
        sa.Column("token", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "dispatch_after",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("progress_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("progress_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("progress_words", sa.String(length=120), server_default="", nullable=False),
        sa.Column("failure", sa.String(length=300), server_default="", nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_job_request_state")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_job_request")),
        sa.UniqueConstraint(
            "tenant_id", "dedupe_key", name=op.f("uq_job_request_tenant_id_dedupe_key")
        ),
    )
    op.create_index(
        "ix_job_request_due",
        "job_request",
        ["dispatch_after"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )

    own_tenant("audit_entry", commands="SELECT INSERT", area=False)
    own_tenant("job_request", commands="SELECT INSERT UPDATE", area=False)
    allow("job_request", "wangge_dispatch", "SELECT", using="true")
    allow("job_request", "wangge_dispatch", "INSERT", check="true")
    allow("job_request", "wangge_dispatch", "UPDATE", using="true", check="true")
    op.execute(
        "GRANT SELECT (tenant_id, id, kind, dedupe_key, state, lease_until, attempts,"
        " dispatch_after), INSERT (tenant_id, id, kind, dedupe_key),"
        " UPDATE (state, attempts, dispatch_after, failure, ended_at)"
        " ON job_request TO wangge_dispatch"
    )
