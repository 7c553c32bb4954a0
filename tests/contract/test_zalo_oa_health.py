"""What `nghedan doctor` says of an Official Account, and what to do: everything that can stand in its way."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from app.opening import seed
from app.runtime import Runtime
from app.settings import Settings
from app.wording import bot_wording
from app.zalo_oa import QUOTA, SIGNED, ZaloOaOn
from app.zalo_tokens import standing
from bot.channels.zalo_oa.oauth import code_in
from bot.channels.zalo_oa.parse import DataRequest
from bot.channels.zalo_oa.tokens import HOUR, Pair
from storage import channel_rows
from storage.blobs import open_blobs
from storage.opening import open_store
from storage.tables import channel_tokens, notices
from storage.vault import Vault
from tests.fakes.zalo_oa import FakeZaloOa

DAY = 24 * HOUR
PAIR = Pair(access="a", refresh="b", version=1, life=25 * HOUR, access_until=25 * HOUR, refresh_until=90 * DAY)


@pytest.fixture
def fake() -> Iterator[FakeZaloOa]:
    with FakeZaloOa() as running:
        yield running


@pytest.fixture
async def on(fake: FakeZaloOa, sqlite_url: str, now: int) -> AsyncIterator[ZaloOaOn]:
    settings = Settings.model_validate(
        {"zalo_oa": fake.settings, "web": {"public_url": "https://xa.vn"}, "storage": {"url": sqlite_url}}
    )
    store = open_store(sqlite_url)
    runtime = Runtime(settings, store, Vault(bytes(32)), bot_wording(), open_blobs(sqlite_url, store), now=lambda: now)
    await store.write(lambda tx: seed(tx, settings))
    rows = await store.read(lambda conn: channel_rows.rows(conn, runtime.vault))
    row = next(row for row in rows if row.channel == "zalo_oa")
    made = ZaloOaOn.of(runtime, row, settings.zalo_oa)
    yield made
    await made.close()
    await runtime.close()


async def _log_in(on: ZaloOaOn, fake: FakeZaloOa) -> None:
    await on.login.finish(code_in(fake.consents(await on.login.begin())))


async def _fact(on: ZaloOaOn, name: str, value: str) -> None:
    await on.runtime.store.write(lambda tx: channel_rows.set_fact(tx, on.account, name, value, on.runtime.now()))


async def _heard(on: ZaloOaOn, at: int) -> None:
    await on.runtime.store.write(lambda tx: channel_rows.heard(tx, on.account, at))


async def test_from_the_first_start_to_all_is_well_each_step_says_the_next(on: ZaloOaOn, fake: FakeZaloOa) -> None:
    now = on.runtime.now()
    first = await on.state()
    assert (first.found, first.todo) == ("nobody has logged in", "log in: nghedan channel login")

    await _log_in(on, fake)
    deaf = await on.state()
    assert deaf.found.endswith("no event yet")
    assert f"enter https://xa.vn/webhook/zalo_oa/{on.account} as the webhook" in deaf.todo

    await _heard(on, now)
    well = await on.state()
    assert (well.found, well.todo) == ("UBND xã Mẫu, token for 25 h, last event 09:00 03/10/2026", "")

    await _heard(on, now - 4 * DAY)
    assert "is the webhook still switched on" in (await on.state()).todo


async def test_a_signature_of_another_kind_says_what_to_set(on: ZaloOaOn, fake: FakeZaloOa) -> None:
    await _log_in(on, fake)
    await _heard(on, on.runtime.now())
    await _fact(on, SIGNED, "app_id oa")
    assert (await on.state()).todo == ""
    await _fact(on, SIGNED, "oa_id app")
    assert 'signed_first = "oa_id" and signed_with = "app"' in (await on.state()).todo


async def test_the_end_of_the_quota_is_said_before_it_comes(on: ZaloOaOn, fake: FakeZaloOa) -> None:
    await _log_in(on, fake)
    await _heard(on, on.runtime.now())
    await _fact(on, QUOTA, "200/2000")
    assert (await on.state()).todo == ""
    await _fact(on, QUOTA, "199/2000")
    assert "199 of 2000 messages left" in (await on.state()).found


async def test_what_zalo_refuses_until_somebody_acts_is_said(on: ZaloOaOn, fake: FakeZaloOa) -> None:
    await _log_in(on, fake)
    await _heard(on, on.runtime.now())
    await on.note_trouble(-224, "no tariff")
    assert "Zalo refuses messages: -224 no tariff" in (await on.state()).found
    await on.note_trouble(0, "")
    assert (await on.state()).todo == ""


async def test_a_request_about_data_is_shown_to_the_officers(on: ZaloOaOn) -> None:
    await on._data_request(DataRequest("user_data_request", "5"))
    rows = await on.runtime.store.read(lambda conn: list(conn.execute(select(notices.c.key, notices.c.params))))
    assert [tuple(row) for row in rows] == [("notice.zalo_data_request", '{"person":"5"}')]
    assert "{person}" in on.runtime.wording.texts["notice.zalo_data_request"]


async def test_out_of_reach_is_no_fault_of_the_token(on: ZaloOaOn, fake: FakeZaloOa) -> None:
    await _log_in(on, fake)
    on.client._base = "http://127.0.0.1:9"
    with pytest.raises(ConnectionError):
        await on.state()


async def test_nothing_secret_lies_open_in_the_store(on: ZaloOaOn, fake: FakeZaloOa, tmp_path: Path) -> None:
    await _log_in(on, fake)
    access, refresh = fake.do(lambda world: (next(iter(world.access)), next(iter(world.refresh))))
    rows = await on.runtime.store.read(lambda conn: [tuple(row) for row in conn.execute(select(channel_tokens))])
    files = b"".join(path.read_bytes() for path in tmp_path.glob("nghedan.db*"))
    for secret in (access, refresh, fake.app_secret, on.login.verifier):
        assert secret not in str(rows)
        assert secret.encode() not in files


@pytest.mark.parametrize(
    ("changes", "found", "todo"),
    [
        ({}, "", ""),
        ({"refresh_until": 5 * DAY + HOUR}, "the login ends in 5 days", "is `nghedan serve` running?"),
        ({"refresh_until": 0}, "the login has ended", "log in again"),
        ({"fault": "-14014 Invalid refresh token"}, "could not be renewed (-14014", "log in again"),
        ({"asked_at": 1, "access_until": 0}, "its answer never stored", "log in again"),
        ({"asked_at": 1}, "", ""),
        ({"asked_at": 1, "access_until": 0, "lease_until": HOUR}, "", ""),
    ],
)
def test_what_is_said_of_the_tokens(changes: dict[str, int], found: str, todo: str) -> None:
    says = standing(msgspec.structs.replace(PAIR, **changes), 10, "")
    assert found in says.found
    assert todo in says.todo
    assert bool(says.found) == bool(says.todo) == bool(found)
