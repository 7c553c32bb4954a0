"""Officers on Telegram: linked by a code, told without a word of the citizen, taking and signing by a tap."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.officer_round import send_brief
from feedback.acts import Approve, DraftReply, Refusal, ReturnDraft, Take
from feedback.confidential import MarkDenunciation
from feedback.kinds import Kind
from storage import officer_accounts
from storage.store import Store
from storage.vault import Vault
from tests.contract.officers_house import PUBLIC, OfficersHouse, local_ms
from tests.e2e.citizens import said
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.people import Person, Seen
from tests.stores import SampleCommune
from vietnam.time import DAY, HOUR, MINUTE

FRIDAY = local_ms(2026, 11, 20, 13)
SECRET = ("Bí Mật", "0912345678", "cắt nước", "số 7")
ANSWER = "Xã đã khôi phục nước cho khu dân cư."


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        running.flood(chat_burst=1000, per_second=1000)
        yield running


@pytest.fixture
async def house(
    store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, fake: FakeTelegram
) -> AsyncIterator[OfficersHouse]:
    made = OfficersHouse(store, store_url, commune, vault, tmp_path, fake, FRIDAY)
    await made.opens()
    yield made
    await made.closes()


def address_on(seen: Seen) -> str:
    """The page that a message's button opens."""
    found = [target for row in seen.buttons for _, target in row if target.startswith("https://")]
    assert found, seen
    return found[0]


def no_word_of_the_citizen(*people: Person) -> None:
    for person in people:
        for seen in person.heard:
            assert not [word for word in SECRET if word in seen.text], seen.text


async def test_a_code_links_once_and_for_ten_minutes(house: OfficersHouse, fake: FakeTelegram) -> None:
    an, stranger = fake.user("An"), fake.user("Lạ")

    # given a code of the officer's page, typed as people type
    code = await house.code_for("an")
    an.writes(f"cb {code[:4].lower()} {code[4:].lower()}")
    await an.will_hear("Đã nối tài khoản này với Lê Thị An")

    # then nobody links by it again, nor by one that is too old or mistyped
    stranger.starts(f"cb_{code}")
    await stranger.will_hear(said("officer.code_wrong"))
    late = await house.code_for("binh", 999)
    house.at += officer_accounts.CODE_LIFE + MINUTE
    stranger.starts(f"cb_{late}")
    await stranger.will_hear(said("officer.code_wrong"))
    stranger.writes("CB 0O1I-LLLL")
    await stranger.will_hear(said("officer.code_wrong"))

    # and who goes on guessing is not even told whether it was one
    for number in range(3, 7):
        stranger.writes(f"cb {officer_accounts.code_of(number)}")
    await stranger.will_hear(said("officer.code_slow"))
    good = await house.code_for("binh", 777)
    stranger.writes(f"cb {good}")
    await fake.until(lambda world: not world.updates)
    linked = await house.runtime.store.read(lambda conn: officer_accounts.of_officer(conn, house.ids["binh"]))
    assert linked == []


async def test_a_new_case_is_told_and_taken_by_one_tap_and_the_second_hears_who_was_first(
    house: OfficersHouse, fake: FakeTelegram
) -> None:
    an, binh = fake.user("An"), fake.user("Bình")
    await house.links("an", an)
    await house.links("binh", binh)
    code = await house.case()
    await house.tells()
    line = await an.will_hear(f"Phản ánh mới: {code}")
    await binh.will_hear(code)

    # then it names code, kind, thôn, day and a link, and nothing else
    assert "thôn Mẫu 1" in line.text
    assert "Hạn trả lời" in line.text
    assert address_on(line) == f"{PUBLIC}/can-bo/vu-viec/{code}"
    no_word_of_the_citizen(an, binh)

    # and it is told once
    await house.tells()
    an.presses("Nhận việc")
    took = await an.will_hear(f"đã nhận việc {code}")
    assert (await house.stands(code))[0] == "in_progress"
    assert (await house.done_by(code))[-1] == ("take", f"officer:{house.ids['an']}")
    assert sum(code in seen.text and "mới" in seen.text for seen in an.heard) == 1

    binh.presses("Nhận việc")
    second = await binh.will_hear("do Lê Thị An nhận lúc 13:0")
    assert code in second.text
    an.presses("Nhận việc")
    await an.will_hear(said("officer.yours_already"))
    await fake.until(lambda world: all(press.answered for press in world.presses.values()))
    assert len([one for one in await house.done_by(code) if one[0] == "take"]) == 1
    assert took.id < an.last.id


async def test_who_takes_it_on_the_console_is_named_in_the_chat(house: OfficersHouse, fake: FakeTelegram) -> None:
    an = fake.user("An")
    await house.links("an", an)
    code = await house.case()
    await house.tells()
    await an.will_hear(code)
    assert not isinstance(await house.act("binh", code, Take()), Refusal)
    an.presses("Nhận việc")
    await an.will_hear("do Trần Văn Bình nhận")

    # and a button of yesterday says what became of it
    from feedback.acts import Reply

    house.at += DAY
    assert not isinstance(await house.act("binh", code, Reply(ANSWER)), Refusal)
    an.presses("Nhận việc")
    await an.will_hear("hiện đã trả lời người dân")


