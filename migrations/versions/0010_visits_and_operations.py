"""Visits, wishes that became requests, and operations from tablets."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass
