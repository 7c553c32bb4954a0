"""Conditions that wait for each other, and questions and choices that nobody can ever reach."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import Answer, Choice, Kind, Question, Survey
from surveys.reaching import unreachable
from surveys.reading import check
from surveys.walking import offered, shown
from tests.unit.survey_files import CHOICES, QUESTION, TOP, codes

NUMBER = '[[questions]]\nid = "n"\nkind = "number"\ntext = "Bao nhiêu?"\n'
YESNO = '[[questions]]\nid = "yn"\nkind = "yesno"\ntext = "Có không?"\n'


def chain(*conditions: str) -> str:
    """Yes-or-no questions q1, q2, ... with these conditions."""
    return "".join(
        f'[[questions]]\nid = "q{number}"\nkind = "yesno"\ntext = "Câu {number}?"\nshow_if = \'{condition}\'\n'
        for number, condition in enumerate(conditions, start=1)
    )


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (['q1 == "yes"'], [(1, "expression.self")]),
        (['q2 == "yes"', ""], [(1, "expression.later")]),
        (['q2 == "yes"', 'q1 == "yes"'], [(1, "expression.circle")]),
        (['q3 == "yes"', 'q1 == "yes"', 'q2 == "yes"'], [(1, "expression.circle")]),
        (["", 'q1 == "yes" and q1 == "no"'], [(2, "unreachable")]),
        (["", "answered(q1) and not answered(q1)"], [(2, "unreachable")]),
        (["", 'q1 == "yes" and q1 == "no"', "answered(q2)"], [(2, "unreachable"), (3, "unreachable")]),
        (["", 'q1 == "yes"', 'q1 == "no" and q2 == "yes"'], [(3, "unreachable")]),
        (["", 'q1 == "yes"', 'q1 == "no" or q2 == "yes"'], []),
        (["", "false"], [(2, "unreachable")]),
        (["", "not answered(q1)"], []),
    ],
)
def test_conditions_that_wait_for_each_other_or_never_hold(
    conditions: list[str], expected: list[tuple[int, str]]
) -> None:
    assert [(f.place.question, f.code) for f in check((TOP + chain(*conditions)).encode())] == expected


SCALE = '[[questions]]\nid = "s"\nkind = "likert5"\ntext = "Hài lòng?"\n'
MANY = CHOICES.replace('id = "a"\nkind = "single"', 'id = "m"\nkind = "multiple"')
DAY = '[[questions]]\nid = "d"\nkind = "date"\ntext = "Ngày nào?"\n'


@pytest.mark.parametrize(
    ("before", "condition", "reachable"),
    [
        (SCALE, "s < 3 and s > 3", False),
        (SCALE, "s < 1", False),
        (SCALE, "s == 0 or s > 4", True),
        (SCALE, "s == 0 and s < 3", False),
        (NUMBER, "n > 5 and n < 3", False),
        (NUMBER, "n > 5 and n < 6", True),
        (NUMBER + "min = 1\nmax = 4\n", "n > 4", False),
        (NUMBER + "min = 1\nmax = 4\n", "n >= 4", True),
        (NUMBER, "n * 0 > 1", True),  # nobody can know without reckoning, so nothing is said
        (MANY, '"co" in m and count_selected(m) == 1', True),
        (MANY, "count_selected(m) > 2", False),
        (MANY, '"co" in m and not answered(m)', False),
        (QUESTION, 'a == "x" and a == "y"', False),
        (QUESTION, 'a != "x" and a != "y"', True),
        (QUESTION, 'matches(a, "x") and not matches(a, "x")', True),  # texts are without end: nothing is said
        (DAY, 'd > "2026-11-20" and d < "2026-11-22"', True),
        (DAY, 'd < "2026-11-20" and d > "2026-11-22"', False),
        (DAY, "d < today()", True),
        (SCALE + '[[questions]]\nid = "c"\nkind = "calculated"\nvalue = "s * 2"\n', "c > 10", False),
        (SCALE + '[[questions]]\nid = "c"\nkind = "calculated"\nvalue = "s * 2"\n', "c == 10", True),
    ],
)
def test_a_condition_that_can_never_hold_is_told(before: str, condition: str, *, reachable: bool) -> None:
    last = f'[[questions]]\nid = "last"\nkind = "text"\ntext = "Vì sao?"\nshow_if = \'{condition}\'\n'
    assert codes(TOP + before + last) == ([] if reachable else ["unreachable"])


def test_a_choice_that_can_never_be_offered_is_told_with_its_line() -> None:
    text = TOP + YESNO + CHOICES + 'show_if = \'yn == "yes" and yn == "no"\'\n'
    [fault] = check(text.encode())
    assert (fault.code, fault.place.choice) == ("unreachable.choice", 2)
    assert text.split("\n")[fault.place.line - 1].startswith("show_if")


def test_two_hundred_questions_that_hang_on_each_other_are_checked_at_once() -> None:
    links = ["", *(f'q{number} == "yes"' for number in range(1, 200))]
    assert check((TOP + chain(*links)).encode()) == []


ONE_OF = {
    Kind.YESNO: ('{} == "yes"', '{} == "no"', "answered({})", "not answered({})"),
    Kind.SINGLE: ('{} == "a"', '{} != "a"', 'selected({}, "b")'),
    Kind.LIKERT5: ("{} < 3", "{} > 3", "{} == 0", "{} + 1 > 5"),
}
SAID: dict[Kind, tuple[Answer, ...]] = {
    Kind.YESNO: ("yes", "no", None),
    Kind.SINGLE: ("a", "b", None),
    Kind.LIKERT5: (0, 1, 2, 3, 4, 5, None),
}


@st.composite
def small_surveys(draw: st.DrawFn) -> Survey:
    questions: list[Question] = []
    for number in range(draw(st.integers(2, 5))):
        kind = draw(st.sampled_from(sorted(ONE_OF)))
        atoms = [form.format(q.id) for q in questions for form in ONE_OF[q.kind]]
        parts = draw(st.lists(st.sampled_from(atoms), max_size=3)) if atoms else []
        filters = st.sampled_from(["", *atoms])
        choices = tuple(Choice(id=id, text=id, show_if=draw(filters)) for id in "ab") if kind is Kind.SINGLE else ()
        questions.append(Question(id=f"q{number}", kind=kind, text="?", show_if=" and ".join(parts), choices=choices))
    return Survey(id="s", title="S", questions=tuple(questions))


@given(survey=small_surveys())
def test_unreachable_is_what_no_answers_at_all_lead_to(survey: Survey) -> None:
    """Every answer to every question is tried, and nothing but the way itself says what was seen."""
    seen: set[tuple[str, str]] = set()
    for said in product(*(SAID[question.kind] for question in survey.questions)):
        answers = dict(zip((question.id for question in survey.questions), said, strict=True))
        for question in shown(survey, answers):
            seen.add((question.id, ""))
            seen.update((question.id, choice.id) for choice in offered(survey, question, answers).choices)
    for at, number in unreachable(survey.questions):
        question = survey.questions[at]
        assert (question.id, question.choices[number].id if number is not None else "") not in seen
    told = {survey.questions[at].id for at, _ in unreachable(survey.questions)}
    silent = {question.id for question in survey.questions if question.show_if and (question.id, "") not in seen}
    filtered = {question.id for question in survey.questions if all(choice.show_if for choice in question.choices)}
    assert silent - filtered <= told
