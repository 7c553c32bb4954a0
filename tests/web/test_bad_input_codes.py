"""Codes and states that somebody guesses, brings twice, or races for: of a case, of two chats, of a login."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select
from starlette.requests import Request
from starlette.testclient import TestClient

from app import runtime as runtime_
from app.opening import seed
from app.runtime import Runtime
from app.serving import services_of
from app.settings import Settings
from app.wording import bot_wording
from app.zalo_oa import ZaloOaOn
from bot.conversation.messages import Inbound
from storage import channel_rows, channel_tokens, conversations, joining
from storage.blobs import open_blobs
from storage.opening import open_store
from storage.store import Store
from storage.tables import accounts as accounts_
from storage.tables import inbox, persons
from storage.tx import Tx
from storage.vault import Vault
from tests.fakes.zalo_oa import FakeZaloOa
from tests.stores import SampleCommune
from tests.unit.chatting import House as Chatting
from tests.unit.command_line import config, run
from tests.web.house import House
from web.app import create_app
from web.visitors import address_of

__all__ = ["config", "run"]  # fixtures of the command line


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn that a busy machine takes long for is kept as well as done; here what is kept means a fault."""
    monkeypatch.setattr(runtime_, "PATIENCE", 30.0)


# --- codes ---


def _from(host: str) -> str:
    return address_of(Request({"type": "http", "client": (host, 1), "headers": []}))


def test_whoever_has_a_whole_network_of_addresses_has_one_pace() -> None:
    assert _from("2405:4800:1:2::1") == _from("2405:4800:1:2:ffff:ffff:ffff:ffff") != _from("2405:4800:1:3::1")
    assert _from("203.162.4.191") == _from("::ffff:203.162.4.191") != _from("203.162.4.190")
    assert _from("fe80::1%eth0") == _from("fe80::2%eth0")
    assert _from("testclient") == "testclient"
    assert _from("::x") == "::x"


def test_codes_are_guessed_no_faster_from_many_addresses_of_one_line(house: House) -> None:
    app, statuses = house.app, []
    for number in range(80):
        with TestClient(app, client=(f"2405:4800:1:2::{number:x}", 1)) as client:
            method = ("GET", "HEAD")[number % 2]
            statuses.append(client.request(method, "/mau/tra-cuu/M-2026-K7M2QX-5").status_code)
    assert statuses == [404] * 60 + [429] * 20


WEB, PHONE, OTHER = ("webchat", "w" * 64), ("telegram", "77"), ("telegram", "78")


class Joiners:
    """People who hold a code of somebody else's chat."""

    def __init__(self, chatting: Chatting) -> None:
        self.chatting = chatting
        self.number = 0

    async def says(self, who: tuple[str, str], text: str) -> None:
        self.number += 1
        commune = self.chatting.commune
        inbound = Inbound(
            channel=who[0], channel_account=commune.webchat if who[0] == "webchat" else commune.telegram,
            dedupe_key=f"k{self.number}", person=who[1], kind="text", at=self.chatting.at, text=text,
        )  # fmt: skip
        await self.chatting.runtime.receive(inbound)

    async def persons(self) -> dict[str, int]:
        """Platform id -> person."""
        query = select(accounts_.c.platform_id, accounts_.c.person_id)
        found = await self.chatting.runtime.store.read(lambda conn: conn.execute(query).all())
        return {row.platform_id: row.person_id for row in found}

    async def give(self, who: tuple[str, str], code: str) -> None:
        """A code of this chat that the test knows."""
        runtime, unit = self.chatting.runtime, self.chatting.commune.commune
        on = await runtime.account(
            self.chatting.commune.webchat if who[0] == "webchat" else self.chatting.commune.telegram
        )

        def offer(tx: Tx) -> None:
            chat = conversations.lock(tx, runtime.vault, on, who[1], self.chatting.at)
            joining.offer(tx, runtime.vault, unit_id=unit, account_id=chat.account_id, code=code, now=self.chatting.at)

        await runtime.store.write(offer)


