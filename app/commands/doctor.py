"""`nghedan doctor`: is everything as it should be, and if not, what to do."""

from app.commands.common import Config


def doctor(config: Config = None) -> None:
    """Check everything."""