async def test_an_answer_is_read_and_signed_on_a_page_that_opens_for_a_quarter_of_an_hour(
    house: OfficersHouse, fake: FakeTelegram
) -> None:
    an, chu = fake.user("An"), fake.user("Chủ")
    await house.links("an", an)
    await house.links("chu", chu)
    code = await house.case(Kind.PETITION)
    await house.act("an", code, DraftReply(ANSWER))
    await house.tells()

    # when the leader is told, the draft is not in the chat
    line = await chu.will_hear(f"chờ Ông/Bà duyệt: Kiến nghị {code}")
    assert line.labels == ["Duyệt", "Trả lại"]
    assert ANSWER not in line.text
    chu.presses("Duyệt")
    page = address_on(await chu.will_hear("Dự thảo trả lời việc"))

    # then opening the page changes nothing, also where a machine opens it
    status, shown = await house.browser("GET", page)
    assert (status, ANSWER in shown, "Hoàng Văn Chủ" in shown) == (200, True, True)
    assert (await house.stands(code))[1] == "waiting"

    # and one tap signs it, as this leader, once
    status, done = await house.browser("POST", page, way="duyet")
    assert (status, "Đã duyệt và gửi" in done) == (200, True)
    assert await house.stands(code) == ("answered", "", ANSWER)
    assert (await house.done_by(code))[-1] == ("approve", f"officer:{house.ids['chu']}")
    status, again = await house.browser("POST", page, way="duyet")
    assert (status, "Không còn dự thảo" in again) == (410, True)

    # and the button of yesterday says what became of it
    house.at += DAY
    chu.presses("Duyệt")
    await chu.will_hear("không có dự thảo nào chờ duyệt. Việc hiện đã trả lời người dân")
    no_word_of_the_citizen(an, chu)
    assert not [seen for seen in (*an.heard, *chu.heard) if ANSWER in seen.text]


async def test_an_answer_is_sent_back_with_a_reason_and_its_writer_hears_of_it(
    house: OfficersHouse, fake: FakeTelegram
) -> None:
    an, chu = fake.user("An"), fake.user("Chủ")
    await house.links("an", an)
    await house.links("chu", chu)
    code = await house.case(Kind.PETITION)
    await house.act("an", code, DraftReply(ANSWER))
    await house.tells()
    await chu.will_hear(code)
    chu.presses("Trả lại")
    page = address_on(await chu.will_hear("Dự thảo trả lời việc"))

    # an empty reason is refused, and nothing is lost
    status, refused = await house.browser("POST", page, way="tra-lai", text="  ")
    assert (status, "<details open" in refused) == (422, True)
    status, _ = await house.browser("POST", page, way="tra-lai", text="Xin ghi rõ ngày xong.")
    assert status == 200
    assert (await house.stands(code))[1] == "returned"
    await house.tells()
    await an.will_hear(f"trả lại dự thảo để sửa: Kiến nghị {code}")
    assert not [seen for seen in an.heard if "ngày xong" in seen.text], "why is read on the console"
    chu.presses("Duyệt")
    await chu.will_hear("đã được trả lại để sửa")


async def test_what_was_changed_after_the_page_was_made_is_not_signed_by_it(
    house: OfficersHouse, fake: FakeTelegram
) -> None:
    chu = fake.user("Chủ")
    await house.links("chu", chu)
    code = await house.case(Kind.PETITION)
    await house.act("an", code, DraftReply(ANSWER))
    await house.tells()
    await chu.will_hear(code)
    chu.presses("Duyệt")
    page = address_on(await chu.will_hear("Dự thảo trả lời việc"))

    await house.act("an", code, DraftReply("Bản khác hẳn."))
    status, shown = await house.browser("POST", page, way="duyet")
    assert (status, "Bản khác hẳn." in shown, "vừa có thay đổi" in shown) == (422, True, True)
    assert (await house.stands(code))[1] == "waiting"

    # nor after its quarter of an hour, nor once the chat is linked no more, nor by a letter more or less
    chu.presses("Duyệt")
    page = address_on(await chu.will_hear("Dự thảo trả lời việc"))
    assert (await house.browser("GET", page[:-1] + ("A" if page[-1] != "A" else "B")))[0] == 410
    house.at += 16 * MINUTE
    assert (await house.browser("POST", page, way="duyet"))[0] == 410
    house.at -= 10 * MINUTE
    actor = await house.actor("chu")
    [link] = await house.runtime.store.read(lambda conn: officer_accounts.of_officer(conn, house.ids["chu"]))
    assert await house.runtime.store.write(lambda tx: officer_accounts.unlink(tx, actor, link.id, house.runtime.now()))
    assert (await house.browser("POST", page, way="duyet"))[0] == 410
    assert (await house.stands(code))[1] == "waiting"


