"""Claim -> limits -> send -> record: messages leave in the order of their chat, and every outcome is kept."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from bot.channels.base import Address, Channel, Failed, Gone, Outcome, Sent, Throttled, WindowClosed
from bot.conversation.messages import Bubble

BATCH = 30
LEASE = 60_000
"""Milliseconds a message belongs to one process; longer than any send may take."""
POLL = 1.0
"""Seconds between looks when nothing wakes us: another process may have written."""
RECORD_AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between tries to record an outcome; together less than a lease."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed message."""

    id: int
    address: Address
    bubble: Bubble
    tries: int


class Limits(Protocol):
    """How fast a platform lets us send."""

    def take(self, chat: str, now: int) -> int:
        """Milliseconds to wait before a message to `chat`; 0 means now, and it is counted."""
        ...

    def hold(self, chat: str, after: int, now: int) -> None:
        """The platform asked to wait for this chat."""
        ...


class Post(Protocol):
    """What the sender needs of the store, for one channel account."""

    async def claim(self, limit: int, lease: int) -> list[Letter]: ...

    async def record(self, outcomes: list[tuple[Letter, "Record"]]) -> None: ...

    async def wait(self, seconds: float) -> None:
        """Return when something may be ready, or after that time."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """What becomes of a letter: state sent | later | held | dead | gone; `after` ms until the next try."""

    state: str
    ref: str = ""
    after: int = 0
    fault: str = ""
    counts: bool = True
    uncertain: bool = False


def backoff(tries: int) -> int:
    """Milliseconds before the next try: 2 s, 4 s, 8 s ... at most 10 minutes."""
    return min(2_000 << min(tries, 16), 600_000)


def verdict(outcome: Outcome, tries: int) -> Record:
    """What an outcome means for the letter."""
    match outcome:
        case Sent(ref=ref):
            return Record("sent", ref=ref)
        case Throttled(after=after, uncertain=uncertain):
            return Record("later", after=after, fault="throttled", counts=False, uncertain=uncertain)
        case Gone(why=why):
            return Record("gone", fault=why)
        case WindowClosed(why=why):
            return Record("held", fault=why)
        case Failed(why=why, retry=True, uncertain=uncertain):
            return Record("later", after=backoff(tries), fault=why, uncertain=uncertain)
        case Failed(why=why):
            return Record("dead", fault=why)


async def run(channel: Channel, post: Post, limits: Limits, stop: asyncio.Event, now: Callable[[], int]) -> None:
    """Send until `stop` is set; what is being sent then is let finish and recorded.

    Each letter goes its own way: a chat that has to wait, or an answer that does not come, holds nobody else, and what
    has arrived is recorded at once. Whatever the store does, this goes on.
    """
    sending: set[asyncio.Task[None]] = set()
    stopping = asyncio.ensure_future(stop.wait())
    while not stop.is_set():
        # Begun before looking, so that nothing written meanwhile is missed.
        woken = asyncio.ensure_future(post.wait(POLL))
        letters = await _claim(post, BATCH - len(sending))
        sending |= {asyncio.create_task(_deliver(channel, post, letter, limits, stop, now)) for letter in letters}
        if not letters:
            await asyncio.wait({woken, stopping, *sending}, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        await asyncio.gather(woken, return_exceptions=True)
        sending = {task for task in sending if not task.done()}
    stopping.cancel()
    await asyncio.gather(*sending)


async def _claim(post: Post, room: int) -> list[Letter]:
    if room <= 0:
        return []
    try:
        return await post.claim(room, LEASE)
    except Exception as fault:  # noqa: BLE001 - the store may be full or locked; the letters are still there later
        log.error("letters cannot be claimed: %s", type(fault).__name__)
        return []


async def _deliver(
    channel: Channel, post: Post, letter: Letter, limits: Limits, stop: asyncio.Event, now: Callable[[], int]
) -> None:
    try:
        outcome = await _send(channel, letter, limits, stop, now)
    except Exception as fault:  # noqa: BLE001 - a fault of ours: this letter is dead, its chat goes on
        log.error("letter %d cannot be sent: %s", letter.id, type(fault).__name__)
        outcome = Failed(type(fault).__name__, retry=False)
    record = verdict(outcome, letter.tries)
    for pause in RECORD_AGAIN:
        try:
            await post.record([(letter, record)])
        except Exception as fault:  # noqa: BLE001 - it has been sent all the same, so it is worth another try
            log.error("letter %d cannot be recorded: %s", letter.id, type(fault).__name__)
            await asyncio.sleep(pause)
        else:
            return
    # Its lease runs out: then it goes out once more, marked as uncertain.


async def _send(
    channel: Channel, letter: Letter, limits: Limits, stop: asyncio.Event, now: Callable[[], int]
) -> Outcome:
    chat = letter.address.chat
    while (wait := limits.take(chat, now())) > 0:
        if wait > LEASE // 4 or stop.is_set():
            # Longer than this process may hold the letter, or will live: given back instead of slept on.
            return Throttled(wait)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait / 1000)
    outcome = await channel.send(letter.address, letter.bubble)
    if isinstance(outcome, Throttled):
        limits.hold(chat, outcome.after, now())
    return outcome
