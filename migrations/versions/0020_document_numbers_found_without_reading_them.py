"""A member's document number: sealed, and found again by a keyed blind value."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("member", sa.Column("document_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("member", sa.Column("document_blind", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_member_document_blind",
        "member",
        ["tenant_id", "document_blind"],
        unique=False,
        postgresql_where=sa.text("document_blind IS NOT NULL"),
    )
