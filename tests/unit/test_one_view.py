"""What `nghedan wave results`, its JSON and a report show of the same answers is the same thing twice."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.question_counting import filled
from reports.survey_figures import QuestionFigures
from surveys.definition import Kind, Question
from surveys.disclosing import answered
from surveys.results import QuestionResult, results
from surveys.samples import Open
from surveys.statistics import MINIMUM
from surveys.tally import fold
from tests.unit.test_survey_results import CHOICES, SURVEY, said


def shown_in_results(one: QuestionResult) -> dict[str, int | None]:
    return {bar.id: bar.count for bar in one.distribution}


def shown_in_report(question: Question, one: QuestionFigures) -> dict[str, int | None]:
    if question.kind is Kind.LIKERT5:
        return {str(level): count for level, count in enumerate(one.counts, 1)}
    return {option.id: option.count for option in one.options}


@given(st.integers(5, 80), st.integers(0, 9999))
@settings(max_examples=100)
def test_the_report_and_the_command_withhold_the_same(people: int, seed: int) -> None:
    rng = Random(seed)
    tallies = fold(SURVEY, [said(rng) for _ in range(people)])
    found = results(SURVEY, Open(answered=people), tallies)

    for one in found.questions:
        question = SURVEY.question(one.id)
        counts = tallies.get(one.id, {})
        n = answered(question, counts)
        if one.withheld:
            assert 0 < n < MINIMUM
            continue
        bare = QuestionFigures(id=one.id, kind=one.kind, text=one.text)
        report = filled(bare, question, counts, n, people, "top2")
        assert report.n == one.n
        if question.kind in {Kind.LIKERT5, Kind.NPS, Kind.SINGLE, Kind.MULTIPLE, Kind.YESNO}:
            assert shown_in_report(question, report) == shown_in_results(one)


def test_a_rank_is_the_same_in_both() -> None:
    question = Question(id="thu_tu", kind=Kind.RANK, text="Việc nào trước?", choices=CHOICES)
    counts = {"n": 7.0, "dat#1": 5.0, "ho_tich#2": 5.0, "khac#3": 7.0, "ho_tich#1": 2.0, "dat#2": 2.0}
    survey = type(SURVEY)(id="s", title="S", questions=(question,))

    one = results(survey, Open(answered=7), {"": {"n": 7.0}, "thu_tu": counts}).questions[0]
    report = filled(QuestionFigures(id="thu_tu", kind="rank", text=""), question, counts, 7, 7, "top2")

    assert [(r.id, r.text, r.mean) for r in one.ranks] == [(r.id, r.text, r.mean) for r in report.ranks]
    assert not one.distribution
    assert not report.options
