"""Near cases, who follows them, and who is blocked."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nothing yet."""
