"""The same citizen on each channel, through a real `nghedan serve`; what they read is in journeys/: read it aloud."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Self

import aiohttp
import pytest
from yarl import URL

from app.opening import open_runtime
from app.settings import load
from storage import channel_tokens, conversations
from storage.units import communes
from tests.e2e.citizens import Officer
from tests.e2e.serving import Place, serving
from tests.everywhere.journey import Journey
from tests.everywhere.phones import Phone, TelegramPhone, WebPhone, ZaloBotPhone, ZaloOaPhone
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOa
from tests.stores import UNHURRIED, run_apart
from vietnam.time import DAY

JOURNEYS = Path(__file__).parent / "journeys"
CHANNELS = ("telegram", "webchat", "zalo_bot", "zalo_oa")
PUBLIC = "https://xa-mau.example"


class Clerk(Officer):
    """An officer whose cookies are for https, as behind the proxy of a commune."""

    async def __aenter__(self) -> Self:
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(self.url))
        self.session = aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(60))
        return self


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A commune with one open survey and an officer, to be copied."""
    place = Place(tmp_path_factory.mktemp("commune"))
    place.furnish("sau_thu_tuc")
    return place


@pytest.mark.slow
@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_citizen_reads_this(
    channel: str, furnished: Place, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with _on(channel, furnished, tmp_path) as (phone, officer):
        read = await Journey(channel, phone, officer, lambda: _fetching(tmp_path / "nghedan.db")).walk()

    file = JOURNEYS / f"{channel}.txt"
    if request.config.getoption("--regenerate"):
        file.write_text(read, "utf-8")
    else:
        assert read == file.read_text("utf-8")


def _fetching(store: Path) -> bool:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as conn:
        found: int = conn.execute("SELECT count(*) FROM jobs WHERE kind = 'photo'").fetchone()[0]
    return found > 0


@asynccontextmanager
async def _on(channel: str, furnished: Place, folder: Path) -> AsyncIterator[tuple[Phone, Officer]]:
    """A phone in front of a running server, and the officer at a browser."""
    with FakeTelegram() as telegram, FakeZaloBot() as zalo_bot, FakeZaloOa() as zalo_oa:
        sections: dict[str, Any] = {
            "webchat": {},
            "telegram": {"telegram": {"token": telegram.token, "api_base": telegram.api_base}},
            "zalo_bot": {"zalo_bot": {"token": zalo_bot.token, "api_base": zalo_bot.api_base, "mode": "polling"}},
            "zalo_oa": {"zalo_oa": zalo_oa.settings},
        }[channel]
        place = Place(folder, **sections, web={"public_url": PUBLIC})
        place.settle_in(furnished)
        account = run_apart(_account(place, channel, zalo_oa))
        if channel == "zalo_oa":
            zalo_oa.hook_at(f"{place.url}/webhook/zalo_oa/{account}", patience=UNHURRIED)
        with serving(place) as server:
            async with aiohttp.ClientSession() as session, Clerk(server.url) as officer:
                await officer.logs_in()
                yield _phone(channel, (telegram, zalo_bot, zalo_oa), session, server.url), officer


async def _account(place: Place, channel: str, zalo_oa: FakeZaloOa) -> int:
    """Our account on the channel; that of Zalo with tokens, as after a login."""
    runtime = await open_runtime(load(place.config))
    unit = (await runtime.store.read(communes))[0].id
    now = runtime.now()
    account = await runtime.store.write(lambda tx: conversations.ensure_channel_account(tx, unit, channel))
    if channel == "zalo_oa":
        pair = zalo_oa.grants()
        given = {"access": pair["access_token"], "refresh": pair["refresh_token"]}
        await runtime.store.write(
            lambda tx: channel_tokens.log_in(
                tx, runtime.vault, account, **given, life=DAY, now=now, refresh_until=now + 90 * DAY
            )
        )
    await runtime.close()
    return account


def _phone(
    channel: str, fakes: tuple[FakeTelegram, FakeZaloBot, FakeZaloOa], session: aiohttp.ClientSession, home: str
) -> Phone:
    telegram, zalo_bot, zalo_oa = fakes
    match channel:
        case "telegram":
            return TelegramPhone(telegram)
        case "zalo_bot":
            return ZaloBotPhone(zalo_bot, home)
        case "zalo_oa":
            return ZaloOaPhone(zalo_oa)
        case _:
            return WebPhone(session, home)
