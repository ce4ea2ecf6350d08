"""What an office chose for its columns, and imports undone as a whole."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    pass
