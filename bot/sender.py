"""Claim -> limits -> send -> record: messages leave in the order of their chat, and every outcome is kept."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from bot.channels.base import Address, Channel, Failed, Gone, Outcome, Sent, Throttled, WindowClosed
from bot.conversation.messages import Bubble

BATCH = 30
"""Messages that are held until the limits let them go: so many answers and notices, and so many of those to many."""
IN_FLIGHT = 100
"""Messages that the platform has not answered yet."""
LEASE = 60_000
"""Milliseconds a message belongs to one process; longer than any send may take."""
PATIENCE = LEASE // 4
"""Milliseconds that a message is held at most before it is given back, to be claimed when its time has come."""
_A_WHILE = 1_000
"""Milliseconds that a message is given where nobody can say when there is room for it."""
POLL = 1.0
"""Seconds between looks when nothing wakes us: another process may have written."""
LOOK_AGAIN = 0.02
"""Seconds between looks because a message has left: its chat may have another."""
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
    many: bool = False
    """It goes to many people: an answer to somebody who waits for it goes first."""


class Limits(Protocol):
    """How fast a platform lets us send."""

    def take(self, chat: str, now: int, *, many: bool = False) -> int:
        """Milliseconds to wait before a message to `chat` (one of `many`); 0 means now, and it is counted."""
        ...

    def hold(self, chat: str, after: int, now: int) -> None:
        """The platform asked to wait for this chat."""
        ...


class Post(Protocol):
    """What the sender needs of the store, for one channel account."""

    async def claim(self, limit: int, lease: int, many: int) -> list[Letter]:
        """At most `limit` letters that are due, most urgent first; at most `many` of them go to many people."""
        ...

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

    A letter is held until the limits let it go, the most urgent first; then it goes its own way: a chat that has to
    wait, or an answer that does not come, holds nobody else, and what has arrived is recorded at once. Whatever the
    store does, this goes on.
    """
    desk = _Desk(channel, post, limits, now)
    stopping = asyncio.ensure_future(stop.wait())
    stopping.add_done_callback(desk.stirred)
    woken: asyncio.Future[None] | None = None
    while not stop.is_set():
        desk.stir.clear()
        if woken is None or woken.done():
            # Begun before looking, so that nothing written meanwhile is missed.
            woken, desk.news = asyncio.ensure_future(post.wait(POLL)), True
            woken.add_done_callback(desk.stirred)
        await desk.look()
        with suppress(TimeoutError):
            await asyncio.wait_for(desk.stir.wait(), desk.let_go())
    stopping.cancel()
    if woken is not None:
        woken.cancel()
        await asyncio.gather(woken, return_exceptions=True)
    desk.give_back()
    await asyncio.gather(*desk.sending)


class _Desk:
    """Letters on their way from the store to the platform."""

    def __init__(self, channel: Channel, post: Post, limits: Limits, now: Callable[[], int]) -> None:
        self._channel, self._post, self._limits, self._now = channel, post, limits, now
        self._held: list[tuple[Letter, int]] = []
        """With the time each was claimed."""
        self._looked = 0.0
        self._left = False
        self.news = True
        """Something was written, as far as we know."""
        self.sending: set[asyncio.Task[None]] = set()
        self.stir = asyncio.Event()

    def stirred(self, done: "asyncio.Future[Any]") -> None:
        """Something has ended that was waited for; its fault, if it had one, has been seen."""
        if not done.cancelled():
            done.exception()
        self.stir.set()

    async def look(self) -> None:
        """Claim what may be claimed, where something new may be found and there is room for it."""
        room, of_many = self._room()
        if not room or not (self.news or (self._left and self._again() <= 0)):
            return
        self.news = self._left = False
        self._looked = asyncio.get_running_loop().time()
        now = self._now()
        try:
            letters = await self._post.claim(room, LEASE, min(room, of_many))
        except Exception as fault:  # noqa: BLE001 - the store may be full or locked; the letters are still there later
            log.error("letters cannot be claimed: %s", type(fault).__name__)
            return
        self._held += [(letter, now) for letter in letters]
        self._held.sort(key=lambda one: one[0].many)

    def _room(self) -> tuple[int, int]:
        """For how many letters more, and for how many that go to many people."""
        many = sum(letter.many for letter, _since in self._held)
        return BATCH - (len(self._held) - many), BATCH - many

    def _again(self) -> float:
        """Seconds until the next look because a letter has left."""
        return self._looked + LOOK_AGAIN - asyncio.get_running_loop().time()

    def let_go(self) -> float:
        """Let go what may go now; the seconds until something else may have to be done."""
        kept: list[tuple[Letter, int]] = []
        soonest = POLL
        now = self._now()
        for letter, since in self._held:
            wait = _A_WHILE
            if len(self.sending) < IN_FLIGHT:
                wait = self._limits.take(letter.address.chat, self._now(), many=letter.many)
            if wait > PATIENCE or (wait and now - since > PATIENCE):
                self._begin(letter, Throttled(wait))  # longer than this process may hold it: given back
            elif wait:
                kept.append((letter, since))
                soonest = min(soonest, wait / 1000)
            else:
                self._begin(letter)
        self._held = kept
        return min(soonest, max(self._again(), 0)) if self._left and self._room()[0] else soonest

    def give_back(self) -> None:
        """What is held will not be sent by this process."""
        for letter, _since in self._held:
            self._begin(letter, Throttled(0))

    def _begin(self, letter: Letter, known: Outcome | None = None) -> None:
        task = asyncio.create_task(self._deliver(letter, known))
        self.sending.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self.sending.discard(task)
        self._left = True
        self.stirred(task)

    async def _deliver(self, letter: Letter, known: Outcome | None) -> None:
        outcome = known or await self._send(letter)
        record = verdict(outcome, letter.tries)
        for pause in RECORD_AGAIN:
            try:
                await self._post.record([(letter, record)])
            except Exception as fault:  # noqa: BLE001 - it has been sent all the same, so it is worth another try
                log.error("letter %d cannot be recorded: %s", letter.id, type(fault).__name__)
                await asyncio.sleep(pause)
            else:
                return
        # Its lease runs out: then it goes out once more, marked as uncertain.

    async def _send(self, letter: Letter) -> Outcome:
        try:
            outcome = await self._channel.send(letter.address, letter.bubble)
        except Exception as fault:  # noqa: BLE001 - a fault of ours: this letter is dead, its chat goes on
            log.error("letter %d cannot be sent: %s", letter.id, type(fault).__name__)
            return Failed(type(fault).__name__, retry=False)
        if isinstance(outcome, Throttled):
            self._limits.hold(letter.address.chat, outcome.after, self._now())
        return outcome
