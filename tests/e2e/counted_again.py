"""What a report says is what the raw rows say: to the last digit, figure by figure."""

from collections import Counter
from datetime import date

from reports.case_figures import CaseCount
from reports.figures import CASE_KINDS, Figures
from reports.survey_figures import QuestionFigures, SurveyFigures, VillageFigures
from tests.e2e import recount
from tests.e2e.recount import Case, Raw

_FLOOR = 5


def as_counted_again(figures: Figures, raw: Raw, commune: int) -> None:
    """Everything below."""
    answers_are(figures, raw)
    villages_are(figures, raw, commune)
    trend_is(figures, raw)
    cases_are(figures, raw)


def only(figures: Figures) -> SurveyFigures:
    """The figures of the one survey that was asked."""
    (found,) = figures.surveys
    return found


def _days(figures: Figures) -> tuple[date, date]:
    return figures.period.first, figures.until


def answers_are(figures: Figures, raw: Raw) -> None:
    """Every survey figure."""
    found = raw.between(*_days(figures))
    survey = only(figures)
    assert survey.responses == len(found)
    assert sum(channel.n for channel in survey.channels) == len(found)
    for question in survey.questions:
        if question.kind == "likert5":
            counted = recount.levels(found, question.id)
            assert (question.n, question.index) == (counted.total(), recount.content(counted)), question.id
            assert all(n in {None, counted[level]} for level, n in enumerate(question.counts, start=1))
        else:
            _as_chosen(question, recount.chosen(found, question.id))


def _as_chosen(question: QuestionFigures, counted: Counter[str]) -> None:
    for option in question.options:
        assert option.count in {None, counted[option.id]}, (question.id, option.id)


def villages_are(figures: Figures, raw: Raw, commune: int) -> None:
    """Every village, but for those too small to be shown."""
    cut = only(figures).villages
    assert cut is not None
    found = raw.between(cut.first, cut.last)
    overall = only(figures).overall
    assert overall is not None
    for row in cut.rows:
        mine = [one for one in found if (one.village or commune) == row.id]
        _of_village(row, recount.levels(mine, overall.id))


def _of_village(row: VillageFigures, counted: Counter[int]) -> None:
    if row.hidden:
        assert row.n is None
        assert row.index is None
        assert row.hidden == "linked" or counted.total() < _FLOOR, row
    else:
        assert (row.n, row.index) == (counted.total(), recount.content(counted)), row


def trend_is(figures: Figures, raw: Raw) -> None:
    """Every month of the trend that is shown."""
    overall = only(figures).overall
    assert overall is not None
    for point in only(figures).trend:
        counted = recount.levels(raw.between(point.first, min(point.last, figures.until)), overall.id)
        if not point.hidden:
            assert (point.n, point.index) == (counted.total(), recount.content(counted)), point


def cases_are(figures: Figures, raw: Raw) -> None:
    """Every figure of cases."""
    first, last = _days(figures)
    cases = [one for one in raw.cases if one.kind in CASE_KINDS]
    found = figures.cases
    assert found.received == sum(first <= one.opened <= last for one in cases)
    assert found.answered == sum(one.answered is not None and first <= one.answered <= last for one in cases)
    assert found.carried == sum(one.opened < first and (one.answered is None or one.answered >= first) for one in cases)
    assert found.open == sum(one.opened <= last and (one.answered is None or one.answered > last) for one in cases)
    assert found.median_days == recount.middle(cases, first, last)
    names = {str(village): village for village in {one.village for one in cases}}
    _as_counted(found.kinds, recount.rows(cases, lambda one: one.kind, first, last))
    _as_counted(found.categories, recount.rows(cases, lambda one: one.category, first, last))
    _as_counted(found.villages, recount.rows(cases, lambda one: _place(one, names), first, last))


def _place(case: Case, names: dict[str, int | None]) -> str:
    return str(case.village) if str(case.village) in names and case.village else ""


def _as_counted(rows: tuple[CaseCount, ...], counted: dict[str, tuple[int, int, int]]) -> None:
    printed = {row.id: (row.received, row.answered, row.open) for row in rows}
    # a kind or field without anything in this time needs no row
    assert {id: some for id, some in printed.items() if any(some)} == {
        id: some for id, some in counted.items() if any(some)
    }
