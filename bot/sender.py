"""Claim -> limits -> send -> record: messages leave in the order of their chat, and every outcome is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.channels.base import Address, Channel, Failed, Gone, Outcome, Sent, Throttled, WindowClosed
from bot.conversation.messages import Bubble

BATCH = 30
LEASE = 60_000
"""Milliseconds a message belongs to one process; longer than any send may take."""
POLL = 1.0
"""Seconds between looks when nothing wakes us: another process may have written."""


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
    """What becomes of a letter: state sent | later | dead | gone; `after` ms until the next try."""

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
        case Throttled(after=after):
            return Record("later", after=after, fault="throttled", counts=False)
        case Gone(why=why):
            return Record("gone", fault=why)
        case WindowClosed(why=why):
            return Record("dead", fault=why)
        case Failed(why=why, retry=True, uncertain=uncertain):
            return Record("later", after=backoff(tries), fault=why, uncertain=uncertain)
        case Failed(why=why):
            return Record("dead", fault=why)


async def run(channel: Channel, post: Post, limits: Limits, stop: asyncio.Event, now: Callable[[], int]) -> None:
    """Send until `stop` is set; what is being sent then is let finish and recorded."""
    while not stop.is_set():
        letters = await post.claim(BATCH, LEASE)
        if not letters:
            await _either(post.wait(POLL), stop)
            continue
        outcomes = await asyncio.gather(*(_send(channel, letter, limits, now) for letter in letters))
        await post.record(
            [(letter, verdict(outcome, letter.tries)) for letter, outcome in zip(letters, outcomes, strict=True)]
        )


async def _send(channel: Channel, letter: Letter, limits: Limits, now: Callable[[], int]) -> Outcome:
    chat = letter.address.chat
    while (wait := limits.take(chat, now())) > 0:
        if wait > LEASE // 4:
            # Longer than this process may hold the letter: give it back instead of sleeping on it.
            return Throttled(wait)
        await asyncio.sleep(wait / 1000)
    outcome = await channel.send(letter.address, letter.bubble)
    if isinstance(outcome, Throttled):
        limits.hold(chat, outcome.after, now())
    return outcome


async def _either(waiting: Awaitable[None], stop: asyncio.Event) -> None:
    tasks = [asyncio.ensure_future(waiting), asyncio.ensure_future(stop.wait())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
