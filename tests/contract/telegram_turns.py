"""What stands where the turn is in tests of how updates come in."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.conversation.messages import Inbound

NOW = 1_795_000_000_000


@dataclass
class Turns:
    """Stands where the turn is: keeps what came, and waits or fails when a test says so."""

    came: list[Inbound] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    cursor: int = 0
    conflicts: list[str] = field(default_factory=list)
    before: Callable[[Inbound], Awaitable[None]] | None = None
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, inbound: Inbound) -> None:
        if self.before is not None:
            await self.before(inbound)
        self.came.append(inbound)
        self.heard.set()

    def count(self, name: str, by: int) -> None:
        self.counts[name] += by

    async def load(self) -> int:
        return self.cursor

    async def save(self, cursor: int) -> None:
        self.cursor = cursor

    def conflict(self, description: str) -> None:
        self.conflicts.append(description)
        self.heard.set()

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until it is so; the deadline is the test's."""
        async with asyncio.timeout(60):
            while not true():
                self.heard.clear()
                await self.heard.wait()

    @property
    def said(self) -> list[str]:
        return [one.text or one.choice or one.kind for one in self.came]
