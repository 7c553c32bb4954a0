"""Officers on the Zalo Bot Platform, where nothing can be pressed: joined by a code, told with numbers, by words."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from feedback.acts import DraftReply, Refusal, Take
from feedback.kinds import Kind
from storage import officer_accounts, officer_numbers
from storage.store import Store
from storage.tx import Tx
from storage.vault import Vault
from tests.contract.officers_house import PUBLIC, local_ms
from tests.contract.zalo_houses import OnZaloBot
from tests.e2e.citizens import said
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_bot.people import Person, Seen
from tests.stores import SampleCommune

FRIDAY = local_ms(2026, 11, 20, 13)
SECRET = ("Bí Mật", "0912345678", "cắt nước", "số 7")
ANSWER = "Xã đã khôi phục nước cho khu dân cư."
PATIENCE = 30


@pytest.fixture
def fake() -> Iterator[FakeZaloBot]:
    with FakeZaloBot() as running:
        yield running


@pytest.fixture
async def house(
    store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, fake: FakeZaloBot
) -> AsyncIterator[OnZaloBot]:
    made = OnZaloBot(store, store_url, commune, vault, tmp_path, fake, FRIDAY)
    await made.opens()
    yield made
    await made.closes()


def page_in(seen: Seen) -> str:
    """The address on the last line of a message."""
    assert f"{PUBLIC}/ky/" in seen.text, seen.text
    return seen.text.split()[-1]


def no_word_of_the_citizen(*people: Person) -> None:
    told = [seen.text for person in people for seen in person.heard]
    assert told
    assert not [text for text in told if any(word in text for word in (*SECRET, ANSWER))]


async def test_a_case_is_taken_by_its_number_and_the_second_hears_who_was_first(
    house: OnZaloBot, fake: FakeZaloBot
) -> None:
    an, binh = fake.user("An"), fake.user("Bình")
    await house.links("an", an)
    assert "nhắn “nhận 1”" in an.last.text, "who joins is told how it goes here"
    await house.links("binh", binh)
    code = await house.case()
    await house.tells()
    line = await an.will_hear(f"Phản ánh mới: {code}", PATIENCE)
    await binh.will_hear(code, PATIENCE)

    # then the line has code, kind, thôn, day, what to type and a link, and nothing else
    assert "thôn Mẫu 1" in line.text
    assert "Hạn trả lời" in line.text
    assert "Nhận việc này: nhắn “nhận 1”." in line.text
    assert f"{PUBLIC}/can-bo/vu-viec/{code}" in line.text

    # when somebody types it, in whatever way people type
    an.writes("NHAN VIEC SO 1")
    await an.will_hear(f"đã nhận việc {code}", PATIENCE)
    assert (await house.stands(code))[0] == "in_progress"
    assert (await house.done_by(code))[-1] == ("take", f"officer:{house.ids['an']}")
    binh.writes("nhận 1")
    await binh.will_hear("do Lê Thị An nhận lúc 13:0", PATIENCE)
    binh.writes(f"nhận {code.lower()}")
    await binh.will_hear("do Lê Thị An nhận lúc 13:0", PATIENCE)
    an.writes("nhận 1")
    await an.will_hear(said("officer.yours_already"), PATIENCE)
    assert [one for one, _ in await house.done_by(code)].count("take") == 1
    no_word_of_the_citizen(an, binh)


async def test_a_word_alone_is_enough_where_one_case_can_be_meant_and_else_asks_which(
    house: OnZaloBot, fake: FakeZaloBot
) -> None:
    an = fake.user("An")
    await house.links("an", an)
    codes = [await house.case() for _ in range(3)]
    await house.tells()
    for code in codes:
        await an.will_hear(code, PATIENCE)

    # when three could be meant, none is taken
    an.writes("nhận")
    which = await an.will_hear(said("officer.typed.which.nhan"), PATIENCE)
    assert all(code in which.text for code in codes)
    assert [(await house.stands(code))[0] for code in codes] == ["new"] * 3
    an.writes("nhận 9")
    none = await an.will_hear("Không có việc số 9.", PATIENCE)
    assert codes[0] in none.text

    # when two of them are over, the third one is meant
    assert not isinstance(await house.act("binh", codes[0], Take()), Refusal)
    an.writes("nhận 2")
    await an.will_hear("đã nhận việc", PATIENCE)
    an.writes("Nhận việc.")
    await an.will_hear("đã nhận việc", PATIENCE)
    assert [(await house.stands(code))[0] for code in codes] == ["in_progress"] * 3
    an.writes("nhận")
    await an.will_hear(said("officer.typed.nothing.nhan"), PATIENCE)
    an.writes("duyệt")
    await an.will_hear(said("officer.typed.nothing.duyet"), PATIENCE)
    no_word_of_the_citizen(an)


async def test_a_draft_is_signed_or_sent_back_on_the_page_that_a_word_brings(
    house: OnZaloBot, fake: FakeZaloBot
) -> None:
    an, chu = fake.user("An"), fake.user("Chủ")
    await house.links("an", an)
    await house.links("chu", chu)
    first, second = await house.case(Kind.PETITION), await house.case(Kind.PETITION)
    for code in (first, second):
        assert not isinstance(await house.act("an", code, DraftReply(ANSWER)), Refusal)
    await house.tells()
    lines = {code: await chu.will_hear(f"chờ Ông/Bà duyệt: Kiến nghị {code}", PATIENCE) for code in (first, second)}
    numbers = {code: re.search(r"nhắn “duyệt (\d)”", line.text) for code, line in lines.items()}
    assert all(f"“trả {numbers[code][1]}”" in lines[code].text for code in lines if numbers[code])  # type: ignore[index]

    # who may not sign is told so, and who may gets the page
    one, two = (numbers[code] for code in (first, second))
    assert one
    assert two
    an.writes(f"duyệt {first}")
    await an.will_hear(said("officer.not_yours"), PATIENCE)
    chu.writes(f"duyệt {one[1]}")
    page = page_in(await chu.will_hear("Dự thảo trả lời việc", PATIENCE))
    status, shown = await house.browser("GET", page)
    assert (status, ANSWER in shown) == (200, True)
    assert (await house.browser("POST", page, way="duyet"))[0] == 200
    assert await house.stands(first) == ("answered", "", ANSWER)

    chu.writes(f"tra lai {two[1]}")
    page = page_in(await chu.will_hear(f"Dự thảo trả lời việc {second}", PATIENCE))
    assert page.endswith("?tra-lai")
    status, _ = await house.browser("POST", page, way="tra-lai", text="Xin ghi rõ ngày xong.")
    assert (status, (await house.stands(second))[1]) == (200, "returned")
    await house.tells()
    await an.will_hear(f"trả lại dự thảo để sửa: Kiến nghị {second}", PATIENCE)
    chu.writes(f"duyệt {one[1]}")
    await chu.will_hear("không có dự thảo nào chờ duyệt", PATIENCE)
    no_word_of_the_citizen(an, chu)


async def test_the_morning_line_comes_here_too(house: OnZaloBot, fake: FakeZaloBot) -> None:
    chu = fake.user("Chủ")
    await house.links("chu", chu)
    code = await house.case()
    await house.act("an", code, Take())
    house.at = local_ms(2026, 11, 30, 7, 5)
    await house.tells()
    await house.tells()
    line = await chu.will_hear("Sáng nay", PATIENCE)
    assert "quá hạn (Lê Thị An 1" in line.text
    assert f"{PUBLIC}/can-bo/" in line.text
    assert sum("Sáng nay" in seen.text for seen in chu.heard) == 1
    no_word_of_the_citizen(chu)


async def test_a_citizen_s_words_stay_a_citizen_s(house: OnZaloBot, fake: FakeZaloBot) -> None:
    lan, an = fake.user("Lan"), fake.user("An")
    code = await house.case()
    # nobody who is no officer is answered as one, whatever they type
    for words in ("nhận 1", f"nhận {code}", "duyệt", "trả lại 2"):
        lan.writes(words)
        await lan.will_hear("", PATIENCE)
    assert not [
        seen for seen in lan.heard if "nhận việc" in seen.text or "/can-bo/" in seen.text or "/ky/" in seen.text
    ]
    assert (await house.stands(code))[0] == "new"

    # and of an officer the words of officers alone are taken for such
    await house.links("an", an)
    an.writes("nhận")
    await an.will_hear(said("officer.typed.nothing.nhan"), PATIENCE)
    later = await house.case()
    await house.tells()
    await an.will_hear(later, PATIENCE)
    for words in (f"tra cứu {later}", later, "1", "nhận lời cảm ơn"):
        an.writes(words)
        await an.will_hear("", PATIENCE)
    await fake.until(lambda world: not world.queue, PATIENCE)
    assert [(await house.stands(one))[0] for one in (code, later)] == ["new", "new"]


async def test_numbers_go_to_ninety_nine_and_stay_with_their_case(house: OnZaloBot, fake: FakeZaloBot) -> None:
    an = fake.user("An")
    await house.links("an", an)
    [link] = await house.runtime.store.read(lambda conn: officer_accounts.of_officer(conn, house.ids["an"]))

    def fill(tx: Tx) -> list[int]:
        given = [officer_numbers.give(tx, link.id, f"VL-{number}", number) for number in range(1, 100)]
        return [
            *given,
            officer_numbers.give(tx, link.id, "VL-50", 200),
            officer_numbers.give(tx, link.id, "VL-100", 201),
        ]

    given = await house.runtime.store.write(fill)
    assert given == [*range(1, 100), 50, 1], "the oldest goes when all are in use"
    codes = await house.runtime.store.read(lambda conn: officer_numbers.codes(conn, link.id))
    assert (len(codes), codes[1], codes[50]) == (99, "VL-100", "VL-50")
    assert list(codes)[-2:] == [50, 1]
