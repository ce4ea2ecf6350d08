"""First talks, self-reports and further facts of an episode."""

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    pass
