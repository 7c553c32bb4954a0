"""Booking in chat: what people type, what can go wrong, and that it takes four messages."""

import msgspec
import pytest

from bot.conversation.bookable import Bookable, Booked
from bot.conversation.effects import BookSeat, CancelSeat, CorrectSeat, GiveConsent, MoveSeat
from feedback.codes import make_code
from feedback.sessions import BookingState, SessionState
from feedback.topics import topic_of
from tests.unit.desk import WORDING, Citizen, MemoryDesk
from tests.unit.sessions import WEDNESDAY, meeting
from vietnam.time import HOUR, MINUTE

CODE = make_code("M", 2026, 987_654_321)


def session(id: int = 1, free: int = 4, slots: int = 30, state: SessionState = SessionState.ANNOUNCED) -> Bookable:
    return Bookable(id=id, meeting=meeting(slot_minutes=slots), state=state, free=free)


def booked(own: bool = True, state: BookingState = BookingState.BOOKED) -> Booked:  # noqa: FBT001, FBT002 - the test names it
    return Booked(code=CODE, session=session(), state=state, own=own, seat=1, name="Lan", phone="0912345678")


def citizen(*sessions: Bookable) -> Citizen:
    return Citizen(MemoryDesk(bookable={one.id: one for one in sessions}))


def wanted(who: Citizen) -> list[object]:
    return [one for one in who.effects if isinstance(one, BookSeat | CancelSeat | CorrectSeat | MoveSeat)]


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
    assert "Người hẹn: Nguyễn Thị Lan, điện thoại 0912 … 678" in lan.heard


@pytest.mark.parametrize("way", ["2", "Một buổi khác", "go:hen.khac"])
def test_back_from_asking_for_a_session_of_ones_own_leads_to_the_sessions(way: str) -> None:
    lan = citizen(session())
    lan.say("đặt lịch")
    label = next(label for label, option in zip(lan.labels, lan.options, strict=True) if option.id == "go:hen.khac")
    if way.startswith("go:"):
        lan.press_id(way)
    else:
        lan.say(way if way.isdecimal() else label)
    assert "draft.ask.category" in lan.keys
    lan.say("quay lại")
    assert "booking.which" in lan.keys
    lan.says("1", "Hỏi về đất ở.", "Nguyễn Thị Lan, 0912 345 678")
    assert len(wanted(lan)) == 1


def test_back_leads_to_the_menu_where_no_session_is_left() -> None:
    lan = citizen(session())
    lan.says("đặt lịch", "2")
    lan.desk.bookable.clear()
    lan.say("quay lại")
    assert {"booking.no_session", "draft.ask.category"} <= lan.keys
    lan.say("quay lại")
    assert "menu.title" in lan.keys


@pytest.mark.parametrize("said", ["8h30", "8:30", "8 giờ 30", "lúc 8g30", "2"])
def test_another_time_is_pressed_or_typed(said: str) -> None:
    lan = citizen(session())
    lan.says("đặt lịch", "1", said, "Hỏi về đất ở.", "Lan 0912345678")
    [effect] = wanted(lan)
    assert isinstance(effect, BookSeat)
    assert effect.act.seat == 3


AFTERNOON = {"starts_at": WEDNESDAY + 6 * HOUR + 30 * MINUTE, "slot_minutes": 30}
"""From 14:00 to 16:00."""


@pytest.mark.parametrize(
    "said",
    ["3 giờ chiều", "ba giờ chiều ạ", "15h", "3h", "lúc 3 giờ", "chiều 3 giờ", "cho tôi 3 giờ chiều nhé", "15:00"],
)
def test_a_time_in_the_afternoon_is_no_question(said: str) -> None:
    lan = citizen(msgspec.structs.replace(session(), meeting=meeting(**AFTERNOON)))
    lan.says("đặt lịch", "1", said)
    assert "booking.ask_question" in lan.keys
    lan.says("Hỏi về đất ở.", "Lan 0912345678")
    [effect] = wanted(lan)
    assert isinstance(effect, BookSeat)
    assert (effect.act.seat, effect.act.question) == (3, "Hỏi về đất ở.")


