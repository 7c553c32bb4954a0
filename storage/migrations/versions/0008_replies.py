"""Answers by fixed parts with evidence, signed off before they go."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing yet."""
