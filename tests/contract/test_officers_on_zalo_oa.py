"""Officers on a Zalo Official Account: buttons as on Telegram, and a window that closes two days after a word."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from feedback.acts import DraftReply, Refusal, Reply, Take
from feedback.confidential import MarkDenunciation
from feedback.kinds import Kind
from storage import officer_accounts
from storage.store import Store
from storage.tables import accounts, outbox
from storage.vault import Vault
from tests.contract.officers_house import PUBLIC, local_ms
from tests.contract.zalo_houses import OnZaloOa
from tests.e2e.citizens import said
from tests.fakes.zalo_oa import FakeZaloOa
from tests.fakes.zalo_oa.fake import SEND
from tests.fakes.zalo_oa.people import Person
from tests.stores import SampleCommune
from vietnam.time import DAY, HOUR

FRIDAY = local_ms(2026, 11, 20, 13)
SECRET = ("Bí Mật", "0912345678", "cắt nước", "số 7")
ANSWER = "Xã đã khôi phục nước cho khu dân cư."
HEAD = said("officer.held.head")
PATIENCE = 30


@pytest.fixture
def fake() -> Iterator[FakeZaloOa]:
    with FakeZaloOa() as running:
        yield running


@pytest.fixture
async def house(
    store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, fake: FakeZaloOa
) -> AsyncIterator[OnZaloOa]:
    made = OnZaloOa(store, store_url, commune, vault, tmp_path, fake, FRIDAY)
    await made.opens()
    yield made
    await made.closes()


def no_word_of_the_citizen(*people: Person) -> None:
    told = [seen.text for person in people for seen in person.heard]
    assert told
    assert not [text for text in told if any(word in text for word in (*SECRET, ANSWER))]


async def test_buttons_do_here_what_they_do_on_telegram(house: OnZaloOa, fake: FakeZaloOa) -> None:
    an, chu = fake.user("An"), fake.user("Chủ")
    await house.links("an", an)
    await house.links("chu", chu)
    assert "nhắn “nhận 1”" not in an.last.text, "there are buttons"
    code = await house.case(Kind.PETITION)
    await house.tells()
    line = await an.will_hear(f"Kiến nghị mới: {code}", PATIENCE)
    assert line.labels == ["Nhận việc", "Mở vụ việc"]
    await house.brings(an.presses("Nhận việc"))
    await an.will_hear(f"đã nhận việc {code}", PATIENCE)
    assert (await house.done_by(code))[-1] == ("take", f"officer:{house.ids['an']}")

    assert not isinstance(await house.act("an", code, DraftReply(ANSWER)), Refusal)
    await house.tells()
    line = await chu.will_hear(f"chờ Ông/Bà duyệt: Kiến nghị {code}", PATIENCE)
    assert line.labels == ["Duyệt", "Trả lại"]
    await house.brings(chu.presses("Duyệt"))
    await chu.will_hear("Dự thảo trả lời việc", PATIENCE)
    page = chu.opens(said("officer.open_sign"))
    status, done = await house.browser("POST", page, way="duyet")
    assert (status, "Đã duyệt và gửi" in done) == (200, True)
    assert await house.stands(code) == ("answered", "", ANSWER)
    no_word_of_the_citizen(an, chu)


async def test_what_came_while_the_window_was_closed_is_summed_up_at_the_next_word(
    house: OnZaloOa, fake: FakeZaloOa
) -> None:
    an = fake.user("An")
    await house.links("an", an)
    mine, others, secret = await house.case(), await house.case(), await house.case()
    await house.names_keeper("binh")
    await house.tells()
    for code in (mine, others, secret):
        await an.will_hear(code, PATIENCE)
    assert not isinstance(await house.act("an", mine, Take()), Refusal)
    before, asked = len(an.heard), len(fake.calls(SEND))

    # given an officer who has written nothing for three days, while cases come, are settled by others, and grow late
    house.silence(50 * HOUR)
    settled = await house.case()
    new = [await house.case() for _ in range(6)]
    house.at = local_ms(2026, 11, 23, 9)
    await house.tells()
    await house.tells()
    assert not isinstance(await house.act("binh", settled, Take()), Refusal)
    assert not isinstance(await house.act("binh", others, Take()), Refusal)
    assert not isinstance(await house.act("binh", secret, MarkDenunciation()), Refusal)
    house.silence(4 * DAY)
    house.at = local_ms(2026, 11, 27, 18)
    await house.tells()

    # then nothing was sent, nor even tried: Zalo would have refused it
    assert len(an.heard) == before
    assert len(fake.calls(SEND)) == asked
    assert await _unsent(house) == 0

    # when the officer writes a word, whatever word
    await house.brings(an.writes("."))
    told = await an.will_hear(HEAD, PATIENCE)

    # then one message counts what is still to be done, with the most urgent first
    first, *lines = told.text.split("\n\n")[1].splitlines()
    assert first.endswith(f". QUÁ HẠN: Phản ánh {mine}, thôn Mẫu 1, hạn 26/11")
    assert len(lines) == 5, lines
    assert "nữa, xin xem ở trang làm việc" in lines[-1]
    assert not [code for code in (settled, others, secret) if code in told.text]
    assert "7 việc quá hạn" in told.text.splitlines()[0]
    assert (told.labels, told.buttons[-1][1]) == (["Mở trang làm việc"], f"{PUBLIC}/can-bo/")

    # and it is said once, whoever looks again
    await house.tells()
    await house.brings(an.writes("menu"))
    await an.will_hear(said("menu.title"), PATIENCE)
    assert sum(HEAD in seen.text for seen in an.heard) == 1
    assert set(new)
    no_word_of_the_citizen(an)


async def test_a_case_of_the_summary_is_taken_by_its_number_and_lines_come_again(
    house: OnZaloOa, fake: FakeZaloOa
) -> None:
    an, binh = fake.user("An"), fake.user("Bình")
    await house.links("an", an)
    await house.links("binh", binh)
    house.silence(60 * HOUR)
    house.at = local_ms(2026, 11, 23, 9)
    one, two = await house.case(), await house.case(Kind.PETITION)
    await house.tells()
    await house.brings(an.writes("Xin chào"))
    told = await an.will_hear(HEAD, PATIENCE)
    assert told.text.startswith(HEAD.removesuffix(":").strip())
    assert "2 việc mới" in told.text
    number = next(line.split(".")[0] for line in told.text.splitlines() if one in line)
    await house.brings(an.writes(f"nhận {number}"))
    await an.will_hear(f"đã nhận việc {one}", PATIENCE)
    assert (await house.stands(one))[0] == "in_progress"

    # from now on each line comes as it is, and the one who wrote nothing still hears nothing
    later = await house.case()
    await house.tells()
    await an.will_hear(f"Phản ánh mới: {later}", PATIENCE)
    assert not [seen for seen in binh.heard if one in seen.text or two in seen.text or later in seen.text]
    # and what was settled before they wrote is not spoken of
    for code in (two, later):
        assert not isinstance(await house.act("an", code, Take()), Refusal)
    await house.brings(binh.writes("."))
    await binh.will_hear(said("menu.title"), PATIENCE)
    await house.tells()
    assert not [seen for seen in binh.heard if HEAD in seen.text]


async def test_a_leader_hears_what_waits_for_a_signature(house: OnZaloOa, fake: FakeZaloOa) -> None:
    chu = fake.user("Chủ")
    await house.links("chu", chu)
    house.silence(60 * HOUR)
    house.at = local_ms(2026, 11, 23, 9)
    code = await house.case(Kind.PETITION)
    assert not isinstance(await house.act("an", code, DraftReply(ANSWER)), Refusal)
    await house.tells()
    await house.brings(chu.writes("duyệt"))
    told = await chu.will_hear(HEAD, PATIENCE)
    assert "1 câu trả lời chờ duyệt" in told.text
    await house.brings(chu.writes("duyệt"))
    await chu.will_hear("Dự thảo trả lời việc", PATIENCE)
    page = chu.opens(said("officer.open_sign"))
    assert (await house.browser("POST", page, way="duyet"))[0] == 200
    assert await house.stands(code) == ("answered", "", ANSWER)
    no_word_of_the_citizen(chu)


async def test_who_leaves_hears_it_when_they_are_back(house: OnZaloOa, fake: FakeZaloOa) -> None:
    an = fake.user("An")
    await house.links("an", an)
    await house.brings(an.unfollows())
    code = await house.case()
    await house.tells()
    assert await _unsent(house) == 0
    await house.brings(an.follows())
    await house.tells()
    told = await an.will_hear(HEAD, PATIENCE)
    assert code in told.text
    assert not isinstance(await house.act("an", code, Reply(ANSWER)), Refusal)


async def test_a_summary_that_was_never_needed_is_never_said(house: OnZaloOa, fake: FakeZaloOa) -> None:
    an = fake.user("An")
    await house.links("an", an)
    house.silence(60 * HOUR)
    await house.tells()
    await house.brings(an.writes("."))
    await an.will_hear(said("menu.title"), PATIENCE)
    await house.tells()
    assert not [seen for seen in an.heard if HEAD in seen.text]
    [link] = await house.runtime.store.read(lambda conn: officer_accounts.of_officer(conn, house.ids["an"]))
    assert await house.runtime.store.read(lambda conn: officer_accounts.held_since(conn, link.id)) is None


async def _unsent(house: OnZaloOa) -> int:
    """Messages to people on Zalo that wait, or were given up."""
    query = select(outbox.c.id).where(
        outbox.c.channel_account_id == house.on.account, outbox.c.state.in_(["ready", "held", "dead"])
    )
    assert await house.runtime.store.read(lambda conn: conn.scalar(select(accounts.c.id).limit(1)))
    return len(await house.runtime.store.read(lambda conn: conn.execute(query).all()))
