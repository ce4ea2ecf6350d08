"""The register of transfer letters."""

import sqlalchemy as sa
from alembic import op

from migrations.policies import moved_and_erased, own_tenant

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "transfer_letter",
        sa.Column(
            "tenant_id", sa.BigInteger(), server_default=sa.text("app_tenant()"), nullable=False
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("destination", sa.String(length=80), nullable=False),
        sa.Column("receiver", sa.String(length=80), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="issued", nullable=False),
        sa.Column("presented_on", sa.Date(), nullable=True),
        sa.Column("lost_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("said_by", sa.Uuid(), nullable=True),
        sa.Column(
            "registered_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('issued', 'presented', 'lost', 'closed', 'voided', 'withdrawn')",
            name=op.f("ck_transfer_letter_state"),
        ),
        sa.CheckConstraint("valid_to >= issued_on", name=op.f("ck_transfer_letter_valid_to")),
        sa.CheckConstraint(
            "(state IN ('closed', 'voided', 'withdrawn')) = (ended_on IS NOT NULL)",
            name=op.f("ck_transfer_letter_ended_on"),
        ),
        sa.CheckConstraint(
            "state <> 'presented' OR presented_on IS NOT NULL",
            name=op.f("ck_transfer_letter_presented_on"),
        ),
        sa.CheckConstraint(
            "state <> 'lost' OR lost_on IS NOT NULL", name=op.f("ck_transfer_letter_lost_on")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.id"],
            name=op.f("fk_transfer_letter_tenant_id_member_id_member"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "replaces_id"],
            ["transfer_letter.tenant_id", "transfer_letter.id"],
            name=op.f("fk_transfer_letter_tenant_id_replaces_id_transfer_letter"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_transfer_letter")),
    )
    for name, columns in (
        ("uq_transfer_letter_number", ["tenant_id", "number"]),
        ("uq_transfer_letter_replaces", ["tenant_id", "replaces_id"]),
    ):
        op.create_index(name, "transfer_letter", columns, unique=True)
    op.create_index(
        "uq_transfer_letter_open",
        "transfer_letter",
        ["tenant_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('issued', 'presented', 'lost')"),
    )
    op.create_index("ix_transfer_letter_member", "transfer_letter", ["tenant_id", "member_id"])
    op.create_index(
        "ix_transfer_letter_valid_to", "transfer_letter", ["tenant_id", "state", "valid_to"]
    )
    own_tenant("transfer_letter", area=False)
    moved_and_erased("transfer_letter", area=False)
