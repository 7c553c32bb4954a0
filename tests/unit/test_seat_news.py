"""What happened to a seat between two rounds is all told; whoever waited in vain hears it when the session begins."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.session_round import tell_round
from app.sessions import act_on_booking, act_on_session, book_for, move_booking_for
from feedback.acts import Refusal
from feedback.seat_news import LINES, OVER, with_more
from feedback.session_acts import Cancel, CancelBooking, Change, CheckIn, Hold, MoveBooking, SessionAct
from storage.store import Store
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from tests.unit.sessions import WEDNESDAY, announced, booking, leader, meeting
from vietnam.time import DAY, HOUR, MINUTE

LAN = "a" * 64
WORDS = ["moved", "seat", "changed", *OVER, "results"]


@pytest.fixture
def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


async def done(house: House, session: int, act: SessionAct) -> None:
    outcome = await act_on_session(house.runtime, session, act, leader(house.commune))
    assert not isinstance(outcome, Refusal), outcome


async def told(house: House) -> list[str]:
    before = await house.heard(LAN)
    while await tell_round(house.runtime):
        pass
    return (await house.heard(LAN))[len(before) :]


async def books(house: House) -> str:
    """Lan's booking; its code."""
    await house.say(LAN, "đặt lịch", "1", "Hỏi về đất ở.", "Nguyễn Thị Lan 0912345678")
    said = "\n".join(await house.heard(LAN))
    return said.rpartition("Mã lịch hẹn: ")[2].split()[0]


async def waits(house: House, **other: Any) -> tuple[int, str]:
    """A session whose one seat somebody has, for whom Lan waits; its id, and the code of that somebody."""
    id = await announced(house.runtime, house.commune, seats=1, slot_minutes=0, **other)
    first = await book_for(house.runtime, id, booking(1), leader(house.commune))
    assert isinstance(first, str)
    await books(house)
    return id, first


@given(st.lists(st.sampled_from(WORDS), max_size=6))
def test_every_line_is_known_and_says_each_thing_once(happened: list[str]) -> None:
    line = ""
    for word in happened:
        line = with_more(line, word)
        assert line in LINES
    words = line.split()
    assert len(words) == len(set(words))
    assert len({*words} & {*OVER}) <= 1
    if happened and happened[-1] not in ("seat", "changed"):
        assert happened[-1] in words


async def test_a_seat_that_came_free_and_a_move_of_the_session_are_both_told(
    house: House, commune: SampleCommune
) -> None:
    # given Lan waits, gets a seat, and the session is moved before anybody could tell her
    id, first = await waits(house)
    await act_on_booking(house.runtime, first, CancelBooking(wished=True), leader(commune))
    later = meeting(starts_at=WEDNESDAY + HOUR, seats=1, slot_minutes=0)
    await done(house, id, Change(meeting=later, reason="họp tỉnh", sure=True))
    # then one message says it all
    [said] = await told(house)
    assert "Đã có chỗ cho Ông/Bà" in said
    assert "có thay đổi" in said
    assert "Lịch cũ: 07:30" in said
    assert "họp tỉnh" in said
    assert "Số thứ tự: 1" in said


async def test_a_change_that_makes_room_says_what_changed_too(house: House) -> None:
    id, _ = await waits(house)
    bigger = meeting(starts_at=WEDNESDAY + HOUR, seats=2, slot_minutes=0, place="nhà văn hóa")
    await done(house, id, Change(meeting=bigger, reason="đông người", sure=True))
    [said] = await told(house)
    for words in ("Đã có chỗ", "Lịch cũ: 07:30", "Nơi gặp cũ: trụ sở UBND xã", "đông người", "08:30"):
        assert words in said, words


async def test_of_two_changes_the_first_time_and_both_reasons_are_told(house: House, commune: SampleCommune) -> None:
    id = await announced(house.runtime, commune, slot_minutes=0)
    await books(house)
    moved = meeting(starts_at=WEDNESDAY + DAY, slot_minutes=0)
    await done(house, id, Change(meeting=moved, reason="họp tỉnh", sure=True))
    elsewhere = meeting(starts_at=WEDNESDAY + DAY, slot_minutes=0, place="nhà văn hóa")
    await done(house, id, Change(meeting=elsewhere, reason="sửa trụ sở", sure=True))
    [said] = await told(house)
    for words in ("Lịch cũ: 07:30 thứ Tư", "Nơi gặp cũ: trụ sở UBND xã", "họp tỉnh; sửa trụ sở", "nhà văn hóa"):
        assert words in said, words


