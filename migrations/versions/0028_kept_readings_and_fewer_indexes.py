"""A checked roster keeps what was read of it; members lose the indexes that nobody asks by."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("roster_import", sa.Column("reading_sealed", sa.LargeBinary(), nullable=True))
    # Each index is paid for by every row of a roster that comes in. Names are asked for by
    # `ix_member_find`; homes by their own index: with the tenant before them it costs five times
    # as much to keep, and no two communities' homes lie on the same ground.
    op.drop_index("ix_member_tenant_home", table_name="member")
    op.drop_index("ix_member_name", table_name="member")
    _only_where_known("ix_member_branch", "branch_id")
    _only_where_known("ix_member_home_building", "home_building_id")


def _only_where_known(index: str, column: str) -> None:
    op.drop_index(index, table_name="member")
    op.create_index(
        index,
        "member",
        ["tenant_id", column],
        postgresql_where=sa.text(f"{column} IS NOT NULL"),
    )
