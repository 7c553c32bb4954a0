"""Booking in chat: what people type, what can go wrong, and that it takes four messages."""

import msgspec
import pytest

from bot.conversation.bookable import Bookable, Booked
from bot.conversation.booking_reading import name_and_phone
from bot.conversation.effects import BookSeat, CancelSeat, GiveConsent, MoveSeat
from feedback.codes import make_code
from feedback.sessions import BookingState, SessionState
from feedback.topics import topic_of
from tests.unit.desk import Citizen, MemoryDesk
from tests.unit.sessions import meeting

CODE = make_code("M", 2026, 987_654_321)


def session(id: int = 1, free: int = 4, slots: int = 30, state: SessionState = SessionState.ANNOUNCED) -> Bookable:
    return Bookable(id=id, meeting=meeting(slot_minutes=slots), state=state, free=free)


def booked(own: bool = True, state: BookingState = BookingState.BOOKED) -> Booked:  # noqa: FBT001, FBT002
    return Booked(code=CODE, session=session(), state=state, own=own, seat=1, name="Lan", phone="0912345678")


def citizen(*sessions: Bookable) -> Citizen:
    return Citizen(MemoryDesk(bookable={one.id: one for one in sessions}))


def wanted(who: Citizen) -> list[object]:
    return [one for one in who.effects if isinstance(one, BookSeat | CancelSeat | MoveSeat)]


def test_four_messages_are_enough() -> None:
    lan = citizen(session())
    lan.says("đặt lịch", "1", "Hỏi về đất ở.", "Nguyễn Thị Lan, 0912 345 678")
    [effect] = wanted(lan)
    assert isinstance(effect, BookSeat)
    assert (effect.act.name, effect.act.phone, effect.act.seat, effect.act.topic) == (
        "Nguyễn Thị Lan", "0912345678", 1, "land",
    )  # fmt: skip
    assert [one.purpose for one in lan.effects if isinstance(one, GiveConsent)] == ["booking"]
    assert {"booking.booked", "booking.number", "booking.code_line", "booking.bring_id"} <= lan.keys


@pytest.mark.parametrize("said", ["8h30", "8:30", "8 giờ 30", "lúc 8g30", "2"])
def test_another_time_is_pressed_or_typed(said: str) -> None:
    lan = citizen(session())
    lan.says("đặt lịch", "1", said, "Hỏi về đất ở.", "Lan 0912345678")
    [effect] = wanted(lan)
    assert isinstance(effect, BookSeat)
    assert effect.act.seat == 3


@pytest.mark.parametrize("said", ["7h", "22h30", "8h31"])
def test_a_time_that_nobody_can_have_is_said_so(said: str) -> None:
    lan = citizen(session(free=3))
    lan.says("đặt lịch", "1", said)
    assert "seat.gone" in lan.keys
    assert not wanted(lan)


@pytest.mark.parametrize(
    ("line", "name", "phone"),
    [
        ("Nguyễn Thị Lan, 0912 345 678", "Nguyễn Thị Lan", "0912345678"),
        ("0912.345.678 - Lan", "Lan", "0912345678"),
        ("Tôi tên là Lan, số điện thoại: +84 912 345 678", "Lan", "0912345678"),
        ("0912345678", "", "0912345678"),
        ("Nông Văn Số", "Nông Văn Số", ""),
        ("Lan 12345", "", ""),
        ("không", "", ""),
        ("", "", ""),
    ],
)
def test_a_name_and_a_number_are_read_from_one_line(line: str, name: str, phone: str) -> None:
    assert name_and_phone(line)[1] == phone
    assert name_and_phone(line)[0] in (name, name.removesuffix(" Số"))


def test_what_is_missing_is_asked_for_alone() -> None:
    lan = citizen(session())
    lan.says("đặt lịch", "1", "Hỏi về đất ở.", "0912345678")
    assert "booking.ask_name" in lan.keys
    lan.say("Lan")
    assert wanted(lan)


