"""Lives and deaths: children are started, killed amid their work, started again with what was not acknowledged."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from bot.conversation.messages import Inbound
from tests.chaos.child import Order
from tests.fakes.telegram import FakeTelegram, FaultKind

_ROOT = Path(__file__).parents[2]
_SECONDS = 60.0
_WAIT = 5.0
_MOMENTS = (0.0, 0.002, 0.02)
"""Seconds: kills fall right after something was heard, within the next turn or send, or anywhere later."""
_AIMED = 10
"""Every so many lives, from the first, the kill falls between a commit and its acknowledgement by intent."""
_FAULTS: tuple[tuple[FaultKind, bool], ...] = (
    ("hang", True),
    ("hang", False),
    ("half", True),
    ("drop", True),
    ("drop", False),
    ("status", False),
)


@dataclass
class Tally:
    """What the kills have met."""

    kills: int = 0
    committed_unheard: int = 0
    """Turns that were committed though the kill came before their acknowledgement."""


@dataclass
class Nursery:
    """The process that forks children, and what they have said."""

    process: asyncio.subprocess.Process
    did: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    born: int = 0
    ended: int = 0
    pid: int = 0

    async def listen(self) -> None:
        """Hear what the children say until the nursery ends."""
        out = self.process.stdout
        assert out is not None
        async for line in out:
            word, _, rest = line.decode().strip().partition(" ")
            if word == "did":
                self.did.add(rest)
            elif word == "born":
                self.pid, self.born = int(rest), self.born + 1
            elif word == "ended":
                self.ended += 1
            self.news.set()
        self.news.set()

    async def until(self, *, did: int = 0, ended: int = 0, seconds: float = _SECONDS) -> None:
        """Wait until so many events were acknowledged and so many children have ended; TimeoutError."""
        async with asyncio.timeout(seconds):
            while len(self.did) < did or self.ended < ended:
                assert self.process.returncode is None, "the nursery has ended"
                assert ended or self.ended < self.born, "the child has ended by itself"
                self.news.clear()
                await self.news.wait()

    async def begin(self, order: Order) -> None:
        """A new child."""
        before = self.born
        stdin = self.process.stdin
        assert stdin is not None
        stdin.write(msgspec.json.encode(order) + b"\n")
        await stdin.drain()
        async with asyncio.timeout(_SECONDS):
            while self.born == before:
                self.news.clear()
                await self.news.wait()

    async def kill(self) -> None:
        """SIGKILL the living child."""
        os.kill(self.pid, signal.SIGKILL)
        await self.until(ended=self.born)


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """A nursery for the length of the block; its living child is killed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.chaos.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=_ROOT,
        start_new_session=True,
    )
    built = Nursery(process)
    listening = asyncio.create_task(built.listen())
    try:
        yield built
    finally:
        if built.ended < built.born:
            os.kill(built.pid, signal.SIGKILL)
        if process.stdin is not None:
            process.stdin.close()
        await asyncio.wait_for(process.wait(), _SECONDS)
        await listening


@dataclass
class Chaos:
    """One story, told while children die. `seen` (dedupe keys) and `waiting` (work left) look into the store."""

    order: Order
    events: list[Inbound]
    fake: FakeTelegram
    random: Random
    seen: Callable[[], Awaitable[set[str]]]
    waiting: Callable[[], Awaitable[list[tuple[Any, ...]]]]
    tally: Tally = field(default_factory=Tally)

    async def play(self, kills: int) -> None:
        """Kill so many children in the middle of their work, then let the last one finish everything."""
        async with nursery() as children:
            await self._lives(children, kills)
            await children.until(did=len(self.events))
            await self._quiet()
            await children.kill()

    async def play_beside(self, kills: int, other: Order) -> None:
        """The same while a second process, which nobody kills, works on the same store at its own `other` events."""
        async with nursery() as children, nursery() as beside:
            await beside.begin(other)
            await self._lives(children, kills)
            await children.until(did=len(self.events))
            await beside.until(did=len(Path(other.events).read_bytes().splitlines()))
            await self._quiet()
            await children.kill()
            await beside.kill()

    async def _lives(self, children: Nursery, kills: int) -> None:
        for life in range(kills):
            aimed = life % _AIMED == 0 and len(children.did) < len(self.events)
            await self._begin(children, life, aimed=aimed)
            if aimed:
                await children.until(ended=children.born)
            else:
                with suppress(TimeoutError):
                    await self._some_work(children, kills - life)
                await asyncio.sleep(self.random.random() * self.random.choice(_MOMENTS))
                await children.kill()
            self.tally.kills += 1
            committed = await self.seen()
            self.tally.committed_unheard += sum(
                event.dedupe_key in committed and event.dedupe_key not in children.did for event in self.events
            )
        await self._begin(children, kills)

    async def _quiet(self) -> None:
        until = time.monotonic() + _SECONDS
        while left := await self.waiting():
            assert time.monotonic() < until, left
            await asyncio.sleep(0.02)

    async def _begin(self, children: Nursery, life: int, *, aimed: bool = False) -> None:
        left = [event for event in self.events if event.dedupe_key not in children.did]
        Path(self.order.events).write_bytes(b"\n".join(msgspec.json.encode(event) for event in left))
        kind, carried_out = self.random.choice(_FAULTS)
        self.fake.next_fault("sendMessage", kind, carried_out=carried_out)
        await children.begin(msgspec.structs.replace(self.order, life=life, aimed=aimed))

    async def _some_work(self, children: Nursery, lives: int) -> None:
        """Until a share of the turns, or of the letters, is done: kills are spread over the whole story."""
        share = (len(self.events) - len(children.did)) / lives
        more = self.random.randint(0, max(1, round(share * 2)))
        if more <= share and len(children.did) < len(self.events):
            await children.until(did=min(len(children.did) + more, len(self.events)), seconds=_WAIT)
            return
        wanted = letters(self.fake) + more
        async with asyncio.timeout(_WAIT):
            while letters(self.fake) < wanted:
                if len(children.did) == len(self.events) and not await self.waiting():
                    return
                await asyncio.sleep(0.002)


def letters(fake: FakeTelegram) -> int:
    """How many messages of ours the fake has put into its chats."""
    return fake.do(lambda world: sum(letter.from_bot for chat in world.chats.values() for letter in chat.letters))
