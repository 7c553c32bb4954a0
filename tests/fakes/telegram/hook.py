"""Bringing updates to a webhook: in order, the secret in the header, again and again until a 2xx."""

import asyncio
import io
import json
from collections import deque
from dataclasses import dataclass

import aiohttp

from tests.fakes.telegram.world import Hook, World


@dataclass(frozen=True)
class Delivery:
    """One attempt; `status` is 0 when nobody answered."""

    update_id: int
    status: int


class Postman:
    """Delivers while a webhook is set. Waits `first_pause` seconds after a failure, doubling up to a second."""

    def __init__(self, world: World, first_pause: float = 0.02) -> None:
        self.world = world
        self.deliveries: list[Delivery] = []
        self.taken: deque[bytes] = deque(maxlen=100)
        self._first_pause = first_pause

    async def run(self) -> None:
        """Run until cancelled."""
        async with aiohttp.ClientSession() as session:
            pause = self._first_pause
            while True:
                hook = self.world.hook
                if not hook.url or not self.world.updates:
                    await self.world.changed.wait()
                    continue
                if await self._deliver(session, hook):
                    pause = self._first_pause
                    continue
                await asyncio.sleep(pause)
                pause = min(pause * 2, 1.0)

    async def _deliver(self, session: aiohttp.ClientSession, hook: Hook) -> bool:
        update = self.world.updates[0]
        headers = {"Content-Type": "application/json"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        body = json.dumps(update).encode()
        timeout = aiohttp.ClientTimeout(10)
        try:
            async with session.post(hook.url, data=io.BytesIO(body), headers=headers, timeout=timeout) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        self.deliveries.append(Delivery(update["update_id"], status))
        taken = 200 <= status < 300
        if taken:
            # The test may have emptied the queue meanwhile.
            self.world.updates = [one for one in self.world.updates if one is not update]
            self.taken.append(body)
        else:
            hook.error = f"Wrong response from the webhook: {status}" if status else "Connection refused"
            hook.error_at = int(self.world.now())
        self.world.stir()
        return taken
