"""What an episode is known by, later words about returning, and the tenant's rule pack."""

import sqlalchemy as sa
from alembic import op

from migrations.policies import own_tenant

revision = "0008"
down_revision = "0007"

PRECISIONS = "('day', 'month', 'year', 'unknown')"


def upgrade() -> None:
    for column in (
        sa.Column("started_precision", sa.String(length=8), server_default="day", nullable=False),
        sa.Column("ended_precision", sa.String(length=8), server_default="day", nullable=False),
        sa.Column("planned_until", sa.Date(), nullable=True),
        sa.Column("planned_precision", sa.String(length=8), server_default="day", nullable=False),
        sa.Column("fixed", sa.Boolean(), nullable=True),
        sa.Column("season_first", sa.SmallInteger(), nullable=True),
        sa.Column("season_last", sa.SmallInteger(), nullable=True),
        sa.Column("employer_has_organisation", sa.Boolean(), nullable=True),
        sa.Column("proof_shown", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("debriefed_on", sa.Date(), nullable=True),
        sa.Column("override_class", sa.String(length=12), server_default="", nullable=False),
        sa.Column("override_reason", sa.String(length=120), server_default="", nullable=False),
        sa.Column("overridden_on", sa.Date(), nullable=True),
    ):
        op.add_column("episode", column)
    for name, condition in (
        ("started_precision", f"started_precision IN {PRECISIONS}"),
        ("ended_precision", f"ended_precision IN {PRECISIONS}"),
        ("planned_precision", f"planned_precision IN {PRECISIONS}"),
        (
            "override_class",
            "override_class IN ('', 'short', 'medium', 'long_fixed', 'long_roving', 'seasonal')",
        ),
        (
            "override_reason",
            "(override_class = '') = (overridden_on IS NULL)"
            " AND (override_class = '') = (override_reason = '')",
        ),
        (
            "season",
            "(season_first IS NULL) = (season_last IS NULL)"
            " AND season_first BETWEEN 1 AND 12 AND season_last BETWEEN 1 AND 12",
        ),
    ):
        op.create_check_constraint(op.f(f"ck_episode_{name}"), "episode", condition)

    op.create_table(
        "episode_extension",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("until_precision", sa.String(length=8), server_default="day", nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            f"until_precision IN {PRECISIONS}", name=op.f("ck_episode_extension_until_precision")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "episode_id"],
            ["episode.tenant_id", "episode.id"],
            name=op.f("fk_episode_extension_tenant_id_episode_id_episode"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_episode_extension")),
    )
    op.create_index(
        "ix_episode_extension_episode",
        "episode_extension",
        ["tenant_id", "episode_id"],
        unique=False,
    )
    op.create_table(
        "rule_pack_choice",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pack_id", sa.String(length=40), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("chosen_by", sa.Uuid(), nullable=True),
        sa.Column(
            "chosen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_rule_pack_choice")),
    )
    op.create_index(
        "uq_rule_pack_choice_day", "rule_pack_choice", ["tenant_id", "from_day"], unique=True
    )

    own_tenant("episode_extension", commands="SELECT INSERT", area=False)
    own_tenant("rule_pack_choice", commands="SELECT INSERT UPDATE", area=False)
