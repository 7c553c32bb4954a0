"""The fake refuses what Telegram refuses, takes requests in every form Telegram takes, and breaks on demand."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.telegram import FakeTelegram, FaultKind, Person


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        running.flood(chat_burst=1000, per_second=1000)
        yield running


@pytest.fixture
def lan(fake: FakeTelegram) -> Person:
    person = fake.user("Lan")
    person.starts()
    return person


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as session:
        yield session


class Api:
    """Raw calls: the status and the answer."""

    def __init__(self, fake: FakeTelegram, http: aiohttp.ClientSession) -> None:
        self.base = f"{fake.api_base}/bot{fake.token}"
        self.http = http

    async def __call__(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        async with self.http.post(f"{self.base}/{method}", json=params) as response:
            return response.status, await response.json()

    async def refusal(self, method: str, **params: Any) -> str:
        status, answer = await self(method, **params)
        assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
        said: str = answer["description"]
        return said.removeprefix("Bad Request: ")


@pytest.fixture
def api(fake: FakeTelegram, http: aiohttp.ClientSession) -> Api:
    return Api(fake, http)


def keyboard(*rows: int, data: str = "1") -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", "callback_data": data}] * row for row in rows]}


async def test_json_form_multipart_and_query_all_say_the_same(
    fake: FakeTelegram, api: Api, http: aiohttp.ClientSession, lan: Person
) -> None:
    url = f"{api.base}/sendMessage"
    params = {
        "chat_id": str(lan.id),
        "text": "chào",
        "reply_markup": json.dumps(keyboard(1)),
        "protect_content": "true",
    }
    multipart = aiohttp.FormData(params, default_to_multipart=True)
    await api("sendMessage", chat_id=lan.id, text="chào", reply_markup=keyboard(1), protect_content=True)
    for request in (http.post(url, data=params), http.post(url, data=multipart), http.get(url, params=params)):
        async with request as response:
            assert (await response.json())["ok"]
    async with http.post(f"{api.base}/sendmessage", data=params) as response:
        assert response.status == 200
    assert [(seen.text, seen.labels) for seen in lan.heard] == [("chào", ["x"])] * 5


async def test_what_it_does_not_know_it_refuses(api: Api, http: aiohttp.ClientSession, lan: Person) -> None:
    assert (await api("sendEverything"))[0] == 404
    assert "no parameter 'txt'" in await api.refusal("sendMessage", chat_id=lan.id, text="a", txt="b")
    assert await api.refusal("sendMessage", text="a") == "parameter 'chat_id' is required"
    assert await api.refusal("sendMessage", chat_id=lan.id) == "message text is empty"
    assert "must be Integer or String" in await api.refusal("sendMessage", chat_id=[1], text="a")
    assert "must be String" in await api.refusal("sendMessage", chat_id=lan.id, text=5)
    assert "must be Boolean" in await api.refusal("sendMessage", chat_id=lan.id, text="a", protect_content="maybe")
    assert "plain text" in await api.refusal("sendMessage", chat_id=lan.id, text="a", parse_mode="HTML")
    async with http.post(f"{api.base.replace('123456', '7')}/getMe") as response:
        assert response.status == 401


@pytest.mark.parametrize(
    ("markup", "says"),
    [
        (keyboard(1, data="đ" * 33), "BUTTON_DATA_INVALID"),
        (keyboard(1, data=""), "BUTTON_DATA_INVALID"),
        (keyboard(9), "reply markup is too long"),
        (keyboard(*[1] * 101), "reply markup is too long"),
        ({"inline_keyboard": [[{"text": "", "callback_data": "1"}]]}, "non-empty"),
        ({"inline_keyboard": [[{"text": "x"}]]}, "unallowed"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "1", "url": "https://a.vn"}]]}, "unallowed"),
        ({"inline_keyboard": [[{"text": "x", "url": "a.vn"}]]}, "Wrong HTTP URL"),
        ({"inline_keyboard": [[{"text": "x", "url": "http://127.0.0.1:8000/x"}]]}, "Wrong HTTP URL"),
        ({"inline_keyboard": [[{"text": "x", "url": "http://localhost/x"}]]}, "Wrong HTTP URL"),
        ({"inline_keyboard": [{"text": "x", "callback_data": "1"}]}, "Array of Arrays"),
        ({"force_reply": True}, "only inline keyboards"),
        ({"keyboard": []}, "Array is required"),
        ({"keyboard": [[{"text": ""}]]}, "non-empty"),
        ({"keyboard": [[{"text": "x", "request_contact": True, "request_location": True}]]}, "no such keyboard button"),
        ({"remove_keyboard": True, "keyboard": [[{"text": "x"}]]}, "object expected"),
    ],
)
async def test_keyboards_it_refuses(api: Api, lan: Person, markup: dict[str, Any], says: str) -> None:
    assert says in await api.refusal("sendMessage", chat_id=lan.id, text="a", reply_markup=markup)


async def test_keyboards_it_takes(api: Api, lan: Person) -> None:
    for markup in (keyboard(8), keyboard(*[8] * 12, 4), keyboard(1, data="đ" * 32)):
        assert (await api("sendMessage", chat_id=lan.id, text="a", reply_markup=markup))[0] == 200


async def test_an_acknowledgement_counts_once_and_in_time(fake: FakeTelegram, api: Api, lan: Person) -> None:
    await api("sendMessage", chat_id=lan.id, text="a", reply_markup=keyboard(1))
    lan.presses("x")
    lan.presses("x")
    first, second = fake.do(lambda world: list(world.presses))
    assert (await api("answerCallbackQuery", callback_query_id=first))[0] == 200
    assert "too old" in await api.refusal("answerCallbackQuery", callback_query_id=first)
    fake.advance(16)
    assert "too old" in await api.refusal("answerCallbackQuery", callback_query_id=second)


async def test_updates_not_asked_for_are_not_queued_and_negative_offsets_forget(
    fake: FakeTelegram, api: Api, lan: Person
) -> None:
    await api("getUpdates", allowed_updates=["message"])
    lan.edits("/start x")
    last = lan.writes("cuối")
    _, answer = await api("getUpdates", offset=-1)
    assert [update["update_id"] for update in answer["result"]] == [last]
    assert fake.pending == [last]
    assert "limit" in await api.refusal("getUpdates", limit=101)


async def test_dates_are_in_seconds_and_messages_in_order(fake: FakeTelegram, api: Api, lan: Person) -> None:
    _, answer = await api("sendMessage", chat_id=lan.id, text="a")
    assert abs(answer["result"]["date"] - fake.do(lambda world: world.now())) < 60
    assert answer["result"]["message_id"] > lan.messages[0].id


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("kind", ["status", "half", "garbage", "flood", "drop"])
async def test_a_fault_happens_once_and_says_whether_it_took_effect(
    fake: FakeTelegram, api: Api, lan: Person, kind: FaultKind, *, carried_out: bool
) -> None:
    fake.next_fault("sendMessage", kind, carried_out=carried_out, status=502, retry_after=3)
    try:
        status, answer = await api("sendMessage", chat_id=lan.id, text="một")
    except (aiohttp.ClientError, ValueError):
        status, answer = 0, {}
    assert status == (429 if kind == "flood" else 0)
    assert answer.get("parameters") == ({"retry_after": 3} if kind == "flood" else None)
    assert [seen.text for seen in lan.heard] == (["một"] if carried_out else [])
    assert (await api("sendMessage", chat_id=lan.id, text="hai"))[0] == 200


async def test_who_presses_what_is_not_there_is_told_what_is(api: Api, lan: Person) -> None:
    await api("sendMessage", chat_id=lan.id, text="a", reply_markup=keyboard(1))
    with pytest.raises(AssertionError, match=r"no button 'y'; there are \['x'\]"):
        lan.presses("y")
    with pytest.raises(AssertionError, match="Lan never saw 'không có'"):
        await lan.will_see("không có", seconds=0.1)


async def test_a_walk_hears_each_thing_once_and_an_edit_counts_as_new(api: Api, lan: Person) -> None:
    _, answer = await api("sendMessage", chat_id=lan.id, text="câu 1")
    await api("sendMessage", chat_id=lan.id, text="câu 2")
    assert [(await lan.will_hear("câu")).text, (await lan.will_hear("câu")).text] == ["câu 1", "câu 2"]
    with pytest.raises(AssertionError, match="never saw"):
        await lan.will_hear("câu", seconds=0.1)
    edit = {"chat_id": lan.id, "message_id": answer["result"]["message_id"], "text": "câu 1, đã ghi"}
    await api("editMessageText", **edit)
    heard = await lan.will_hear("đã ghi")
    assert (heard.edited, (await lan.will_see("câu")).text) == (True, "câu 1, đã ghi")
