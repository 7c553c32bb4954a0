"""Requests of people about their own data, with their clocks."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing yet."""
