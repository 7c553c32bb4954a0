"""Dialogues and receptions: sessions, bookings, minutes and promises."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing yet."""
