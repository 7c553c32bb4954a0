"""Citizens of the three platforms, and who tells them that they were heard."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Protocol, TypeVar

from tests.soak.lines import PATIENCE, TICK, Citizen, Ledger, OnTelegram, OnZaloBot, OnZaloOa
from tests.soak.platforms import Fakes

T = TypeVar("T")


class Fake(Protocol):
    """What the three fakes share."""

    async def until(self, look: Callable[[Any], T | None], seconds: float = 10, missed: str = "") -> T: ...


class Acknowledged:
    """Tells who waits for it that an event was taken; `look(world, waiting)` says which were."""

    def __init__(self, fake: Fake, look: Callable[[Any, set[Hashable]], set[Hashable]]) -> None:
        self._fake = fake
        self._look = look
        self._waiting: dict[Hashable, asyncio.Future[None]] = {}

    async def of(self, key: Hashable, what: str) -> None:
        """Return when it is; AssertionError when that does not come."""
        self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._waiting[key]
        except TimeoutError:
            raise AssertionError(f"{what} was never acknowledged") from None
        finally:
            del self._waiting[key]

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            waiting = {key for key, told in self._waiting.items() if not told.done()}
            if waiting:
                for key in (await self._fake.until(partial(self._found, waiting)))[0]:
                    if key in self._waiting and not self._waiting[key].done():
                        self._waiting[key].set_result(None)
            await asyncio.sleep(TICK)

    def _found(self, waiting: set[Hashable], world: Any) -> tuple[set[Hashable]]:
        """In the fake's own loop, which takes an empty set for "not yet"."""
        return (self._look(world, waiting),)


class Callers:
    """Citizens of the three platforms, and who tells them that they were heard."""

    def __init__(self, fakes: Fakes, ledger: Ledger) -> None:
        self._fakes = fakes
        self._ledger = ledger
        self._taken = {
            "telegram": Acknowledged(fakes.telegram, _taken_by_telegram),
            "zalo_bot": Acknowledged(fakes.zalo_bot, _Deliveries(fakes.zalo_bot, _message, 300).taken),
            "zalo_oa": Acknowledged(fakes.zalo_oa, _Deliveries(fakes.zalo_oa, _body, 201).taken),
        }

    def newcomer(self, channel: str, number: int) -> Citizen:
        """Somebody on that platform whom nobody has met yet."""
        name, heard = f"Người {number}", self._taken[channel].of
        if channel == "telegram":
            return OnTelegram(self._fakes.telegram, heard, self._ledger, name)
        if channel == "zalo_oa":
            return OnZaloOa(self._fakes.zalo_oa, heard, self._ledger, name)
        return OnZaloBot(self._fakes.zalo_bot, heard, self._ledger, name)

    @asynccontextmanager
    async def heard(self) -> AsyncIterator[None]:
        """They are told for the length of the block."""
        looking = [asyncio.create_task(one.run()) for one in self._taken.values()]
        try:
            yield
        finally:
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)


class _Deliveries:
    """Which of the attempts of a postman were answered well, looked through once."""

    def __init__(self, fake: Any, key: Callable[[Any], Hashable], below: int) -> None:
        self._fake, self._key, self._below = fake, key, below
        self._seen = 0
        self._well: set[Hashable] = set()

    def taken(self, _world: Any, waiting: set[Hashable]) -> set[Hashable]:
        """Those of the waiting; runs in the fake's own loop."""
        deliveries = self._fake._postman.deliveries
        for one in deliveries[self._seen :]:
            if 200 <= one.status < self._below:
                self._well.add(self._key(one))
        self._seen = len(deliveries)
        return waiting & self._well


def _body(delivery: Any) -> Hashable:
    return bytes(delivery.body)


def _message(delivery: Any) -> Hashable:
    return str(delivery.message_id)


def _taken_by_telegram(world: Any, waiting: set[Hashable]) -> set[Hashable]:
    """What does not wait any more: its turn was answered, or its number was passed by getUpdates."""
    return waiting - {update["update_id"] for update in world.updates}
