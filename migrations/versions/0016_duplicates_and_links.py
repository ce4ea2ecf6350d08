"""Duplicates: two people told apart, one person linked, and a county's question."""

import sqlalchemy as sa
from alembic import op

from migrations.policies import allow, give_to_the_door, own_tenant

revision = "0016"
down_revision = "0015"

ELSEWHERE = """
CREATE FUNCTION door_known_elsewhere(wanted bytea) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
    $$ SELECT EXISTS (
        SELECT FROM public.member_mark m
        WHERE m.mark = wanted AND m.tenant_id <> public.app_tenant()
          AND m.area BETWEEN public.app_county_lo() AND public.app_county_hi()) $$
"""
"""Yes or no, of the asker's own county; not where, not who."""


def _tenant() -> list[sa.Column[object]]:
    return [
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _member(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        ["member.tenant_id", "member.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}_member"),
    )


def _moment(name: str, *, default: bool) -> sa.Column[object]:
    given = {"server_default": sa.text("now()"), "nullable": False} if default else {}
    return sa.Column(name, sa.DateTime(timezone=True), **{"nullable": True, **given})


def upgrade() -> None:
    op.create_table(
        "not_the_same",
        *_tenant(),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        _moment("said_at", default=True),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_not_the_same_order")),
        _member("not_the_same", "first_id"),
        _member("not_the_same", "second_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_not_the_same")),
    )
    op.create_index(
        "uq_not_the_same_pair", "not_the_same", ["tenant_id", "first_id", "second_id"], unique=True
    )
    op.create_table(
        "member_link",
        *_tenant(),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("linked_by", sa.Uuid(), nullable=True),
        _moment("linked_at", default=True),
        sa.Column("unlinked_by", sa.Uuid(), nullable=True),
        _moment("unlinked_at", default=False),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_member_link_two")),
        _member("member_link", "kept_id"),
        _member("member_link", "merged_id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_member_link")),
    )
    op.create_index("ix_member_link_kept", "member_link", ["tenant_id", "kept_id"])
    op.create_index(
        "uq_member_link_merged",
        "member_link",
        ["tenant_id", "merged_id"],
        unique=True,
        postgresql_where=sa.text("unlinked_at IS NULL"),
    )
    op.create_table(
        "member_mark",
        *_tenant(),
        sa.Column("area", sa.BigInteger(), server_default=sa.text("app_area()"), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("phone_blind", sa.LargeBinary(), nullable=False),
        _member("member_mark", "id"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_member_mark")),
    )
    op.create_index("ix_member_mark_mark", "member_mark", ["mark"])
    own_tenant("not_the_same", commands="SELECT INSERT DELETE", area=False)
    own_tenant("member_link", commands="SELECT INSERT UPDATE", area=False)
    own_tenant("member_mark", area=True)
    allow("member_mark", "wangge_door", "SELECT", using="true")
    op.execute("GRANT SELECT ON member_mark TO wangge_door")
    op.execute("SET LOCAL check_function_bodies = off")
    op.execute(ELSEWHERE)
    give_to_the_door("door_known_elsewhere(bytea)")
