"""The commune of the transcripts, open on one channel: its real adapter, sender and web server in this process."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn
from sqlalchemy import Connection, select

from app.channels import ChannelOn
from app.photo_jobs import Download, fetch_photo
from app.posts import StoredPost
from app.runtime import Runtime
from app.serving import services_of
from app.settings import Telegram, ZaloBot, ZaloOa
from app.telegram import TelegramOn
from app.worker import take_jobs
from app.zalo_bot import ZaloBotOn
from app.zalo_oa import ZaloOaOn
from bot import sender
from storage import channel_rows, channel_tokens, conversations
from storage.jobs import Job
from storage.outbox import unsent
from storage.tables import outbox
from tests.everywhere.phones import Phone, TelegramPhone, WebPhone, ZaloBotPhone, ZaloOaPhone
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOa
from tests.stores import UNHURRIED
from tests.transcripts.replaying import sample_town
from vietnam.time import DAY
from web.app import create_app
from web.limits import Limit, Limits, Rate

SECRET = "bi-mat_2026"
_DEADLINE = 60.0
_LONG = 90 * DAY
"""Milliseconds: longer than any transcript; how tokens are renewed is tested elsewhere."""
_NO_HURRY = Limits(session=Limit(Rate(10_000, 1)), photos=Limit(Rate(10_000, 1)))


@dataclass
class Fakes:
    """One of each platform for a whole test process."""

    telegram: FakeTelegram
    zalo_bot: FakeZaloBot
    zalo_oa: FakeZaloOa


class NoLimits:
    """How fast a platform is written to is tested elsewhere, under a clock that runs."""

    def take(self, chat: str, now: int, *, many: bool = False) -> int:
        return 0

    def hold(self, chat: str, after: int, now: int) -> None:
        raise AssertionError(f"the fake asked to wait {after} ms")


@dataclass
class Town:
    """The commune, and one citizen of it with a phone."""

    runtime: Runtime
    unit: int
    account: int
    phone: Phone
    downloads: dict[int, Download]

    async def settle(self) -> None:
        """Return when everything that was done has been answered, and every answer has arrived."""
        async with asyncio.timeout(_DEADLINE):
            await self.phone.brought()
            while True:
                while await take_jobs(self.runtime, self._photo):
                    pass
                waiting = await self.runtime.store.read(self._unsent)
                if not waiting:
                    return
                assert not any(waiting), waiting
                await self.runtime.store.wakes.wait("sent", 0.003)

    def _unsent(self, conn: Connection) -> list[str | None]:
        mine = outbox.c.channel_account_id == self.account
        return list(conn.scalars(select(outbox.c.fault).where(mine, unsent())))

    async def _photo(self, runtime: Runtime, job: Job) -> None:
        await fetch_photo(runtime, job, self.downloads)


@asynccontextmanager
async def open_town(channel: str, fakes: Fakes, folder: Path) -> AsyncIterator[Town]:
    """A commune on one channel, with its store in the folder, where a migrated, empty one lies."""
    async with sample_town(folder) as (runtime, unit), aiohttp.ClientSession() as session:
        account = await runtime.store.write(lambda tx: conversations.ensure_channel_account(tx, unit, channel))
        rows = await runtime.store.read(lambda conn: channel_rows.rows(conn, runtime.vault))
        row = next(row for row in rows if row.id == account)
        on = await _OPENING[channel](runtime, row, fakes) if channel in _OPENING else None
        async with _served(runtime, on) as home, _sending(runtime, account, on):
            phone = await _phone(channel, fakes, on, home, session)
            yield Town(runtime, unit, account, phone, dict(on.downloads()) if on else {})
        if on is not None:
            await on.close()


@asynccontextmanager
async def _served(runtime: Runtime, on: ChannelOn | None) -> AsyncIterator[str]:
    """The pages and the webhook on a port of this machine; the address."""
    door = on.door() if on else None
    services = replace(services_of(runtime), doors=lambda: [door] if door else [])
    with socket.create_server(("127.0.0.1", 0)) as sock:
        config = uvicorn.Config(create_app(services, _NO_HURRY), log_config=None, access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server._serve([sock]))  # `serve` would take Ctrl-C away from pytest
        try:
            yield f"http://127.0.0.1:{sock.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@asynccontextmanager
async def _sending(runtime: Runtime, account: int, on: Any) -> AsyncIterator[None]:
    post = StoredPost(runtime, account)
    tasks = []
    if on is not None:
        tasks.append(asyncio.create_task(sender.run(on.client, post, NoLimits(), runtime.stop, runtime.now)))
    try:
        yield
    finally:
        runtime.stop.set()
        await asyncio.gather(*tasks)


async def _phone(channel: str, fakes: Fakes, on: Any, home: str, session: aiohttp.ClientSession) -> Phone:
    """Tell the platform where to knock, and give a new person a phone."""
    match channel:
        case "telegram":
            await on.client.set_webhook(f"{home}/webhook/telegram/{on.account}", SECRET)
            return TelegramPhone(fakes.telegram)
        case "zalo_bot":
            await on.client.set_webhook(f"{home}/webhook/zalo_bot/{on.account}", SECRET)
            return ZaloBotPhone(fakes.zalo_bot, home)
        case "zalo_oa":
            fakes.zalo_oa.hook_at(f"{home}/webhook/zalo_oa/{on.account}", patience=UNHURRIED)
            return ZaloOaPhone(fakes.zalo_oa)
        case _:
            return WebPhone(session, home)


async def _telegram(runtime: Runtime, row: channel_rows.ChannelRow, fakes: Fakes) -> ChannelOn:
    given = {"token": fakes.telegram.token, "api_base": fakes.telegram.api_base}
    return TelegramOn.of(runtime, row, Telegram.model_validate({**given, "mode": "webhook", "webhook_secret": SECRET}))


async def _zalo_bot(runtime: Runtime, row: channel_rows.ChannelRow, fakes: Fakes) -> ChannelOn:
    given = {"token": fakes.zalo_bot.token, "api_base": fakes.zalo_bot.api_base}
    return ZaloBotOn.of(runtime, row, ZaloBot.model_validate({**given, "mode": "webhook", "webhook_secret": SECRET}))


async def _zalo_oa(runtime: Runtime, row: channel_rows.ChannelRow, fakes: Fakes) -> ChannelOn:
    on = ZaloOaOn.of(runtime, row, ZaloOa.model_validate(fakes.zalo_oa.settings))
    pair, now = fakes.zalo_oa.grants(), runtime.now()
    given = {"access": pair["access_token"], "refresh": pair["refresh_token"]}
    await runtime.store.write(
        lambda tx: channel_tokens.log_in(
            tx, runtime.vault, row.id, **given, life=_LONG, now=now, refresh_until=now + _LONG
        )
    )
    return on


_OPENING: dict[str, Callable[..., Any]] = {"telegram": _telegram, "zalo_bot": _zalo_bot, "zalo_oa": _zalo_oa}
