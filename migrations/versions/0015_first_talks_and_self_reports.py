"""First talks at addresses, self-reports, who verified whom, and further facts of an episode."""

import sqlalchemy as sa
from alembic import op

from migrations.policies import own_tenant

revision = "0015"
down_revision = "0014"


def _tenant() -> list[sa.Column[object]]:
    return [
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _now(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{other}.tenant_id", f"{other}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}_{other}"),
    )


def upgrade() -> None:
    _talks()
    _self_reports()
    _episodes()
    own_tenant("first_talk", area=False)
    own_tenant("open_letter", commands="SELECT INSERT UPDATE", area=False)
    own_tenant("self_report", commands="SELECT INSERT DELETE UPDATE", area=False)
    own_tenant("verification", commands="SELECT INSERT", area=False)
    own_tenant("trace_step", commands="SELECT INSERT", area=False)


def _talks() -> None:
    op.create_table(
        "first_talk",
        *_tenant(),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("signalled_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), server_default="queued", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("no_visit_until", sa.Date(), nullable=True),
        sa.Column("signalled_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'come_back', 'no_visit')", name=op.f("ck_first_talk_state")
        ),
        sa.CheckConstraint(
            "(state = 'no_visit') = (no_visit_until IS NOT NULL)",
            name=op.f("ck_first_talk_no_visit_until"),
        ),
        sa.CheckConstraint(
            "building_id IS NOT NULL OR address_sealed IS NOT NULL",
            name=op.f("ck_first_talk_where"),
        ),
        _key("first_talk", "building_id", "building"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_first_talk")),
    )
    op.create_index("ix_first_talk_building", "first_talk", ["tenant_id", "building_id"])


def _self_reports() -> None:
    op.create_table(
        "open_letter",
        *_tenant(),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        _now("made_at"),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_open_letter")),
    )
    op.create_index(
        "uq_open_letter_open",
        "open_letter",
        ["tenant_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "self_report",
        *_tenant(),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=False),
        _now("received_at"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_self_report")),
    )
    op.create_table(
        "verification",
        *_tenant(),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("document", sa.String(length=24), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("verified_by", sa.Uuid(), nullable=True),
        _now("recorded_at"),
        sa.CheckConstraint(
            "how IN ('phone', 'visit', 'office', 'home_branch')", name=op.f("ck_verification_how")
        ),
        sa.CheckConstraint(
            "document IN ('none', 'introduction_letter', 'proof_letter', 'activity_certificate',"
            " 'system_transfer')",
            name=op.f("ck_verification_document"),
        ),
        _key("verification", "member_id", "member"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_verification")),
    )
    op.create_index("ix_verification_member", "verification", ["tenant_id", "member_id"])


def _episodes() -> None:
    op.add_column("member", sa.Column("untraced_since", sa.Date(), nullable=True))
    op.add_column(
        "episode",
        sa.Column("activity", sa.String(length=40), server_default="", nullable=False),
    )
    op.add_column("episode", sa.Column("contact_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("episode", sa.Column("filed_on", sa.Date(), nullable=True))
    op.create_table(
        "trace_step",
        *_tenant(),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("tried_on", sa.Date(), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        _now("recorded_at"),
        sa.CheckConstraint(
            "way IN ('phone', 'letter', 'visit', 'colleagues', 'former_unit', 'home_branch')",
            name=op.f("ck_trace_step_way"),
        ),
        sa.CheckConstraint(
            "outcome IN ('nothing', 'hint', 'found')", name=op.f("ck_trace_step_outcome")
        ),
        _key("trace_step", "member_id", "member"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_trace_step")),
    )
    op.create_index("ix_trace_step_member", "trace_step", ["tenant_id", "member_id"])
