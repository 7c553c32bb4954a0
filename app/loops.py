"""Work that goes on until the process ends, whatever ends it before its time."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from app.logs import get_logger

log = get_logger()


@dataclass(slots=True)
class Loops:
    """The loops of one channel account; `name` stands in the log."""

    name: str
    stop: asyncio.Event
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def begin(self, work: str, do: Callable[[], Awaitable[None]]) -> None:
        """Begin a piece of work; where it fails (a store that is locked or full), it is begun again."""
        self._tasks.append(asyncio.ensure_future(self._keep_going(work, do)))

    async def _keep_going(self, work: str, do: Callable[[], Awaitable[None]]) -> None:
        while not self.stop.is_set():
            try:
                await do()
            except Exception as fault:  # noqa: BLE001 - a bot that has gone deaf or dumb without a word is the worst
                log.error("channel.failed", channel=self.name, work=work, fault=type(fault).__name__)
                await self.pause(1.0)
            else:
                return

    async def pause(self, seconds: float) -> None:
        """Wait that long, or until the process is to end."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), seconds)

    async def pause_or(self, waiter: "asyncio.Future[None]", seconds: float) -> None:
        """`pause`, but no longer than until `waiter` is done."""
        stopping = asyncio.ensure_future(self.stop.wait())
        waiting: list[asyncio.Future[Any]] = [waiter, stopping]
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()

    async def finish(self) -> None:
        """Let what is under way come to its end."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
