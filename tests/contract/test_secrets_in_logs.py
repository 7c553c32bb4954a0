"""What is in no log at any level: tokens, secrets, codes, telephones and anybody's words, also where things fail."""

import asyncio
import io
import json
import logging
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
import structlog
from sqlalchemy import text

from app import serving
from app.channels import switch_on
from app.logs import set_up_logs
from app.runtime import Runtime
from app.settings import Settings
from app.wording import bot_wording
from bot.channels.fetching import Fetcher
from storage import channel_tokens
from storage.blobs import open_blobs
from storage.conversations import ensure_channel_account
from storage.opening import open_store
from storage.vault import Vault
from tests.contract.webhook_site import CHANNELS, EVENTS, SECRET, SIGNED, opened, proof, raw
from tests.everywhere.towns import Fakes, open_town
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOa
from tests.stores import seed_sample
from vietnam.time import DAY
from web.faults import place_of

WORDS = "Đường vào thôn dauhieu bị sạt lở sau mưa lớn"
NAME = "Lương Thị Dauhieu"
PHONE = "0912345678"
NUMBERS = ("912345678", "912 345 678")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that any library logs at DEBUG, beside what the program itself writes; set up as `serve` does."""
    stream, kept, level = io.StringIO(), list(logging.root.handlers), logging.root.level
    monkeypatch.setattr("sys.stderr", stream)
    logging.root.handlers[:] = []
    set_up_logs()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(stream), cache_logger_on_first_use=False)
    logging.root.setLevel(logging.DEBUG)
    # The platforms' stand-ins are servers of aiohttp in this process; the program itself runs none.
    monkeypatch.setattr(logging.getLogger("aiohttp.access"), "disabled", True)
    logging.getLogger("tests").debug("it begins")
    yield stream
    structlog.reset_defaults()
    logging.root.handlers[:] = kept
    logging.root.setLevel(level)


def assert_unsaid(stream: io.StringIO, *secrets: str) -> None:
    """No secret stands in the log, as it is or as an address, JSON or Python writes it."""
    log = stream.getvalue()
    assert "it begins" in log, "nothing would be seen"
    for secret in secrets:
        for written in {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret.encode())[2:-1]}:
            at = log.find(written)
            assert at < 0, log[max(0, at - 400) : at + 200]


@pytest.fixture(scope="module")
def fakes() -> Iterator[Fakes]:
    with FakeTelegram() as telegram, FakeZaloBot() as zalo_bot, FakeZaloOa() as zalo_oa:
        telegram.flood(chat_per_second=10_000, chat_burst=10_000, per_second=10_000)
        yield Fakes(telegram, zalo_bot, zalo_oa)


def secrets_of(fakes: Fakes) -> list[str]:
    pairs = fakes.zalo_oa.do(lambda world: [*world.access, *world.refresh])
    own = fakes.zalo_oa.settings
    return [fakes.telegram.token, fakes.zalo_bot.token, own["app_secret"], own["oa_secret"], SECRET, *map(str, pairs)]


@pytest.mark.parametrize("channel", ["telegram", "zalo_bot", "zalo_oa", "webchat"])
async def test_a_walk_is_logged_without_a_word_of_it(
    channel: str, fakes: Fakes, tmp_path: Path, sqlite_template: Path, said: io.StringIO
) -> None:
    shutil.copy(sqlite_template, tmp_path / "nghedan.db")
    async with open_town(channel, fakes, tmp_path) as town:
        await town.phone.start("", 0)
        await town.settle()
        for words in ("gửi kiến nghị", "môi trường", WORDS, "bỏ qua", "bỏ qua", "2", NAME, PHONE, "1", "NOI 1234 5678"):
            await town.phone.say(words)
            await town.settle()
        # a picture that is none, and one that cannot be fetched
        await town.phone.photo(b"\xff\xd8\xff dauhieu")
        await town.settle()
        person = town.phone.person
        cases = await town.runtime.store.read(lambda conn: conn.execute(text("SELECT name, code FROM cases")).all())
    assert cases, "the walk did not come to its end"
    assert cases[0].name == NAME
    assert_unsaid(said, WORDS, "dauhieu", "Dauhieu", *NUMBERS, person, cases[0].code, *secrets_of(fakes))


async def test_what_cannot_be_reached_is_logged_without_its_address(
    fakes: Fakes, sqlite_url: str, vault: Vault, now: int, tmp_path: Path, said: io.StringIO
) -> None:
    # given three accounts whose platforms answer nobody, and tokens that are long over
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
    own = fakes.zalo_oa.settings
    settings = Settings.model_validate({
        "storage": {"url": sqlite_url},
        "web": {"public_url": "https://xa-mau.example"},
        "telegram": {"token": fakes.telegram.token, "api_base": nowhere, "mode": "polling"},
        "zalo_bot": {"token": fakes.zalo_bot.token, "api_base": nowhere, "mode": "polling"},
        "zalo_oa": {**own, "api_base": nowhere, "oauth_base": nowhere},
    })  # fmt: skip
    store = open_store(sqlite_url)
    runtime = Runtime(settings, store, vault, bot_wording(), open_blobs(sqlite_url, store), now=lambda: now)
    unit = (await store.write(lambda tx: seed_sample(tx, now))).commune
    found = {one: await store.write(lambda tx, one=one: ensure_channel_account(tx, unit, one)) for one in CHANNELS}  # type: ignore[misc]  # a default binds what the loop changes
    tokens = {"access": "access-bi-mat-1", "refresh": "refresh-bi-mat-1"}
    await store.write(
        lambda tx: channel_tokens.log_in(
            tx, vault, found["zalo_oa"], **tokens, life=1000, now=now - DAY, refresh_until=now + DAY
        )
    )
    # when they are looked at, and run for a moment
    channels = await switch_on(runtime)
    assert {one.channel for one in channels} == set(CHANNELS)
    for channel in channels:
        channel.start()
        try:
            async with asyncio.timeout(60):
                state = await channel.state()
            told = f"{state.found} {state.todo}"
        except OSError as fault:
            told = str(fault)
        assert not [one for one in (*secrets_of(fakes), *tokens.values()) if one in told]
    async with asyncio.timeout(60):
        while "zalo_oa" not in said.getvalue() and "onnect" not in said.getvalue():
            await asyncio.sleep(0.02)
    runtime.stop.set()
    for channel in channels:
        await channel.close()
    await runtime.close()
    # then no log holds what the addresses of their calls are made of
    assert_unsaid(said, *secrets_of(fakes), *tokens.values())


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/anh?token=bi-mat-7", "http://[bi-mat-7", "http://bi-mat-7.invalid./x", "ftp://bi-mat-7/"],
)
async def test_a_picture_that_cannot_be_fetched_is_not_named(url: str, said: io.StringIO) -> None:
    fetcher = Fetcher(allow_private="127" in url, seconds=5)
    with pytest.raises((ConnectionError, PermissionError)) as fault:
        await fetcher.fetch(url, 1000)
    await fetcher.close()
    assert "bi-mat-7" not in str(fault.value)
    assert_unsaid(said, "bi-mat-7")


@asynccontextmanager
async def served(site_port: int) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{site_port}", cookie_jar=aiohttp.CookieJar(unsafe=True)) as own:
        yield own


async def test_a_store_in_trouble_is_logged_without_what_was_to_be_stored(
    store_url: str, tmp_path: Path, vault: Vault, now: int, said: io.StringIO
) -> None:
    async with opened(store_url, tmp_path, vault, now) as site, served(site.port) as browser:
        await (await browser.get("/mau/")).read()
        # given a store that has lost what every turn needs
        for table in ("outbox", "inbox", "cases"):
            renamed = text(f"ALTER TABLE {table} RENAME TO {table}_x")
            await site.runtime.store.write(lambda tx, renamed=renamed: tx.execute(renamed))  # type: ignore[misc]  # a default binds what the loop changes
        # when people write on every channel, and somebody asks for a case
        for channel in CHANNELS:
            body = raw(EVENTS[channel](1, 55123456, WORDS))
            assert await site.post(channel, body, {**proof(channel, body)}) == 500
        form = {"m": "a" * 12, "text": WORDS}
        for answer in (await browser.post("/mau/gui", data=form), await browser.get("/mau/tra-cuu/M-2026-K7M2QX-4")):
            page = await answer.text()
            # then they get a page of ours, with everything around it that every page has
            assert answer.status in (404, 500)
            assert "Traceback" not in page
            assert answer.headers["content-security-policy"]
    log = said.getvalue()
    assert "turn.failed" in log
    # then the log says what failed and where, and neither what was asked of the store nor anybody's words
    assert "Traceback" not in log
    assert_unsaid(said, WORDS, "dauhieu", "55123456", "INSERT", SECRET, SIGNED.oa_secret, SIGNED.app_secret)


async def test_a_page_that_fails_is_logged_by_place_and_kind(
    sqlite_url: str, tmp_path: Path, vault: Vault, now: int, said: io.StringIO
) -> None:
    async with opened(sqlite_url, tmp_path, vault, now) as site:

        async def fails(inbound: Any) -> None:
            raise ValueError(f"cannot take {inbound!r}") from KeyError(WORDS)

        services = replace(serving.services_of(site.runtime), receive=fails)
        server = serving._server(services)
        with socket.create_server(("127.0.0.1", 0)) as sock:
            running = asyncio.create_task(server._serve([sock]))
            async with served(sock.getsockname()[1]) as browser:
                for accept in ("text/html", "application/json"):
                    form = {"m": "a" * 12, "text": WORDS}
                    cookies = {"nghedan": "ab" * 16}
                    answer = await browser.post("/mau/gui", data=form, cookies=cookies, headers={"accept": accept})
                    assert answer.status == 500
                    assert answer.headers["x-frame-options"] == "DENY"
                    assert answer.headers["cache-control"] == "no-store"
                # what stands in addresses is nobody's business either
                for path in (
                    "/mau/tra-cuu/M-2026-K7M2QX-5",
                    "/oauth/zalo_oa/1?code=ma-bi-mat&state=ma-bi-mat",
                    "/mau/them/ma-bi-mat",
                ):
                    await (await browser.get(path)).read()
            server.should_exit = True
            await running
    log = said.getvalue()
    assert "ValueError of KeyError at " in log
    assert "web/chat.py:" in log
    assert_unsaid(said, WORDS, "dauhieu", "ab" * 16, "M-2026-K7M2QX", "ma-bi-mat", "127.0.0.1")


def test_the_place_of_a_fault_is_told_without_its_text() -> None:
    with pytest.raises(ValueError, match="dauhieu") as fault:
        int("dauhieu")
    told = place_of(fault.value)
    assert told.startswith("ValueError at tests/contract/test_secrets_in_logs.py:")
    assert "dauhieu" not in told
