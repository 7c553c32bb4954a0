"""Who booked a session goes when its months are over; that a seat was taken, and what was published, stays."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.retention_round import bookings_before, retention_round
from app.session_round import tell_round
from app.sessions import act_on_booking, act_on_session, book_for
from app.settings import Retention
from feedback.acts import Refusal
from feedback.session_acts import Answer, AskThere, CheckIn, Hold, Minutes, Promise, Publish, SessionAct
from storage import act_chain, booking_retention
from storage.ids import new_id
from storage.store import Store
from storage.tables import bookings, data_requests, session_questions
from storage.vault import Vault
from tests.attacker.loot import rows
from tests.stores import SampleCommune
from tests.unit.chatting import House
from tests.unit.sessions import WEDNESDAY, announced, booking, leader
from vietnam.time import DAY, HOUR, day_of

LAN = "a" * 64
LONG = 735 * DAY
QUESTION, SPOT, ANSWER = "Hỏi về bờ kè sạt sau nhà tôi", "Bao giờ có nước sạch", "Tháng sau xã khảo sát bờ kè."
SAID = (QUESTION, "Nguyễn Thị Lan", "0912345678", SPOT, "ông Bảy")


@pytest.fixture
def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


async def done(house: House, session: int, *deeds: SessionAct) -> None:
    for act in deeds:
        outcome = await act_on_session(house.runtime, session, act, leader(house.commune))
        assert not isinstance(outcome, Refusal), outcome


async def held(house: House, *after: SessionAct) -> int:
    """A session that Lan came to, with her question and one that was asked on the spot; its id."""
    id = await announced(house.runtime, house.commune, slot_minutes=0)
    await house.say(LAN, "đặt lịch", "1", QUESTION, "Nguyễn Thị Lan 0912345678")
    [(code, _)] = await booked(house)
    house.at = WEDNESDAY
    assert not isinstance(await act_on_booking(house.runtime, code, CheckIn(), leader(house.commune)), Refusal)
    await done(house, id, AskThere(topic="other", text=SPOT, asker="ông Bảy"))
    house.at = WEDNESDAY + 3 * HOUR
    await done(house, id, Hold(sure=True), Minutes(summary="Đã trao đổi."), *after)
    while await tell_round(house.runtime):
        pass
    return id


async def booked(house: House) -> list[tuple[str, Any]]:
    query = select(bookings).order_by(bookings.c.place)
    found = await house.runtime.store.read(lambda conn: conn.execute(query).all())
    return [(row.code, row) for row in found]


async def question(house: House) -> Any:
    query = select(session_questions).where(session_questions.c.booking_id.is_not(None))
    return await house.runtime.store.read(lambda conn: conn.execute(query).one())


async def answered(house: House) -> Answer:
    return Answer(question=(await question(house)).id, text=ANSWER)


async def said(house: House) -> str:
    return str((await rows(house.runtime.store)).tables)


async def test_nothing_of_whoever_came_is_left_and_the_seat_is(house: House) -> None:
    # given somebody who came, asked, and was answered in public
    id = await held(house)
    await done(house, id, await answered(house), Publish())
    before = await said(house)
    assert not [words for words in SAID if words not in before]

    # when the months after the session are over
    house.at = WEDNESDAY + LONG
    assert (
        await house.runtime.store.read(
            lambda conn: booking_retention.count(conn, bookings_before(house.runtime, house.at))
        )
        == 1
    )
    await retention_round(house.runtime)

    # then who it was is gone, and what was published and counted is as before
    left = await said(house)
    assert not [words for words in SAID if words in left]
    [(_, row)] = await booked(house)
    assert (row.state, row.account_id, row.name) == ("attended", None, "")
    kept = await question(house)
    assert (kept.text, kept.answer) == ("", ANSWER)
    (chain,) = await house.runtime.store.read(act_chain.verify)
    assert isinstance(chain, act_chain.Whole)


async def test_before_that_day_nothing_goes(house: House) -> None:
    await held(house)
    house.at = WEDNESDAY + 700 * DAY
    await retention_round(house.runtime)
    assert QUESTION in await said(house)


async def test_an_answer_that_was_never_published_goes_with_the_question(house: House) -> None:
    id = await held(house)
    await done(house, id, await answered(house))
    house.at = WEDNESDAY + LONG
    await retention_round(house.runtime)
    assert ANSWER not in await said(house)


async def test_whoever_was_promised_something_is_still_to_be_told(house: House) -> None:
    id = await held(house)
    due = f"{day_of(house.at + 30 * DAY)}"
    one = (await question(house)).id
    await done(house, id, Promise(text="Kè lại bờ", owner="Phòng Kinh tế", due_day=due, question=one))
    house.at = WEDNESDAY + LONG
    await retention_round(house.runtime)
    assert QUESTION in await said(house)


async def test_whoever_waits_for_an_answer_about_their_data_keeps_it(house: House) -> None:
    await held(house)
    [(_, row)] = await booked(house)
    asked = {"id": new_id(), "unit_id": house.commune.commune, "account_id": row.account_id, "what": "correct"}
    terms = {"note": "", "asked_at": house.at, "reply_by": house.at, "due_at": house.at}
    await house.runtime.store.write(lambda tx: tx.execute(insert(data_requests).values(**asked, **terms)))
    house.at = WEDNESDAY + LONG
    await retention_round(house.runtime)
    assert QUESTION in await said(house)


async def test_none_months_keep_it_for_good(house: House) -> None:
    await held(house)
    for_good = {"retention": Retention(bookings_months=0)}
    house.runtime.settings = house.runtime.settings.model_copy(update=for_good)
    house.at = WEDNESDAY + LONG
    await retention_round(house.runtime)
    assert QUESTION in await said(house)


async def test_a_seat_that_an_officer_wrote_down_goes_too(house: House, commune: SampleCommune) -> None:
    id = await announced(house.runtime, commune, slot_minutes=0)
    assert isinstance(await book_for(house.runtime, id, booking(1), leader(commune)), str)
    house.at = WEDNESDAY + LONG
    await retention_round(house.runtime)
    [(_, row)] = await booked(house)
    assert (row.name, row.phone) == ("", "")
    assert "Câu hỏi số 1" not in await said(house)
