"""A strict fake of the Telegram Bot API: `from tests.fakes.telegram import FakeTelegram`."""

from tests.fakes.telegram.fake import FakeTelegram
from tests.fakes.telegram.people import Person, Seen
from tests.fakes.telegram.server import FaultKind

__all__ = ["FakeTelegram", "FaultKind", "Person", "Seen"]
