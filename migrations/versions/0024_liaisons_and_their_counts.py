"""Who is whose liaison; letters near expiry and branches without a liaison among the counts.

Days that were counted before know nothing of either: there the figures stay empty.
"""

import sqlalchemy as sa
from alembic import op

from migrations.policies import moved_and_erased, own_tenant

revision = "0024"
down_revision = "0023"


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.id"],
        name=op.f(f"fk_liaison_tenant_id_{column}_{table}"),
    )


def upgrade() -> None:
    op.create_table(
        "liaison",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Uuid(), nullable=True)
            for name in ("member_id", "branch_id", "person_id", "keeper_id")
        ),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("started_in", sa.Uuid(), nullable=False),
        sa.Column("ended_in", sa.Uuid(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column(
            "given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_liaison_{name}"))
            for name, condition in (
                ("whose", "(member_id IS NULL) <> (branch_id IS NULL)"),
                ("who", "(person_id IS NULL) <> (keeper_id IS NULL)"),
                ("agreed_on", "(keeper_id IS NULL) = (agreed_on IS NULL)"),
                ("two", "keeper_id <> member_id"),
                ("ended_on", "ended_on >= from_day"),
                ("ended_in", "(ended_on IS NULL) = (ended_in IS NULL)"),
            )
        ),
        _key("member_id", "member"),
        _key("branch_id", "branch"),
        _key("keeper_id", "member"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_liaison")),
    )
    for whose in ("member", "branch"):
        op.create_index(
            f"uq_liaison_{whose}",
            "liaison",
            ["tenant_id", f"{whose}_id"],
            unique=True,
            postgresql_where=sa.text(f"ended_on IS NULL AND {whose}_id IS NOT NULL"),
        )
    op.create_index("ix_liaison_of", "liaison", ["tenant_id", "member_id"])
    for who in ("person", "keeper"):
        op.create_index(f"ix_liaison_{who}", "liaison", ["tenant_id", f"{who}_id"])
    own_tenant("liaison", area=False)
    moved_and_erased("liaison", area=False)

    op.add_column("count_snapshot", sa.Column("letters_near_expiry", sa.Integer(), nullable=True))
    op.add_column(
        "count_snapshot", sa.Column("branches_without_liaison", sa.SmallInteger(), nullable=True)
    )
    op.execute(
        "GRANT SELECT (letters_near_expiry, branches_without_liaison) ON count_snapshot"
        " TO wangge_oversee"
    )
