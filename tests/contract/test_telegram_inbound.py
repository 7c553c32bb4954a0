"""Updates from the strict fake reach the turn, by polling and by webhook: in order, none lost, none acked early."""

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.telegram.acknowledge import Acknowledgements
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.webhook import TelegramDoor
from bot.conversation.messages import Inbound
from tests.fakes.telegram import FakeTelegram
from web.webhooks import webhook_route

NOW = 1_795_000_000_000


@dataclass
class Turns:
    """Stands where the turn is: keeps what came, and waits or fails when a test says so."""

    came: list[Inbound] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    cursor: int = 0
    conflicts: list[str] = field(default_factory=list)
    before: Callable[[Inbound], Awaitable[None]] | None = None
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, inbound: Inbound) -> None:
        if self.before is not None:
            await self.before(inbound)
        self.came.append(inbound)
        self.heard.set()

    def count(self, name: str, by: int) -> None:
        self.counts[name] += by

    async def load(self) -> int:
        return self.cursor

    async def save(self, cursor: int) -> None:
        self.cursor = cursor

    def conflict(self, description: str) -> None:
        self.conflicts.append(description)
        self.heard.set()

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until it is so; the deadline is the test's."""
        async with asyncio.timeout(10):
            while not true():
                self.heard.clear()
                await self.heard.wait()

    @property
    def said(self) -> list[str]:
        return [one.text or one.choice or one.kind for one in self.came]


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        yield running


@pytest.fixture
async def client(fake: FakeTelegram) -> AsyncIterator[TelegramClient]:
    async def no_blob(blob: int) -> bytes:
        raise LookupError(blob)

    made = TelegramClient(fake.token, load_blob=no_blob, api_base=fake.api_base, timeout=5)
    yield made
    await made.close()


def _polling(client: TelegramClient, turns: Turns, first_backoff: float = 0.01) -> Polling:
    return Polling(
        channel_account=1,
        fetch=client.get_updates,
        receive=turns.receive,
        load_cursor=turns.load,
        save_cursor=turns.save,
        count=turns.count,
        now=lambda: NOW,
        conflict=turns.conflict,
        acknowledgements=Acknowledgements(client.answer_callback, turns.count),
        first_backoff=first_backoff,
    )


class Running:
    """A polling loop for the length of a `async with`."""

    def __init__(self, polling: Polling) -> None:
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(polling.run(self._stop))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        self._stop.set()
        async with asyncio.timeout(5):
            await self._task


async def test_polling_hands_over_each_person_in_order_and_persons_beside_each_other(
    fake: FakeTelegram, client: TelegramClient
) -> None:
    turns = Turns()
    lan, minh = fake.user("Lan"), fake.user("Minh")
    minh_done = asyncio.Event()

    async def lan_waits_for_minh(inbound: Inbound) -> None:
        if inbound.text == "Minh 2":
            minh_done.set()
        if inbound.text == "Lan 1":
            await minh_done.wait()

    turns.before = lan_waits_for_minh
    for number in (1, 2, 3):
        lan.writes(f"Lan {number}")
        minh.writes(f"Minh {number}")
    async with Running(_polling(client, turns)):
        await turns.until(lambda: len(turns.came) == 6)
    assert [text for text in turns.said if text.startswith("Lan")] == ["Lan 1", "Lan 2", "Lan 3"]
    assert [text for text in turns.said if text.startswith("Minh")] == ["Minh 1", "Minh 2", "Minh 3"]
    assert turns.said.index("Minh 2") < turns.said.index("Lan 1")
    assert {one.at for one in turns.came} == {NOW}


async def test_nothing_is_acknowledged_before_every_turn_of_the_batch_has_returned(
    fake: FakeTelegram, client: TelegramClient
) -> None:
    turns = Turns()
    go_on, begun = asyncio.Event(), asyncio.Event()

    async def slowly(inbound: Inbound) -> None:
        if inbound.text == "chậm":
            begun.set()
            await go_on.wait()

    turns.before = slowly
    quick = fake.user("Minh").writes("nhanh")
    slow = fake.user("Lan").writes("chậm")
    async with Running(_polling(client, turns)):
        await begun.wait()
        await turns.until(lambda: turns.said == ["nhanh"])
        assert (fake.pending, turns.cursor) == ([quick, slow], 0)
        go_on.set()
        await fake.until(lambda world: not world.updates)
    assert turns.cursor == slow + 1
    assert turns.said == ["nhanh", "chậm"]


