"""A word of stopping, with accents or without, wherever a person may be."""

import pytest

from bot.conversation.effects import Option
from bot.conversation.state import Booking, Drafting
from feedback.kinds import Kind
from feedback.knowledge import Fact
from surveys.ready import ready
from tests.unit.desk import Citizen, MemoryDesk
from tests.unit.test_conversation_booking import citizen as booking_citizen
from tests.unit.test_conversation_booking import session

WORDS = (
    "thôi",
    "thoi",
    "Thoi.",
    "dừng",
    "dung",
    "DUNG",
    "hủy",
    "huỷ",
    "huy",
    "bỏ",
    "bo",
    "không gửi nữa",
    "khong gui nua",
    "thôi không gửi",
    "thoi khong gui",
)
PLAIN = ("thôi", "dừng", "hủy", "huỷ")
"""With their accents they mean nothing else: nobody is asked."""
ASKED = tuple(word for word in WORDS if word not in PLAIN)
STORY = "Đường vào thôn bị sụt, xe máy không đi được"


def at(step: str) -> Citizen:
    """Somebody who is writing a report and is asked that."""
    who = Citizen(MemoryDesk())
    who.says("gửi phản ánh")
    for name, said in (
        ("category", "đường sá"),
        ("text", STORY),
        ("photo", "bỏ qua"),
        ("village", "bỏ qua"),
        ("review", "ghi tên rồi gửi"),
        ("name", "Nguyễn Thị Lan"),
    ):
        if step == name:
            break
        who.say(said)
    assert who.draft.step == step
    return who


@pytest.mark.parametrize("said", WORDS)
def test_at_a_list_such_a_word_is_no_choice_and_ends_it(said: str) -> None:
    who = at("category")
    who.say(said)
    assert who.state.dialogue is None
    assert "menu.title" in who.keys


@pytest.mark.parametrize("step", ["text", "photo", "village", "name"])
@pytest.mark.parametrize("said", ASKED)
def test_where_words_are_asked_the_person_is_asked_once_which_it_is(step: str, said: str) -> None:
    who = at(step)
    who.say(said)
    assert {"stop.ask", "stop.stop", "stop.take"} <= who.keys
    assert who.draft.step == step
    assert who.draft.text in ("", STORY)


@pytest.mark.parametrize("step", ["text", "photo", "village", "name"])
@pytest.mark.parametrize("said", PLAIN)
def test_with_its_accent_it_ends_it_at_once(step: str, said: str) -> None:
    who = at(step)
    who.say(said)
    assert who.state.dialogue is None
    assert who.state.kept is None


@pytest.mark.parametrize("said", ["1", "dừng", "thoi", "dung", "thôi", "Dừng lại", "huy"])
def test_who_means_to_stop_says_so_in_any_way(said: str) -> None:
    who = at("text")
    who.says("thoi", said)
    assert who.state.dialogue is None
    assert who.state.doubted == ""
    assert "menu.title" in who.keys


@pytest.mark.parametrize("said", ["2", "gửi", "Gửi chữ “thoi”", "gui chu thoi"])
def test_who_means_the_word_gets_it_in(said: str) -> None:
    who = at("text")
    who.says("thoi", said)
    assert who.draft.text == "thoi"


def test_a_man_called_huy_can_give_his_name() -> None:
    who = at("name")
    who.say("Huy")
    who.press("Gửi chữ “Huy”")
    assert who.draft.name == "Huy"
    assert who.draft.step == "phone"


def test_whoever_goes_on_writing_is_heard_and_the_doubt_is_over() -> None:
    who = at("text")
    who.says("thoi", STORY)
    assert who.draft.text == STORY
    assert who.state.doubted == ""


@pytest.mark.parametrize("said", ["đúng", "Dũng"])
def test_what_only_looks_like_it_without_accents_is_no_such_word(said: str) -> None:
    who = at("text")
    who.say(said)
    assert "stop.ask" not in who.keys
    assert who.draft.text == said


def test_at_the_review_what_may_be_yes_or_no_is_asked_about() -> None:
    who = at("review")
    who.say("dung")
    assert "draft.send_or_not" in who.keys
    assert who.draft.step == "review"
    who.say("thoi")
    assert who.state.dialogue is None
    assert who.opened == []


def test_at_the_question_whether_it_is_a_denunciation_dung_is_yes() -> None:
    who = Citizen(MemoryDesk()).at_review(Kind.FEEDBACK)
    who.says("sửa", "nội dung", "tố cáo cán bộ địa chính nhận hối lộ")
    who.say("dung")
    assert "matter.erased" in who.keys


@pytest.mark.parametrize("said", WORDS)
def test_in_a_booking(said: str) -> None:
    lan = booking_citizen(session())
    lan.says("đặt lịch", said)
    assert not isinstance(lan.state.dialogue, Booking)


@pytest.mark.parametrize("said", ASKED)
def test_in_the_words_of_a_booking(said: str) -> None:
    lan = booking_citizen(session())
    lan.says("đặt lịch", "1", said)
    assert "stop.ask" in lan.keys
    lan.say("1")
    assert lan.state.dialogue is None


@pytest.mark.parametrize("said", WORDS)
@pytest.mark.parametrize("way", ["tra cứu", "thông báo của thôn", "hỏi xã", "xóa dữ liệu của tôi"])
def test_in_every_other_dialogue(way: str, said: str) -> None:
    who = Citizen(MemoryDesk(written_down=[Fact(title="Giờ làm việc", text="7 giờ 30", words="gio")]))
    who.start()
    who.say(way)
    if said in ("dung", "DUNG", "huy") and way.startswith("xóa"):
        return  # "đúng" is a yes there, and is asked for again
    who.say(said)
    assert who.state.dialogue is None
    assert "menu.title" in who.keys


def test_words_of_dropping_in_another_dialogue_do_not_drop_a_survey_that_waits() -> None:
    desk = MemoryDesk()
    desk.open_survey(ready("sau_thu_tuc"))
    who = Citizen(desk)
    who.start()
    who.says("1", "menu", "tra cứu")
    waiting = len(who.state.paused)
    who.say("không gửi nữa")
    assert len(who.state.paused) == waiting == 1


def test_a_doubt_is_kept_over_a_restart_and_its_buttons_are_of_one_question() -> None:
    who = at("text")
    who.say("thoi")
    assert [option.id for option in who.options] == ["stop", "take"]
    assert all(isinstance(option, Option) for option in who.options)
    assert isinstance(who.state.dialogue, Drafting)
