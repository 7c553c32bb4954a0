"""A khiếu nại or tố cáo beside a new report: for a case that was sent, for a session, and against the Chủ tịch."""

import pytest

from bot.conversation.bookable import Bookable
from bot.conversation.desk import CaseBrief
from bot.conversation.effects import ActOnCase, BookSeat, DropMedia, EraseTopic, GiveConsent
from bot.conversation.state import Booking, dump
from feedback.acts import Reopen, Tell
from feedback.codes import make_code
from feedback.kinds import Kind
from feedback.sessions import SessionState
from feedback.states import State
from tests.unit.desk import NOW, WORDING, Citizen, MemoryDesk
from tests.unit.sessions import meeting
from vietnam.text import fold

CODE = make_code("M", 2026, 41)
BRIBE = "Cán bộ địa chính nhận hối lộ năm triệu của nhà tôi."
TAKEN = "Tôi muốn khiếu nại quyết định thu hồi đất của nhà tôi."
CHAIRMAN = "Tôi tố cáo ông Chủ tịch xã nhận hối lộ 50 triệu."
PERHAPS = "Làm giấy tờ ở đây phải có phong bì mới xong."
NOT_CONTENT = "Xã ra quyết định thu hồi đất nhà tôi không đúng."
GRAVE = (BRIBE, TAKEN, CHAIRMAN)
WHO = "Lò Thị Máy, 0912 345 678"


def with_case(state: State, question: str = "") -> Citizen:
    """Somebody with one case."""
    brief = CaseBrief(
        code=CODE, kind=Kind.FEEDBACK, state=state, opened_at=NOW, answered_at=None, reply="", own=True,
        question=question,
    )  # fmt: skip
    return Citizen(MemoryDesk(cases={CODE: brief}, own=[CODE]))


def with_session(slots: int = 30, free: int = 4) -> Citizen:
    """A commune with one reception of its Chủ tịch."""
    one = Bookable(id=1, meeting=meeting(slot_minutes=slots), state=SessionState.ANNOUNCED, free=free)
    return Citizen(MemoryDesk(bookable={1: one}))


def remembered(citizen: Citizen) -> str:
    return fold(dump(citizen.state).decode())


def acts(citizen: Citizen) -> list[object]:
    return [effect.act for effect in citizen.effects if isinstance(effect, ActOnCase)]


def seats(citizen: Citizen) -> list[BookSeat]:
    return [effect for effect in citizen.effects if isinstance(effect, BookSeat)]


# --- for a case that was sent ---

FOLLOWING = [
    (State.WAITING, "go:answer."),
    (State.IN_PROGRESS, "go:tell."),
    (State.ANSWERED, "go:not_done."),
]


@pytest.mark.parametrize("text", GRAVE)
@pytest.mark.parametrize(("state", "way"), FOLLOWING)
def test_words_for_a_case_are_asked_about_first_and_then_not_kept(state: State, way: str, text: str) -> None:
    lan = with_case(state, "Ngã ba nào ạ?" if state is State.WAITING else "")
    lan.press_id(f"{way}{CODE}")
    topic = lan.draft.topic
    lan.say(text)
    assert any(key.startswith("matter.ask.") for key in lan.keys)
    assert not acts(lan)

    lan.say("có")

    assert {"matter.erased", "matter.print", "matter.case_goes_on", "menu.title"} <= lan.keys
    assert EraseTopic(topic=topic) in lan.effects
    assert not acts(lan)
    assert "hoi lo" not in remembered(lan)
    assert "thu hoi" not in remembered(lan)


@pytest.mark.parametrize(("state", "way"), FOLLOWING)
def test_after_a_no_they_go_to_the_officer(state: State, way: str) -> None:
    lan = with_case(state)
    lan.press_id(f"{way}{CODE}")
    lan.say(BRIBE)
    assert "Không, tôi chỉ nói thêm" in lan.labels
    lan.say("không")
    assert acts(lan) == [Reopen(BRIBE) if way == "go:not_done." else Tell(BRIBE)]