@pytest.fixture
def joiners(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> Joiners:
    return Joiners(Chatting(store, store_url, tmp_path, vault, commune, now))


async def test_of_two_who_come_with_the_same_code_at_once_one_is_joined(joiners: Joiners) -> None:
    for who in (WEB, PHONE, OTHER):
        await joiners.says(who, "xin chào")
    await joiners.give(WEB, "12345678")
    for who in (PHONE, OTHER):
        await joiners.says(who, "NOI 1234 5678")
    await asyncio.gather(*(joiners.says(who, "1") for who in (PHONE, OTHER)))
    who_is = await joiners.persons()
    assert [who_is[PHONE[1]] == who_is[WEB[1]], who_is[OTHER[1]] == who_is[WEB[1]]].count(True) == 1
    assert len(set(who_is.values())) == 2
    assert await _waiting(joiners) == 0


async def test_two_who_join_each_other_at_once_are_one_person_and_nobody_is_lost(joiners: Joiners) -> None:
    for who in (WEB, PHONE):
        await joiners.says(who, "xin chào")
    await joiners.give(WEB, "11111111")
    await joiners.give(PHONE, "22222222")
    await joiners.says(PHONE, "NOI 1111 1111")
    await joiners.says(WEB, "NOI 2222 2222")
    await asyncio.gather(joiners.says(PHONE, "1"), joiners.says(WEB, "1"))
    # PostgreSQL finds after a second that they wait for each other, and one of them begins anew.
    who_is = await joiners.persons()
    assert len(set(who_is.values())) == 1
    known = await joiners.chatting.runtime.store.read(lambda conn: set(conn.scalars(select(persons.c.id))))
    assert known == set(who_is.values())


async def _waiting(joiners: Joiners) -> int:
    return len(await joiners.chatting.runtime.store.read(lambda conn: conn.execute(select(inbox)).all()))


async def test_whoever_guesses_joining_codes_is_not_let_in_by_beginning_anew(joiners: Joiners) -> None:
    await joiners.says(WEB, "xin chào")
    await joiners.give(WEB, "12345678")
    for number in range(5):
        await joiners.says(PHONE, f"NOI {number:08}")
        await joiners.says(PHONE, "/start")
        await joiners.says(PHONE, "xin chào")
    # when the right one comes at last
    await joiners.says(PHONE, "NOI 1234 5678")
    await joiners.says(PHONE, "1")
    # then it is too late
    who_is = await joiners.persons()
    assert who_is[PHONE[1]] != who_is[WEB[1]]


@pytest.mark.parametrize("typed", ["NOI 1234567", "NOI 123456789", "NOI ١٢٣٤٥٦٧٨", "NOI 12345678\x00", "NOI -1234567"])
async def test_a_code_is_eight_digits_and_nothing_else(joiners: Joiners, typed: str) -> None:
    await joiners.says(WEB, "xin chào")
    await joiners.give(WEB, "12345678" if "\x00" not in typed else "87654321")
    await joiners.says(PHONE, typed)
    await joiners.says(PHONE, "1")
    who_is = await joiners.persons()
    assert who_is[PHONE[1]] != who_is[WEB[1]]


# --- the login of an Official Account ---


@pytest.fixture
def fake() -> Iterator[FakeZaloOa]:
    with FakeZaloOa() as running:
        yield running


@pytest.fixture
async def on(fake: FakeZaloOa, sqlite_url: str, now: int) -> AsyncIterator[ZaloOaOn]:
    settings = Settings.model_validate({"zalo_oa": fake.settings, "storage": {"url": sqlite_url}})
    store = open_store(sqlite_url)
    runtime = Runtime(settings, store, Vault(bytes(32)), bot_wording(), open_blobs(sqlite_url, store), now=lambda: now)
    await store.write(lambda tx: seed(tx, settings))
    rows = await store.read(lambda conn: channel_rows.rows(conn, runtime.vault))
    made = ZaloOaOn.of(runtime, next(row for row in rows if row.channel == "zalo_oa"), settings.zalo_oa)
    yield made
    await made.close()
    await runtime.close()


@pytest.fixture
async def browser(on: ZaloOaOn) -> AsyncIterator[httpx.AsyncClient]:
    logins = {("zalo_oa", on.account): on.finish_login}
    app = create_app(replace(services_of(on.runtime), logins=lambda: logins))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://testserver") as client:
        yield client


async def test_a_login_comes_back_with_its_own_state_once(
    on: ZaloOaOn, fake: FakeZaloOa, browser: httpx.AsyncClient
) -> None:
    path = f"/oauth/zalo_oa/{on.account}"

    async def back(**query: str) -> int:
        return (await browser.get(path, params=query)).status_code

    async def stored() -> bool:
        return (
            await on.runtime.store.read(lambda conn: channel_tokens.load(conn, on.runtime.vault, on.account))
            is not None
        )

    # given nobody who has begun, nothing that is brought is taken
    assert await back(code="x", state="x") == 400
    query = parse_qs(urlsplit(fake.consents(await on.login.begin())).query)
    code, state, oa_id = (query[name][0] for name in ("code", "state", "oa_id"))
    odd = ("", " ", state[:-1], state + "x", state.swapcase(), "\x00", "\ud7ff", "ă" * 5000, "🙂")
    for wrong in odd:
        assert await back(code=code, state=wrong, oa_id=oa_id) == 400, wrong
    assert await back(code=code) == 400
    assert await back(state=state) == 400
    assert await back(error="access_denied", error_description="<script>", state=state) == 400
    assert await back(code=code, state=state, oa_id="1") == 400
    assert (
        await browser.get(f"/oauth/zalo_oa/{on.account + 1}", params={"code": code, "state": state})
    ).status_code == 404
    assert (
        await browser.get(f"/oauth/telegram/{on.account}", params={"code": code, "state": state})
    ).status_code == 404
    assert (await browser.post(path, data={"code": code, "state": state})).status_code == 405
    assert not await stored()
    # when the browser comes back that was sent
    assert await back(code=code, state=state, oa_id=oa_id) == 200
    assert await stored()
    # then the same again is over
    again = await browser.get(path, params={"code": code, "state": state, "oa_id": oa_id})
    assert again.status_code == 400
    assert not [one for one in (code, state, fake.app_secret) if one in again.text]


async def test_what_comes_back_is_never_shown_as_a_page_of_ours(on: ZaloOaOn, browser: httpx.AsyncClient) -> None:
    path = f"/oauth/zalo_oa/{on.account}"
    for name in ("error", "error_description", "code", "state", "oa_id"):
        page = await browser.get(path, params={name: '"><script>dauhieu</script>'})
        assert "dauhieu" not in page.text
