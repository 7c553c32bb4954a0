"""Bringing events to the webhook: signed, unordered, again after 30 s, 5 min, 15 min, 30 min, 1 h, then never."""

import asyncio
import hashlib
import io
import json
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp

from tests.fakes.zalo_oa.world import APP_ID, APP_SECRET, OA_ID, OA_SECRET, World

LADDER = (30, 300, 900, 1800, 3600)
"""Seconds, of the fake's own clock, between one try and the next."""
PATIENCE = 2.0
"""Seconds that an answer may take, unless a test is not about that."""


@dataclass
class Event:
    """An event on its way; `tries` that failed."""

    body: bytes
    due: float
    tries: int = 0


@dataclass(frozen=True)
class Delivery:
    """One attempt; `status` is 0 when nobody answered in time."""

    body: bytes
    status: int
    number: int

    @property
    def event(self) -> dict[str, Any]:
        """What was brought."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Hook:
    """The webhook as the console of the app has it."""

    url: str = ""
    on: bool = True
    copies: int = 1
    first: Literal["app_id", "oa_id"] = "app_id"
    secret: Literal["oa", "app"] = "oa"
    held: bool = False
    patience: float = PATIENCE
    waiting: list[Event] = field(default_factory=list)


class Postman:
    """Delivers while a webhook is set and on; several events at a time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.hook = Hook()
        self.deliveries: list[Delivery] = []
        self.under_way = 0

    def put(self, event: dict[str, Any]) -> bytes:
        """Queue an event as it is; its body. With the webhook off it is lost, as on the real platform."""
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        if self.hook.url and self.hook.on:
            self.hook.waiting += [Event(body, self.world.now()) for _ in range(self.hook.copies)]
            self.world.stir()
        return body

    def header(self, body: bytes, *, secret: str = "") -> str:
        """The signature of a body; `secret` is another than the right one."""
        first = APP_ID if self.hook.first == "app_id" else OA_ID
        known = OA_SECRET if self.hook.secret == "oa" else APP_SECRET
        timestamp = str(json.loads(body.decode("utf-8", "surrogatepass")).get("timestamp", ""))
        said = first.encode() + body + timestamp.encode() + (secret or known).encode()
        return f"mac={hashlib.sha256(said).hexdigest()}"

    async def run(self) -> None:
        """Run until cancelled."""
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
            while True:
                changed = self.world.changed
                hook, now = self.hook, self.world.now()
                due = [] if hook.held or not hook.on else [one for one in hook.waiting if one.due <= now]
                for event in due:
                    hook.waiting.remove(event)
                    self.under_way += 1
                    group.create_task(self._deliver(session, event))
                await changed.wait()

    async def bring(self, session: aiohttp.ClientSession, body: bytes, number: int = 0) -> int:
        """One attempt; the status, 0 for no answer in time."""
        headers = {"Content-Type": "application/json", "X-ZEvent-Signature": self.header(body)}
        if number:
            headers["num_retry"] = str(number)
        timeout = aiohttp.ClientTimeout(self.hook.patience)
        try:
            async with session.post(self.hook.url, data=io.BytesIO(body), headers=headers, timeout=timeout) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        self.deliveries.append(Delivery(body, status, number))
        return status

    async def _deliver(self, session: aiohttp.ClientSession, event: Event) -> None:
        status = await self.bring(session, event.body, event.tries)
        self.under_way -= 1
        if status != 200:
            if event.tries == len(LADDER):
                # Until somebody switches it on again by hand; what was to come is lost.
                self.hook.on = False
                self.hook.waiting.clear()
            else:
                event.due = self.world.now() + LADDER[event.tries]
                event.tries += 1
                self.hook.waiting.append(event)
        self.world.stir()
