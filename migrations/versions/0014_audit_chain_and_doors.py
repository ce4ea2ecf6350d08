"""The audit's chain, and doors to one community."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    pass
