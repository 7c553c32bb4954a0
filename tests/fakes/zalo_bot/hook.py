"""Bringing events to a webhook: the secret in the header, a few tries, in order unless a test shuffles them."""

import asyncio
import io
import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.fakes.zalo_bot.world import Waiting, World

TRIES = 50
"""How often an event is brought that is not answered with a 2xx. Undocumented; then it is lost."""


@dataclass(frozen=True)
class Delivery:
    """One attempt; `status` is 0 when nobody answered."""

    message_id: str
    status: int


class Postman:
    """Delivers while a webhook is set. Waits `first_pause` seconds after a failure, doubling up to half a second."""

    def __init__(self, world: World, first_pause: float = 0.02) -> None:
        self.world = world
        self.deliveries: list[Delivery] = []
        self._first_pause = first_pause
        self._session: aiohttp.ClientSession | None = None

    async def run(self) -> None:
        """Run until cancelled."""
        pause = self._first_pause
        try:
            while True:
                if not self.world.hook.url or not self.world.queue or self.world.held:
                    await self.world.changed.wait()
                    continue
                if await self._deliver(self.world.queue[0]):
                    pause = self._first_pause
                    continue
                await asyncio.sleep(pause)
                pause = min(pause * 2, 0.5)
        finally:
            if self._session is not None:
                await self._session.close()

    async def verify(self) -> dict[str, Any]:
        """Whether the webhook answers an empty probe: what setWebhook says of it."""
        status = await self._post(b"")
        if 200 <= status < 300:
            return {"ok": True, "outcome": "webhook.ok"}
        return {"ok": False, "outcome": f"webhook.http.{status}" if status else "webhook.unreachable"}

    async def _deliver(self, waiting: Waiting) -> bool:
        world = self.world
        status = await self._post(json.dumps(world.body(waiting.event)).encode())
        waiting.tries += 1
        self.deliveries.append(Delivery(waiting.event["message"]["message_id"], status))
        taken = 200 <= status < 300
        if taken or waiting.tries >= TRIES:
            world.queue = [one for one in world.queue if one is not waiting]
            (world.brought if taken else world.lost).append(waiting.event)
        world.stir()
        return taken

    async def _post(self, body: bytes) -> int:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"User-Agent": "Java/1.8.0_192"})
        hook = self.world.hook
        headers = {"Content-Type": "application/json", "X-Bot-Api-Secret-Token": hook.secret}
        try:
            async with self._session.post(
                hook.url, data=io.BytesIO(body), headers=headers, timeout=aiohttp.ClientTimeout(10)
            ) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0
