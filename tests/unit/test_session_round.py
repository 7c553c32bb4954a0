"""What people and officers are told by the program itself: seats, changes, reminders, clocks; each once."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from app.session_round import session_round, tell_round
from app.sessions import act_on_booking, act_on_session, book_for, busy, open_series
from feedback.acts import Refusal
from feedback.session_acts import Answer, Cancel, CancelBooking, Hold, Minutes, OpenSeries, Publish
from feedback.sessions import Host, SessionKind
from storage import session_reading
from storage.store import Store
from storage.tables import bookings, notices, sessions
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from tests.unit.sessions import announced, booking, leader, meeting
from vietnam.time import DAY, HOUR, TZ, day_of, to_ms

LAN = "a" * 64


@pytest.fixture
def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


async def books(house: House, question: str = "Hỏi về đất ở.") -> None:
    await house.say(LAN, "đặt lịch", "1", question, "Nguyễn Thị Lan 0912345678")


async def told(house: House) -> list[str]:
    """What the round has to say, as it stands on the screen."""
    before = await house.heard(LAN)
    while await tell_round(house.runtime):
        pass
    return (await house.heard(LAN))[len(before) :]


async def code_of(house: House) -> str:
    mine = select(bookings.c.code).where(bookings.c.account_id.is_not(None)).order_by(bookings.c.id.desc())
    return str(await house.runtime.store.read(lambda conn: conn.scalar(mine)))


async def test_reminders_come_a_day_and_two_hours_before_each_once(house: House, commune: SampleCommune) -> None:
    # given a seat at 14:00 in eight days
    starts = house.at + 8 * DAY + 5 * HOUR
    await announced(house.runtime, commune, starts_at=starts, slot_minutes=0)
    await books(house)
    assert await told(house) == []

    # when the time comes nearer, then it is said twice in all
    house.at = starts - 25 * HOUR
    assert await told(house) == []
    house.at = starts - 23 * HOUR
    [said] = await told(house)
    assert "xin nhắc" in said
    assert await told(house) == []
    house.at = starts - HOUR
    [said] = await told(house)
    assert "hôm nay" in said
    house.at = starts - HOUR // 2
    assert await told(house) == []


async def test_nobody_is_reminded_at_night_or_of_what_is_off(house: House, commune: SampleCommune) -> None:
    starts = house.at + 8 * DAY + 11 * HOUR  # 20:00
    id = await announced(house.runtime, commune, starts_at=starts, slot_minutes=0)
    await books(house)
    house.at = starts - 22 * HOUR  # 22:00
    assert await told(house) == []
    house.at = starts - 12 * HOUR
    assert len(await told(house)) == 1
    await act_on_session(house.runtime, id, Cancel(reason="bão"), leader(commune))
    [said] = await told(house)
    assert "đã hủy" in said
    assert "bão" in said
    house.at = starts - HOUR
    assert await told(house) == []


async def test_whoever_waits_first_gets_the_seat_and_hears_of_it_once(house: House, commune: SampleCommune) -> None:
    id = await announced(house.runtime, commune, seats=1, slot_minutes=0)
    first = await book_for(house.runtime, id, booking(1), leader(commune))
    assert isinstance(first, str)
    await books(house)
    assert await told(house) == []

    await act_on_booking(house.runtime, first, CancelBooking(wished=True), leader(commune))

    [said] = await told(house)
    assert "Đã có chỗ" in said
    assert await told(house) == []


async def test_whoever_asked_hears_the_answer_when_the_results_are_out(house: House, commune: SampleCommune) -> None:
    id = await announced(house.runtime, commune, slot_minutes=0)
    await books(house, "Bao giờ sửa cầu treo?")
    house.at = meeting().ends_at + HOUR
    runtime, who = house.runtime, leader(commune)
    [question] = await runtime.store.read(lambda conn: session_reading.questions_of(conn, id))
    acts = [Answer(question=question.id, text="Xong trước Tết.", by="Chủ tịch"), Minutes(summary="Đã họp."), Hold()]
    for act in acts:
        done = await act_on_session(runtime, id, act, who)  # type: ignore[arg-type]
        assert not isinstance(done, Refusal), done
    assert await told(house) == []

    await act_on_session(runtime, id, Publish(), who)

    [said] = await told(house)
    assert "Bao giờ sửa cầu treo?" in said
    assert "Xong trước Tết." in said
    [question] = await runtime.store.read(lambda conn: session_reading.questions_of(conn, id))
    assert question.told_at == house.at


async def officers_heard(house: House) -> list[tuple[str, dict[str, Any]]]:
    rows = await house.runtime.store.read(lambda conn: conn.execute(select(notices)).all())
    mine: Callable[[Any], bool] = lambda row: row.key.startswith("notice.session")  # noqa: E731 - read where it stands
    return [(row.key, msgspec.json.decode(row.params)) for row in rows if mine(row)]


async def test_officers_are_warned_when_results_run_late(house: House, commune: SampleCommune) -> None:
    id = await announced(house.runtime, commune, kind=SessionKind.YEARLY)
    house.at = meeting().ends_at + HOUR
    await act_on_session(house.runtime, id, Hold(), leader(commune))
    await session_round(house.runtime)
    assert await officers_heard(house) == []
    for days in (8, 8, 11, 12):
        house.at = meeting().ends_at + days * DAY
        await session_round(house.runtime)
    keys = [key for key, _ in await officers_heard(house)]
    assert keys == ["notice.session.results_soon", "notice.session.results_late"]


async def test_a_series_is_made_ahead_and_moved_off_days_off(house: House, commune: SampleCommune) -> None:
    # given a reception on the 24th of each month, the host away at the end of December
    who = leader(commune)
    await busy(house.runtime, Host.CHAIRMAN, date(2026, 12, 24), date(2026, 12, 25), "tập huấn", who)
    first = meeting(starts_at=to_ms(datetime(2026, 10, 23, 7, 30, tzinfo=TZ)))
    series = await open_series(house.runtime, OpenSeries(first=first, rule="FREQ=MONTHLY;BYMONTHDAY=24"), who)
    assert isinstance(series, int)

    rows = await house.runtime.store.read(
        lambda conn: conn.execute(select(sessions).order_by(sessions.c.starts_at)).all()
    )

    # then Saturday 24/10 is held on Monday, Văn hóa day 24/11 and the busy days are passed over
    assert [(day_of(row.starts_at).isoformat(), row.moved_from) for row in rows] == [
        ("2026-10-26", "2026-10-24"),
        ("2026-11-25", "2026-11-24"),
        ("2026-12-28", "2026-12-24"),
    ]
    # and the next round makes none of them again, and goes on when time has passed
    await session_round(house.runtime)
    house.at += 40 * DAY
    await session_round(house.runtime)
    again = await house.runtime.store.read(lambda conn: len(conn.execute(select(sessions)).all()))
    assert again == 4


async def test_what_cannot_be_booked_is_refused(house: House, commune: SampleCommune) -> None:
    who, runtime = leader(commune), house.runtime
    id = await announced(runtime, commune, seats=1, slot_minutes=0)
    assert isinstance(await book_for(runtime, id, booking(1), who), str)

    async def why(session: int, **other: Any) -> str:
        done = await book_for(runtime, session, booking(9, **other), who)
        return done.key if isinstance(done, Refusal) else "done"

    assert await why(id, wait=False) == "session.full"
    assert await why(id, seat=1) == "seat.gone"
    assert await why(id, seat=2) == "seat.none"
    assert await why(id, topic="cows") == "act.category"
    assert await why(id, name=" ") == "booking.name_needed"
    assert await why(id, question="x" * 2000) == "booking.question_long"
    assert await why(id + 1) == "session.none"
    assert await why(id) == "done", "and waits"
    house.at = meeting().starts_at + 1
    assert await why(id) == "session.past"
    house.at = meeting().starts_at - DAY
    await act_on_session(runtime, id, Cancel(reason="bão"), who)
    assert await why(id) == "session.cancelled"
    assert isinstance(await act_on_booking(runtime, "M-2026-AAAAAA-A", CancelBooking(), who), Refusal)
