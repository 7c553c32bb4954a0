"""The officers' group on Telegram: a case is taken by a tap there, in the name of whoever is linked, and once."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from feedback.acts import Forward, Refusal, Reply, Take
from feedback.confidential import MarkDenunciation
from feedback.kinds import Kind
from storage import act_chain, board_lines, channel_rows, officer_accounts
from storage.board import NewCase
from storage.store import Store
from storage.tables import accounts, cases, officers, units
from storage.vault import Vault
from tests.contract.officers_house import PUBLIC, OfficersHouse, local_ms
from tests.e2e.citizens import said
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.groups import Group
from tests.fakes.telegram.people import Person, Seen
from tests.stores import SampleCommune
from vietnam.time import DAY

FRIDAY = local_ms(2026, 11, 20, 13)
SECRET = ("Bí Mật", "0912345678", "cắt nước", "số 7")
ANSWER = "Xã đã khôi phục nước cho khu dân cư."
TAKE, OPEN = "Nhận việc", "Mở vụ việc"
PATIENCE = 30


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        running.flood(chat_burst=1000, per_second=1000)
        yield running


@pytest.fixture
def group(fake: FakeTelegram) -> Group:
    made = fake.group()
    made.adds_bot(fake.user("Chủ nhóm"))
    return made


@pytest.fixture
async def house(
    store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, fake: FakeTelegram, group: Group
) -> AsyncIterator[OfficersHouse]:
    made = OfficersHouse(store, store_url, commune, vault, tmp_path, fake, FRIDAY)
    await made.opens(group.id)
    async with asyncio.timeout(PATIENCE):
        while "board.upto" not in await _facts(made):
            await asyncio.sleep(0.01)
    yield made
    await made.closes()


async def _facts(house: OfficersHouse) -> dict[str, tuple[str, int]]:
    return await house.runtime.store.read(lambda conn: channel_rows.facts(conn, house.commune.telegram))


async def _line(house: OfficersHouse, group: Group, code: str) -> Seen:
    """The line of a case, once it is remembered which message it is."""
    line = await group.will_hear(code, PATIENCE)
    async with asyncio.timeout(PATIENCE):
        while str(line.id) not in await _kept(house):
            await asyncio.sleep(0.01)
    return line


async def _kept(house: OfficersHouse) -> list[str]:
    """The messages whose lines are kept up to date."""
    telegram = house.commune.telegram
    lines = await house.runtime.store.read(lambda conn: board_lines._lines(conn, telegram))
    return [line.message for line in lines]


async def _says(group: Group, code: str, words: str) -> Seen:
    """The line of a case once it has these words in it."""
    return await _when(group, lambda seen: code in seen.text and words in seen.text, f"{code} ... {words}")


async def _when(group: Group, so: object, what: str) -> Seen:
    async with asyncio.timeout(PATIENCE):
        while True:
            found = [seen for _, seen in group.said if so(seen)]  # type: ignore[operator]  # a function of Seen
            if found:
                return found[-1]
            await asyncio.sleep(0.01)
    raise AssertionError(what)


def no_word_of_the_citizen(group: Group, *people: Person) -> None:
    told = [seen.text for _, seen in group.said] + [seen.text for one in people for seen in one.heard]
    told += [text for one in people for text in one.shown]
    assert told
    assert not [text for text in told if any(word in text for word in SECRET)]


async def test_a_case_is_taken_in_the_group_and_the_line_says_by_whom(
    house: OfficersHouse, fake: FakeTelegram, group: Group
) -> None:
    an, binh = fake.user("An"), fake.user("Bình")
    await house.links("an", an)
    await house.links("binh", binh)
    code = await house.case()
    line = await _line(house, group, code)
    assert line.buttons == (((TAKE, f"go:cb:nhan:{code}"), (OPEN, f"{PUBLIC}/can-bo/vu-viec/{code}")),)
    before = len(an.heard)

    # when a member of the group presses, in the name of the officer whose chat it is
    group.presses(an, TAKE)
    assert f"đã nhận việc {code}" in await an.will_be_shown("đã nhận việc")
    assert (await house.stands(code))[0] == "in_progress"
    assert (await house.done_by(code))[-1] == ("take", f"officer:{house.ids['an']}")

    # then the line says so, and can be taken no more; nothing else is said in the group or in the own chat
    taken = await _says(group, code, "Lê Thị An đã nhận lúc 13:0")
    assert (taken.id, taken.labels) == (line.id, [OPEN])
    assert len(group.said) == 1
    assert len(an.heard) == before

    # and whoever presses what they still saw is told who has it
    group.presses_data(binh, f"go:cb:nhan:{code}")
    assert "do Lê Thị An nhận lúc 13:0" in await binh.will_be_shown(code)
    group.presses_data(an, f"go:cb:nhan:{code}")
    assert await an.will_be_shown("Ông/Bà đang giữ việc")
    assert [one for one, _ in await house.done_by(code)].count("take") == 1
    no_word_of_the_citizen(group, an, binh)


async def test_a_stranger_in_the_group_hears_how_to_join_and_leaves_no_trace(
    house: OfficersHouse, fake: FakeTelegram, group: Group
) -> None:
    code = await house.case()
    await _line(house, group, code)
    stranger = fake.user("Lạ")
    count = select(func.count()).select_from(accounts)
    before = await house.runtime.store.read(lambda conn: conn.scalar(count))

    group.presses(stranger, TAKE)
    told = await stranger.will_be_shown("Nhắn tin cho cán bộ")
    assert told == said("officer.group.stranger")
    assert len(told.encode("utf-16-le")) // 2 <= 200, "Telegram shows no more"
    assert code not in told
    for _ in range(60):  # nor where they press faster than anybody reads
        group.presses_data(stranger, f"go:cb:nhan:{code}")
    await fake.until(lambda world: not world.updates, PATIENCE)
    assert (await house.stands(code))[0] == "new"
    assert await house.runtime.store.read(lambda conn: conn.scalar(count)) == before
    assert stranger.heard == []

    # and what only a question can mean does nothing in a group
    group.presses_data(stranger, "n1:5")
    group.presses_data(stranger, "go:menu")
    await fake.until(lambda world: not world.updates, PATIENCE)
    assert await house.runtime.store.read(lambda conn: conn.scalar(count)) == before


async def test_of_two_who_press_at_once_one_has_it_and_the_other_hears_who(
    house: OfficersHouse, fake: FakeTelegram, group: Group
) -> None:
    an, binh = fake.user("An"), fake.user("Bình")
    await house.links("an", an)
    await house.links("binh", binh)
    code = await house.case()
    await _line(house, group, code)
    for person in (an, binh):
        group.presses(person, TAKE)
    told = [await person.will_be_shown(code) for person in (an, binh)]
    takes = [by for what, by in await house.done_by(code) if what == "take"]
    assert len(takes) == 1
    winner = {f"officer:{house.ids['an']}": 0, f"officer:{house.ids['binh']}": 1}[takes[0]]
    name = ("Lê Thị An", "Trần Văn Bình")[winner]
    assert "Ông/Bà đã nhận việc" in told[winner]
    assert f"do {name} nhận" in told[1 - winner]
    await _says(group, code, f"{name} đã nhận")


async def test_the_line_follows_what_is_done_on_the_console(
    house: OfficersHouse, fake: FakeTelegram, group: Group
) -> None:
    first, second = await house.case(), await house.case()
    await _line(house, group, first)
    line = await _line(house, group, second)
    assert not isinstance(await house.act("binh", second, Take()), Refusal)
    taken = await _says(group, second, "Trần Văn Bình đã nhận lúc")
    assert (taken.id, taken.labels) == (line.id, [OPEN])
    assert not isinstance(await house.act("binh", second, Reply(ANSWER)), Refusal)
    ended = await _says(group, second, "đã trả lời người dân")
    assert ANSWER not in ended.text

    # one that is sent elsewhere says so, and the other one stands as it stood
    assert not isinstance(await house.act("binh", first, Forward("Điện lực huyện Mẫu")), Refusal)
    gone = await _says(group, first, "đã chuyển cơ quan khác")
    assert "Điện lực" not in gone.text
    no_word_of_the_citizen(group)


async def test_a_line_that_somebody_deleted_or_telegram_refuses_once_stops_nothing(
    house: OfficersHouse, fake: FakeTelegram, group: Group
) -> None:
    first, second = await house.case(), await house.case()
    deleted = await _line(house, group, first)
    await _line(house, group, second)
    fake.do(lambda world: world.chats[group.id].letters.remove(
        next(one for one in world.chats[group.id].letters if one.id == deleted.id)
    ))  # fmt: skip
    fake.next_fault("editMessageText", "flood", retry_after=1)
    for code in (first, second):
        assert not isinstance(await house.act("an", code, Take()), Refusal)
    await _says(group, second, "Lê Thị An đã nhận")
    assert str(deleted.id) not in await _kept(house)


async def test_what_is_confidential_or_past_the_desk_is_never_in_the_group(
    house: OfficersHouse, fake: FakeTelegram, group: Group
) -> None:
    an = fake.user("An")
    await house.links("an", an)
    await house.names_keeper("binh")
    conduct, later = await house.case(Kind.CONDUCT), await house.case()
    line = await _line(house, group, later)
    assert not [seen for _, seen in group.said if conduct in seen.text]

    # a line that was told before its case was marked stays as it is: one that changed would tell of it
    assert not isinstance(await house.act("binh", later, MarkDenunciation()), Refusal)
    other = await house.case()
    await _line(house, group, other)
    assert not isinstance(await house.act("an", other, Take()), Refusal)
    await _says(group, other, "Lê Thị An đã nhận")
    assert next(seen for _, seen in group.said if seen.id == line.id) == line

    # and its button opens nothing
    group.presses(an, TAKE, later)
    assert await an.will_be_shown(said("officer.no_case")) == said("officer.no_case")
    assert (await house.stands(later))[0] == "new"
    no_word_of_the_citizen(group, an)


@pytest.mark.parametrize("why", ["role", "unit", "off", "must_change"])
async def test_a_press_is_decided_by_role_and_unit_as_on_the_console(
    house: OfficersHouse, fake: FakeTelegram, group: Group, why: str
) -> None:
    # given a linked officer who may not take this case, for one reason or another
    an = fake.user("An")
    await house.links("an", an)
    code = await house.case()
    await _line(house, group, code)
    mine = update(officers).where(officers.c.id == house.ids["an"])
    changes: dict[str, dict[str, object]] = {
        "role": {"role": "admin"},
        "off": {"active": 0},
        "must_change": {"must_change": 1},
    }
    if why == "unit":
        await house.runtime.store.write(
            lambda tx: tx.execute(update(cases).where(cases.c.code == code).values(unit_id=_province(tx)))
        )
    else:
        await house.runtime.store.write(lambda tx: tx.execute(mine.values(**changes[why])))
    group.presses(an, TAKE)
    words = {"must_change": "officer.must_change", "unit": "officer.no_case"}.get(why)
    told = await an.will_be_shown(said(words) if words else "")
    assert code not in told
    assert (await house.stands(code))[0] == "new"
    assert "take" not in [what for what, _ in await house.done_by(code)]


def _province(tx: object) -> int:
    found: int | None = tx.conn.scalar(select(units.c.parent_id).where(units.c.parent_id.is_not(None)).limit(1))  # type: ignore[attr-defined]  # a Tx
    assert found is not None
    return found


async def test_a_press_that_comes_twice_is_done_once_and_the_chain_is_whole(
    house: OfficersHouse, fake: FakeTelegram, group: Group
) -> None:
    an = fake.user("An")
    await house.links("an", an)
    code = await house.case()
    await _line(house, group, code)
    fake.next_fault("answerCallbackQuery", "drop")
    group.presses(an, TAKE)
    await _says(group, code, "Lê Thị An đã nhận")
    [link] = await house.runtime.store.read(lambda conn: officer_accounts.of_officer(conn, house.ids["an"]))
    assert link.heard_at < house.runtime.now() + DAY
    found = await house.runtime.store.read(act_chain.verify)
    assert all(isinstance(one, act_chain.Whole) for one in found)
    assert [one for one, _ in await house.done_by(code)].count("take") == 1


async def test_lines_are_kept_in_bounds(house: OfficersHouse) -> None:
    telegram, now = house.commune.telegram, house.runtime.now()

    def fill(tx: object) -> None:
        for number in range(250):
            case = NewCase(id=number, code=f"X-{number}", kind="feedback", village="", opened_at=now)
            board_lines.remember(tx, telegram, case, "-5", str(number), now)  # type: ignore[arg-type]  # a Tx

    await house.runtime.store.write(fill)
    assert await _kept(house) == [str(number) for number in range(50, 250)]