def test_what_others_settle_is_no_question_once_an_officer_has_it() -> None:
    lan = with_case(State.WAITING, "Ở đâu ạ?")
    lan.press_id(f"go:answer.{CODE}")
    lan.say("Đầu xóm có tụ điểm ma túy, người lạ ra vào.")
    assert len(acts(lan)) == 1


def test_the_words_below_a_picture_for_a_case_are_read_too() -> None:
    lan = with_case(State.IN_PROGRESS)
    lan.press_id(f"go:tell.{CODE}")
    lan.photo(blob=7, text=BRIBE)
    assert "matter.ask.denunciation" in lan.keys
    lan.say("có")
    assert DropMedia(blobs=(7,)) in lan.effects
    assert not acts(lan)


def test_nor_do_they_slip_by_with_a_picture_while_another_is_on_its_way() -> None:
    lan = with_case(State.IN_PROGRESS)
    lan.press_id(f"go:tell.{CODE}")
    lan.photo(ref="file-1")
    lan.say("gửi")
    assert lan.draft.waiting
    lan.photo(blob=8, text=BRIBE)
    assert "matter.ask.denunciation" in lan.keys
    assert not acts(lan)


# --- against the Chủ tịch ---


@pytest.mark.parametrize("said", ["1", "2", "có", "không", "Không, tôi chỉ phản ánh"])
def test_what_is_surely_against_the_chairman_never_comes_in(said: str) -> None:
    lan = Citizen(MemoryDesk())
    lan.start()
    lan.say(CHAIRMAN)
    topic = lan.draft.topic
    heard = lan.say(said)
    assert "Thanh tra tỉnh Mẫu" in heard
    assert EraseTopic(topic=topic) in lan.effects
    assert (lan.state.dialogue, lan.state.kept) == (None, None)
    assert ("matter.write_again" in lan.keys) == (said not in ("1", "có"))


def test_nor_after_another_matter_was_denied() -> None:
    lan = Citizen(MemoryDesk()).at_review(text=BRIBE)
    lan.says("không", "không có", "bỏ qua")
    lan.press("Sửa")
    lan.press("Nội dung")
    lan.say(CHAIRMAN)
    assert "matter.ask.about_chairman" in lan.keys
    lan.say("không")
    assert not lan.opened
    assert lan.state.dialogue is None


@pytest.mark.parametrize("said", ["có", "không"])
def test_nor_as_a_request_to_be_received(said: str) -> None:
    lan = Citizen(MemoryDesk())
    lan.press_id(f"go:{Kind.DIALOGUE}")
    lan.says("1", CHAIRMAN, said)
    assert "matter.what.about_chairman" in lan.keys
    assert lan.state.dialogue is None


# --- for a session ---


@pytest.mark.parametrize(("text", "said"), [(BRIBE, "có"), (BRIBE, "không"), (TAKEN, "có")])
def test_a_booking_keeps_a_name_a_telephone_and_a_time(text: str, said: str) -> None:
    may = with_session()
    may.says("đặt lịch", "1")
    doing = may.state.dialogue
    assert isinstance(doing, Booking)
    may.say(text)
    assert any(key.startswith("booking.matter.") for key in may.keys)
    may.say(said)
    assert EraseTopic(topic=doing.talk) in may.effects
    assert "hoi lo" not in remembered(may)
    assert "thu hoi" not in remembered(may)
    may.say(WHO)
    [effect] = seats(may)
    assert (effect.act.question, effect.act.topic) == ("Việc riêng", "other")
    assert (effect.act.name, effect.act.phone, effect.act.seat) == ("Lò Thị Máy", "0912345678", 1)
    assert [one.data for one in may.effects if isinstance(one, GiveConsent)] == [("name", "phone")]


@pytest.mark.parametrize("said", ["có", "không", "1", "2"])
def test_whoever_denounces_the_chairman_is_not_led_to_his_reception(said: str) -> None:
    may = with_session()
    may.says("đặt lịch", "1", CHAIRMAN)
    heard = may.say(said)
    assert "Thanh tra tỉnh Mẫu" in heard
    assert any(isinstance(effect, EraseTopic) for effect in may.effects)
    assert may.state.dialogue is None
    assert "hoi lo" not in remembered(may)