async def test_a_turn_that_fails_comes_again_and_nothing_of_that_person_overtakes_it(
    fake: FakeTelegram, client: TelegramClient
) -> None:
    turns = Turns()
    failures = iter([True, True, False])

    async def twice_in_vain(inbound: Inbound) -> None:
        if inbound.text == "một" and next(failures):
            raise RuntimeError("the store is away")

    turns.before = twice_in_vain
    lan = fake.user("Lan")
    for text in ("không", "một", "hai"):
        lan.writes(text)
    async with Running(_polling(client, turns)):
        await turns.until(lambda: len(turns.came) == 3)
    assert turns.said == ["không", "một", "hai"]
    assert turns.counts["polling.turn_failed"] == 2


async def test_after_an_outage_everything_is_done_oldest_first(fake: FakeTelegram, client: TelegramClient) -> None:
    turns = Turns()
    fake.next_fault("getUpdates", "status", status=502, times=2)
    fake.next_fault("getUpdates", "half")
    fake.next_fault("getUpdates", "garbage")
    fake.next_fault("getUpdates", "drop", carried_out=True)
    fake.next_fault("getUpdates", "flood", retry_after=0)
    people = [fake.user(f"Người {number}") for number in range(5)]
    expected = [f"{turn}-{number}" for turn in range(50) for number in range(5)]
    for text in expected:
        people[int(text[-1])].writes(text)
    async with Running(_polling(client, turns)):
        await turns.until(lambda: len(turns.came) == 250)
        await fake.until(lambda world: not world.updates)
    assert sorted(turns.said, key=expected.index) == expected
    for number in range(5):
        own = [text for text in turns.said if text.endswith(f"-{number}")]
        assert own == [text for text in expected if text.endswith(f"-{number}")]
    assert turns.counts == {"polling.failed": 5, "polling.unreadable": 1}


async def test_a_restart_goes_on_from_the_saved_cursor(fake: FakeTelegram, client: TelegramClient) -> None:
    turns = Turns()
    lan = fake.user("Lan")
    first = lan.writes("trước")
    async with Running(_polling(client, turns)):
        await turns.until(lambda: turns.cursor == first + 1 or bool(turns.came))
    lan.writes("sau")
    async with Running(_polling(client, turns)):
        await turns.until(lambda: len(turns.came) == 2)
    assert turns.said == ["trước", "sau"]


async def test_when_telegram_numbers_anew_the_cursor_follows(fake: FakeTelegram, client: TelegramClient) -> None:
    turns = Turns(cursor=900_000_000)
    lan = fake.user("Lan")
    lan.writes("một")
    async with Running(_polling(client, turns)):
        await turns.until(lambda: turns.said == ["một"])
        last = lan.writes("hai")
        await turns.until(lambda: turns.said == ["một", "hai"])
        await fake.until(lambda world: not world.updates)
    assert turns.cursor == last + 1


async def test_a_second_poller_is_reported_and_the_loop_goes_on(fake: FakeTelegram, client: TelegramClient) -> None:
    turns = Turns()
    async with Running(_polling(client, turns)):
        await fake.until(lambda world: world.polls == 1)
        await client.get_updates(0, 0)
        await turns.until(lambda: bool(turns.conflicts))
        fake.user("Lan").writes("vẫn nghe")
        await turns.until(lambda: turns.said == ["vẫn nghe"])
    assert "terminated by other getUpdates" in turns.conflicts[0]


async def test_it_stops_at_once_while_it_waits(fake: FakeTelegram, client: TelegramClient) -> None:
    turns = Turns()
    running = Running(_polling(client, turns))
    await fake.until(lambda world: world.polls == 1)
    async with asyncio.timeout(2):
        await running.stop()

    fake.next_fault("getUpdates", "status", times=5)
    backing_off = Running(_polling(client, turns, first_backoff=60))
    await fake.will_be_called("getUpdates")
    async with asyncio.timeout(2):
        await backing_off.stop()


async def test_stopping_lets_the_turn_finish_and_leaves_the_rest_for_the_next_start(
    fake: FakeTelegram, client: TelegramClient
) -> None:
    turns = Turns()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_: Inbound) -> None:
        begun.set()
        await go_on.wait()

    turns.before = slowly
    lan = fake.user("Lan")
    lan.writes("một")
    second = lan.writes("hai")
    running = Running(_polling(client, turns))
    await begun.wait()
    stopping = asyncio.create_task(running.stop())
    await asyncio.wait({stopping}, timeout=0)
    running._stop.set()
    go_on.set()
    await stopping
    assert (turns.said, turns.cursor) == (["một"], second)


