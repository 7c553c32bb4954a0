"""Kinds, who handles what, projects, and who had a case before."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing yet."""
