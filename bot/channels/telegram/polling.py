"""Long polling that never acknowledges what is not done: the next offset goes out when every turn has returned."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.channels.base import Count
from bot.channels.telegram.acknowledge import Acknowledgements
from bot.channels.telegram.in_group import InGroup
from bot.channels.telegram.parse import Batch, Parsed, Read, Refused, Unreadable, counted, parse_batch
from bot.conversation.messages import Inbound

log = logging.getLogger(__name__)

LONG_POLL = 25
"""Seconds Telegram holds an empty getUpdates open."""


def backoff(failures: int, first: float = 1.0, last: float = 30.0) -> float:
    """Seconds to wait after so many failures in a row: 1, 2, 4 ... 30."""
    return min(first * 2.0 ** min(failures - 1, 16), last)


@dataclass(frozen=True, slots=True)
class Polling:
    """The loop of one channel account.

    `fetch(offset, seconds)` gives the raw answer of getUpdates and raises OSError when there is none. `receive`
    returns when the turn is committed or safely kept; when it raises, that update and what follows it from the same
    person come again. `load_cursor` and `save_cursor` keep the next offset (0 at first). `conflict(description)` is
    told when another process polls with the same token or a webhook is set, `in_group(event)` what happens in groups.
    """

    channel_account: int
    fetch: Callable[[int, int], Awaitable[bytes]]
    receive: Callable[[Inbound], Awaitable[None]]
    load_cursor: Callable[[], Awaitable[int]]
    save_cursor: Callable[[int], Awaitable[None]]
    count: Count
    now: Callable[[], int]
    conflict: Callable[[str], None]
    acknowledgements: Acknowledgements
    in_group: Callable[[InGroup], None] = lambda _event: None
    timeout: int = LONG_POLL
    first_backoff: float = 1.0

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set; a waiting getUpdates is dropped at once, a turn already begun is let finish."""
        cursor = await self.load_cursor()
        failures = 0
        while not stop.is_set():
            answer = await self._ask(cursor, stop)
            if answer is None:
                return
            done, least = await self._deal(answer, cursor, stop)
            if done != cursor:
                await self._keep(done)
                cursor = done
            if least is None:
                failures = 0
                continue
            failures += 1
            await _until(stop, max(backoff(failures, self.first_backoff), least))

    async def _ask(self, cursor: int, stop: asyncio.Event) -> Batch | Refused | Unreadable | None:
        """One getUpdates, or None when `stop` came first."""
        asking = asyncio.ensure_future(self.fetch(cursor, self.timeout))
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                return None
            return parse_batch(asking.result(), account=self.channel_account, at=self.now())
        except OSError as error:
            return Refused(0, type(error).__name__)
        finally:
            asking.cancel()
            stopping.cancel()
            await asyncio.gather(asking, stopping, return_exceptions=True)

    async def _deal(
        self, answer: Batch | Refused | Unreadable, cursor: int, stop: asyncio.Event
    ) -> tuple[int, float | None]:
        """The next offset, and None when all went well or else the least seconds to wait before asking again."""
        if isinstance(answer, Batch):
            done = await self._work(answer.updates, cursor, stop)
            # A batch that moved nothing would come again at once, for ever.
            stuck = bool(answer.updates) and (done == cursor or done <= max(_ids(answer.updates), default=0))
            return done, 0.0 if stuck else None
        if isinstance(answer, Unreadable):
            self.count("polling.unreadable", 1)
            return cursor, 0.0
        self.count("polling.failed", 1)
        if answer.code == 409:
            self.conflict(answer.description)
        else:
            log.warning("getUpdates failed: %s %s", answer.code, answer.description)
        return cursor, float(answer.retry_after)

    async def _work(self, updates: Sequence[Parsed], cursor: int, stop: asyncio.Event) -> int:
        """Run every turn of a batch; the offset up to which nothing is left undone.

        It may be lower than `cursor`: after a week of silence Telegram numbers anew and answers from its oldest.
        """
        persons: dict[str, list[Read]] = {}
        for update in updates:
            if isinstance(update, Read):
                persons.setdefault(update.inbound.person, []).append(update)
            else:
                self.count(f"polling.{counted(update)}", 1)
                if isinstance(update, InGroup):
                    self.in_group(update)
        undone = await asyncio.gather(*(self._one_person(own, stop) for own in persons.values()))
        left = [update_id for update_id in undone if update_id is not None]
        return min(left) if left else max((one + 1 for one in _ids(updates)), default=cursor)

    async def _one_person(self, updates: list[Read], stop: asyncio.Event) -> int | None:
        """One person's turns, strictly one after the other; the id of the first that was not done, or None."""
        for update in updates:
            if stop.is_set():
                return update.update_id
            try:
                await self.acknowledgements.around(update.inbound, self.receive)
            except Exception as error:  # noqa: BLE001 - whatever it was, the update is not acknowledged
                self.count("polling.turn_failed", 1)
                # Only the kind of error: its text could carry what the person wrote.
                log.error("update %d was not taken: %s", update.update_id, type(error).__name__)
                return update.update_id
            if update.removed:
                self.count("telegram.removed_characters", update.removed)
        return None

    async def _keep(self, cursor: int) -> None:
        try:
            await self.save_cursor(cursor)
        except Exception as error:  # noqa: BLE001 - the dedupe keys make a lost cursor harmless
            self.count("polling.cursor_not_saved", 1)
            log.error("the cursor %d was not saved: %s", cursor, type(error).__name__)


def _ids(updates: Sequence[Parsed]) -> list[int]:
    return [update.update_id for update in updates if update.update_id is not None]


async def _until(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
