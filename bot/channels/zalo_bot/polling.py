"""Asking for events one by one. The platform wants no acknowledgement: what is in our hand is nowhere else any more.

So nothing more is asked for before an event has become a turn or is kept, and an event is never let go of while the
process lives; what people write while it does not is lost (only a webhook is brought again).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.channels.base import Count, Receive
from bot.channels.zalo_bot.parse import EMPTY_POLL, Ignored, Parsed, Read, Refused, parse_update

log = logging.getLogger(__name__)

LONG_POLL = 25
"""Seconds an empty getUpdates is held open."""
_EARLY = 0.5
"""Seconds: an empty answer that comes sooner was not waited for, and is asked for again only after a pause."""


def backoff(failures: int, first: float, last: float = 30.0) -> float:
    """Seconds to wait after so many failures in a row: 1, 2, 4 ... 30 where `first` is 1."""
    return min(first * 2.0 ** min(failures - 1, 16), last)


@dataclass(frozen=True, slots=True)
class Polling:
    """The loop of one channel account.

    `fetch(seconds)` gives the raw answer of getUpdates and raises OSError when there is none. `receive` returns when
    the turn is committed or safely kept; when it raises, the same event is handed over again. `now()` is UTC ms.
    """

    channel_account: int
    fetch: Callable[[int], Awaitable[bytes]]
    receive: Receive
    count: Count
    now: Callable[[], int]
    timeout: int = LONG_POLL
    first_backoff: float = 1.0

    async def run(self, stop: asyncio.Event) -> None:
        """Ask until `stop` is set; an event already in hand is let become a turn."""
        failures = 0
        while not stop.is_set():
            asked_at = asyncio.get_running_loop().time()
            answer = await self._ask(stop)
            if answer is None:
                return
            if isinstance(answer, Refused) and answer.code == EMPTY_POLL:
                failures = 0
                if asyncio.get_running_loop().time() - asked_at < min(_EARLY, self.timeout / 2):
                    await _until(stop, self.first_backoff)
            elif isinstance(answer, Refused):
                failures += 1
                self.count("polling.failed", 1)
                log.warning("getUpdates failed: %s %s", answer.code, answer.description)
                await _until(stop, backoff(failures, self.first_backoff))
            else:
                failures = 0
                await self._hand_over(answer, stop)

    async def _ask(self, stop: asyncio.Event) -> Parsed | Refused | None:
        """One getUpdates, or None when `stop` came first."""
        asking = asyncio.ensure_future(self.fetch(self.timeout))
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                return None
            return parse_update(asking.result(), account=self.channel_account, at=self.now())
        except OSError as error:
            return Refused(0, type(error).__name__)
        finally:
            asking.cancel()
            stopping.cancel()
            await asyncio.gather(asking, stopping, return_exceptions=True)

    async def _hand_over(self, answer: Parsed, stop: asyncio.Event) -> None:
        if not isinstance(answer, Read):
            self.count(f"polling.{answer.why}" if isinstance(answer, Ignored) else "polling.unreadable", 1)
            return
        if answer.removed:
            self.count("zalo_bot.removed_characters", answer.removed)
        failures = 0
        while True:
            try:
                await self.receive(answer.inbound)
            except Exception as error:  # noqa: BLE001 - whatever it was, nobody else has this event
                failures += 1
                self.count("polling.turn_failed", 1)
                # Only the kind of error: its text could carry what the person wrote.
                log.error("an event was not taken: %s", type(error).__name__)
                if stop.is_set():
                    self.count("polling.lost", 1)
                    return
                await _until(stop, backoff(failures, self.first_backoff))
            else:
                return


async def _until(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
