"""A walk through a survey, played again from its steps, and the survey as a sheet to read."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.desk import Commune
from surveys.definition import Survey
from surveys.reading import read_survey
from surveys.ready import ready
from tests.unit.desk import NOW, WORDING
from web.console.walks import BadSteps, Done, Step, Walked, steps_of, walked
from web.console.whole import Condition, condition, rows, unasked

COMMUNE = Commune(id=1, name="xã Mẫu", prefix="", phone="", contact="", privacy_url="https://nghedan.example/")
SURVEY = ready("chinh_quyen_than_thien")
BRANCHING = read_survey(
    """
id = "nhanh"
title = "Rẽ nhánh"
translations.en.title = "Branching"
questions = [
  { id = "loi", kind = "note", text = "Xin chào." },
  { id = "so", kind = "number", text = "Mấy người?", max = 30 },
  { id = "viec", kind = "multiple", text = "Việc gì?", choices = [
    { id = "a", text = "Đường" }, { id = "b", text = "Điện", show_if = "so > 3" }] },
  { id = "dong", kind = "yesno", text = "Nhà đông?", show_if = 'so * 2 >= 10 and "a" in viec' },
  { id = "tong", kind = "calculated", value = "so + 1" },
]
""".encode(),
    "nhanh.toml",
)


def walk(*steps: tuple[Done, str], survey: Survey = BRANCHING) -> Walked:
    return walked(survey, tuple(Step(kind, said) for kind, said in steps), COMMUNE, WORDING, NOW)


def test_what_a_page_carries_is_the_walk_itself() -> None:
    done = walk(("text", "5"), ("jump", "viec"))
    assert steps_of(done.posted) == done.steps
    assert walked(BRANCHING, steps_of(done.posted), COMMUNE, WORDING, NOW) == done


_said = st.one_of(
    st.sampled_from(
        ["5", "1", "xong", "bỏ qua", "menu", "sửa", "gửi phiếu", "trợ giúp", "quay lại", "so", "viec", "en"]
    ),
    st.sampled_from(["photo", "voice", "place", "1:=5", "go:menu", "2:skip", "thai_do", "loi", ""]),
    st.text(max_size=20),
)
_steps = st.lists(st.tuples(st.sampled_from(["text", "choice", "send", "jump", "language"]), _said), max_size=12)


@settings(max_examples=150, deadline=None)
@given(_steps, st.sampled_from([BRANCHING, SURVEY]))
def test_whatever_is_posted_is_walked_or_refused(steps: list[tuple[str, str]], survey: Survey) -> None:
    posted = msgspec.json.encode(steps).decode()
    try:
        done = walked(survey, steps_of(posted), COMMUNE, WORDING, NOW)
    except BadSteps:
        return
    # a walk has a piece for every line, a map of every question, and the same again the second time
    assert len(done.map) == len(survey.questions)
    assert done == walked(survey, steps_of(posted), COMMUNE, WORDING, NOW)
    for line in done.map:
        assert (line.hidden is None) == (line.state != "hidden")


def test_a_press_is_known_by_the_question_it_stood_below() -> None:
    first = walk().pieces[-1]
    done = walk(("choice", first.ways[0].id))
    assert [piece.text for piece in done.pieces if piece.kind == "own"] == [first.ways[0].label]
    with pytest.raises(BadSteps):
        walk(("choice", "99:=1"))


def test_a_language_chosen_first_is_the_one_it_begins_in() -> None:
    assert walk(("language", "en")).language == "en"
    assert walk(("text", "5"), ("language", "en")).language == "en"
    assert len(walk(("language", "en")).pieces) == len(walk().pieces)


def test_a_condition_is_said_in_words_where_it_can_be() -> None:
    sheet = {row.question.id: row for row in rows(ready("mot_cua"), "vi")}
    late = next(row for row in sheet.values() if row.condition and row.condition.chosen == ("Trễ hẹn",))
    assert late.condition is not None
    assert late.condition.number == "6"
    assert condition("", {}) is None
    # what is more than that stays an expression, with the numbers of the questions in it
    whole = {row.question.id: row for row in rows(BRANCHING, "vi")}
    assert whole["dong"].condition == Condition(
        expression='so * 2 >= 10 and "a" in viec', looks_at=(("so", "2"), ("viec", "3"))
    )
    assert whole["viec"].offered[1].condition == Condition(number="2", chosen=("> 3",), expression="so > 3")


def test_why_a_question_is_not_asked_is_said_with_the_answers_it_looked_at() -> None:
    lines = {line.id: line for line in walk(("text", "2")).map}
    hidden = lines["dong"].hidden
    assert hidden is not None
    why = unasked(BRANCHING, hidden, "vi")
    assert why.reason == "condition"
    assert why.because == ((2, "2"), (3, ""))
    calculated = lines["tong"].hidden
    assert calculated is not None
    assert unasked(BRANCHING, calculated, "vi").reason == "calculated"
