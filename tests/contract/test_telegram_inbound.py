"""Updates from the strict fake reach the turn by polling: in order, none lost, none acked early."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Self

import pytest

from bot.channels.telegram.acknowledge import Acknowledgements
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.polling import Polling
from bot.conversation.messages import Inbound
from tests.contract.telegram_turns import NOW, Turns
from tests.fakes.telegram import FakeTelegram


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        yield running


@pytest.fixture
async def client(fake: FakeTelegram) -> AsyncIterator[TelegramClient]:
    async def no_blob(blob: int) -> bytes:
        raise LookupError(blob)

    made = TelegramClient(fake.token, load_blob=no_blob, api_base=fake.api_base, timeout=30)
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

    def is_over(self) -> bool:
        """Whether the loop has ended by itself, without a fault."""
        return self._task.done() and not self._task.cancelled() and self._task.exception() is None

    async def stop(self) -> None:
        self._stop.set()
        async with asyncio.timeout(30):
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


async def test_a_day_of_silence_is_worked_off_oldest_first_and_nothing_is_dropped(
    fake: FakeTelegram, client: TelegramClient
) -> None:
    # given a bot that was away for a day in which forty people wrote fifty times each, and that polls or gets brought
    turns = Turns()
    people = [fake.user(f"Người {number}") for number in range(40)]
    fake.do(
        lambda world: [
            person._put(world, text=f"{number}-{turn}") for turn in range(50) for number, person in enumerate(people)
        ]
    )
    fake.advance(24 * 3600)
    await client.set_webhook("https://xa.vn/webhook/telegram/1", "bi-mat")
    await client.delete_webhook()
    assert len(fake.pending) == 2000, "changing how we listen drops nothing"
    fake.next_fault("getUpdates", "drop", carried_out=True, times=3)
    fake.next_fault("getUpdates", "half")

    # when it is back
    async with Running(_polling(client, turns)):
        async with asyncio.timeout(60):
            await turns.until(lambda: len(turns.came) >= 2000)
            await fake.until(lambda world: not world.updates)

    # then everything was heard once, each person in order
    assert len(turns.came) == len(set(turns.said)) == 2000
    for number in range(40):
        own = [text for text in turns.said if text.startswith(f"{number}-")]
        assert own == [f"{number}-{turn}" for turn in range(50)]
    assert not any("drop_pending_updates" in call.params for call in fake.calls())


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
    assert not running.is_over(), "it waits for what may come"
    async with asyncio.timeout(60):
        await running.stop()
    assert running.is_over()
    assert turns.came == []

    fake.next_fault("getUpdates", "status", times=5)
    backing_off = Running(_polling(client, turns, first_backoff=60))
    await fake.will_be_called("getUpdates")
    assert not backing_off.is_over(), "it waits before it asks again"
    async with asyncio.timeout(60):
        await backing_off.stop()
    assert backing_off.is_over()
    assert turns.came == []


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
    fake.push("poll_answer", {"poll_id": "1", "option_ids": []})
    fake.push("message", {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"}, "text": "trong nhóm"})
    fake.push("message", {"message_id": "hỏng"})
    lan.writes("hết")
    async with Running(_polling(client, turns)):
        await turns.until(lambda: len(turns.came) == 3)
        await fake.until(lambda world: not world.updates)
    assert turns.said == ["ab", "sửa", "hết"]
    counted = {
        "polling.group": 1,
        "polling.unknown_kind": 1,
        "polling.unreadable": 1,
        "telegram.removed_characters": 1,
    }
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
