"""`nghedan serve` with all four channels on, life after life, under a clock of its own."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp
import msgspec
from sqlalchemy import select

from app.opening import open_runtime
from app.settings import load
from storage import channel_tokens
from storage.tables import channel_accounts
from tests.e2e.serving import Place
from tests.soak.hurried import Life
from tests.soak.platforms import Fakes
from vietnam.time import DAY, MINUTE, TZ, to_ms

BEGUN = to_ms(datetime(2026, 11, 1, 6, tzinfo=TZ))
"""A Sunday: the report of the month, which would take a process of its own, is not due before Monday."""
_ROOT = Path(__file__).parents[2]
_SECONDS = 60.0


async def settle(place: Place, fakes: Fakes, at: int) -> dict[str, int]:
    """A survey, somebody logged in at Zalo, its webhook entered, all at that moment (UTC ms) of the program's clock.

    The id of each channel's account.
    """
    place.ahead = (at - time.time_ns() // 1_000_000) // MINUTE - 1
    fakes.advance_to(at / 1000)
    await asyncio.to_thread(place.command, "survey", "publish", "sau_thu_tuc")
    runtime = await open_runtime(load(place.config), make=True)
    try:
        rows = await runtime.store.read(
            lambda conn: conn.execute(select(channel_accounts.c.channel, channel_accounts.c.id)).all()
        )
        accounts = {row.channel: row.id for row in rows}
        pair = fakes.zalo_oa.grants()
        await runtime.store.write(
            lambda tx: channel_tokens.log_in(
                tx,
                runtime.vault,
                accounts["zalo_oa"],
                access=pair["access_token"],
                refresh=pair["refresh_token"],
                life=int(pair["expires_in"]) * 1000,
                now=at,
                refresh_until=at + 90 * DAY,
            )
        )
    finally:
        await runtime.close()
    fakes.zalo_oa.hook_at(f"{place.url}/webhook/zalo_oa/{accounts['zalo_oa']}")
    return accounts


@dataclass
class Serving:
    """`nghedan serve`, life after life, under a clock of its own."""

    place: Place
    fakes: Fakes
    rate: int
    process: asyncio.subprocess.Process
    since: int
    ahead: int = 0
    known: int = 0
    """As much of `ahead` as the platforms have been told: they skip no more than one try of an event."""
    pid: int = 0
    lives: int = 0

    @property
    def life(self) -> Life:
        """The orders of the life that is or comes next."""
        return Life(str(self.place.config), str(self.log), BEGUN, self.since, self.rate, self.ahead)

    @property
    def log(self) -> Path:
        """Where the process writes."""
        return self.place.folder / "serve.log"

    def now(self) -> int:
        """UTC milliseconds of its clock."""
        return self.life.now(time.time_ns()) // 1_000_000

    async def keep_time(self) -> None:
        """Have the platforms keep the same time, until cancelled."""
        while True:
            now = self.now() - self.ahead + self.known
            await asyncio.to_thread(self.fakes.advance_to, now / 1000)
            await asyncio.sleep(0.05)

    async def starts(self) -> None:
        """A new life; returns when it is ready."""
        self._orders(msgspec.json.encode(self.life))
        word, pid = await self._hears()
        assert word == "born"
        self.pid = int(pid)
        self.lives += 1
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as session:
            until = time.monotonic() + _SECONDS
            while not await _ready(session, self.place.url):
                assert time.monotonic() < until, f"serve is not ready: {self.log.read_text()[-2000:]}"
                await asyncio.sleep(0.01)
        self.known = self.ahead

    async def ends(self, how: signal.Signals) -> int:
        """Send the signal and wait; what the process ended with."""
        os.kill(self.pid, how)
        word, rest = await self._hears()
        assert word == "ended"
        return int(rest.split()[1])

    def _orders(self, line: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + b"\n")

    async def _hears(self) -> tuple[str, str]:
        assert self.process.stdout
        line = await asyncio.wait_for(self.process.stdout.readline(), _SECONDS)
        assert line, "the process that forks has ended"
        word, _, rest = line.decode().strip().partition(" ")
        return word, rest


async def _ready(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(f"{url}/ready") as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


@asynccontextmanager
async def serving(place: Place, fakes: Fakes, rate: int) -> AsyncIterator[Serving]:
    """Served for the length of the block; whoever still lives at its end is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.soak.hurried", stdin=PIPE, stdout=PIPE, cwd=_ROOT, start_new_session=True
    )
    built = Serving(place, fakes, rate, process, time.time_ns())
    timing = asyncio.create_task(built.keep_time())
    try:
        await built.starts()
        yield built
    finally:
        timing.cancel()
        await asyncio.gather(timing, return_exceptions=True)
        process.kill()
        await process.wait()
