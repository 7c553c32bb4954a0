"""Every sort of line that officers are sent, in their chats and in their group: no word of any citizen in any."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from feedback.acts import Act, Ask, DraftReply, Refusal, ReturnDraft, Take
from feedback.handing import Assign
from feedback.kinds import Kind
from storage import board_lines
from storage.store import Store
from storage.tables import cases
from storage.vault import Vault
from tests.contract.officers_house import WORDS, OfficersHouse, local_ms
from tests.e2e.citizens import said
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.groups import Group
from tests.stores import SampleCommune
from vietnam.text import fold
from vietnam.time import DAY, HOUR

FRIDAY = local_ms(2026, 11, 20, 13)
ANSWER = "Xã đã khôi phục nước cho khu dân cư, xin lỗi bà Bí Mật."
REASON = "Câu trả lời phải ghi ngày bà Bí Mật có nước."
ASKED = "Nhà bà ở ngõ nào, gần nhà ai?"
PERSONAL = ("Nông Thị", "Bí Mật", "0912345678", "0912 345 678", "cắt nước", "số 7", "khôi phục", "ngõ nào")
SORTS = ("new", "given", "soon", "late", "draft", "returned")
PATIENCE = 30


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        running.flood(chat_burst=1000, per_second=1000)
        yield running


@pytest.fixture
def group(fake: FakeTelegram) -> Group:
    made = fake.group(forum=True)
    made.adds_bot(fake.user("Chủ nhóm"))
    return made


@pytest.fixture
async def house(
    store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, fake: FakeTelegram, group: Group
) -> AsyncIterator[OfficersHouse]:
    made = OfficersHouse(store, store_url, commune, vault, tmp_path, fake, FRIDAY)
    await made.opens(group.id)
    yield made
    await made.closes()


async def test_no_line_of_any_sort_has_a_word_of_the_citizen(
    house: OfficersHouse, fake: FakeTelegram, group: Group
) -> None:
    an, binh, chu = (fake.user(name) for name in ("An", "Bình", "Chủ"))
    for login, person in (("an", an), ("binh", binh), ("chu", chu)):
        await house.links(login, person)

    async def does(login: str, code: str, act: Act) -> None:
        assert not isinstance(await house.act(login, code, act), Refusal)

    # given a case of every sort of line
    kinds = (Kind.FEEDBACK, Kind.PETITION, Kind.FEEDBACK, Kind.FEEDBACK)
    given, signed, asked, late = [await house.case(kind) for kind in kinds]
    await house.tells()
    await an.will_hear(late, PATIENCE)
    await does("an", given, Assign(officer=house.ids["binh"], reason=WORDS))
    await does("an", signed, DraftReply(ANSWER))
    await house.tells()
    await chu.will_hear(said("officer.line.draft"), PATIENCE)
    chu.presses("Duyệt")
    await chu.will_hear("Dự thảo trả lời việc", PATIENCE)
    await does("chu", signed, ReturnDraft(REASON))
    await does("an", asked, Ask(ASKED))
    await does("an", late, Take())
    await house.tells()
    await an.will_hear(said("officer.line.returned"), PATIENCE)
    due = select(cases.c.due_at).where(cases.c.code == late)
    at = await house.runtime.store.read(lambda conn: conn.scalar(due))
    assert at is not None
    for moment in (at - 3 * HOUR, at + DAY, local_ms(2026, 11, 30, 7, 5)):
        house.at = moment
        await house.tells()
    await chu.will_hear("Sáng nay", PATIENCE)
    group.presses_data(binh, f"go:cb:nhan:{late}")
    await binh.will_be_shown(late)
    telegram = house.commune.telegram
    async with asyncio.timeout(PATIENCE):
        # each case has its line in the group, and each line says what is so
        while not all(any(code in seen.text for _, seen in group.said) for code in (given, signed, asked, late)):
            await asyncio.sleep(0.02)
        while await house.runtime.store.read(lambda conn: board_lines.changed(conn, telegram, str(group.id))):
            await asyncio.sleep(0.02)

    # then all that was sent is read, and every sort was there
    told = [seen.text for person in (an, binh, chu) for seen in person.heard] + binh.shown
    told += [text for _, seen in group.said for text in (seen.text, *(label for label in seen.labels))]
    told += [label for person in (an, binh, chu) for seen in person.heard for label in seen.labels]
    sorts = {what: said(f"officer.line.{what}") for what in SORTS}
    assert [what for what, words in sorts.items() if not any(words in text for text in told)] == []
    assert any("đang chờ người dân cho biết thêm" in text for text in told), "an edited line of the group"
    found = [(word, text) for text in told for word in PERSONAL if fold(word) in fold(text)]
    assert found == []
