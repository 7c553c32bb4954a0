"""Events from the strict fake reach the turn, by polling and by webhook: none let go of, none done twice."""

import asyncio
import io
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

import aiohttp
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.zalo_bot.client import ZaloBotClient
from bot.channels.zalo_bot.polling import Polling
from bot.channels.zalo_bot.render import Words
from bot.channels.zalo_bot.webhook import MAX_BODY, ZaloBotDoor
from bot.conversation.messages import Inbound
from tests.fakes.zalo_bot import FakeZaloBot
from web.webhooks import webhook_route

NOW = 1_795_000_000_000
SECRET = "bi-mat_2026"


@dataclass
class Turns:
    """Stands where the turn is: keeps what came, once each, and waits or fails when a test says so."""

    came: list[Inbound] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    before: Callable[[Inbound], Awaitable[None]] | None = None
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    handed_over: int = 0

    async def receive(self, inbound: Inbound) -> None:
        self.handed_over += 1
        if self.before is not None:
            await self.before(inbound)
        if inbound.dedupe_key not in {one.dedupe_key for one in self.came}:
            self.came.append(inbound)
        self.heard.set()

    def count(self, name: str, by: int) -> None:
        self.counts[name] += by
        self.heard.set()

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until it is so; the deadline is the test's."""
        async with asyncio.timeout(60):
            while not true():
                self.heard.clear()
                await self.heard.wait()

    @property
    def said(self) -> list[str]:
        return [one.text or one.kind for one in self.came]


@pytest.fixture
def fake() -> Iterator[FakeZaloBot]:
    with FakeZaloBot() as running:
        yield running


@pytest.fixture
async def client(fake: FakeZaloBot) -> AsyncIterator[ZaloBotClient]:
    words = Words(ways="{ways}", recording="{link}")
    made = ZaloBotClient(fake.token, words=words, recording=str, sent=lambda: None, api_base=fake.api_base, timeout=30)
    yield made
    await made.close()


class Running:
    """A polling loop for the length of a `async with`."""

    def __init__(self, client: ZaloBotClient, turns: Turns, timeout: int = 5) -> None:
        polling = Polling(
            channel_account=1,
            fetch=client.get_updates,
            receive=turns.receive,
            count=turns.count,
            now=lambda: NOW,
            timeout=timeout,
            first_backoff=0.01,
        )
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(polling.run(self._stop))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        async with asyncio.timeout(30):
            await self._task


async def test_polling_brings_one_after_the_other(fake: FakeZaloBot, client: ZaloBotClient) -> None:
    turns = Turns()
    lan = fake.user("Lan")
    for number in range(5):
        lan.writes(f"{number}")
    lan.writes_in_a_group("@bot")
    async with Running(client, turns):
        await turns.until(lambda: len(turns.came) == 5 and turns.counts["polling.group"] == 1)
        lan.sends_photo(b"x", documented=True)
        lan.sends_voice()
        await turns.until(lambda: len(turns.came) == 7)
    assert turns.said == ["0", "1", "2", "3", "4", "photo", "voice"]
    assert {one.at for one in turns.came} == {NOW}


async def test_what_could_not_be_taken_stays_in_hand_and_nothing_more_is_asked_for(
    fake: FakeZaloBot, client: ZaloBotClient
) -> None:
    turns = Turns()
    fails = 3

    async def fail(_: Inbound) -> None:
        nonlocal fails
        fails -= 1
        if fails >= 0:
            raise OSError("the store is full")

    turns.before = fail
    lan = fake.user("Lan")
    lan.writes("một")
    lan.writes("hai")
    async with Running(client, turns):
        await turns.until(lambda: len(turns.came) == 2)
    assert turns.said == ["một", "hai"]
    assert turns.counts["polling.turn_failed"] == 3


async def test_empty_polls_are_no_failures_and_failures_are_survived(fake: FakeZaloBot, client: ZaloBotClient) -> None:
    turns = Turns()
    for kind, code in (("code", 403), ("status", 502), ("half", 0), ("garbage", 0), ("drop", 0), ("code", 429)):
        fake.next_fault("getUpdates", kind, code=code)  # type: ignore[arg-type]
    async with Running(client, turns, timeout=1):
        await turns.until(lambda: turns.counts["polling.failed"] + turns.counts["polling.unreadable"] == 6)
        await fake.until(lambda world: world.polls >= 2)
        fake.user("Lan").writes("chào")
        await turns.until(lambda: turns.said == ["chào"])
    assert turns.counts["polling.failed"] == 5


async def test_an_empty_answer_that_was_not_waited_for_is_not_asked_for_at_once(
    fake: FakeZaloBot, client: ZaloBotClient
) -> None:
    turns = Turns()
    fake.next_fault("getUpdates", "code", code=408, times=3)
    async with Running(client, turns):
        await fake.until(lambda world: world.polls >= 1)
        fake.user("Lan").writes("chào")
        await turns.until(lambda: turns.said == ["chào"])
    assert len(fake.calls("getUpdates")) >= 4


