"""A pressed button stops spinning: answered after its turn, outside the outbox; failures are only counted."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.channels.base import Count, Outcome, Receive, Sent
from bot.conversation.messages import Inbound

Answer = Callable[[str], Awaitable[Outcome]]
PATIENCE = 5.0
"""Seconds that a button spins at most: Telegram takes the acknowledgement for about 15."""


class Acknowledgements:
    """Answers presses in the background, so that neither the next turn nor the 200 waits for the platform."""

    def __init__(self, answer: Answer, count: Count) -> None:
        self.patience = PATIENCE
        self._answer = answer
        self._count = count
        self._running: set[asyncio.Task[None]] = set()

    async def around(self, inbound: Inbound, receive: Receive) -> None:
        """`receive(inbound)`; a press is acknowledged when it is done, when it fails, and in any case soon."""
        if not inbound.callback:
            await receive(inbound)
            return
        turn = asyncio.ensure_future(receive(inbound))
        try:
            await asyncio.wait([turn], timeout=self.patience)
        finally:
            self.start(inbound.callback)
        await turn

    def start(self, callback: str) -> None:
        """Acknowledge the press with this id soon; returns at once."""
        task = asyncio.create_task(self._acknowledge(callback))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def settle(self) -> None:
        """Wait until every acknowledgement begun so far has ended."""
        await asyncio.gather(*self._running)

    async def _acknowledge(self, callback: str) -> None:
        try:
            outcome = await self._answer(callback)
        except Exception:  # noqa: BLE001 - whatever went wrong, the person has been answered already
            outcome = None
        if not isinstance(outcome, Sent):
            self._count("telegram.unacknowledged", 1)
