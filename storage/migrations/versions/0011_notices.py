"""What people ask the commune, and plain notices."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nothing yet."""