async def test_web_and_chat_never_disagree(house: OfficersHouse, fake: FakeTelegram) -> None:
    chu = fake.user("Chủ")
    await house.links("chu", chu)
    code = await house.case(Kind.PETITION)
    await house.act("an", code, DraftReply(ANSWER))
    await house.tells()
    await chu.will_hear(code)
    chu.presses("Trả lại")
    page = address_on(await chu.will_hear("Dự thảo trả lời việc"))
    assert not isinstance(await house.act("chu", code, Approve()), Refusal)
    status, shown = await house.browser("POST", page, way="tra-lai", text="Quá muộn.")
    assert (status, "Không còn dự thảo" in shown) == (410, True)
    assert (await house.stands(code))[0] == "answered"
    assert isinstance(await house.act("chu", code, ReturnDraft("Quá muộn.")), Refusal)


async def test_a_stranger_who_presses_hears_nothing_of_the_case(house: OfficersHouse, fake: FakeTelegram) -> None:
    an = fake.user("An")
    await house.links("an", an)
    code = await house.case()
    await house.tells()
    await an.will_hear(code)
    actor = await house.actor("an")
    [link] = await house.runtime.store.read(lambda conn: officer_accounts.of_officer(conn, house.ids["an"]))
    assert await house.runtime.store.write(lambda tx: officer_accounts.unlink(tx, actor, link.id, house.runtime.now()))

    before = len(an.heard)
    an.presses("Nhận việc")
    await fake.until(lambda world: not world.updates)
    await fake.until(lambda world: all(press.answered for press in world.presses.values()))
    assert (await house.stands(code))[0] == "new"
    assert not [seen for seen in an.heard[before:] if code in seen.text or "Phản ánh mới" in seen.text]


async def test_what_is_confidential_or_past_the_desk_is_never_told_nor_taken(
    house: OfficersHouse, fake: FakeTelegram
) -> None:
    an, chu = fake.user("An"), fake.user("Chủ")
    await house.links("an", an)
    await house.links("chu", chu)
    await house.names_keeper("binh")
    conduct, hidden, later = await house.case(Kind.CONDUCT), await house.case(), await house.case()
    assert not isinstance(await house.act("an", hidden, MarkDenunciation()), Refusal)
    await house.tells()
    await an.will_hear(later)
    assert not [seen for seen in (*an.heard, *chu.heard) if conduct in seen.text or hidden in seen.text]

    # and the button of a line told before it was marked opens nothing
    assert not isinstance(await house.act("binh", later, MarkDenunciation()), Refusal)
    an.presses("Nhận việc")
    gone = await an.will_hear(said("officer.no_case"))
    assert later not in gone.text
    assert (await house.stands(later))[0] == "new"


async def test_a_near_and_a_past_day_are_told_to_whoever_holds_the_case(
    house: OfficersHouse, fake: FakeTelegram
) -> None:
    an, binh = fake.user("An"), fake.user("Bình")
    await house.links("an", an)
    await house.links("binh", binh)
    code = await house.case()
    await house.act("an", code, Take())
    house.at = local_ms(2026, 11, 26, 8)
    await house.tells()
    await house.tells()
    await an.will_hear(f"Sắp đến hạn: Phản ánh {code}")
    house.at = local_ms(2026, 11, 26, 15)
    await house.tells()
    await house.tells()
    await an.will_hear(f"QUÁ HẠN: Phản ánh {code}")
    await fake.until(lambda world: not world.updates)
    assert len(an.heard) == 3
    assert not [seen for seen in binh.heard if code in seen.text]


async def test_the_morning_line_is_said_once_on_a_working_day(house: OfficersHouse, fake: FakeTelegram) -> None:
    an, chu = fake.user("An"), fake.user("Chủ")
    await house.links("an", an)
    await house.links("chu", chu)
    code = await house.case()
    await house.act("an", code, Take())
    other = await house.case(Kind.PETITION)
    await house.act("an", other, DraftReply(ANSWER))

    # not on a Sunday, not before its time, not at night
    for instant in (local_ms(2026, 11, 29, 9), local_ms(2026, 11, 30, 6, 30), local_ms(2026, 11, 29, 23)):
        house.at = instant
        await house.tells()
    assert not [seen for seen in chu.heard if "Sáng nay" in seen.text]

    house.at = local_ms(2026, 11, 30, 7, 5)
    await house.tells()
    await house.tells()
    line = await chu.will_hear("Sáng nay")
    assert "quá hạn (Lê Thị An 1" in line.text
    assert "1 văn bản chờ duyệt" in line.text
    house.at += HOUR
    await house.tells()
    await fake.until(lambda world: not world.updates)
    assert sum("Sáng nay" in seen.text for seen in chu.heard) == 1
    assert not [seen for seen in an.heard if "Sáng nay" in seen.text], "it is the leader's"


async def test_the_brief_of_an_issued_report_goes_to_each_once(house: OfficersHouse, fake: FakeTelegram) -> None:
    an, chu = fake.user("An"), fake.user("Chủ")
    await house.links("an", an)
    await house.links("chu", chu)
    text = "ĐỂ BIẾT. Báo cáo tháng 10/2026: đã tiếp nhận 12 việc."
    actor = await house.actor("chu")
    assert await send_brief(house.runtime, actor, 77, text) == 2
    await an.will_hear(text)
    await chu.will_hear(text)
    assert await send_brief(house.runtime, actor, 77, text) == 0