@pytest.mark.parametrize("slots", [0, 30])
def test_a_time_is_never_taken_for_the_question(slots: int) -> None:
    lan = citizen(session(slots=slots))
    lan.says("đặt lịch", "1", "2 giờ chiều")
    assert "booking.ask_person" not in lan.keys
    assert lan.keys & {"seat.gone", "booking.words_only"}


@pytest.mark.parametrize("said", ["7h", "22h30", "8h31"])
def test_a_time_that_nobody_can_have_is_said_so(said: str) -> None:
    lan = citizen(session(free=3))
    lan.says("đặt lịch", "1", said)
    assert "seat.gone" in lan.keys
    assert not wanted(lan)


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
    # the question is not lost: it becomes a request
    assert {"session.cancelled", "booking.none_left_kept", "draft.ask.category"} <= lan.keys
    assert lan.draft.text == "Hỏi về đất ở."


def test_a_question_whose_session_goes_is_taken_to_another_one() -> None:
    lan = citizen(session(1), session(2))
    lan.says("đặt lịch", "1")
    lan.desk.bookable[1] = msgspec.structs.replace(session(1), state=SessionState.CANCELLED)
    lan.say("Hỏi về đất ở.")
    assert {"session.cancelled", "booking.question_kept", "booking.which"} <= lan.keys
    lan.say("1")
    assert "booking.which_time" in lan.keys
    lan.say("8h")
    assert "booking.ask_person" in lan.keys, "what was written is not asked again"
    lan.say("Lan 0912345678")
    [effect] = wanted(lan)
    assert isinstance(effect, BookSeat)
    assert (effect.session, effect.act.question) == (2, "Hỏi về đất ở.")


def test_who_they_are_goes_along_when_the_session_goes() -> None:
    lan = citizen(session())
    lan.says("đặt lịch", "1", "Hỏi về đất ở.")
    lan.desk.bookable.clear()
    lan.say("Lan 0912345678")
    assert (lan.draft.text, lan.draft.name, lan.draft.phone) == ("Hỏi về đất ở.", "Lan", "0912345678")
    lan.says("1", "bỏ qua")
    assert "draft.ask.day" in lan.keys


def test_weekly_receptions_hide_no_dialogue() -> None:
    lan = citizen(*(session(id) for id in range(1, 14)))
    lan.say("đặt lịch")
    assert "booking.more" in lan.keys
    assert len([option for option in lan.options if option.id.startswith("s")]) == 6
    lan.say("7")
    assert lan.options[0].id == "s7"
    lan.say("xem thêm")
    assert [option.id for option in lan.options if option.id.startswith("s")] == ["s13"]
    assert "booking.more" not in lan.keys
    lan.say("quay lại")
    assert lan.options[0].id == "s7"
    lan.says("1", "Hỏi về đất ở.", "Lan 0912345678")
    [effect] = wanted(lan)
    assert isinstance(effect, BookSeat)
    assert effect.session == 7


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


@pytest.mark.parametrize(
    ("said", "name", "phone"),
    [
        ("Nguyễn Thị Lan, 0987 654 321", "Nguyễn Thị Lan", "0987654321"),
        ("Nguyễn Thị Lan", "Nguyễn Thị Lan", "0912345678"),
        ("0987654321", "Lan", "0987654321"),
    ],
)
def test_a_name_or_telephone_is_put_right_and_the_seat_stays(said: str, name: str, phone: str) -> None:
    lan = citizen(session())
    lan.desk.booked[CODE] = booked()
    lan.say("lịch của tôi")
    assert "Sửa họ tên, số điện thoại" in [WORDING.word(one.label) for say in lan.messages for one in say.options]
    lan.press_id(f"go:hen.sua.{CODE}")
    lan.say("ok")
    assert not wanted(lan)
    lan.say(said)
    assert wanted(lan) == [CorrectSeat(code=CODE, name=name, phone=phone)]
    assert name in lan.heard


@pytest.mark.parametrize("one", [booked(own=False), booked(state=BookingState.CANCELLED)])
def test_what_is_not_ones_own_or_over_is_not_put_right(one: Booked) -> None:
    lan = citizen(session())
    lan.start()
    lan.desk.booked[CODE] = one
    lan.press_id(f"go:hen.sua.{CODE}")
    assert lan.keys & {"booking.none", "booking.is_over"}
    assert lan.state.dialogue is None


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
