"""Why somebody was taken out of the register, so that they can be found and brought back."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column(
        "member", sa.Column("left_reason", sa.String(length=10), server_default="", nullable=False)
    )
    op.execute(
        "ALTER TABLE member ADD CONSTRAINT ck_member_left_reason CHECK"
        " (left_reason IN ('', 'moved', 'returned', 'deceased', 'mistake', 'other'))"
    )
    op.create_index(
        "ix_member_left",
        "member",
        ["tenant_id", "left_on", "id"],
        postgresql_where=sa.text("left_reason <> ''"),
    )
