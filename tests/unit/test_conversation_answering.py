"""Answering a survey: in any words, with a way out everywhere, and nothing lost that can still be used."""

import msgspec
import pytest

from surveys.definition import Choice, Kind, Question, Survey
from surveys.ready import ready
from tests.unit.desk import Citizen, MemoryDesk

CHOICES = (Choice(id="a", text="Hướng dẫn"), Choice(id="b", text="Giấy tờ"), Choice(id="c", text="Thời gian"))


def one(**question: object) -> Survey:
    """A survey of one question."""
    filled = {"id": "cau", "text": "Câu hỏi?", **question}
    return Survey(id="phieu", title="Phiếu mẫu", questions=(Question(**filled),))  # type: ignore[arg-type]  # keywords by name


def answering(survey: Survey, **desk: object) -> Citizen:
    citizen = Citizen(MemoryDesk(**desk))  # type: ignore[arg-type]  # keywords by name
    citizen.desk.open_survey(survey)
    citizen.start(f"ks_{survey.id}")
    return citizen


def test_the_poster_leads_to_the_first_question_in_one_message() -> None:
    citizen = answering(ready("sau_thu_tuc"))

    assert len(citizen.messages) == 1
    assert {"greeting", "survey.question"} <= citizen.keys
    assert "back" not in [option.id for option in citizen.options]


@pytest.mark.parametrize("source", ["ks_da_dong", "ks_"])
def test_a_poster_of_a_closed_survey_says_so(source: str) -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start(source)
    assert {"survey.closed", "menu.title"} <= citizen.keys


def test_an_unknown_source_is_remembered_and_leads_to_the_menu() -> None:
    citizen = Citizen(MemoryDesk())
    citizen.start("cho_phien")
    assert citizen.state.source == "cho_phien"
    assert "survey.closed" not in citizen.keys


def test_a_finished_answer_is_submitted_once_and_its_words_are_erased() -> None:
    citizen = answering(ready("sau_thu_tuc"))
    citizen.says("4", "5", "Thêm ghế ngồi.", "thôn Mai")

    (submit,) = citizen.submitted
    assert submit.answers == {"chung": 4, "thoi_gian": 5, "gop_y": "Thêm ghế ngồi."}
    assert submit.village == 102
    assert citizen.erased == [1]
    assert citizen.state.dialogue is None
    assert [say.topic for say in citizen.messages] == [0, 0], "thanks stay when the words are erased"
    assert "menu.survey" not in citizen.keys


def test_what_was_put_aside_goes_on_in_the_version_it_was_begun_in() -> None:
    # given a survey that was put aside, and a newer version of it
    citizen = answering(ready("sau_thu_tuc"))
    citizen.says("4", "menu")
    citizen.desk.open_waves.clear()
    newer = citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.say("menu")
    assert "menu.continue" in citizen.keys
    # when the person comes back to it, by the menu or the poster, then it goes on where it was
    citizen.start("ks_sau_thu_tuc")
    assert "survey.continued" in citizen.keys
    citizen.start("ks_sau_thu_tuc")
    assert "nav.where_you_were" in citizen.keys
    citizen.says("5", "bỏ qua", "bỏ qua")
    (submit,) = citizen.submitted
    assert submit.wave != newer
    assert submit.answers["chung"] == 4


def test_what_was_put_aside_too_long_is_erased_and_the_newer_version_asked() -> None:
    # given a survey that was put aside, a newer version, and no time left for the older one
    citizen = answering(ready("sau_thu_tuc"))
    citizen.says("4", "menu")
    begun_in = citizen.desk.open_waves.pop().id
    citizen.desk.over.add(begun_in)
    newer = citizen.desk.open_survey(ready("sau_thu_tuc"))
    citizen.say("menu")
    assert "menu.continue" not in citizen.keys
    citizen.start("ks_sau_thu_tuc")
    assert (citizen.doing.wave, citizen.doing.answers, citizen.state.paused) == (newer, {}, [])
    assert citizen.erased == [1]