async def test_an_event_that_comes_again_an_hour_later_has_the_same_key(
    fake: FakeZaloBot, client: ZaloBotClient
) -> None:
    turns = Turns()
    lan = fake.user("Lan")
    async with Running(client, turns):
        lan.writes("một")
        await turns.until(lambda: turns.handed_over == 1)
        fake.advance(3600)
        fake.replay()
        await turns.until(lambda: turns.handed_over == 2)
    assert turns.said == ["một"]


class Site:
    """The webhook route on a real server in a thread of its own."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self._loop = asyncio.get_running_loop()
        door = ZaloBotDoor(1, SECRET, self._receive, self._count, lambda: NOW)
        app = Starlette(routes=[webhook_route(lambda: [door])])
        config = uvicorn.Config(app, port=0, log_config=None, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    async def _receive(self, inbound: Inbound) -> None:
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.turns.receive(inbound), self._loop))

    def _count(self, name: str, by: int) -> None:
        self._loop.call_soon_threadsafe(self.turns.count, name, by)

    async def __aenter__(self) -> str:
        self._thread.start()
        async with asyncio.timeout(60):
            while not self._server.started:
                await asyncio.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/webhook/zalo_bot/1"

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        await asyncio.to_thread(self._thread.join, 10)


@pytest.mark.parametrize("wrapped", [True, False])
async def test_a_webhook_takes_both_bodies_twice_and_backwards_once_each(*, wrapped: bool) -> None:
    turns = Turns()
    with FakeZaloBot(wrapped=wrapped) as fake:
        words = Words(ways="{ways}", recording="{link}")
        client = ZaloBotClient(fake.token, words=words, recording=str, sent=lambda: None, api_base=fake.api_base)
        async with Site(turns) as url:
            hook = await client.set_webhook(url, SECRET)
            assert hook.verification is not None
            assert hook.verification.outcome == "webhook.ok"
            lan = fake.user("Lan")
            fake.hold()
            for text in ("một", "hai", "ba"):
                lan.writes(text)
            fake.advance(86_400)
            fake.release(backwards=True, times=2)
            await turns.until(lambda: turns.handed_over == 6)
            await fake.until(lambda world: not world.queue)
        await client.close()
    assert turns.said == ["ba", "hai", "một"]
    assert turns.counts["webhook.probe"] == 1


async def test_a_turn_that_could_neither_be_done_nor_kept_is_asked_for_again(
    fake: FakeZaloBot, client: ZaloBotClient
) -> None:
    turns = Turns()
    fails = 2

    async def fail(_: Inbound) -> None:
        nonlocal fails
        fails -= 1
        if fails >= 0:
            raise OSError("the store is full")

    turns.before = fail
    async with Site(turns) as url:
        await client.set_webhook(url, SECRET)
        fake.user("Lan").writes("chào")
        await turns.until(lambda: turns.said == ["chào"])
        await fake.until(lambda world: not world.queue)
    assert [one.status for one in fake.deliveries] == [500, 500, 200]


async def test_the_door_judges_secret_size_and_sense(fake: FakeZaloBot) -> None:
    turns = Turns()
    ours = {"X-Bot-Api-Secret-Token": SECRET}
    wrong = {"X-Bot-Api-Secret-Token": "sai-bí-mật"}
    event = b'{"event_name":"message.text.received","message":{"from":{"id":1},"message_id":1,"text":"x"}}'
    tries = [
        (wrong, event, 401),
        ({}, event, 401),
        (wrong, b"", 401),
        ({}, b"", 200),
        (ours, b"", 200),
        (ours, b"{", 200),
        (ours, b"[" * 50_000, 200),
        (ours, event + b" " * MAX_BODY, 200),
        (ours, bytes(10 * MAX_BODY), 200),
        (ours | {"Content-Encoding": "gzip"}, b"\x1f\x8b\x08" + bytes(100), 200),
        (ours, event, 200),
    ]
    async with Site(turns) as url, aiohttp.ClientSession() as session:
        for headers, body, status in tries:
            async with session.post(url, data=io.BytesIO(body), headers=headers) as answer:
                assert answer.status == status, (headers, body[:50])
        async with session.get(url) as answer:
            assert answer.status == 405
        await turns.until(lambda: turns.counts["webhook.too_big"] == 2)
    assert turns.said == ["x"]
    assert turns.counts["webhook.bad_secret"] == 3
    assert turns.counts["webhook.probe"] == 2
    for secret in ("", "7777777", "x" * 257, "bí mật 2026"):
        with pytest.raises(ValueError, match="8 to 256"):
            ZaloBotDoor(1, secret, turns.receive, turns.count, lambda: NOW)
