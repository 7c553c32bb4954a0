"""The webhook's door: who is let in, what is answered, what is counted, and nothing kept by halves."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.channels.base import Failed, Outcome, Sent
from bot.channels.telegram.acknowledge import Acknowledgements
from bot.channels.telegram.in_group import InGroup
from bot.channels.telegram.webhook import MAX_BODY, SECRET_HEADER, TelegramDoor
from bot.conversation.messages import Inbound

SECRET = "bi-mat_1"
KNOWN = {SECRET_HEADER: SECRET}
LAN = {"id": 5, "is_bot": False, "first_name": "Lan"}
CHAT = {"id": 5, "type": "private"}


@dataclass
class House:
    """What lies behind the door."""

    came: list[Inbound] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    broken: bool = False
    answered: list[str] = field(default_factory=list)
    answers: Outcome | Exception = field(default_factory=Sent)
    in_group: list[InGroup] = field(default_factory=list)

    async def receive(self, inbound: Inbound) -> None:
        if self.broken:
            raise RuntimeError("neither committed nor kept")
        self.came.append(inbound)

    def count(self, name: str, by: int) -> None:
        self.counts[name] += by

    async def answer(self, callback: str) -> Outcome:
        self.answered.append(callback)
        if isinstance(self.answers, Exception):
            raise self.answers
        return self.answers


@pytest.fixture
def house() -> House:
    return House()


def door(house: House, acknowledgements: Acknowledgements | None = None) -> TelegramDoor:
    acknowledgements = acknowledgements or Acknowledgements(house.answer, house.count)
    return TelegramDoor(1, SECRET, house.receive, house.count, lambda: 42, acknowledgements, house.in_group.append)


def body(**kind: Any) -> bytes:
    return json.dumps({"update_id": 9, **kind}).encode()


def text(said: str) -> bytes:
    return body(message={"message_id": 1, "date": 1, "chat": CHAT, "from": LAN, "text": said})


PRESS = body(
    callback_query={"id": "77", "from": LAN, "message": {"message_id": 1, "date": 1, "chat": CHAT}, "data": "n:1"}
)


async def test_a_good_update_is_a_turn_and_200(house: House) -> None:
    assert await door(house).handle(KNOWN, text("chào\x00")) == 200
    assert [(one.text, one.at) for one in house.came] == [("chào", 42)]
    assert house.counts == {"telegram.removed_characters": 1}


@pytest.mark.parametrize("secret", [None, "", "bi-mat", "bi-mat_1 ", "mật", "\ud800"])
async def test_a_wrong_secret_is_401_and_its_body_not_looked_at(house: House, secret: str | None) -> None:
    given = {} if secret is None else {SECRET_HEADER: secret}
    assert await door(house).handle(given, text("chào")) == 401
    assert (house.came, house.counts) == ([], {"webhook.bad_secret": 1})


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        (b"{", "webhook.unreadable"),
        (b"", "webhook.unreadable"),
        (b"\xff", "webhook.unreadable"),
        (body(message={"text": "no chat"}), "webhook.unreadable"),
        (body(kind_of_2030={}), "webhook.unknown_kind"),
        (body(poll_answer={}), "webhook.unknown_kind"),
        (body(message={"chat": {"id": -1, "type": "group"}, "text": "x"}), "webhook.group"),
        (text("ă" * MAX_BODY), "webhook.too_big"),
    ],
)
async def test_what_can_never_become_readable_is_200_and_counted(house: House, sent: bytes, counted: str) -> None:
    assert await door(house).handle(KNOWN, sent) == 200
    assert (house.came, house.counts) == ([], {counted: 1})


async def test_what_could_be_neither_done_nor_kept_is_500_so_that_it_comes_again(house: House) -> None:
    house.broken = True
    acknowledgements = Acknowledgements(house.answer, house.count)
    assert await door(house, acknowledgements).handle(KNOWN, PRESS) == 500
    await acknowledgements.settle()
    assert (house.answered, house.counts) == (["77"], {"webhook.turn_failed": 1})
    house.broken = False
    assert await door(house, acknowledgements).handle(KNOWN, PRESS) == 200
    await acknowledgements.settle()
    assert ([one.choice for one in house.came], house.answered) == (["n:1"], ["77", "77"])


@pytest.mark.parametrize("answers", [Failed("too old", retry=False), ConnectionError("no network")])
async def test_a_press_that_cannot_be_acknowledged_is_only_counted(house: House, answers: Outcome | Exception) -> None:
    house.answers = answers
    acknowledgements = Acknowledgements(house.answer, house.count)
    assert await door(house, acknowledgements).handle(KNOWN, PRESS) == 200
    await acknowledgements.settle()
    assert house.counts == {"telegram.unacknowledged": 1}


@pytest.mark.parametrize("secret", ["", "bí mật", "a b", "x" * 257])
def test_a_secret_telegram_would_refuse_is_refused_here(house: House, secret: str) -> None:
    with pytest.raises(ValueError, match="1 to 256"):
        TelegramDoor(1, secret, house.receive, house.count, lambda: 0, Acknowledgements(house.answer, house.count))


async def test_what_happens_in_a_group_is_handed_on_and_never_a_turn(house: House) -> None:
    said = {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "from": LAN, "text": "/menu@Van_Bot"}
    assert await door(house).handle(KNOWN, body(message=said)) == 200
    assert house.in_group == [InGroup(9, "-5", "talk", ("van_bot",))]
    assert (house.came, house.counts) == ([], {"webhook.group": 1})


async def test_a_press_stops_spinning_even_where_its_turn_fails_or_takes_too_long(house: House) -> None:
    press = {"id": "77", "from": LAN, "message": {"message_id": 1, "date": 1, "chat": CHAT}, "data": "1:a"}
    acknowledgements = Acknowledgements(house.answer, house.count)
    house.broken = True
    assert await door(house, acknowledgements).handle(KNOWN, body(callback_query=press)) == 500
    await acknowledgements.settle()
    assert house.answered == ["77"]

    go_on, acknowledged = asyncio.Event(), asyncio.Event()

    async def slowly(inbound: Inbound) -> None:
        await go_on.wait()
        house.came.append(inbound)

    async def answer(_: str) -> Outcome:
        acknowledged.set()
        return Sent()

    acknowledgements = Acknowledgements(answer, house.count)
    acknowledgements.patience = 0.01
    slow = TelegramDoor(1, SECRET, slowly, house.count, lambda: 42, acknowledgements)
    handling = asyncio.create_task(slow.handle(KNOWN, body(callback_query=press)))
    async with asyncio.timeout(30):
        await acknowledged.wait()
        assert house.came == []
        go_on.set()
        assert await handling == 200