def test_the_echo_of_the_last_answer_does_not_outlive_the_erasing() -> None:
    # given a commune without villages, where a look at the answers comes before they are sent
    asked = one(kind=Kind.SINGLE, choices=CHOICES)
    citizen = answering(msgspec.structs.replace(asked, thanks="Phiếu này chỉ để thử."), names=())
    citizen.says("2", "gửi")
    # then nothing that stays in the chat says what it was; what the survey has to say is still said
    assert citizen.submitted
    assert "survey.noted" not in citizen.keys
    assert "Giấy tờ" not in citizen.heard
    assert "Phiếu này chỉ để thử." in citizen.heard


def test_a_commune_without_villages_is_not_asked_for_one() -> None:
    citizen = answering(one(kind=Kind.YESNO), names=())
    citizen.say("có")
    assert {"survey.review", "survey.send"} <= citizen.keys
    citizen.say("gửi")
    assert [submit.village for submit in citizen.submitted] == [None]


@pytest.mark.parametrize(
    ("refused", "said"), [("wave.closed", "survey.closed_meanwhile"), ("wave.took_part", "survey.took_part_meanwhile")]
)
def test_a_refused_submission_says_why_and_keeps_no_words(refused: str, said: str) -> None:
    citizen = answering(ready("sau_thu_tuc"))
    citizen.refusals = [refused]

    citizen.says("4", "5", "bỏ qua", "bỏ qua")

    assert said in citizen.keys
    assert "survey.erased" not in citizen.keys
    assert (citizen.submitted, citizen.erased, citizen.state.dialogue) == ([], [1], None)


def test_a_survey_is_not_answered_twice() -> None:
    desk = MemoryDesk(answered={1})
    desk.open_survey(ready("sau_thu_tuc"))
    citizen = Citizen(desk)
    citizen.start("ks_sau_thu_tuc")
    assert {"survey.took_part", "menu.title"} <= citizen.keys


@pytest.mark.parametrize("word", ["menu", "/huy", "thôi", "dừng lại", "Dừng!", "tra cứu"])
def test_it_can_be_left_anywhere_and_continued_exactly_there(word: str) -> None:
    citizen = answering(ready("sau_thu_tuc"))
    citizen.says("4", word)
    assert citizen.state.dialogue is None or word == "tra cứu"
    assert "survey.paused" in citizen.keys

    citizen.press_id("go:survey.sau_thu_tuc")

    assert "survey.continued" in citizen.keys
    assert (citizen.doing.at, citizen.doing.answers) == ("thoi_gian", {"chung": 4})
    assert citizen.state.paused == []


def test_two_surveys_are_put_aside_and_each_is_continued_in_its_place() -> None:
    citizen = answering(ready("sau_thu_tuc"))
    citizen.desk.open_survey(ready("chinh_quyen_than_thien"))
    citizen.say("4")
    citizen.press_id("go:survey.chinh_quyen_than_thien")
    citizen.say("1")

    citizen.press_id("go:survey.sau_thu_tuc")
    assert citizen.doing.at == "thoi_gian"
    citizen.press_id("go:survey.chinh_quyen_than_thien")
    assert citizen.doing.at == "don_tiep"
    assert len(citizen.state.paused) == 1


@pytest.mark.parametrize("said", ["Huy", "dung", "huy", "thoi", "bỏ"])
def test_a_word_of_stopping_without_its_accent_is_asked_about(said: str) -> None:
    citizen = answering(ready("sau_thu_tuc"))
    citizen.says("4", "5", said)
    assert {"aside.stop", "aside.take"} <= citizen.keys
    citizen.say("2")
    assert citizen.doing.answers["gop_y"] == said


@pytest.mark.parametrize("said", ["đúng", "Huỳnh", "thối", "Dũng", "thời"])
def test_words_that_only_look_like_commands_are_none(said: str) -> None:
    citizen = answering(ready("sau_thu_tuc"))
    citizen.says("4", "5", said)
    assert citizen.doing.answers["gop_y"] == said


