"""How a survey ends: sent with the village, looked at and corrected, or broken off and handed in as it is (DL5)."""

import pytest

from bot.conversation.messages import Media
from bot.conversation.state import expires_at
from surveys.definition import Kind, Privacy, Question, Survey
from surveys.ready import ready
from tests.unit.desk import NOW, Citizen, MemoryDesk
from vietnam.time import DAY, HOUR


def citizen_at(*said: str, **desk: object) -> Citizen:
    """Somebody in the survey of three questions."""
    citizen = Citizen(MemoryDesk(**desk))  # type: ignore[arg-type]  # keywords by name
    citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.start("ks_sau_thu_tuc")
    if said:
        citizen.says(*said)
    return citizen


def test_one_tap_on_the_village_sends_it() -> None:
    citizen = citizen_at("4", "5", "Thêm ghế.")
    assert "Chọn xong là phiếu được gửi đi" in citizen.heard
    citizen.press("thôn Mai")
    assert [submit.village for submit in citizen.submitted] == [102]


def test_the_answers_can_be_looked_at_before() -> None:
    citizen = citizen_at("4", "5", "Thêm ghế.")
    citizen.press("Xem lại trước khi gửi")
    assert "→ Hài lòng" in citizen.heard
    assert "→ Thêm ghế." in citizen.heard
    citizen.press("Gửi phiếu")
    assert "survey.village" in citizen.keys
    citizen.say("bỏ qua")
    assert len(citizen.submitted) == 1


@pytest.mark.parametrize("ways", [("2",), ("sửa", "2"), ("Sửa một câu", "2")])
def test_one_answer_is_corrected_from_there_and_the_others_stay(ways: tuple[str, ...]) -> None:
    citizen = citizen_at("4", "5", "Thêm ghế.", "xem lại", *ways)
    assert citizen.doing.at == "thoi_gian"
    assert "survey.given_before" in citizen.keys
    citizen.say("1")
    assert "→ Rất không hài lòng" in citizen.heard
    assert citizen.doing.answers == {"chung": 4, "thoi_gian": 1, "gop_y": "Thêm ghế."}


@pytest.mark.parametrize("word", ["giữ nguyên", "quay lại"])
def test_a_question_opened_from_there_may_stay_as_it_was(word: str) -> None:
    citizen = citizen_at("4", "5", "Thêm ghế.", "xem lại", "2", word)
    assert "survey.review" in citizen.keys
    assert citizen.doing.answers["thoi_gian"] == 5


def test_what_an_edit_opens_is_asked_before_the_review_comes_back() -> None:
    survey = Survey(
        id="phieu",
        title="Phiếu mẫu",
        questions=(
            Question(id="hen", kind=Kind.YESNO, text="Có hẹn không?"),
            Question(id="may", kind=Kind.NUMBER, text="Mấy lần?", show_if='hen == "yes"', min=0, max=9),
        ),
    )
    citizen = Citizen(MemoryDesk())
    citizen.desk.open_survey(survey)
    citizen.start("ks_phieu")
    citizen.says("không", "xem lại", "1", "có")
    assert citizen.doing.at == "may"
    citizen.say("3")
    assert "survey.review" in citizen.keys
    assert citizen.doing.answers == {"hen": "yes", "may": 3}


def test_going_back_twice_asks_nothing_twice() -> None:
    citizen = citizen_at("4", "5", "quay lại", "quay lại")
    assert citizen.doing.at == "chung"
    citizen.say("1")
    assert citizen.doing.at == "gop_y"
    assert citizen.doing.answers == {"chung": 1, "thoi_gian": 5}


def test_menu_and_help_work_at_the_end_too() -> None:
    citizen = citizen_at("4", "5", "Thêm ghế.", "xem lại")
    citizen.say("trợ giúp")
    assert {"help", "survey.review"} <= citizen.keys
    citizen.say("menu")
    citizen.press_id("go:survey.sau_thu_tuc")
    assert {"survey.continued", "survey.review"} <= citizen.keys


# --- broken off ---


def test_the_14_days_begin_with_the_first_question() -> None:
    citizen = citizen_at("4")
    assert expires_at(citizen.state) == NOW + 14 * DAY
    citizen.says("menu")
    assert expires_at(citizen.state) == NOW + 14 * DAY
    citizen.press_id("go:survey.sau_thu_tuc")
    citizen.says("5", "bỏ qua", "mai")
    assert expires_at(citizen.state) is None


def test_a_wave_that_closes_sooner_ends_it_sooner() -> None:
    citizen = citizen_at("4", closes={1: NOW + 2 * DAY})
    assert expires_at(citizen.state) == NOW + 2 * DAY


