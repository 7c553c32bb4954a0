"""One Telegram account of ours against the strict fake: what only shows with store, turn and sender together."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from app.runtime import Runtime, clock
from app.settings import PrivacySettings, Settings, Storage, Telegram
from app.telegram import TelegramOn
from app.wording import bot_wording
from feedback.acts import Decision, Open
from feedback.deciding import decide
from feedback.kinds import Kind
from feedback.office import Office
from feedback.roles import CITIZEN, Actor
from storage import board, channel_rows, conversations
from storage.blobs import open_blobs
from storage.channel_rows import ChannelRow
from storage.store import Store
from storage.tx import Tx
from storage.vault import Vault
from tests.e2e.citizens import said
from tests.fakes.telegram import FakeTelegram
from tests.stores import UNHURRIED, SampleCommune
from vietnam.time import TZ, to_ms

JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


class House:
    """A runtime with one account; `moment` is added to the clock."""

    def __init__(self, runtime: Runtime, commune: SampleCommune, fake: FakeTelegram) -> None:
        self.runtime = runtime
        self.commune = commune
        self.fake = fake
        self.ahead = 0
        self.on: list[TelegramOn] = []

    def starts(self, group: int = 0) -> TelegramOn:
        """Switch the account on, once more after a crash."""
        row = ChannelRow(
            id=self.commune.telegram,
            unit_id=self.commune.commune,
            channel="telegram",
            name="",
            active=True,
            heard_at=None,
            config=None,
        )
        settings = Telegram.model_validate(
            {"token": self.fake.token, "api_base": self.fake.api_base, "officers_chat": group}
        )
        on = TelegramOn.of(self.runtime, row, settings)
        on.start()
        self.on.append(on)
        return on

    async def facts(self) -> dict[str, tuple[str, int]]:
        return await self.runtime.store.read(lambda conn: channel_rows.facts(conn, self.commune.telegram))

    async def opens_case(self, text: str = "Rác ở đầu thôn chưa được thu gom từ thứ Hai.") -> None:
        """Somebody at the web chat brings a phản ánh."""
        runtime, unit = self.runtime, self.commune.commune
        on = await runtime.account(self.commune.webchat)

        def open_it(tx: Tx) -> None:
            chat = runtime.ledger.chat(tx, on, "w" * 64, runtime.now())
            code, village = chat.desk().new_code(), self.commune.villages[0]
            act = Open(code=code, kind=Kind.FEEDBACK, category="environment", text=text, village=village)
            actor = Actor(kind=CITIZEN, unit=unit)
            decision = decide(None, act, actor, now=runtime.now(), office=Office())
            assert isinstance(decision, Decision)
            chat.open_case(act, decision, actor)
            chat.save(None)

        await runtime.store.write(open_it)

    async def close(self) -> None:
        self.runtime.stop.set()
        await asyncio.gather(*(on.close() for on in self.on))


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        running.flood(chat_burst=1000, per_second=1000)
        yield running


@pytest.fixture
async def house(
    store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, fake: FakeTelegram
) -> AsyncIterator[House]:
    settings = Settings(storage=Storage(url=store_url), privacy=PrivacySettings(key_file=tmp_path / "key"))
    blobs = open_blobs(store_url, store, tmp_path / "blobs")
    runtime = Runtime(settings, store, vault, bot_wording(), blobs, patience=UNHURRIED)
    made = House(runtime, commune, fake)
    runtime.now = lambda: clock() + made.ahead
    yield made
    await made.close()


async def test_ticks_of_a_question_change_it_in_place(house: House, fake: FakeTelegram) -> None:
    house.starts()
    lan = fake.user("Lan")
    lan.starts("ks_mau")
    await lan.will_hear("Nhìn chung?")
    lan.writes("4")
    await lan.will_hear("Việc nào?")
    lan.writes("1")
    several = await lan.will_hear("Những việc nào?")

    lan.presses("Việc thứ nhất")
    ticked = await lan.will_hear("Những việc nào?")
    assert (ticked.id, ticked.edited) == (several.id, True)
    lan.presses(next(label for label in ticked.labels if "thứ hai" in label))
    both = await lan.will_hear("Những việc nào?")
    assert (both.id, both.edited) == (several.id, True)
    assert both.labels != ticked.labels != several.labels

    # what was typed is answered below it, since nobody looks at a message that has scrolled away
    lan.writes("9")
    assert (await lan.will_hear("Những việc nào?")).id > several.id
    await fake.until(lambda world: all(press.answered for press in world.presses.values()))


async def test_an_album_gets_one_answer(house: House, fake: FakeTelegram) -> None:
    house.starts()
    lan = fake.user("Lan")
    lan.starts()
    await lan.will_hear(said("menu.title"))
    before = len(lan.heard)
    pending = lan.sends_album([JPEG] * 5, "Ổ gà giữa đường")
    await fake.until(lambda world: not [one for one in world.updates if one["update_id"] in pending])
    await fake.will_be_called("editMessageText", 4)
    assert len(lan.heard) == before + 1, [seen.text for seen in lan.heard]


async def test_a_number_is_asked_for_with_a_button_that_goes_away_again(house: House, fake: FakeTelegram) -> None:
    house.starts()
    lan = fake.user("Lan")
    lan.starts()
    await lan.will_hear(said("menu.title"))
    lan.presses(said("menu.dialogue"))
    await lan.will_hear(said("draft.ask.category"))
    for words, key in (
        ("1", "draft.ask.text.dialogue"),
        ("Giấy chứng nhận quyền sử dụng đất", "draft.ask.village_home"),
        ("1", "draft.ask.name"),
        ("Nông Văn Mẫu", "draft.ask.phone_needed"),
    ):
        lan.writes(words)
        await lan.will_hear(said(key))
    assert lan.sees(said("draft.ask.phone_needed")).labels, "the ways out stay below the question"
    await lan.will_hear(said("keyboard.contact"))
    lan.touches(said("keyboard.contact_button"))
    await lan.will_hear(said("draft.ask.day"))
    assert lan.keys_shown == []


async def test_who_blocks_the_bot_is_gone_and_who_lets_it_write_is_back(house: House, fake: FakeTelegram) -> None:
    async def gone() -> str:
        unit = house.runtime

        def look(tx: object) -> str:
            on = unit.known_account(house.commune.telegram)
            return conversations.lock(tx, unit.vault, on, str(lan.id), unit.now()).gone  # type: ignore[arg-type]

        return await unit.store.write(look)

    house.starts()
    lan = fake.user("Lan")
    lan.starts()
    await lan.will_hear(said("menu.title"))
    lan.blocks()
    await fake.until(lambda world: not world.updates)
    assert await gone() == "blocked"
    lan.unblocks()
    await fake.until(lambda world: not world.updates)
    assert await gone() == ""


async def test_the_menus_of_commands(house: House, fake: FakeTelegram) -> None:
    house.starts()
    await fake.will_be_called("setMyCommands", 2)
    assert "menu" in [one["command"] for one in fake.commands]
    assert [one["command"] for one in fake.commands_of("all_group_chats")] == ["start"]


async def test_a_group_hears_one_line_and_is_never_written_about(house: House, fake: FakeTelegram) -> None:
    on = house.starts()
    await fake.until(lambda _: bool(on.groups.name))
    lan, minh = fake.user("Lan"), fake.user("Minh")
    group = fake.group("Thôn Mẫu 1")
    group.adds_bot(lan)
    hello = await group.will_hear(said("group.added"))
    assert hello.buttons == (((said("group.open"), "https://t.me/nghedan_bot?start=nhom"),),)
    for person in (lan, minh):
        group.hears(person, "/menu")
        group.hears(person, "@nghedan_bot tôi muốn phản ánh")
        group.hears(person, "chuyện trong thôn")
    await fake.until(lambda world: not world.updates)
    await on.groups.settle()
    assert len(group.said) == 1
    assert lan.heard == minh.heard == []
    minh.starts("nhom")
    await minh.will_hear(said("menu.title"))


async def test_the_officers_group_is_told_of_each_case_once_in_the_topic_of_its_kind(
    house: House, fake: FakeTelegram
) -> None:
    lan = fake.user("Lan")
    group = fake.group(forum=True)
    group.adds_bot(lan)
    on = house.starts(group.id)
    await _counting(house)

    # when a case comes in, even where Telegram breaks on the way
    fake.next_fault("sendMessage", "status", status=502)
    fake.next_fault("sendMessage", "flood", retry_after=1)
    await house.opens_case()
    line = await group.will_hear(said("board.case"), 20)

    # then one line stands in its topic, with nothing of what was said
    assert [(topic, seen.text) for topic, seen in group.said] == [("Phản ánh", line.text)]
    assert "thôn Mẫu 1" in line.text
    assert "Rác" not in line.text
    assert "/can-bo/vu-viec/" in line.text, "an address of this machine is no button"
    await _told(house)

    # and after a crash in the middle, and in a topic that was closed, the next one is told as well
    group.closes_topic("Phản ánh")
    house.on.clear()
    on.loops.stop.set()
    await on.close()
    house.runtime.stop.clear()
    await house.opens_case("Đường vào thôn có ổ gà rất sâu.")
    taken = await house.runtime.store.write(lambda tx: board.take(tx, house.commune.telegram, house.runtime.now()))
    assert taken is not None, "a process died with it in its hands"
    house.ahead += board.LEASE
    house.starts(group.id)
    await fake.until(lambda world: sum(one.from_bot for one in world.chats[group.id].letters) == 2, 20)
    await _told(house)
    assert [topic for topic, _ in group.said] == ["Phản ánh", "Phản ánh"]
    assert len({seen.text for _, seen in group.said}) == 2


@pytest.mark.parametrize("told", [True, False])
async def test_the_officers_group_may_have_no_topics_and_may_move(
    house: House, fake: FakeTelegram, *, told: bool
) -> None:
    lan = fake.user("Lan")
    group = fake.group(forum=True, rights=False)
    group.adds_bot(lan)
    house.starts(group.id)
    await _counting(house)
    await house.opens_case()
    await group.will_hear(said("board.case"))
    assert [topic for topic, _ in group.said] == [""]

    new = group.moves(lan, told=told)
    await house.opens_case("Đường vào thôn có ổ gà rất sâu.")
    await new.will_hear(said("board.case"), 20)
    await _told(house)
    assert (len(group.said), len(new.said)) == (1, 1)


async def _counting(house: House) -> None:
    async with asyncio.timeout(60):
        while "board.upto" not in await house.facts():
            await asyncio.sleep(0.01)


async def _told(house: House) -> None:
    async with asyncio.timeout(60):
        while "board.case" in await house.facts():
            await asyncio.sleep(0.01)


async def test_the_officers_group_hears_the_morning_line_once_on_a_working_day(
    house: House, fake: FakeTelegram
) -> None:
    lan = fake.user("Lan")
    group = fake.group()
    group.adds_bot(lan)
    began, at = clock(), to_ms(datetime(2026, 11, 23, 7, 30, tzinfo=TZ))
    house.runtime.now = lambda: at + clock() - began + house.ahead
    house.starts(group.id)
    calm = await group.will_hear(said("morning.calm"), 20)
    await _counting(house)
    await house.opens_case()
    line = await group.will_hear(said("board.case"), 20)
    assert "Hạn trả lời" in line.text
    assert sum("Sáng nay" in seen.text for _, seen in group.said) == 1
    assert calm.id < line.id
