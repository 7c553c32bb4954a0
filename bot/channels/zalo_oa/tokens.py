"""The pair of tokens, kept safe although each refresh token can be used only once, by several processes at that.

One process at a time asks, by a lease in the store; it says there that it asks before it does, and stores the new pair
before anybody uses it. Whoever comes too late reads the pair that the faster one stored. If a process dies between
Zalo's answer and the store, the new pair is lost: the store still says that it was asked for, and the operator is told.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec

from bot.channels.zalo_oa.oauth import Answer, Denied, Granted, NoAnswer

SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
LEASE = MINUTE
"""Milliseconds that one process has to ask and to store; longer than the call may take."""
EARLY = 5 * HOUR
"""Milliseconds before its end that an access token is renewed: at about 20 of its 25 hours."""
PATIENCE = 15 * SECOND
"""Milliseconds that a message waits for another process to bring the pair: with two calls that hang besides, less than
a message belongs to one process (bot.sender.LEASE).
"""
REFRESH_LIFE = 90 * 24 * HOUR
LOOK_AGAIN = 5 * SECOND
"""Milliseconds that a pair that was read is trusted: another process or `nghedan channel login` may store one."""
_AFTER_NO = 10 * MINUTE

log = logging.getLogger(__name__)


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """What the store holds. Times are UTC ms; `version` grows with each pair.

    `lease_until`: somebody may be asking until then. `asked_at`: a pair was asked for and no answer has been stored.
    `fault` is what Zalo said when it last refused.
    """

    access: str
    refresh: str
    version: int
    life: int
    access_until: int
    refresh_until: int
    lease_until: int = 0
    asked_at: int = 0
    fault: str = ""

    def __repr__(self) -> str:
        """Without the tokens."""
        return f"Pair({self.version})"

    def is_due(self, now: int) -> bool:
        """Whether it is time for a new pair."""
        return now >= self.access_until - min(EARLY, self.life // 5)


class Drawer(Protocol):
    """Where the pair of one account lies. Each call is one transaction."""

    async def load(self) -> Pair | None:
        """The newest pair; None before the first login."""
        ...

    async def lease(self, version: int, now: int, until: int) -> bool:
        """Whether the right to renew this version is ours until then; the store remembers that it was asked for."""
        ...

    async def keep(self, version: int, granted: Granted, now: int) -> bool:
        """Put the pair in place of that version, and end the lease; False where there is a newer one already."""
        ...

    async def failed(self, version: int, fault: str, *, asked: bool) -> None:
        """End the lease without a new pair; `asked`: that one may have been given all the same stays remembered."""
        ...


class Tokens:
    """The tokens of one account in one process."""

    def __init__(
        self,
        drawer: Drawer,
        ask: Callable[[str], Awaitable[Answer]],
        now: Callable[[], int],
        *,
        pause: float = 0.25,
    ) -> None:
        """`ask(refresh token)` gets the next pair; `pause` is the time in seconds between two looks for another's."""
        self._drawer = drawer
        self._ask = ask
        self._now = now
        self._pause = pause
        self._alone = asyncio.Lock()
        self._known: Pair | None = None
        self._looked_at = 0
        self._denied: tuple[int, int] = (0, 0)

    async def current(self) -> Pair | None:
        """The pair to use now; None before the first login. One that is past its end is renewed first."""
        pair = self._known
        if pair is None or self._now() - self._looked_at >= LOOK_AGAIN:
            pair = await self._look()
        if pair is not None and self._now() >= pair.access_until:
            pair = await self.renew(pair.version)
        return pair

    async def renew(self, version: int) -> Pair | None:
        """A pair newer than `version`, asked for by us or by somebody else; None where none is to be had now."""
        async with self._alone:
            begun = self._now()
            while True:
                pair = await self._look()
                if pair is None or pair.version > version:
                    return pair
                now = self._now()
                if self._denied[0] == pair.version and now < self._denied[1]:
                    return None
                if pair.lease_until <= now and await self._drawer.lease(pair.version, now, now + LEASE):
                    return await self._ask_for_next(pair)
                if now - begun > PATIENCE:
                    return None
                await asyncio.sleep(self._pause)

    async def renew_if_due(self) -> None:
        """For a loop: a new pair well before the old one ends."""
        pair = await self._look()
        if pair is not None and pair.is_due(self._now()):
            await self.renew(pair.version)

    async def _ask_for_next(self, pair: Pair) -> Pair | None:
        answer = await self._ask(pair.refresh)
        match answer:
            case Granted():
                # Stored before it is used: what is used and then lost in a crash would be lost for good.
                await self._drawer.keep(pair.version, answer, self._now())
                return await self._look()
            case Denied(why=why):
                newer = await self._look()
                if newer is not None and newer.version > pair.version:
                    return newer
                log.error("the tokens could not be renewed: %s", why)
                self._denied = (pair.version, self._now() + _AFTER_NO)
                await self._drawer.failed(pair.version, why, asked=bool(pair.asked_at))
            case NoAnswer(why=why, asked=asked):
                log.warning("no answer while the tokens were renewed: %s", why)
                await self._drawer.failed(pair.version, "", asked=asked or bool(pair.asked_at))
        return None

    async def _look(self) -> Pair | None:
        self._known = await self._drawer.load()
        self._looked_at = self._now()
        return self._known