SOFT_WORDS = ("Hướng dẫn", "tra cứu", "trở lại", "giúp tôi", "sửa", "sửa lại", "riêng tư", "phản ánh của tôi")


@pytest.mark.parametrize("said", SOFT_WORDS)
def test_a_free_answer_is_not_swallowed_by_a_command(said: str) -> None:
    citizen = answering(ready("sau_thu_tuc"))
    citizen.says("4", "5", said)
    assert citizen.doing.answers["gop_y"] == said


def test_a_choice_named_like_a_command_is_the_choice() -> None:
    citizen = answering(one(kind=Kind.SINGLE, choices=CHOICES))
    citizen.say("hướng dẫn")
    assert citizen.doing.answers == {"cau": "a"}


@pytest.mark.parametrize("said", ["quay lại", "sửa", "Sửa câu trước", "/quay_lai", "lui lai"])
def test_the_last_answer_is_corrected(said: str) -> None:
    citizen = answering(ready("sau_thu_tuc"))
    citizen.says("4", said)
    assert citizen.doing.at == "chung"
    assert "survey.given_before" in citizen.keys

    citizen.say("2")

    assert citizen.doing.answers == {"chung": 2}


def test_back_from_the_village_leads_to_the_last_question() -> None:
    citizen = answering(ready("sau_thu_tuc"))
    citizen.says("4", "5", "Thêm ghế.", "quay lại")
    assert citizen.doing.at == "gop_y"


def test_an_answer_to_a_question_that_is_no_longer_shown_is_dropped() -> None:
    citizen = answering(ready("chinh_quyen_than_thien"))
    citizen.says("1", "5", "quay lại", "quay lại", "chưa đến lần nào")
    assert citizen.doing.answers == {"viec": "chua_den"}
    assert citizen.doing.at == "gui_phan_anh"


def test_three_misreadings_pass_a_question_that_may_be_skipped() -> None:
    citizen = answering(ready("sau_thu_tuc"))
    assert "misread.unclear" in keys(citizen, "ơ hay")
    assert "survey.which" in keys(citizen, "hai")
    assert citizen.labels[:2] == ["Không hài lòng", "Hài lòng"]
    assert "survey.skipped_for_now" in keys(citizen, "ơ")
    assert (citizen.doing.at, citizen.doing.tries) == ("thoi_gian", 0)


def test_three_misreadings_put_a_required_question_aside_with_a_telephone_number() -> None:
    citizen = answering(one(kind=Kind.NPS, required=True))
    citizen.says("ơ", "ơ", "ơ")
    assert {"survey.put_aside", "help.phone_person", "menu.continue"} <= citizen.keys
    assert citizen.state.dialogue is None


def keys(citizen: Citizen, said: str) -> set[str]:
    citizen.say(said)
    return citizen.keys


def test_several_choices_are_ticked_one_by_one_or_typed_at_once() -> None:
    citizen = answering(one(kind=Kind.MULTIPLE, choices=CHOICES))
    citizen.press("Giấy tờ")
    citizen.press("Thời gian")
    citizen.press("✓ Giấy tờ")
    assert "✓ Thời gian" in citizen.labels
    assert citizen.doing.picked == ["c"]
    citizen.say("xong")
    assert citizen.doing.answers == {"cau": ("c",)}

    citizen.say("quay lại")
    assert citizen.doing.picked == ["c"]
    citizen.say("1, 3")
    assert citizen.doing.answers == {"cau": ("a", "c")}


@pytest.mark.parametrize(("press", "at"), [("1:=5", "thoi_gian"), ("2:=5", "chung"), ("1:=9", "chung"), ("x", "chung")])
def test_only_a_press_of_the_open_question_answers_it(press: str, at: str) -> None:
    citizen = answering(ready("sau_thu_tuc"))
    citizen.press_id(press)
    assert citizen.doing.at == at


def test_a_press_of_an_earlier_question_never_answers_this_one() -> None:
    citizen = answering(ready("sau_thu_tuc"))
    old = citizen.messages[-1].nonce
    citizen.say("4")

    citizen.press_id(f"{old}:=1")

    assert "nav.past" in citizen.keys
    assert citizen.doing.answers == {"chung": 4}


