"""What the fake refuses and does besides: asked without any library."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.zalo_bot import FakeZaloBot


@pytest.fixture
def fake() -> Iterator[FakeZaloBot]:
    with FakeZaloBot() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


async def _ask(session: aiohttp.ClientSession, fake: FakeZaloBot, method: str, **params: Any) -> tuple[int, Any]:
    async with session.post(f"{fake.api_base}/bot{fake.token}/{method}", json=params) as answer:
        return answer.status, await answer.json()


async def test_names_are_case_sensitive_and_unknown_ones_are_404(
    fake: FakeZaloBot, session: aiohttp.ClientSession
) -> None:
    for name in ("getme", "GetMe", "editMessageText", "sendLocation", "getFile"):
        status, answer = await _ask(session, fake, name)
        assert (status, answer["ok"], answer["error_code"]) == (404, False, 404)


async def test_query_form_and_multipart_are_read_too(fake: FakeZaloBot, session: aiohttp.ClientSession) -> None:
    lan = fake.user("Lan")
    lan.writes("chào")
    url = f"{fake.api_base}/bot{fake.token}/sendMessage"
    async with session.get(url, params={"chat_id": lan.id, "text": "một"}):
        pass
    async with session.post(url, data={"chat_id": lan.id, "text": "hai"}):
        pass
    with aiohttp.MultipartWriter("form-data") as form:
        for name, value in (("chat_id", lan.id), ("text", "ba")):
            form.append(value).set_content_disposition("form-data", name=name)
    async with session.post(url, data=form):
        pass
    assert [seen.text for seen in lan.heard] == ["một", "hai", "ba"]


async def test_an_empty_poll_is_a_200_that_says_no(fake: FakeZaloBot, session: aiohttp.ClientSession) -> None:
    assert await _ask(session, fake, "getUpdates", timeout="0") == (
        200,
        {"ok": False, "description": "Request timeout", "error_code": 408},
    )


async def test_what_nobody_asked_for_in_time_is_lost(fake: FakeZaloBot, session: aiohttp.ClientSession) -> None:
    lan = fake.user("Lan")
    lan.writes("một")
    fake.advance(3600)
    lan.writes("hai")
    _, answer = await _ask(session, fake, "getUpdates", timeout="1")
    assert answer["result"]["message"]["text"] == "hai"
    assert [event["message"]["text"] for event in fake.lost] == ["một"]


async def test_a_voice_is_an_aac_file_and_a_month_has_an_end(fake: FakeZaloBot, session: aiohttp.ClientSession) -> None:
    lan = fake.user("Lan")
    lan.writes("chào")
    assert (await _ask(session, fake, "sendVoice", chat_id=lan.id, voice_url="https://a.vn/x.mp3"))[0] == 400
    assert (await _ask(session, fake, "sendVoice", chat_id=lan.id, voice_url="https://a.vn/x.aac"))[0] == 200
    assert (await _ask(session, fake, "sendMessage", chat_id=lan.id, text="x", parse_mode="HTML"))[0] == 400
    fake.month_of(1)
    assert (await _ask(session, fake, "sendMessage", chat_id=lan.id, text="x"))[0] == 200
    status, answer = await _ask(session, fake, "sendMessage", chat_id=lan.id, text="x")
    assert (status, answer["error_code"]) == (429, 429)


async def test_a_webhook_that_does_not_answer_is_kept_and_said(
    fake: FakeZaloBot, session: aiohttp.ClientSession
) -> None:
    url = f"{fake.api_base}/nowhere"
    _, answer = await _ask(session, fake, "setWebhook", url=url, secret_token="bi-mat_1")
    assert answer["result"]["url"] == url
    assert answer["result"]["verification"] == {"ok": False, "outcome": "webhook.http.404"}
    with FakeZaloBot(plain_http=False) as strict:
        status, _ = await _ask(session, strict, "setWebhook", url=url, secret_token="bi-mat_1")
        assert status == 400


async def test_errors_may_all_be_200(session: aiohttp.ClientSession) -> None:
    with FakeZaloBot(statuses=False) as fake:
        assert (await _ask(session, fake, "sendMessage"))[0] == 200