def test_a_full_session_leads_to_the_waiting_list() -> None:
    lan = citizen(session(free=0))
    lan.says("đặt lịch", "1")
    assert "booking.will_wait" in lan.keys
    lan.says("Hỏi về đất ở.", "Lan 0912345678")
    [effect] = wanted(lan)
    assert isinstance(effect, BookSeat)
    assert effect.act.wait
    assert effect.act.seat == 0
    assert "booking.waits" in lan.keys


def test_the_last_seat_goes_while_somebody_writes() -> None:
    lan = citizen(session(free=1))
    lan.says("đặt lịch", "1", "Hỏi về đất ở.")
    lan.desk.bookable[1] = session(free=0)
    lan.say("Lan 0912345678")
    assert not wanted(lan), "nobody is put on a list without being asked"
    lan.say("1")
    [effect] = wanted(lan)
    assert isinstance(effect, BookSeat)
    assert effect.act.wait


def test_a_session_goes_while_somebody_writes() -> None:
    lan = citizen(session())
    lan.says("đặt lịch", "1")
    lan.desk.bookable[1] = msgspec.structs.replace(session(), state=SessionState.CANCELLED)
    lan.say("Hỏi về đất ở.")
    assert {"session.cancelled", "booking.none_left"} <= lan.keys


@pytest.mark.parametrize("word", ["dt_1", "dt_9", "dt_x", "dt_", "dt_99999999999999999999"])
def test_a_link_to_a_session_that_cannot_be_booked(word: str) -> None:
    lan = citizen(session(id=1, state=SessionState.HELD), session(id=2))
    lan.start(word)
    assert "booking.which" in lan.keys
    assert lan.keys & {"session.past", "session.none"}


def test_a_link_leads_straight_to_its_session() -> None:
    lan = citizen(session(id=7))
    lan.start("dt_7")
    assert "booking.ask_question" in lan.keys


def test_somebody_elses_code_shows_the_session_only() -> None:
    lan = citizen(session())
    lan.desk.booked[CODE] = booked(own=False)
    lan.says("tra cứu", CODE)
    assert "booking.others" in lan.keys
    assert "booking.number" not in lan.keys
    for way in ("huy", "doi"):
        lan.press_id(f"go:hen.{way}.{CODE}")
        assert "booking.none" in lan.keys
        assert not wanted(lan)


def test_giving_back_is_asked_once_more() -> None:
    lan = citizen(session())
    lan.desk.booked[CODE] = booked()
    lan.say("hủy lịch")
    assert not wanted(lan)
    lan.say("có")
    assert wanted(lan) == [CancelSeat(code=CODE)]
    # pressed again later, when it is over
    lan.desk.booked[CODE] = booked(state=BookingState.CANCELLED)
    lan.press_id(f"go:hen.huy.{CODE}")
    assert "booking.is_over" in lan.keys


def test_the_same_session_is_not_booked_twice() -> None:
    lan = citizen(session())
    lan.desk.booked[CODE] = booked()
    lan.says("đặt lịch", "1")
    assert "booking.have_one" in lan.keys
    assert not wanted(lan)


@pytest.mark.parametrize("command", ["go:hen.huy.", "go:hen.doi.x", "go:hen.lai.", "go:hen.nowhere"])
def test_a_way_that_leads_nowhere_shows_where_one_can_go(command: str) -> None:
    lan = citizen(session())
    lan.start()
    assert lan.press_id(command)


def test_without_a_session_it_is_a_request() -> None:
    lan = citizen()
    lan.say("đặt lịch")
    assert "booking.no_session" in lan.keys
    assert lan.draft.kind == "dialogue"


@pytest.mark.parametrize("kind", ["photo", "voice", "location", "unsupported"])
def test_what_is_no_text_is_asked_again(kind: str) -> None:
    lan = citizen(session())
    lan.says("đặt lịch", "1")
    if kind == "photo":
        lan.photo(blob=5)
    else:
        lan.send(kind)  # type: ignore[arg-type]
    assert "booking.words_only" in lan.keys


def test_fields_are_guessed_from_words() -> None:
    assert topic_of("Tranh chấp ranh giới thửa đất") == "land"
    assert topic_of("Đường vào thôn lầy lội") == "roads"
    assert topic_of("Tôi muốn gặp chủ tịch") == "other"
