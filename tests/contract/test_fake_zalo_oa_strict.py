"""The fake refuses what Zalo refuses, retries as Zalo retries, and gives up as Zalo gives up."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.fakes.zalo_oa import FakeZaloOa
from tests.fakes.zalo_oa.fake import SEND, TOKEN
from tests.fakes.zalo_oa.hook import LADDER
from tests.fakes.zalo_oa.world import World


@pytest.fixture
def fake() -> Iterator[FakeZaloOa]:
    with FakeZaloOa() as running:
        yield running


@dataclass
class House:
    """A webhook that answers as it is told."""

    status: int = 200
    url: str = ""
    came: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        self.came.append((dict(request.headers), await request.json()))
        return web.Response(status=self.status)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    app = web.Application()
    app.router.add_post("/hook", made.hear)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def call(fake: FakeZaloOa, path: str, token: str, **body: Any) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(fake.api_base + path, headers={"access_token": token}, **body) as answer,
    ):
        found: dict[str, Any] = await answer.json()
        return found


def message(user: str, **content: Any) -> dict[str, Any]:
    return {"recipient": {"user_id": user}, "message": content}


def template(**payload: Any) -> dict[str, Any]:
    return {"type": "template", "payload": payload}


BUTTON = {"title": "Có", "type": "oa.query.hide", "payload": "#1:y"}
FORM = {"title": "x", "subtitle": "y", "image_url": "https://x.vn/a.png"}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"text": ""}, -201),
        ({"text": "x" * 2001}, -201),
        ({"text": "x" * 2000}, 0),
        ({"text": "\U0001f642" * 1001}, -201),
        ({"text": "x", "buttons": []}, -201),
        ({"text": "x", "attachment": template(buttons=[BUTTON] * 5)}, 0),
        ({"text": "x", "attachment": template(buttons=[BUTTON] * 6)}, -201),
        ({"attachment": template(buttons=[BUTTON])}, -201),
        ({"text": "x", "attachment": template(buttons=[BUTTON | {"title": "x" * 101}])}, -201),
        ({"text": "x", "attachment": template(buttons=[BUTTON | {"payload": "x" * 1001}])}, -201),
        ({"text": "x", "attachment": template(buttons=[BUTTON | {"type": "callback"}])}, -201),
        ({"text": "x", "attachment": template(template_type="list", elements=[])}, -233),
        ({"text": "x", "attachment": template(template_type="media", elements=[])}, -201),
        ({"attachment": template(template_type="request_user_info", elements=[FORM])}, 0),
        ({"attachment": template(template_type="request_user_info", elements=[FORM, FORM])}, -201),
        (
            {"attachment": template(template_type="media", elements=[{"media_type": "image", "attachment_id": "x"}])},
            -100,
        ),
    ],
)
async def test_what_a_message_may_be(fake: FakeZaloOa, content: dict[str, Any], error: int) -> None:
    lan = fake.user("Lan")
    lan.follows()
    token = fake.grants()["access_token"]
    assert (await call(fake, SEND, token, json=message(lan.id, **content)))["error"] == error
    assert len(lan.heard) == (error == 0)


async def test_a_token_is_needed_and_ends(fake: FakeZaloOa) -> None:
    lan = fake.user("Lan")
    lan.follows()
    hello = message(lan.id, text="x")
    assert (await call(fake, SEND, "", json=hello))["error"] == -216
    token = fake.grants()["access_token"]
    assert (await call(fake, SEND, token, json=hello))["error"] == 0
    assert (await call(fake, SEND, token, data=hello["message"]))["error"] == -201, "not as JSON"
    fake.grants()
    assert (await call(fake, SEND, token, json=hello))["error"] == -216, "the older one has ended"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "refresh_token", "refresh_token": "unknown"},
        {"grant_type": "authorization_code", "code": "unknown", "code_verifier": "v" * 43},
    ],
)
async def test_no_pair_without_what_is_right(fake: FakeZaloOa, form: dict[str, str]) -> None:
    assert (await call(fake, TOKEN, "", data=form | {"app_id": fake.app_id}))["error"] < 0
    assert fake.do(lambda world: world.grants) == 0


def tried(fake: FakeZaloOa, times: int, _: World) -> bool:
    return len(fake._postman.deliveries) == times and not fake._postman.under_way


async def test_a_webhook_that_fails_is_tried_five_times_more_and_then_switched_off(
    fake: FakeZaloOa, house: House
) -> None:
    house.status = 503
    fake.hook_at(house.url)
    lan = fake.user("Lan")
    lan.follows()
    await fake.until(partial(tried, fake, 1))
    for tries, pause in enumerate(LADDER, 2):
        fake.advance(pause - 5)
        await asyncio.sleep(0)
        assert len(fake.deliveries) == tries - 1, "not before its time"
        fake.advance(6)
        await fake.until(partial(tried, fake, tries))
    assert [headers.get("num_retry") for headers, _ in house.came] == [None, "1", "2", "3", "4", "5"]
    assert len({headers["X-ZEvent-Signature"] for headers, _ in house.came}) == 1
    assert not fake.hook.on

    # what comes while it is off is lost; switched on by hand, it goes on with what comes then
    house.status = 200
    lan.writes("mất")
    fake.hook_at(house.url)
    lan.writes("đến")
    await fake.until(lambda _: fake._postman.deliveries[-1].status == 200)
    assert [event["message"]["text"] for _, event in house.came[6:]] == ["đến"]


async def test_events_come_twice_and_backwards_when_told_to(fake: FakeZaloOa, house: House) -> None:
    fake.hook_at(house.url)
    lan = fake.user("Lan")
    fake.hold()
    for text in ("một", "hai"):
        lan.writes(text)
    fake.hook.copies = 2
    lan.writes("ba")
    fake.release(backwards=True)
    await fake.until(lambda _: len(fake._postman.deliveries) == 4)
    assert sorted(event["message"]["text"] for _, event in house.came) == ["ba", "ba", "hai", "một"]
    assert all(isinstance(event["timestamp"], str) for _, event in house.came)