def test_what_was_answered_is_handed_in_without_a_word() -> None:
    citizen = citizen_at("4", "menu")
    citizen.at = NOW + 14 * DAY
    citizen.send("expire")
    (submit,) = citizen.submitted
    assert (submit.partial, submit.answers, submit.village) == (True, {"chung": 4}, None)
    assert citizen.erased == [1]
    assert citizen.messages == []
    assert citizen.state.unfinished == []


def test_whoever_comes_back_hears_of_it_once() -> None:
    citizen = citizen_at("4", "menu")
    citizen.at = NOW + 14 * DAY
    citizen.send("expire")
    citizen.start("ks_sau_thu_tuc")
    assert {"survey.handed_in", "survey.took_part"} <= citizen.keys
    citizen.say("menu")
    assert "survey.handed_in" not in citizen.keys


def test_the_open_survey_ends_too_and_the_next_word_is_heard_at_the_menu() -> None:
    citizen = citizen_at("4")
    citizen.at = NOW + 14 * DAY
    citizen.send("expire")
    assert citizen.state.dialogue is None
    citizen.say("5")
    assert "survey.handed_in" in citizen.keys


def test_a_number_for_a_question_that_is_gone_chooses_nothing_of_the_menu() -> None:
    citizen = citizen_at("4")
    citizen.at = NOW + 14 * DAY
    citizen.send("expire")
    citizen.say("1")
    assert {"survey.handed_in", "menu.title"} <= citizen.keys
    assert citizen.state.dialogue is None


def test_nothing_that_tells_who_gave_it_is_handed_in_without_consent() -> None:
    kinds = (Kind.YESNO, Kind.PHOTO, Kind.VOICE, Kind.PLACE, Kind.TEXT)
    questions = tuple(Question(id=str(kind), kind=kind, text="?") for kind in kinds)
    citizen = Citizen(MemoryDesk())
    citizen.desk.open_survey(Survey(id="phieu", title="Phiếu", privacy=Privacy.CONFIDENTIAL, questions=questions))
    citizen.start("ks_phieu")
    citizen.say("có")
    citizen.photo(blob=5)
    citizen.send("voice", media=(Media(blob=6, kind="voice"),))
    citizen.say("21.5, 106.5")
    assert set(citizen.doing.answers) == {"yesno", "photo", "voice", "place"}
    citizen.at = NOW + 14 * DAY
    citizen.send("expire")
    assert [submit.answers for submit in citizen.submitted] == [{"yesno": "yes"}]


@pytest.mark.parametrize(
    ("desk", "key"),
    [
        ({}, "survey.paused"),
        ({"closes": {1: NOW + HOUR}}, "survey.paused_today"),
        ({"over": {1}}, "survey.closed"),
    ],
)
def test_it_is_put_aside_until_a_day_that_is_still_to_come(desk: dict[str, object], key: str) -> None:
    citizen = citizen_at("4", "menu", **desk)
    assert citizen.keys & {"survey.paused", "survey.paused_today", "survey.closed"} == {key}


def test_tries_begin_anew_when_it_is_gone_on_with() -> None:
    citizen = citizen_at("4", "hả", "hả", "menu", "1", "hả")
    assert "survey.skipped_for_now" not in citizen.keys


def test_an_early_event_ends_nothing() -> None:
    citizen = citizen_at("4", "menu")
    citizen.at = NOW + 13 * DAY
    citizen.send("expire")
    assert citizen.effects == []
    assert len(citizen.state.unfinished) == 1


def test_a_wave_that_was_called_off_takes_nothing() -> None:
    citizen = citizen_at("4", "menu", over={1})
    citizen.at = NOW + HOUR
    citizen.send("expire")
    assert citizen.submitted == []
    assert (citizen.erased, citizen.state.unfinished) == ([1], [])


def test_of_several_only_those_whose_time_is_over_end() -> None:
    citizen = citizen_at("4")
    citizen.desk.open_survey(ready("chinh_quyen_than_thien"))
    citizen.at = NOW + 10 * DAY
    citizen.start("ks_chinh_quyen_than_thien")
    citizen.say("1")
    citizen.at = NOW + 15 * DAY
    citizen.send("expire")
    assert [submit.wave for submit in citizen.submitted] == [1]
    assert [doing.wave for doing in citizen.state.unfinished] == [2]
    assert expires_at(citizen.state) == NOW + 24 * DAY


@pytest.mark.parametrize("said", [(), ("bỏ qua",)])
def test_nothing_answered_is_nothing_handed_in(said: tuple[str, ...]) -> None:
    citizen = citizen_at(*said)
    citizen.at = NOW + 14 * DAY
    citizen.send("expire")
    assert citizen.submitted == []
    assert citizen.state.unfinished == []
    assert citizen.state.handed_in == []


def test_a_survey_begun_before_the_days_were_counted_gets_them_with_the_next_word() -> None:
    citizen = citizen_at("4")
    citizen.doing.begun_at = citizen.doing.until = 0
    citizen.say("trợ giúp")
    assert citizen.doing.until == NOW + 14 * DAY
