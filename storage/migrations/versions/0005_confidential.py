"""Cases that one named person alone may see, the register of petitions by law, and the chain of acts."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing yet."""
