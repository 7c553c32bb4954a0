"""The webhook's door: who is let in, what is answered, what is counted, and nothing kept by halves."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.channels.zalo_oa.parse import DataRequest
from bot.channels.zalo_oa.signature import HEADER, Signing, Variant, sign
from bot.channels.zalo_oa.webhook import MAX_BODY, OLDEST, ZaloOaDoor
from bot.conversation.messages import Inbound

APP, OA = "360846524940903967", "388613280878808645"
SIGNING = Signing(app_id=APP, oa_id=OA, app_secret="bi-mat-app", oa_secret="bi-mat-oa")
NOW = 1_795_000_000_000


@dataclass
class House:
    """What lies behind the door."""

    came: list[Inbound] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    broken: bool = False
    variants: list[Variant] = field(default_factory=list)
    requests: list[DataRequest] = field(default_factory=list)

    async def receive(self, inbound: Inbound) -> None:
        if self.broken:
            raise RuntimeError("neither committed nor kept")
        self.came.append(inbound)

    def count(self, name: str, by: int) -> None:
        self.counts[name] += by

    async def signed(self, variant: Variant) -> None:
        self.variants.append(variant)
        if self.broken:
            raise RuntimeError("no store")

    async def data_request(self, request: DataRequest) -> None:
        if self.broken:
            raise RuntimeError("no store")
        self.requests.append(request)


@pytest.fixture
def house() -> House:
    return House()


def door(house: House, signing: Signing = SIGNING) -> ZaloOaDoor:
    return ZaloOaDoor(1, signing, house.receive, house.count, lambda: NOW, house.signed, house.data_request)


def text(said: str, **more: Any) -> bytes:
    message = {"text": said, "msg_id": "m1"}
    event = {"event_name": "user_send_text", "sender": {"id": "5"}, "recipient": {"id": OA}, "timestamp": str(NOW)}
    return json.dumps(event | {"message": message} | more).encode()


def known(body: bytes, first: str = APP, secret: str = "bi-mat-oa", timestamp: str = str(NOW)) -> dict[str, str]:
    return {HEADER: f"mac={sign(first, body, timestamp, secret)}"}


async def test_a_signed_event_is_a_turn_and_200(house: House) -> None:
    body = text("chào\x00")
    assert door(house).admits(known(body))
    assert await door(house).handle(known(body), body) == 200
    assert [(one.text, one.at) for one in house.came] == [("chào", NOW)]
    assert house.counts == {"zalo_oa.removed_characters": 1}
    assert house.variants == [Variant("app_id", "oa")]


@pytest.mark.parametrize(
    "header", ["", "mac=", "mac=xyz", "a" * 64, f"mac={'a' * 63}", f"mac={'g' * 64}", "mac=\ud800"]
)
async def test_without_a_signature_the_body_is_not_read(house: House, header: str) -> None:
    assert not door(house).admits({HEADER: header})
    assert await door(house).handle({HEADER: header}, text("chào")) == 401
    assert await door(house).handle({}, text("chào")) == 401
    assert (house.came, house.counts) == ([], {"webhook.bad_signature": 2})


async def test_a_wrong_signature_or_another_body_is_401(house: House) -> None:
    body = text("chào")
    for headers, brought in (
        ({HEADER: f"mac={'a' * 64}"}, body),
        (known(body, secret="khac"), body),
        (known(body), text("chao")),
        (known(body, timestamp="1"), body),
        (known(b""), b""),
    ):
        assert await door(house).handle(headers, brought) == 401
    assert (house.came, house.variants) == ([], [])


@pytest.mark.parametrize(
    ("first", "secret", "variant"),
    [
        (APP, "bi-mat-app", Variant("app_id", "app")),
        (OA, "bi-mat-oa", Variant("oa_id", "oa")),
        (OA, "bi-mat-app", Variant("oa_id", "app")),
    ],
)
async def test_another_way_to_sign_is_told_once_and_let_in_only_once_it_is_set(
    house: House, first: str, secret: str, variant: Variant
) -> None:
    body = text("chào")
    opened = door(house)
    for _ in range(3):
        assert await opened.handle(known(body, first, secret), body) == 401
    assert (house.came, house.variants) == ([], [variant])

    pinned = Signing(
        app_id=APP,
        oa_id=OA,
        app_secret="bi-mat-app",
        oa_secret="bi-mat-oa",
        signed_first=variant.first,
        signed_with=variant.secret,
    )
    assert await door(house, pinned).handle(known(body, first, secret), body) == 200
    assert await door(house, pinned).handle(known(body), body) == 401
    assert len(house.came) == 1


async def test_an_empty_secret_signs_nothing(house: House) -> None:
    unset = Signing(app_id=APP, oa_id=OA, app_secret="", oa_secret="")
    body = text("chào")
    assert await door(house, unset).handle(known(body, secret=""), body) == 401


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        (text("x", event_name="user_seen_message"), "webhook.seen"),
        (text("x", event_name="oa_send_text"), "webhook.echo"),
        (text("x", event_name="event_of_2030"), "webhook.unknown_event"),
        (text("x", sender={}), "webhook.unreadable"),
        (b'{"timestamp":"1795000000000",', "webhook.unreadable"),
        (b'{"timestamp":"1795000000000","a":' + b"[" * 100_000, "webhook.unreadable"),
    ],
)
async def test_what_can_never_become_readable_is_200_and_counted(house: House, sent: bytes, counted: str) -> None:
    assert await door(house).handle(known(sent), sent) == 200
    assert (house.came, house.counts) == ([], {counted: 1})


async def test_a_body_that_is_cut_off_is_not_looked_at(house: House) -> None:
    body = text("ă" * MAX_BODY)
    assert await door(house).handle(known(body), body[: MAX_BODY + 1]) == 200
    assert (house.came, house.counts) == ([], {"webhook.too_big": 1})


@pytest.mark.parametrize(
    ("timestamp", "status"),
    [
        (str(NOW), 200),
        (str(NOW - 26 * 60 * 60_000), 200),
        (str(NOW - OLDEST - 1), 401),
        (str((NOW - OLDEST) // 1000 - 1), 401),
        ("154390853474", 200),
        ("hôm qua", 200),
    ],
    ids=["now", "after a day's outage", "a week", "a week in seconds", "as in an example of Zalo", "no number"],
)
async def test_what_could_have_been_forgotten_is_not_taken_again(house: House, timestamp: str, status: int) -> None:
    body = text("chào", timestamp=timestamp)
    assert await door(house).handle(known(body, timestamp=timestamp), body) == status
    assert len(house.came) == (status == 200)


async def test_what_could_be_neither_done_nor_kept_is_500_so_that_it_comes_again(house: House) -> None:
    body, request = text("chào"), text("x", event_name="user_data_request")
    house.broken = True
    assert await door(house).handle(known(body), body) == 500
    assert await door(house).handle(known(request), request) == 500
    house.broken = False
    assert await door(house).handle(known(body), body) == 200
    assert await door(house).handle(known(request), request) == 200
    assert (len(house.came), house.requests) == (1, [DataRequest("user_data_request", "5")])
