"""Strangers at the doors of a real `nghedan serve` with every channel on: too much, too deep, too slow, pretending."""

import asyncio
import gzip
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest

from bot.channels.zalo_oa.signature import sign
from tests.e2e.serving import Place, Server, serving
from tests.e2e.test_zalo_oa_walk import logs_in, webhook
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOa

SECRET = "bi_mat_cua_xa_2026"
BY_WEBHOOK = {"mode": "webhook", "webhook_secret": SECRET}
PHONE = "0912 345 678"
NOW = str(int(time.time() * 1000))
_TIMED = b'{"timestamp": "%s", "event_name": ' % NOW.encode()
_MEGABYTE = 1024 * 1024
_ROOM = 60 * 1024
"""kB that a process may grow by under all of this: bodies of 10 MB are never held, packed ones never unpacked."""


class Commune:
    """Every channel on, two of them by webhook; `doors`: the address of each webhook -> headers of who may knock."""

    def __init__(self, server: Server, fakes: tuple[FakeTelegram, FakeZaloBot, FakeZaloOa], oa: str) -> None:
        self.server = server
        self.telegram, self.zalo_bot, self.zalo_oa = fakes
        self.oa = oa

    def doors(self, body: bytes) -> dict[str, dict[str, str]]:
        account = {name: _account(self.server, name) for name in ("telegram", "zalo_bot")}
        mac = sign(self.zalo_oa.app_id, body, NOW, self.zalo_oa.oa_secret)
        return {
            f"{self.server.url}/webhook/telegram/{account['telegram']}": {"X-Telegram-Bot-Api-Secret-Token": SECRET},
            f"{self.server.url}/webhook/zalo_bot/{account['zalo_bot']}": {"X-Bot-Api-Secret-Token": SECRET},
            self.oa: {"X-ZEvent-Signature": f"mac={mac}"},
        }

    @property
    def memory(self) -> int:
        """Resident, kB."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1])


def _account(server: Server, channel: str) -> str:
    found = re.search(rf"/webhook/{channel}/(\d+)", server.place.command("channel", "list"))
    assert found, server.place.command("channel", "list")
    return found[1]


@pytest.fixture(scope="module")
def commune(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commune]:
    with FakeTelegram() as telegram, FakeZaloBot() as zalo_bot, FakeZaloOa() as zalo_oa:
        place = Place(
            tmp_path_factory.mktemp("hostile"),
            telegram={"token": telegram.token, "api_base": telegram.api_base, **BY_WEBHOOK},
            zalo_bot={"token": zalo_bot.token, "api_base": zalo_bot.api_base, **BY_WEBHOOK},
            zalo_oa=zalo_oa.settings,
        )
        place.furnish("sau_thu_tuc")
        with serving(place) as server:
            oa = webhook(place)
            zalo_oa.hook_at(oa)
            logs_in(zalo_oa, place)
            yield Commune(server, (telegram, zalo_bot, zalo_oa), oa)


@pytest.fixture
async def stranger() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(20)) as session:
        yield session


async def chunks(of: bytes, times: int) -> AsyncIterator[bytes]:
    for _ in range(times):
        yield of


BODIES = {
    "too deep": _TIMED + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "no JSON": _TIMED + b"<html>",
    "no text": _TIMED + b"\xff\xfe\x00",
    "an unknown event": _TIMED + b'"user_dances", "update_id": 7}',
    "huge numbers": _TIMED + b'"user_send_text", "update_id": 1' + b"0" * 5_000 + b"}",
}


@pytest.mark.parametrize("what", BODIES)
async def test_what_makes_no_sense_is_taken_and_forgotten(
    commune: Commune, stranger: aiohttp.ClientSession, what: str
) -> None:
    """It would make no more sense when it is brought again, so the platform is told that all is well."""
    for address, known in commune.doors(BODIES[what]).items():
        async with stranger.post(address, data=BODIES[what], headers=known) as answer:
            assert answer.status == 200, address
    await well(commune, stranger)


async def test_ten_megabytes_are_never_held(commune: Commune, stranger: aiohttp.ClientSession) -> None:
    before = commune.memory
    for address, known in commune.doors(b"").items():
        for headers in (known, {}):
            async with stranger.post(address, data=chunks(b"a" * _MEGABYTE, 10), headers=headers) as answer:
                assert answer.status in {200, 401, 413}
            async with stranger.post(address, data=BytesIO(b"a" * 10 * _MEGABYTE), headers=headers) as answer:
                assert answer.status in {200, 401, 413}
    assert commune.memory - before < _ROOM
    await well(commune, stranger)


async def test_what_is_packed_is_not_unpacked(commune: Commune, stranger: aiohttp.ClientSession) -> None:
    before = commune.memory
    bomb = gzip.compress(b"0" * 200 * _MEGABYTE)
    for address, known in commune.doors(bomb).items():
        headers = known | {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        async with stranger.post(address, data=bomb, headers=headers) as answer:
            assert answer.status in {200, 401}
    assert commune.memory - before < _ROOM
    await well(commune, stranger)


async def test_who_does_not_know_the_secret_is_sent_away(commune: Commune, stranger: aiohttp.ClientSession) -> None:
    for address, known in commune.doors(b"{}").items():
        for headers in ({}, dict.fromkeys(known, ""), dict.fromkeys(known, "mac=" + "0" * 64)):
            async with stranger.post(address, data=b"{}", headers=headers) as answer:
                assert answer.status == 401, address
        async with stranger.get(address, headers=known) as answer:
            assert answer.status == 405
        nobody = re.sub(r"\d+$", "999999999999", address)
        async with stranger.post(nobody, data=b"{}", headers=known) as answer:
            assert answer.status == 404


async def test_a_hundred_who_begin_and_never_end_hold_nobody_up(
    commune: Commune, stranger: aiohttp.ClientSession
) -> None:
    port = commune.server.place.port
    slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
    try:
        for number, (_, writer) in enumerate(slow):
            begun = b"POST /mau/gui HTTP/1.1\r\nHost: xa\r\nContent-Length: 100000\r\n"
            writer.write(begun if number % 2 else begun + b"\r\nm=")
            await writer.drain()
        await well(commune, stranger)
    finally:
        for _, writer in slow:
            writer.close()


async def test_no_secret_and_no_word_of_anybody_stands_in_the_log(
    commune: Commune, stranger: aiohttp.ClientSession
) -> None:
    # given somebody who writes a story with a telephone number, and a platform that breaks while it is answered
    story = f"Đèn đường ở ngã ba hỏng, gọi tôi {PHONE} nhé"
    lan, ba, hoa = commune.telegram.user("Lan"), commune.zalo_oa.user("Ba"), commune.zalo_bot.user("Hoa")
    commune.telegram.next_fault("sendMessage", "garbage")
    commune.zalo_bot.next_fault("sendMessage", "status", code=500)
    commune.zalo_oa.next_fault("/v3.0/oa/message/cs", "half")
    for person in (lan, ba, hoa):
        person.writes(story)
    for person in (lan, ba, hoa):
        await person.will_hear("xin Ông/Bà cho biết đây là", 30)
    log = commune.server.log
    secrets = [commune.telegram.token, commune.zalo_bot.token, SECRET]
    secrets += [commune.zalo_oa.app_secret, commune.zalo_oa.oa_secret]
    pairs = commune.zalo_oa.do(lambda world: [*world.access, *world.refresh])
    words = [PHONE, PHONE.replace(" ", ""), "ngã ba", "Lan", "Hoa"]
    assert [found for found in (*secrets, *map(str, pairs), *words) if found and found in log] == []
    assert "Traceback" not in log


async def well(commune: Commune, stranger: aiohttp.ClientSession) -> None:
    """Everybody else is served as ever, and nothing went wrong that somebody would have to look at."""
    async with stranger.get(f"{commune.server.url}/mau/", timeout=aiohttp.ClientTimeout(5)) as answer:
        assert answer.status == 200
    assert "Traceback" not in commune.server.log
    assert json.dumps({"kind": "inbox"}) not in commune.server.log
