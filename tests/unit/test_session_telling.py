"""One message is enough: what is new of a seat near to its day, and reminders that would fall into the night."""

from datetime import datetime, time
from pathlib import Path

import pytest
from sqlalchemy import select

from app.session_round import night_of, tell_round
from app.sessions import act_on_booking, act_on_session, book_for
from feedback.acts import Refusal
from feedback.session_acts import CancelBooking, Change
from storage.session_telling import Night
from storage.store import Store
from storage.tables import bookings
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from tests.unit.sessions import announced, booking, leader, meeting
from vietnam.time import DAY, HOUR, MINUTE, TZ, start_of, to_ms

LAN = "a" * 64


@pytest.fixture
def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


async def books(house: House) -> None:
    await house.say(LAN, "đặt lịch", "1", "Hỏi về đất ở.", "Nguyễn Thị Lan 0912345678")


async def told(house: House) -> list[str]:
    """What the rounds of a quarter of an hour have to say."""
    before = await house.heard(LAN)
    for _ in range(15):
        while await tell_round(house.runtime):
            pass
        house.at += MINUTE
    return (await house.heard(LAN))[len(before) :]


def morning(house: House, days: int, hour: int, minute: int = 0) -> int:
    return start_of(datetime.fromtimestamp(house.at / 1000, tz=TZ).date()) + days * DAY + hour * HOUR + minute * MINUTE


async def test_who_comes_early_is_reminded_the_evening_before_and_not_at_dawn(
    house: House, commune: SampleCommune
) -> None:
    # given a seat at 07:30 in eight days
    starts = morning(house, 8, 7, 30)
    await announced(house.runtime, commune, starts_at=starts, slot_minutes=0)
    await books(house)
    house.at = starts - DAY
    assert len(await told(house)) == 1

    # when the evening comes
    house.at = morning(house, 0, 19, 40)
    assert await told(house) == []
    house.at = morning(house, 0, 20, 5)
    [said] = await told(house)

    # then it is said of tomorrow, and nothing more in the morning
    assert "ngày mai" in said
    assert "07:30" in said
    house.at = morning(house, 1, 7)
    assert await told(house) == []


async def test_whoever_books_in_the_night_before_is_not_reminded_at_dawn(house: House, commune: SampleCommune) -> None:
    starts = morning(house, 8, 8)
    await announced(house.runtime, commune, starts_at=starts, slot_minutes=0)
    house.at = starts - 10 * HOUR
    await books(house)
    house.at = starts - HOUR
    assert await told(house) == []


async def test_a_change_on_the_day_before_is_the_reminder_too(house: House, commune: SampleCommune) -> None:
    starts = morning(house, 8, 14)
    id = await announced(house.runtime, commune, starts_at=starts, slot_minutes=0)
    await books(house)
    house.at = starts - 22 * HOUR
    assert len(await told(house)) == 1
    house.at = starts - 20 * HOUR
    later = meeting(starts_at=starts + HOUR, slot_minutes=0)
    moved = await act_on_session(
        house.runtime, id, Change(meeting=later, reason="họp tỉnh", sure=True), leader(commune)
    )
    assert not isinstance(moved, Refusal)
    [said] = await told(house)
    assert "thay đổi" in said
    assert "họp tỉnh" in said
    assert "Lịch cũ: 14:00" in said
    house.at = starts - HOUR
    assert len(await told(house)) == 1, "the last reminder is another one"


async def test_a_seat_that_comes_free_two_hours_before_needs_no_reminder(house: House, commune: SampleCommune) -> None:
    starts = morning(house, 8, 14)
    id = await announced(house.runtime, commune, starts_at=starts, seats=1, slot_minutes=0)
    first = await book_for(house.runtime, id, booking(1), leader(commune))
    assert isinstance(first, str)
    await books(house)
    house.at = starts - 2 * HOUR - 10 * MINUTE
    gone = await act_on_booking(house.runtime, first, CancelBooking(wished=True), leader(commune))
    assert not isinstance(gone, Refusal)
    assert len(await told(house)) == 1
    house.at = starts - HOUR
    assert await told(house) == []
    kept = select(bookings.c.news).where(bookings.c.code == first)
    assert await house.runtime.store.read(lambda conn: conn.scalar(kept)) == "", "who has called is not called back"


@pytest.mark.parametrize(
    ("at", "begins", "ends"),
    [
        (datetime(2026, 10, 3, 6, 0, tzinfo=TZ), 2, 3),
        (datetime(2026, 10, 3, 8, 59, tzinfo=TZ), 2, 3),
        (datetime(2026, 10, 3, 9, 0, tzinfo=TZ), 3, 4),
        (datetime(2026, 10, 3, 23, 0, tzinfo=TZ), 3, 4),
    ],
)
def test_the_night_that_counts_is_on_coming_or_just_over(at: datetime, begins: int, ends: int) -> None:
    found = night_of(to_ms(at), time(21), time(7))
    assert found == Night(
        to_ms(datetime(2026, 10, begins, 21, tzinfo=TZ)), to_ms(datetime(2026, 10, ends, 7, tzinfo=TZ))
    )
    assert night_of(to_ms(at), time(7), time(7)) == Night()
    assert Night().horizon(to_ms(at)) == to_ms(at) + 2 * HOUR
