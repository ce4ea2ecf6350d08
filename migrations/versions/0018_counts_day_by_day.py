"""Counts of each tenant, day by day; a second affiliation without transfer."""

import sqlalchemy as sa
from alembic import op

from migrations.policies import overseen, own_tenant

revision = "0018"
down_revision = "0017"

PEOPLE = (
    "affiliated",
    "outflow",
    "outside",
    "untraced",
    "elsewhere",
    "inflow",
    "present",
    "present_unsaid",
    "served",
    "reported_in",
    "departed",
    "returned",
    "arrived",
    "waiting",
    "unserved",
    "requests_open",
)
SAID_OR_NOT = ("oldest_unserved_days", "overdue", "oldest_request_days")
ORGANISATIONS = (
    "branches",
    "branches_below_three",
    "branches_above_fifty",
    "branches_without_officer",
    "cells",
    "cells_without_leader",
    "stations",
)


def upgrade() -> None:
    op.drop_constraint("ck_member_affiliation", "member")
    op.create_check_constraint(
        op.f("ck_member_affiliation"),
        "member",
        "affiliation IN ('affiliated', 'incoming', 'reported_in')",
    )
    op.create_table(
        "count_snapshot",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "counted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("served_since", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in PEOPLE),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in SAID_OR_NOT),
        *(sa.Column(name, sa.SmallInteger(), nullable=False) for name in ORGANISATIONS),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_count_snapshot")),
    )
    op.create_index("uq_count_snapshot_day", "count_snapshot", ["tenant_id", "day"], unique=True)
    op.create_index("ix_count_snapshot_area", "count_snapshot", ["area", "day"])
    own_tenant("count_snapshot", commands="SELECT INSERT UPDATE", area=True)
    columns = ("day", "counted_at", "served_since", *PEOPLE, *SAID_OR_NOT, *ORGANISATIONS)
    overseen("count_snapshot", ", ".join(("tenant_id", "id", "area", *columns)))
