"""A strict fake of the Zalo Bot API: `from tests.fakes.zalo_bot import FakeZaloBot`."""

from tests.fakes.zalo_bot.fake import FakeZaloBot
from tests.fakes.zalo_bot.people import Person, Seen
from tests.fakes.zalo_bot.server import FaultKind

__all__ = ["FakeZaloBot", "FaultKind", "Person", "Seen"]