@pytest.mark.parametrize("text", [PERHAPS, TAKEN, NOT_CONTENT])
def test_what_surely_denounces_nobody_is_written_down_after_a_no(text: str) -> None:
    may = with_session()
    may.says("đặt lịch", "1", text)
    assert any(key.startswith("booking.matter.") for key in may.keys)
    may.says("không, tôi chỉ muốn trao đổi", WHO)
    [effect] = seats(may)
    assert effect.act.question == text


@pytest.mark.parametrize("text", ["Tranh chấp ranh giới đất với hàng xóm.", "Hỏi về trợ cấp người cao tuổi."])
def test_an_ordinary_question_is_asked_nothing_more(text: str) -> None:
    may = with_session()
    may.says("đặt lịch", "1", text)
    assert "booking.ask_person" in may.keys


@pytest.mark.parametrize("said", ["menu", "quay lại", "dừng", "tra cứu"])
def test_whoever_goes_while_it_is_asked_leaves_nothing(said: str) -> None:
    may = with_session()
    may.says("đặt lịch", "1", BRIBE)
    doing = may.state.dialogue
    assert isinstance(doing, Booking)
    may.say(said)
    assert EraseTopic(topic=doing.talk) in may.effects
    assert "hoi lo" not in remembered(may)


def test_what_is_neither_yes_nor_no_is_asked_again() -> None:
    may = with_session()
    may.says("đặt lịch", "1", BRIBE, "thế là sao")
    assert {"nav.not_understood", "booking.matter.denunciation"} <= may.keys
    may.say("trợ giúp")
    assert "booking.matter.denunciation" in may.keys


@pytest.mark.parametrize("slots", [0, 30])
def test_after_the_explanation_a_seat_is_booked_and_nobody_asks_what_for(slots: int) -> None:
    may = with_session(slots=slots)
    may.start()
    may.say("tôi muốn tố cáo")
    may.press("Đặt lịch đến gặp trực tiếp")
    said = ["1", "8h30", WHO] if slots else ["1", WHO]
    for text in said:
        may.say(text)
        assert "booking.ask_question" not in may.keys
    [effect] = seats(may)
    assert effect.act.question == WORDING("booking.private")
    assert effect.act.seat == (3 if slots else 1)


def test_the_way_to_it_is_typed_where_nothing_can_be_touched() -> None:
    may = with_session()
    may.start()
    may.says("tôi muốn tố cáo", "Đặt lịch đến gặp trực tiếp", "1")
    assert "booking.which_time" in may.keys


def test_a_name_is_no_place_for_it_either() -> None:
    may = with_session()
    may.says("đặt lịch", "1", "Hỏi về đất ở.", CHAIRMAN + " 0912345678")
    assert not seats(may)
    assert "booking.ask_name" in may.keys


def test_nor_does_it_become_a_request_when_the_session_goes() -> None:
    may = with_session()
    may.says("đặt lịch", "1")
    may.desk.bookable.clear()
    may.say(CHAIRMAN)
    assert "booking.matter.about_chairman" in may.keys
    may.say("có")
    assert may.state.dialogue is None
    assert "hoi lo" not in remembered(may)


def test_a_booking_begun_before_its_words_had_a_topic_erases_nothing_else() -> None:
    may = with_session()
    may.says("đặt lịch", "1", BRIBE)
    doing = may.state.dialogue
    assert isinstance(doing, Booking)
    doing.talk = 0
    may.say("có")
    assert may.erased == []


# --- in the short fields of a report ---


def test_where_it_is_said_to_be_is_read_as_well() -> None:
    lan = Citizen(MemoryDesk())
    lan.press_id(f"go:{Kind.FEEDBACK}")
    lan.press("Đường sá, điện, nước")
    lan.say("Đường hỏng")
    lan.say("trước nhà cán bộ địa chính nhận hối lộ năm triệu")
    assert "matter.ask.denunciation" in lan.keys
    topic = lan.draft.topic
    lan.say("có")
    assert EraseTopic(topic=topic) in lan.effects
    assert "hoi lo" not in remembered(lan)