async def test_a_change_that_was_told_is_not_told_again(house: House, commune: SampleCommune) -> None:
    id = await announced(house.runtime, commune, slot_minutes=0)
    await books(house)
    await done(
        house, id, Change(meeting=meeting(starts_at=WEDNESDAY + DAY, slot_minutes=0), reason="họp tỉnh", sure=True)
    )
    await told(house)
    elsewhere = meeting(starts_at=WEDNESDAY + DAY, slot_minutes=0, place="nhà văn hóa")
    await done(house, id, Change(meeting=elsewhere, reason="sửa trụ sở", sure=True))
    [said] = await told(house)
    assert "Lịch cũ" not in said
    assert "họp tỉnh" not in said


async def test_what_is_called_off_after_a_move_is_known_by_the_time_that_was_told(
    house: House, commune: SampleCommune
) -> None:
    id = await announced(house.runtime, commune, slot_minutes=0)
    await books(house)
    moved = meeting(starts_at=WEDNESDAY + DAY, slot_minutes=0)
    await done(house, id, Change(meeting=moved, reason="họp tỉnh", sure=True))
    await done(house, id, Cancel(reason="bão"))
    [said] = await told(house)
    assert "đã hủy" in said
    assert "Lịch Ông/Bà biết trước đây: 07:30 thứ Tư" in said
    assert "bão" in said


async def test_whoever_was_moved_to_what_is_then_called_off_hears_of_both(house: House, commune: SampleCommune) -> None:
    await announced(house.runtime, commune, slot_minutes=0)
    code = await books(house)
    other = await announced(house.runtime, commune, starts_at=WEDNESDAY + 7 * DAY, slot_minutes=0)
    moved = await move_booking_for(house.runtime, code, other, MoveBooking(code=""), leader(commune))
    assert isinstance(moved, str), moved
    await done(house, other, Cancel(reason="bão"))
    [said] = await told(house)
    assert "đã hủy" in said
    assert "được chuyển sang buổi này" in said


# --- whoever waits in vain ---


async def test_when_the_session_begins_whoever_got_no_seat_hears_it_once(house: House) -> None:
    id, _ = await waits(house)
    house.at = WEDNESDAY - MINUTE
    assert not any("không còn chỗ" in said for said in await told(house))
    house.at = WEDNESDAY
    [said] = await told(house)
    assert "đã không còn chỗ cho Ông/Bà" in said
    house.at = WEDNESDAY + 2 * HOUR
    assert await told(house) == []
    await done(house, id, Hold(sure=True))
    assert await told(house) == [], "not once more when an officer ends it"


async def test_whoever_comes_all_the_same_can_be_received(house: House, commune: SampleCommune) -> None:
    id = await announced(house.runtime, commune, seats=1, slot_minutes=0)
    assert isinstance(await book_for(house.runtime, id, booking(1), leader(commune)), str)
    code = await books(house)
    house.at = WEDNESDAY + MINUTE
    await told(house)
    came = await act_on_booking(house.runtime, code, CheckIn(), leader(commune))
    assert not isinstance(came, Refusal), came


async def test_what_began_long_ago_is_no_news(house: House) -> None:
    await waits(house)
    house.at = WEDNESDAY + 8 * DAY
    assert await told(house) == []


# --- too late to move ---


async def test_a_seat_is_not_moved_once_its_session_has_begun(house: House, commune: SampleCommune) -> None:
    await announced(house.runtime, commune, slot_minutes=0)
    await books(house)
    await announced(house.runtime, commune, starts_at=WEDNESDAY + 7 * DAY, slot_minutes=0)
    house.at = WEDNESDAY + MINUTE
    before = await house.heard(LAN)
    await house.say(LAN, "đổi lịch")
    said = "\n".join((await house.heard(LAN))[len(before) :])
    assert "đã bắt đầu" in said
    assert "cứ đến" in said
    assert "đặt lịch mới" in said
