"""Our client against the strict fake: what every trouble of the wire means for the message."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import web

from bot.channels.base import Address, Failed, Gone, Sent, Throttled
from bot.channels.zalo_bot.client import Refused, ZaloBotClient
from bot.channels.zalo_bot.render import Words
from bot.conversation.messages import Bubble, Button
from tests.fakes.zalo_bot import FakeZaloBot, FaultKind, Person

ASK = Bubble(text="Ông/Bà có hài lòng không?", buttons=(Button(id="n1:5", label="Rất hài lòng", digit="5"),))
ASKED = "Ông/Bà có hài lòng không?\n\n5. Rất hài lòng"


@pytest.fixture(params=[True, False], ids=["statuses", "all 200"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeZaloBot]:
    with FakeZaloBot(statuses=request.param) as running:
        yield running


@pytest.fixture
def lan(fake: FakeZaloBot) -> Person:
    person = fake.user("Lan")
    person.writes("chào")
    return person


def _client(api_base: str, sent: list[int] | None = None, *, token: str = "", timeout: float = 5) -> ZaloBotClient:
    return ZaloBotClient(
        token or FakeZaloBot.token,
        words=Words(ways="Hoặc gõ: {ways}.", recording="{link}"),
        recording=lambda blob: f"https://xa.vn/nghe/{blob}",
        sent=lambda: None if sent is None else sent.append(1),
        api_base=api_base,
        timeout=timeout,
    )


@pytest.fixture
async def client(fake: FakeZaloBot) -> AsyncIterator[ZaloBotClient]:
    made = _client(fake.api_base)
    yield made
    await made.close()


def _to(person: Person, heard_at: int = 0) -> Address:
    return Address(person.id, heard_at=heard_at)


async def test_a_question_arrives_with_its_choices_in_the_text(client: ZaloBotClient, lan: Person) -> None:
    assert await client.send(_to(lan), ASK) == Sent(lan.last.id)
    assert lan.last.text == ASKED


async def test_a_recording_arrives_as_an_address(client: ZaloBotClient, lan: Person) -> None:
    assert isinstance(await client.send(_to(lan), Bubble(text="Câu 1", audio=7)), Sent)
    assert lan.last.text == "Câu 1\n\nhttps://xa.vn/nghe/7"


async def test_a_long_text_goes_on_where_the_month_ended_and_every_part_is_counted(
    fake: FakeZaloBot, lan: Person
) -> None:
    counted: list[int] = []
    client = _client(fake.api_base, counted)
    long = Bubble(text="\n\n".join(f"Đoạn {number}: " + "chữ " * 300 for number in range(4)))
    fake.month_of(1)
    assert await client.send(_to(lan), long) == Throttled(5000, uncertain=True)
    assert await client.send(_to(lan), long) == Throttled(10_000, uncertain=True)
    assert (len(lan.heard), len(counted)) == (1, 1)
    fake.month_of(None)
    assert await client.send(_to(lan, heard_at=9), long) == Sent(lan.last.id), "she has written meanwhile"
    assert "".join("".join(seen.text for seen in lan.heard).split()) == "".join(long.text.split())
    assert len(counted) == len(lan.heard)
    fake.next_fault("sendMessage", "code", code=429)
    assert await client.send(_to(lan), ASK) == Throttled(5000)
    await client.close()


async def test_who_never_came_is_gone(client: ZaloBotClient, fake: FakeZaloBot) -> None:
    outcome = await client.send(_to(fake.user("Ai đó")), ASK)
    assert outcome == Gone("Bad Request: chat not found")


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        ("code", 401, (True, False)),
        ("code", 403, (True, True)),
        ("code", 404, (True, False)),
        ("code", 408, (True, True)),
        ("code", 500, (True, True)),
        ("code", 400, (False, False)),
        ("status", 502, (True, True)),
        ("status", 302, (True, True)),
        ("drop", 0, (True, True)),
        ("half", 0, (True, True)),
        ("garbage", 0, (True, True)),
    ],
)
async def test_every_fault_says_whether_to_retry_and_whether_it_may_have_arrived(
    client: ZaloBotClient,
    fake: FakeZaloBot,
    lan: Person,
    *,
    kind: FaultKind,
    code: int,
    expected: tuple[bool, bool],
) -> None:
    fake.next_fault("sendMessage", kind, code=code)
    outcome = await client.send(_to(lan), ASK)
    assert isinstance(outcome, Failed)
    assert (outcome.retry, outcome.uncertain) == expected
    assert isinstance(await client.send(_to(lan), ASK), Sent)


async def test_a_gateway_that_throttles_without_an_envelope_is_believed(
    client: ZaloBotClient, fake: FakeZaloBot, lan: Person
) -> None:
    fake.next_fault("sendMessage", "status", code=429)
    assert await client.send(_to(lan), ASK) == Throttled(5000)


async def test_an_answer_that_never_comes_is_uncertain(fake: FakeZaloBot, lan: Person) -> None:
    client = _client(fake.api_base, timeout=0.3)
    fake.next_fault("sendMessage", "hang", carried_out=True)
    outcome = await client.send(_to(lan), ASK)
    assert isinstance(outcome, Failed)
    assert (outcome.retry, outcome.uncertain, len(lan.heard)) == (True, True, 1)
    await client.close()


async def test_nobody_there_is_certainly_not_delivered(lan: Person) -> None:
    with FakeZaloBot() as other:
        closed = other.api_base
    client = _client(closed)
    outcome = await client.send(_to(lan), ASK)
    assert isinstance(outcome, Failed)
    assert (outcome.retry, outcome.uncertain) == (True, False)
    with pytest.raises(ConnectionError):
        await client.get_updates(0)
    with pytest.raises(ConnectionError):
        await client.me()
    await client.close()


async def test_the_operators_calls(client: ZaloBotClient, fake: FakeZaloBot, lan: Person) -> None:
    me = await client.me()
    assert (me.account_name, me.account_type) == ("bot.VDKyGxQvc", "BASIC")
    url = f"{fake.api_base}/nowhere"
    hook = await client.set_webhook(url, "bi-mat_2026")
    assert hook.verification is not None
    reached = not fake.statuses  # what answers there is the fake itself, by a 404 or by a 200 that says so
    assert hook.verification.ok == reached
    assert hook.verification.outcome == ("webhook.ok" if reached else "webhook.http.404")
    assert (await client.webhook_info()).url == url
    await client.delete_webhook()
    assert (await client.webhook_info()).url == ""
    with pytest.raises(Refused):
        await client.set_webhook("http://xa.example.vn", "bi-mat_2026")
    with pytest.raises(Refused):
        await client.set_webhook(url, "7")
    fake.next_fault("getMe", "garbage")
    with pytest.raises(Refused, match="could not be read"):
        await client.me()


async def test_a_redirect_is_not_followed_since_the_token_is_in_the_address() -> None:
    asked: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", elsewhere)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    client = _client(f"http://127.0.0.1:{runner.addresses[0][1]}")
    outcome = await client.send(Address("lan"), ASK)
    with pytest.raises(Refused):
        await client.me()
    await client.close()
    await runner.cleanup()
    assert isinstance(outcome, Failed)
    assert outcome.retry
    assert "/elsewhere" not in asked


async def test_the_token_is_in_no_log_and_no_error(
    fake: FakeZaloBot, lan: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with FakeZaloBot() as other:
        closed = other.api_base
    wrong = "999:AAsecretAA"
    said: list[str] = []
    for base in (fake.api_base, closed, "http://[bad", "http://" + "x" * 300):
        client = _client(base, token=wrong)
        said.append(repr(await client.send(_to(lan), ASK)))
        for call in (client.me(), client.get_updates(0)):
            try:
                said.append(repr(await call))
            except (ConnectionError, Refused) as error:
                said.append(f"{error!r} {error.__cause__!r}")
        await client.close()
    assert len(said) == 12
    assert wrong not in "".join(said) + caplog.text
    for token in ("", "no colon", "12:with space", "12:", ":x", "1:a/b", "1:a?b"):
        with pytest.raises(ValueError, match="123456789:abc-xyz"):
            _client(closed, token=token or " ")