@pytest.mark.parametrize("kind", ["photo", "location", "voice", "unsupported", "contact"])
def test_what_is_no_answer_is_explained_and_asked_again(kind: str) -> None:
    citizen = answering(ready("sau_thu_tuc"))
    if kind == "photo":
        citizen.photo(blob=1)
    else:
        citizen.send(kind)  # type: ignore[arg-type]
    said = "survey.heard_nothing" if kind == "voice" else "survey.words_only"
    assert {said, "survey.question"} <= citizen.keys
    assert citizen.doing.tries == 0


@pytest.mark.parametrize(("said", "key"), [("trợ giúp", "help"), ("/rieng_tu", "privacy"), ("giúp tôi", "help")])
def test_help_and_privacy_come_back_to_the_open_question(said: str, key: str) -> None:
    citizen = answering(ready("sau_thu_tuc"))
    citizen.say(said)
    assert {key, "survey.question"} <= citizen.keys
    assert citizen.doing.at == "chung"


# --- the village ---


@pytest.mark.parametrize(
    "said", ["2", "thôn Mai", "mai", "MAI", "ở thôn mai ạ", "tôi ở thôn Mai", "số 2", "Thôn  Mai."]
)
def test_a_village_is_understood(said: str) -> None:
    citizen = answering(one(kind=Kind.YESNO))
    citizen.says("có", said)
    assert [submit.village for submit in citizen.submitted] == [102]


@pytest.mark.parametrize("said", ["bỏ qua", "không", "ko", "/bo_qua", "không muốn nói"])
def test_nobody_has_to_say_where_he_lives(said: str) -> None:
    citizen = answering(one(kind=Kind.YESNO))
    citizen.says("có", said)
    assert [submit.village for submit in citizen.submitted] == [None]


def test_a_village_that_is_not_there_is_asked_again() -> None:
    citizen = answering(one(kind=Kind.YESNO))
    citizen.says("có", "Hà Nội")
    assert {"village.not_found", "survey.village"} <= citizen.keys


def test_namesakes_are_told_apart_by_their_old_commune() -> None:
    names = ("thôn Chè", "thôn Nà Pất (Hòa Bình)", "thôn Nà Pất (Y Tịch)", "thôn Nà Pất Trên")
    citizen = answering(one(kind=Kind.YESNO), names=names)
    citizen.says("có", "na pat")
    assert "village.several" in citizen.keys
    assert citizen.labels[:2] == ["thôn Nà Pất (Hòa Bình)", "thôn Nà Pất (Y Tịch)"]

    citizen.say("y tịch")

    assert [submit.village for submit in citizen.submitted] == [103]


def test_the_number_of_a_narrowed_list_is_the_number_of_the_whole_one() -> None:
    names = ("thôn Chè", "thôn Nà Pất (Hòa Bình)", "thôn Nà Pất (Y Tịch)")
    citizen = answering(one(kind=Kind.YESNO), names=names)
    citizen.says("có", "nà pất")
    assert [option.digit for option in citizen.options[:2]] == ["2", "3"]
    citizen.say("3")
    assert [submit.village for submit in citizen.submitted] == [103]


def test_a_numbered_village_has_its_own_number() -> None:
    citizen = answering(one(kind=Kind.YESNO), names=tuple(f"thôn {number}" for number in (1, 10, 11, 2)))
    citizen.say("có")
    assert citizen.labels[:4] == ["thôn 1", "thôn 2", "thôn 10", "thôn 11"]
    citizen.say("10")
    assert [submit.village for submit in citizen.submitted] == [102]


def test_a_town_is_asked_in_its_own_words() -> None:
    citizen = answering(one(kind=Kind.YESNO), names=("khu phố 1", "tổ dân phố Mới"))
    citizen.say("có")
    assert "tổ dân phố, khu phố nào?" in citizen.heard
    citizen.say("to dan pho moi")
    assert [submit.village for submit in citizen.submitted] == [102]
