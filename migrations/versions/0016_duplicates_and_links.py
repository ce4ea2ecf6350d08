"""Duplicates, merged by a link and taken apart again."""

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    pass
