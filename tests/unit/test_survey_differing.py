"""What changed between two versions of a survey."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import Choice, Kind, Privacy, Question, Survey
from surveys.differing import differences
from tests.stores import sample_survey

SURVEY = sample_survey()
change = msgspec.structs.replace


def kinds(after: Survey, before: Survey = SURVEY) -> list[tuple[str, int]]:
    return [(one.kind, one.number) for one in differences(before, after)]


def with_questions(*questions: Question) -> Survey:
    return change(SURVEY, questions=questions)


def test_nothing_changed_is_nothing_said() -> None:
    assert differences(SURVEY, SURVEY) == []


def test_the_whole_is_told_first() -> None:
    after = change(SURVEY, title="Phiếu mới", privacy=Privacy.NAMED, translations={"tyz": {"title": "x"}})
    assert kinds(after) == [("title", 0), ("privacy", 0), ("tongue_added", 0)]
    assert kinds(change(after, translations={"tyz": {"title": "y"}}), after) == [("translated", 0)]
    assert kinds(change(after, translations={}), after) == [("tongue_gone", 0)]


def test_one_question_moved_is_one_line() -> None:
    first, *rest = SURVEY.questions
    assert kinds(with_questions(*rest, first)) == [("moved", len(SURVEY.questions))]


def test_added_and_gone() -> None:
    new = Question(id="moi", kind=Kind.TEXT, text="Câu mới")
    assert kinds(with_questions(new, *SURVEY.questions[1:])) == [("added", 1), ("gone", 1)]


def test_each_change_of_a_question_is_named() -> None:
    before = SURVEY.questions[1]
    after = change(
        before,
        text="Việc nào cần làm?",
        kind=Kind.MULTIPLE,
        required=True,
        show_if="chung < 3",
        hint="x",
        choices=(Choice(id="a", text="Việc một"), Choice(id="c", text="Việc ba")),
    )
    found = kinds(with_questions(SURVEY.questions[0], after, *SURVEY.questions[2:]))
    wanted = ["reworded", "kind", "choice_reworded", "choice_added", "choice_gone", "required", "condition", "details"]
    assert found == [(kind, 2) for kind in wanted]


@given(st.permutations(SURVEY.questions), st.integers(0, len(SURVEY.questions)))
def test_every_question_that_differs_is_told_of(order: list[Question], kept: int) -> None:
    after = with_questions(*order[:kept]) if kept else with_questions(order[0])
    found = differences(SURVEY, after)
    gone = {question.text for question in SURVEY.questions} - {question.text for question in after.questions}
    assert {one.before for one in found if one.kind == "gone"} == gone
    assert bool(found) is (after != SURVEY)
