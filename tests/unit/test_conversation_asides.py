"""What is said beside a question: heeded where it is no answer, asked about where it could be one, never lost."""

import pytest

from surveys.definition import Kind, Privacy, Question, Survey
from surveys.ready import ready
from tests.unit.desk import Citizen, MemoryDesk

LEAVING = (
    "đừng nhắn tin nữa", "dung nhan tin nua", "không nhận tin nữa", "thôi không làm nữa", "không trả lời nữa",
    "để lúc khác", "tôi đang bận", "không gửi nữa", "xóa phiếu", "bấm nhầm", "nhầm rồi",
)  # fmt: skip
ASKING = ("gì?", "là sao", "không hiểu", "khong hieu", "còn mấy câu nữa?", "bao nhiêu câu nữa vậy", "bao giờ xong",
          "ai hỏi đấy", "lừa đảo à?")  # fmt: skip


def at_a_survey(survey: Survey | None = None) -> Citizen:
    citizen = Citizen(MemoryDesk())
    survey = survey or ready("sau_thu_tuc")
    citizen.desk.open_survey(survey)
    citizen.start(f"ks_{survey.id}")
    return citizen


def at_free_words() -> Citizen:
    citizen = at_a_survey()
    citizen.says("4", "5")
    return citizen


@pytest.mark.parametrize("said", LEAVING + ASKING)
def test_in_free_words_it_is_asked_whether_that_is_the_answer(said: str) -> None:
    citizen = at_free_words()
    citizen.say(said)
    assert "gop_y" not in citizen.doing.answers
    assert "aside.take" in citizen.keys

    citizen.press(f"Ghi “{said}” làm câu trả lời")
    assert citizen.doing.answers["gop_y"] == said


@pytest.mark.parametrize("said", LEAVING + ASKING)
def test_whoever_says_it_twice_means_it(said: str) -> None:
    citizen = at_free_words()
    citizen.says(said, said)
    assert citizen.doing.answers["gop_y"] == said


@pytest.mark.parametrize(
    "said", ["Đừng bắt dân đi lại nhiều lần", "Thôi không làm đường nữa", "Không hiểu cán bộ nói gì"]
)
def test_a_sentence_is_an_answer(said: str) -> None:
    citizen = at_free_words()
    citizen.say(said)
    assert citizen.doing.answers["gop_y"] == said


def test_another_answer_takes_the_place_of_the_doubted_words() -> None:
    citizen = at_free_words()
    citizen.says("không hiểu", "1 cái ghế")
    assert citizen.doing.answers["gop_y"] == "1 cái ghế"
    assert citizen.doing.doubted == ""


@pytest.mark.parametrize("said", ASKING)
def test_a_question_back_is_no_try(said: str) -> None:
    citizen = at_a_survey()
    for _again in range(5):
        citizen.say(said)
        assert "survey.question" in citizen.keys
    assert (citizen.doing.at, citizen.doing.tries) == ("chung", 0)


def test_how_many_are_left_counts_this_one() -> None:
    citizen = at_a_survey()
    citizen.says("4", "còn mấy câu nữa")
    assert [part.params for say in citizen.messages for part in say.parts if part.key == "aside.left"] == [{"left": 2}]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.NOTE, Kind.CALCULATED, Kind.TEXT)])
def test_whoever_does_not_understand_is_helped_at_every_kind(kind: Kind) -> None:
    choices = ready("chinh_quyen_than_thien").questions[0].choices
    given = choices if kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.RANK) else ()
    question = Question(id="cau", text="Câu hỏi?", kind=kind, choices=given, min=0, max=5, required=True)
    citizen = at_a_survey(Survey(id="phieu", title="Phiếu", questions=(question,), privacy=Privacy.CONFIDENTIAL))
    citizen.say("không hiểu")
    assert {"aside.choose_needed", "aside.write_needed", "aside.send_needed"} & citizen.keys


@pytest.mark.parametrize("said", ["xóa phiếu", "không gửi nữa"])
def test_what_is_not_to_be_sent_goes_at_once(said: str) -> None:
    citizen = at_a_survey()
    citizen.says("4", said)
    assert "survey.dropped" in citizen.keys
    assert (citizen.state.dialogue, citizen.state.paused, citizen.erased) == (None, [], [1])


def test_surveys_that_wait_are_dropped_too() -> None:
    citizen = at_a_survey()
    citizen.says("4", "menu", "xóa phiếu")
    assert (citizen.state.paused, citizen.erased) == ([], [1])
    citizen.say("xóa phiếu")
    assert "survey.nothing_to_drop" in citizen.keys


@pytest.mark.parametrize(
    ("privacy", "said"),
    [
        (Privacy.ANONYMOUS, "survey.erased"),
        (Privacy.CONFIDENTIAL, "survey.sent_confidential"),
        (Privacy.NAMED, "survey.sent"),
    ],
)
def test_nothing_is_called_nameless_that_is_not(privacy: Privacy, said: str) -> None:
    question = Question(id="cau", text="Câu hỏi?", kind=Kind.YESNO)
    citizen = at_a_survey(Survey(id="phieu", title="Phiếu", questions=(question,), privacy=privacy))
    citizen.say("có")
    assert ("survey.village_named" in citizen.keys) == (privacy is Privacy.NAMED)
    citizen.say("bỏ qua")
    assert said in citizen.keys


def test_a_number_that_was_not_shown_is_no_village() -> None:
    citizen = at_free_words()
    citizen.says("bỏ qua")
    first = citizen.doing.village
    shown = [option for option in citizen.options if option.digit]
    citizen.doing.picked = [shown[-1].id]
    citizen.say(shown[0].digit)
    assert (first, citizen.doing.village) == (None, None)
    assert "village.several" in citizen.keys
