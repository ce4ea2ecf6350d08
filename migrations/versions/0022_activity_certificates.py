"""Activity certificates of members who are away, and what destinations entered."""

import sqlalchemy as sa
from alembic import op

from migrations.policies import moved_and_erased, own_tenant

revision = "0022"
down_revision = "0021"

STATES = (
    "('requested', 'issued', 'presented', 'held', 'returned', 'checked', 'closed', 'lost', 'void')"
)
OPEN = "('requested', 'issued', 'presented', 'held', 'returned', 'checked')"


def _tenant() -> list[sa.Column[object]]:
    return [
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _recorded() -> list[sa.Column[object]]:
    return [
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    ]


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{other}.tenant_id", f"{other}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}_{other}"),
    )


def _unique(name: str, table: str, column: str, where: str) -> None:
    op.create_index(
        name, table, ["tenant_id", column], unique=True, postgresql_where=sa.text(where)
    )


def upgrade() -> None:
    _certificates()
    _entries()
    own_tenant("activity_certificate", commands="SELECT INSERT UPDATE", area=False)
    own_tenant("certificate_entry", commands="SELECT INSERT", area=False)
    for table in ("activity_certificate", "certificate_entry"):
        moved_and_erased(table, area=False)


def _certificates() -> None:
    days = ("presented", "held", "returned", "checked", "closed", "lost", "void")
    op.create_table(
        "activity_certificate",
        *_tenant(),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("episode_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), server_default="requested", nullable=False),
        sa.Column("number", sa.String(length=40), server_default="", nullable=False),
        sa.Column("holder", sa.String(length=80), server_default="", nullable=False),
        sa.Column("pledge_on", sa.Date(), nullable=True),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        *(sa.Column(f"{each}_on", sa.Date(), nullable=True) for each in days),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *_recorded(),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_activity_certificate_state")),
        sa.CheckConstraint(
            "state IN ('requested', 'void') OR issued_on IS NOT NULL",
            name=op.f("ck_activity_certificate_issued"),
        ),
        _key("activity_certificate", "member_id", "member"),
        _key("activity_certificate", "episode_id", "episode"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_activity_certificate")),
    )
    for column in ("state", "member_id"):
        name = f"ix_activity_certificate_{column.removesuffix('_id')}"
        op.create_index(name, "activity_certificate", ["tenant_id", column])
    _unique("uq_activity_certificate_open", "activity_certificate", "member_id", f"state IN {OPEN}")
    _unique("uq_activity_certificate_number", "activity_certificate", "number", "number <> ''")


def _entries() -> None:
    op.create_table(
        "certificate_entry",
        *_tenant(),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("signed_by", sa.String(length=40), nullable=False),
        sa.Column("strikes", sa.Uuid(), nullable=True),
        *_recorded(),
        sa.CheckConstraint("what IN ('activity', 'dues')", name=op.f("ck_certificate_entry_what")),
        _key("certificate_entry", "certificate_id", "activity_certificate"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_certificate_entry")),
    )
    op.create_foreign_key(
        op.f("fk_certificate_entry_tenant_id_strikes_certificate_entry"),
        "certificate_entry",
        "certificate_entry",
        ["tenant_id", "strikes"],
        ["tenant_id", "id"],
    )
    op.create_index(
        "ix_certificate_entry_certificate",
        "certificate_entry",
        ["tenant_id", "certificate_id", "happened_on"],
    )
    _unique("uq_certificate_entry_strikes", "certificate_entry", "strikes", "strikes IS NOT NULL")
