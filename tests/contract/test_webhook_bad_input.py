"""Everything wrong that can be brought to a webhook, over a real HTTP server into a real store, on each platform."""

import asyncio
import gzip
import json
import random
import time
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from app import runtime as runtime_
from bot.channels.zalo_oa.signature import sign
from storage.vault import Vault
from tests.contract.webhook_site import (
    CHANNELS,
    EVENTS,
    MEGABYTE,
    SIGNED,
    WHEN,
    Event,
    Site,
    doors,
    listening,
    opened,
    proof,
    raw,
)
from tests.payloads import payloads
from tests.unit import test_zalo_bot_parse as zalo_bot_payloads
from tests.unit import test_zalo_oa_parse as zalo_oa_payloads
from web.webhooks import webhook_route


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn that a busy machine takes long for is kept as well as done; here what is kept means a fault."""
    monkeypatch.setattr(runtime_, "PATIENCE", 30.0)


@pytest.fixture
async def site(sqlite_url: str, tmp_path: Path, vault: Vault, now: int) -> AsyncIterator[Site]:
    async with opened(sqlite_url, tmp_path, vault, now) as made:
        yield made


@pytest.fixture
async def either(store_url: str, tmp_path: Path, vault: Vault, now: int) -> AsyncIterator[Site]:
    """The same over each engine: what one of them refuses the other may take."""
    async with opened(store_url, tmp_path, vault, now) as made:
        yield made


async def still_well(site: Site, channel: str) -> None:
    """A person of whom nothing was known is answered, and nothing waits for anybody to look at it."""
    before = await site.kept()
    assert await site.post(channel, raw(EVENTS[channel](990_000, 990_000, "xin chào"))) == 200
    after = await site.kept()
    assert after["conversations"] == before["conversations"] + 1
    assert after["inbox"] == 0


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("declared", [True, False])
async def test_ten_megabytes_are_answered_and_never_held(site: Site, channel: str, *, declared: bool) -> None:
    before = await site.kept()
    headers = proof(channel, b"") if channel != "zalo_oa" else {"X-ZEvent-Signature": f"mac={'0' * 64}"}
    tracemalloc.start()
    held = tracemalloc.get_traced_memory()[0]
    status = await site.post(channel, b" " * 65_536, headers, times=160, chunked=not declared)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert status == 200
    assert peak - held < 5 * MEGABYTE
    assert await site.kept() == before
    await still_well(site, channel)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_of_a_strangers_body_nothing_is_read_at_all(site: Site, channel: str) -> None:
    # given ten megabytes that are announced by somebody without a secret, and never come
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    head = f"POST {site.path(channel)} HTTP/1.1\r\nHost: x\r\nContent-Length: {10 * MEGABYTE}\r\n\r\n"
    writer.write(head.encode())
    # then they are told so without waiting for it
    async with asyncio.timeout(30):
        assert b"401" in await reader.readline()
    writer.close()


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_body_that_stops_or_never_ends_is_given_up(site: Site, channel: str) -> None:
    known = doors(site.runtime, site.accounts)
    app = Starlette(routes=[webhook_route(lambda: known, patience=0.4)])
    body = raw(EVENTS[channel](1, 7, "xin chào"))
    proved = "".join(f"{k}: {v}\r\n" for k, v in proof(channel, body).items())
    async with listening(app) as port:
        for length in ("Content-Length: 100000", "Transfer-Encoding: chunked"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"POST {site.path(channel)} HTTP/1.1\r\nHost: x\r\n{proved}{length}\r\n\r\n".encode())
            writer.write(body[:10] if "Length" in length else b"5\r\n{    \r\n")
            begun = time.monotonic()
            async with asyncio.timeout(60):
                # then it is said why, and the line is closed: `read` comes to an end
                assert b"408" in await reader.read()
            assert time.monotonic() - begun < 5
            writer.close()
    assert (await site.kept())["conversations"] == 0


async def test_who_says_nothing_holds_nobody_else_up(site: Site) -> None:
    # given three hundred lines on which a request begins and does not go on
    lines = [await asyncio.open_connection("127.0.0.1", site.port) for _ in range(300)]
    for _, writer in lines:
        writer.write(f"POST {site.path('zalo_bot')} HTTP/1.1\r\nHost: x\r\nX-".encode())
    # when somebody else writes
    begun = time.monotonic()
    for channel in CHANNELS:
        await still_well(site, channel)
    # then they are answered as ever
    assert time.monotonic() - begun < 5
    for _, writer in lines:
        writer.close()
        await writer.wait_closed()


JUNK = {
    "nothing": b"",
    "spaces": b" \r\n\t",
    "no JSON": b"{",
    "a form": b"a=1&b=2",
    "HTML": b"<html></html>",
    "null": b"null",
    "a number": b"1e999",
    "not a number": b"NaN",
    "text": b'"xin ch\xc3\xa0o"',
    "a list": b"[{}]",
    "an object": b"{}",
    "no UTF-8": b'{"update_id":1,"event_name":"\xff\xfe\xc3"}',
    "UTF-16": '{"update_id":1}'.encode("utf-16"),
    "a mark of order": b"\xef\xbb\xbf{}",
    "deep lists": b"[" * 100_000,
    "deep lists that end": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep in a surrogate": b'{"event_name":"\\ud800","update_id":1,"message":' + b"[" * 100_000,
    "a long number": b'{"update_id":' + b"9" * 100_000 + b"}",
    "a bomb": gzip.compress(bytes(10 * MEGABYTE)),
    "nul": bytes(1000),
}


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_is_no_event_is_answered_and_leaves_nothing(either: Site, channel: str) -> None:
    before = await either.kept()
    for name, body in JUNK.items():
        for kind in ("application/json", "text/html", "application/x-www-form-urlencoded", "multipart/form-data"):
            for packed in ({}, {"Content-Encoding": "gzip"}):
                headers = {**proof(channel, body, ""), "Content-Type": kind, **packed}
                status = await either.post(channel, body, headers)
                # What a signature of Zalo's covers tells only its timestamp: without one nothing was signed.
                assert status == 200 or (status == 401 and channel == "zalo_oa"), (name, kind)
            if len(body) > 1000:
                break
    assert await either.kept() == before
    await still_well(either, channel)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_no_depth_between_shallow_and_deep_is_a_fault(site: Site, channel: str) -> None:
    event = EVENTS[channel](1, 7, "xin chào")
    event.get("message", {}).pop("msg_id", None)  # so that an event of Zalo's is known by all that it says
    beginning = raw(event)[:-1] + b',"x":'
    for depth in (*range(400, 900, 50), *range(900, 1001)):
        assert await site.post(channel, beginning + b"[" * depth + b"]" * depth + b"}") == 200, depth
    assert (await site.kept())["inbox"] == 0


ODD_TEXTS = ("\ud800", "a\ud83db", "\x00", "a\x00b", "\udfff\ud800", "\u202e\u200b\ufeff", "\x1b[2J", "x" * 100_000)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_signs_no_store_can_keep_are_taken_out_and_the_rest_is_answered(either: Site, channel: str) -> None:
    for number, text in enumerate(ODD_TEXTS):
        event = EVENTS[channel](number + 1, 700 + number, text)
        bodies = [raw(event)]
        if len(text) < 10:  # the same signs as bytes, which is no UTF-8
            bodies.append(json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        for body in bodies:
            assert await either.post(channel, body) == 200, text[:10]
    kept = await either.kept()
    # then everybody has been answered, once, and nothing waits behind a fault
    assert (kept["conversations"], kept["inbox"]) == (len(ODD_TEXTS), 0)
    assert kept["outbox"] >= len(ODD_TEXTS)


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "x\x00y", "\udc00z"])
async def test_references_of_telegram_with_such_signs_are_kept_without_them(either: Site, odd: str) -> None:
    events: list[Event] = []
    contents: tuple[Event, ...] = (
        {"photo": [{"file_id": f"anh{odd}", "width": 9, "height": 9}]},
        {"voice": {"file_id": f"tieng{odd}"}},
        {"document": {"file_id": f"tep{odd}", "mime_type": "image/png", "file_name": odd}, "media_group_id": odd},
        {"contact": {"phone_number": odd, "user_id": 5}},
    )
    for number, content in enumerate(contents):
        event = EVENTS["telegram"](number + 1, 5, "")
        del event["message"]["text"]
        event["message"] |= {**content, "caption": odd}
        events.append(event)
    pressed = {"id": odd, "from": {"id": 5, "first_name": odd, "username": odd}, "data": f"1:a{odd}"}
    message = {"message_id": 1, "chat": {"id": 5, "type": "private"}}
    events.append({"update_id": 50, "callback_query": {**pressed, "message": message}})
    for event in events:
        assert await either.post("telegram", raw(event)) == 200
    kept = await either.kept()
    assert (kept["inbox"], kept["seen_events"]) == (0, len(events))


_LONG = 10**4000
IDS: dict[str, tuple[tuple[Any, bool], ...]] = {
    "telegram": (
        (7, True), (-7, True), (2**52, True), (2**63 - 1, True), (2**63, False), (_LONG, False), ("7", False),
        (7.5, False),
    ),
    "zalo_bot": (
        (7, True), ("7a", True), (2**70, True), ("x" * 200, True), ("x" * 201, False), (_LONG, False), (7.5, False),
    ),
    "zalo_oa": (
        (7, True), ("7", True), (2**63, True), ("x" * 64, True), ("x" * 65, False), (_LONG, False), (7.5, False),
    ),
}  # fmt: skip


@pytest.mark.parametrize("channel", CHANNELS)
async def test_ids_are_numbers_or_texts_and_what_cannot_be_one_is_nobody(either: Site, channel: str) -> None:
    nobody: tuple[Any, ...] = (None, "", " ", [], {}, True, "7\x00", "\ud8007", "\x00")
    for number, (person, real) in enumerate((*IDS[channel], *((one, False) for one in nobody))):
        before = await either.kept()
        assert await either.post(channel, raw(EVENTS[channel](number + 1, person, "xin chào"))) == 200, person
        after = await either.kept()
        # "7" and 7 are the same person
        new = real and not (channel == "zalo_oa" and person == "7")
        assert after["conversations"] - before["conversations"] == int(new), str(person)[:20]
        assert after["inbox"] == 0
        assert after["seen_events"] - before["seen_events"] == int(real)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_secret_that_is_wrong_missing_or_of_another_body_opens_nothing(site: Site, channel: str) -> None:
    body = raw(EVENTS[channel](1, 7, "xin chào"))
    (name, right), *_ = proof(channel, body).items()
    wrong = [
        {},
        *(
            {name: value}
            for value in (
                "",
                " ",
                "x",
                right[:-1],
                f"{right}x",
                right.swapcase(),
                "ă".encode().decode("latin-1"),
                "\xff" * 300,
            )
        ),
    ]
    if channel == "zalo_oa":
        other = proof(channel, raw(EVENTS["zalo_oa"](1, 8, "xin chào")))
        by_app = {name: f"mac={sign(SIGNED.app_id, body, WHEN, SIGNED.app_secret)}"}
        wrong += [other, by_app, {name: right.removeprefix("mac=")}, {name: "mac="}, {name: f"{right}, {right}"}]
        wrong.remove({name: right.swapcase()})  # hexadecimal digits are the same in both
    for headers in wrong:
        assert await site.post(channel, body, headers) == 401, headers
    assert set((await site.kept()).values()) == {0}
    assert await site.post(channel, body) == 200


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_same_event_again_and_all_at_once_is_stored_once(either: Site, channel: str) -> None:
    body = raw(EVENTS[channel](1, 7, "xin chào"))
    assert set(await asyncio.gather(*(either.post(channel, body) for _ in range(12)))) == {200}
    kept = await either.kept()
    assert (kept["seen_events"], kept["conversations"], kept["inbox"]) == (1, 1, 0)
    assert await either.post(channel, body) == 200
    assert await either.kept() == kept


async def test_what_was_signed_a_week_ago_is_not_taken_again(site: Site, now: int) -> None:
    for age, status in ((5, 200), (7, 401), (700, 401)):
        then = str(now - age * 86_400_000)
        body = raw(EVENTS["zalo_oa"](age, 7, "xin chào") | {"timestamp": then})
        assert await site.post("zalo_oa", body, proof("zalo_oa", body, then)) == status


@pytest.mark.parametrize("channel", CHANNELS)
async def test_events_in_any_order_are_each_taken_once(either: Site, channel: str) -> None:
    numbers = [5, 1, 4, 2, 3, 5, 1, 3]
    for number in numbers:
        assert await either.post(channel, raw(EVENTS[channel](number, 7, f"việc {number}"))) == 200
    kept = await either.kept()
    assert (kept["seen_events"], kept["conversations"], kept["inbox"]) == (5, 1, 0)


UNKNOWN: dict[str, tuple[Event, ...]] = {
    "telegram": ({"update_id": 1}, {"update_id": 2, "poll": {"id": "1"}}, {"update_id": 3, "message": None}),
    "zalo_bot": (
        {"event_name": "message.removed.received"}, {"event_name": "x", "message": None}, {"ok": True, "result": {}},
    ),
    "zalo_oa": tuple(
        {"event_name": name, "sender": {"id": "7"}, "recipient": {"id": SIGNED.oa_id}, "timestamp": WHEN}
        for name in ("user_sends_thoughts", "oa_send_text", "user_seen_message", "anonymous_send_text", "x" * 9000)
    ),
}  # fmt: skip


@pytest.mark.parametrize("channel", CHANNELS)
async def test_events_that_nobody_knows_are_answered_and_leave_nothing(site: Site, channel: str) -> None:
    before = await site.kept()
    for event in UNKNOWN[channel]:
        body = raw(event)
        stamp = str(event.get("timestamp", ""))
        assert await site.post(channel, body, proof(channel, body, stamp)) == 200, event
    assert await site.kept() == before


async def test_no_other_account_method_or_channel_is_a_door(site: Site) -> None:
    for channel in CHANNELS:
        body = raw(EVENTS[channel](1, 7, "xin chào"))
        proved = proof(channel, body)
        others = [one for name, one in site.accounts.items() if name != channel]
        for account in (0, *others, 2**63, 2**64, "9" * 5000, "-1", "1.0", "%00", "", "a", "1/2"):
            status = await site.knock("POST", f"/webhook/{channel}/{account}", body, proved)
            assert status in (404, 405, 414), (channel, str(account)[:30], status)
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            assert await site.knock(method, site.path(channel), b"", proved) == 405
    for channel in ("webchat", "terminal", "Telegram", "telegram%00", "zalo"):
        assert await site.knock("POST", f"/webhook/{channel}/1", b"{}", {}) == 404
    assert set((await site.kept()).values()) == {0}


CAPTURED: dict[str, list[Event]] = {
    "telegram": list(payloads("telegram").values()), "zalo_bot": zalo_bot_payloads.CAPTURED,
    "zalo_oa": list(zalo_oa_payloads.PAYLOADS.values()),
}  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**53, 2**63, 10**30, 1.5, 1e308, "", " ", "0",
    "\x00", "a\x00", "\ud800", "\udfffb", "#1:x",
    "go:join", "NOI 1234 5678", "/start x", "x" * 5000,
    "\u0300" * 50, "http://[", "https://127.0.0.1/x", [], [[]], {}, {"id": 1},
    [{"payload": None}], {"coordinates": {"latitude": "nan", "longitude": "inf"}},
)  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside of an event."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(*way, key) for key, _ in inside] + [one for key, held in inside for one in places(held, (*way, key))]


def spoiled(event: Event, chance: random.Random) -> Event:
    """The event with a piece or two of it exchanged, taken away, or put somewhere else."""
    made: Event = json.loads(json.dumps(event))
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice(places(made) or [("x",)])
        holder: Any = made
        for key in way:
            holder = holder[key]
        if isinstance(holder, dict) and chance.random() < 0.2:
            holder.pop(last, None)
        else:
            holder[last] = chance.choice(ODD)
    return made


@pytest.mark.parametrize("channel", CHANNELS)
async def test_captured_events_spoiled_anywhere_leave_nothing_half_done(either: Site, channel: str) -> None:
    chance = random.Random(3102026)
    for number in range(150):
        event = spoiled(chance.choice(CAPTURED[channel]), chance)
        if channel == "telegram" and isinstance(event.get("update_id"), int):
            event["update_id"] = number + 1  # else most would be taken for one that was seen
        if channel == "zalo_oa":
            event["timestamp"] = WHEN
        body = raw(event)
        if chance.random() < 0.2:
            at = chance.randrange(len(body))
            body = body[:at] + chance.choice((b"", b"\xff", b"\x00", b"]")) + body[at + 1 :]
        status = await either.post(channel, body)
        assert status == 200 or (status == 401 and channel == "zalo_oa"), body
        assert (await either.kept())["inbox"] == 0, body
    assert (await either.kept())["conversations"] > 0