def test_back_from_that_question_leads_to_the_place_and_forgets_it() -> None:
    lan = Citizen(MemoryDesk())
    lan.press_id(f"go:{Kind.FEEDBACK}")
    lan.press("Đường sá, điện, nước")
    lan.say("Đường hỏng")
    lan.says("trước nhà cán bộ địa chính nhận hối lộ năm triệu", "quay lại")
    assert "draft.ask.place" in lan.keys
    assert (lan.draft.where, lan.draft.text) == ("", "Đường hỏng")
    lan.say("ngã ba chợ")
    assert not any(key.startswith("matter.") for key in lan.keys)


def test_the_day_that_is_wished_for_is_read_as_well() -> None:
    lan = Citizen(MemoryDesk())
    lan.press_id(f"go:{Kind.DIALOGUE}")
    lan.says("1", "Hỏi về đường vào thôn.", "1", "Lò Thị Máy 0912345678", CHAIRMAN)
    assert "matter.ask.about_chairman" in lan.keys
    lan.say("không")
    assert lan.state.dialogue is None
    assert not lan.opened


def test_what_was_said_no_to_does_not_hide_another_matter_in_another_field() -> None:
    lan = Citizen(MemoryDesk())
    lan.press_id(f"go:{Kind.FEEDBACK}")
    lan.press("Đường sá, điện, nước")
    lan.says(BRIBE, "không", NOT_CONTENT)
    assert "matter.ask.complaint" in lan.keys


def test_the_chairmans_house_is_an_address_and_no_accusation_of_him() -> None:
    lan = Citizen(MemoryDesk())
    lan.press_id(f"go:{Kind.FEEDBACK}")
    lan.press("Đường sá, điện, nước")
    lan.says(BRIBE, "không")
    lan.say("trước nhà ông Chủ tịch xã")
    assert not any(key.startswith("matter.ask") for key in lan.keys)


# --- a khiếu nại that its writer says is none ---


def test_whoever_books_for_a_sure_complaint_hears_that_it_takes_the_place_of_no_petition() -> None:
    may = with_session()
    may.says("đặt lịch", "1", TAKEN, "không")
    assert {"matter.no_petition", "booking.ask_person"} <= may.keys


@pytest.mark.parametrize("kind", [Kind.FEEDBACK, Kind.DIALOGUE])
def test_so_does_whoever_reports_it_or_asks_to_be_received(kind: Kind) -> None:
    lan = Citizen(MemoryDesk())
    lan.press_id(f"go:{kind}")
    lan.says("1", TAKEN, "không")
    assert "matter.no_petition" in lan.keys
    assert lan.draft.text == TAKEN


@pytest.mark.parametrize("text", [NOT_CONTENT, BRIBE])
def test_what_is_no_sure_complaint_brings_no_word_of_petitions(text: str) -> None:
    lan = with_case(State.IN_PROGRESS)
    lan.press_id(f"go:tell.{CODE}")
    lan.says(text, "không")
    assert "matter.no_petition" not in lan.keys


# --- after a no ---


def after_a_no(first: str) -> Citizen:
    citizen = Citizen(MemoryDesk()).at_review(Kind.PETITION)
    citizen.says("sửa", "nội dung", first)
    assert "matter.ask.complaint" in citizen.keys
    citizen.say("không")
    assert "draft.review" in citizen.keys
    return citizen


def test_who_says_plainly_afterwards_that_it_is_a_complaint_is_asked_again() -> None:
    citizen = after_a_no("Xã ra quyết định thu hồi đất nhà tôi không đúng")
    citizen.says("sửa", "nội dung", "Quyết định thu hồi đất không đúng. Tôi muốn khiếu nại quyết định này.")
    assert "matter.ask.complaint" in citizen.keys


def test_who_said_no_to_the_plain_words_is_not_asked_twice() -> None:
    citizen = after_a_no("Tôi muốn khiếu nại quyết định thu hồi đất")
    citizen.says("sửa", "nội dung", "Tôi muốn khiếu nại quyết định thu hồi đất, mong xã trả lời")
    assert "draft.review" in citizen.keys
