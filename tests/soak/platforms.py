"""All three platforms at once, as fakes."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOa
from tests.soak.mishaps import Mishaps

SECRET = "bi-mat_2026"


@dataclass(frozen=True)
class Fakes:
    """The three platforms."""

    telegram: FakeTelegram
    zalo_bot: FakeZaloBot
    zalo_oa: FakeZaloOa

    @property
    def by_channel(self) -> dict[str, Any]:
        """Each by the name of its channel."""
        return {"telegram": self.telegram, "zalo_bot": self.zalo_bot, "zalo_oa": self.zalo_oa}

    def settings(self, mode: str = "webhook") -> dict[str, dict[str, str]]:
        """The sections of all three; `mode` is Telegram's."""
        secret = {"webhook_secret": SECRET}
        return {
            "telegram": {"token": self.telegram.token, "api_base": self.telegram.api_base, "mode": mode} | secret,
            "zalo_bot": {"token": self.zalo_bot.token, "api_base": self.zalo_bot.api_base, "mode": "webhook"} | secret,
            "zalo_oa": self.zalo_oa.settings,
        }

    def go_wrong(self, mishaps: Mishaps | None) -> None:
        """From now on calls fail as the mishaps draw; or, with None, no more."""
        for name, fake in self.by_channel.items():
            mishap = getattr(mishaps, name) if mishaps else lambda _call: None
            fake.do(partial(_set_mishap, fake._server, mishap))

    def advance_to(self, now: float) -> None:
        """Have their clocks say `now`, in seconds."""
        for fake in self.by_channel.values():
            fake.do(partial(_set_clock, now))


def _set_clock(now: float, world: Any) -> None:
    world.ahead = now - time.time()
    world.stir()


def _set_mishap(server: Any, mishap: Callable[[str], Any], _world: Any) -> None:
    server.mishap = mishap


@contextmanager
def platforms() -> Iterator[Fakes]:
    """All three, for the length of the block."""
    with ExitStack() as stack:
        telegram = stack.enter_context(FakeTelegram())
        zalo_bot = stack.enter_context(FakeZaloBot())
        yield Fakes(telegram, zalo_bot, stack.enter_context(FakeZaloOa()))