async def test_what_is_not_for_us_is_counted_and_passed_over(fake: FakeTelegram, client: TelegramClient) -> None:
    turns = Turns()
    lan = fake.user("Lan")
    lan.writes("a\x00b")
    lan.edits("sửa")
    fake.push("message", {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "text": "trong nhóm"})
    fake.push("message", {"message_id": "hỏng"})
    lan.writes("hết")
    async with Running(_polling(client, turns)):
        await turns.until(lambda: len(turns.came) == 2)
        await fake.until(lambda world: not world.updates)
    assert turns.said == ["ab", "hết"]
    counted = {"polling.edited": 1, "polling.group": 1, "polling.unreadable": 1, "telegram.removed_characters": 1}
    assert turns.counts == counted


async def test_a_press_stops_spinning_after_its_turn(fake: FakeTelegram, client: TelegramClient) -> None:
    turns = Turns()
    lan = fake.user("Lan")
    lan.starts()
    keyboard = {"inline_keyboard": [[{"text": "Có", "callback_data": "n1:co"}]]}
    fake.do(
        lambda world: world.add_letter(
            world.chats[lan.id], from_bot=True, text="?", keyboard=keyboard["inline_keyboard"]
        )
    )
    lan.presses("Có")
    async with Running(_polling(client, turns)):
        await fake.until(lambda world: all(press.answered for press in world.presses.values()))
    assert turns.said == ["start", "n1:co"]
    assert "telegram.unacknowledged" not in turns.counts


class Site:
    """The webhook's route behind a real HTTP server, in a thread."""

    def __init__(self, door: TelegramDoor | None) -> None:
        app = Starlette(routes=[webhook_route(lambda: () if door is None else (door,))])
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
            assert self._thread.is_alive()
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/webhook/telegram/1"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)


def _door(turns: Turns, acknowledgements: Acknowledgements | None = None) -> TelegramDoor:
    return TelegramDoor(1, "bi-mat", turns.receive, turns.count, lambda: NOW, acknowledgements)


async def test_the_webhook_gets_everything_in_order_and_again_after_a_500(
    fake: FakeTelegram, client: TelegramClient
) -> None:
    turns = Turns()
    failures = iter([True, True])

    async def twice_in_vain(inbound: Inbound) -> None:
        if inbound.text == "hai" and next(failures, False):
            raise RuntimeError("neither committed nor kept")

    turns.before = twice_in_vain
    lan = fake.user("Lan")
    ids = [lan.writes(text) for text in ("một", "hai", "ba")]
    with Site(_door(turns)) as url:
        await client.set_webhook(url, "bi-mat")
        await fake.until(lambda world: not world.updates)
    assert turns.said == ["một", "hai", "ba"]
    assert [(one.update_id, one.status) for one in fake.deliveries] == [
        (ids[0], 200), (ids[1], 500), (ids[1], 500), (ids[1], 200), (ids[2], 200)
    ]  # fmt: skip


async def test_a_wrong_secret_is_401_and_seen_by_the_operator(fake: FakeTelegram, client: TelegramClient) -> None:
    turns = Turns()
    fake.user("Lan").writes("chào")
    with Site(_door(turns)) as url:
        await client.set_webhook(url, "sai-bi-mat")
        await fake.until(lambda world: world.hook.error)
        assert "401" in (await client.webhook_info()).last_error
        await client.set_webhook(url, "bi-mat")
        await fake.until(lambda world: not world.updates)
    assert turns.said == ["chào"]
    assert turns.counts["webhook.bad_secret"] >= 1


async def test_a_text_of_a_megabyte_is_answered_200_counted_and_not_kept(
    fake: FakeTelegram, client: TelegramClient
) -> None:
    turns = Turns()
    lan = fake.user("Lan")
    lan.writes("ă" * 1024 * 1024)
    lan.writes("ngắn")
    with Site(_door(turns)) as url:
        await client.set_webhook(url, "bi-mat")
        await fake.until(lambda world: not world.updates)
    assert turns.said == ["ngắn"]
    assert turns.counts["webhook.too_big"] == 1
    assert [one.status for one in fake.deliveries] == [200, 200]


async def test_another_account_and_telegram_switched_off_are_404(fake: FakeTelegram, client: TelegramClient) -> None:
    fake.user("Lan").writes("chào")
    turns = Turns()
    with Site(_door(turns)) as url:
        await client.set_webhook(url.removesuffix("1") + "2", "bi-mat")
        await fake.until(lambda world: "404" in world.hook.error)
    with Site(None) as url:
        await client.set_webhook(url, "bi-mat")
        await fake.until(lambda world: "404" in world.hook.error)
    assert turns.came == []
