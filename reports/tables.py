"""The tables of a report, as text that is ready to print."""

from collections.abc import Iterable

from reports.case_figures import CaseCount, CaseFigures
from reports.case_words import COUNTS, WIDTHS
from reports.document import Table
from reports.phrases import Phrases
from reports.promise_figures import PromiseCount, PromiseFigures
from reports.question_counting import together
from reports.survey_figures import QuestionFigures, SurveyFigures

_BY_COUNTS = frozenset({"single", "multiple", "yesno", "nps"})
_LOW, _MIDDLE, _HIGH = (0, 1), (2,), (3, 4)


def factors(p: Phrases, survey: SurveyFigures) -> Table | None:
    """Every factor, in the order of the survey."""
    rows = tuple(
        (
            factor.text,
            p.count(factor.questions),
            p.count(factor.n),
            p.share(factor.index),
            p.share(factor.before),
        )
        for factor in survey.factors
    )
    if not any(factor.questions for factor in survey.factors):
        return None
    return Table(
        caption=p.say("table.factors", index=p.index(survey), title=p.title(survey)),
        head=(p.say("col.factor"), p.say("col.questions"), p.say("col.opinions"), p.index(survey), p.say("col.before")),
        rows=rows,
        widths=(0.44, 0.13, 0.13, 0.16, 0.14),
        align="lrrrr",
    )


def questions(p: Phrases, survey: SurveyFigures) -> Table | None:
    """Every satisfaction question with its three groups of levels."""
    asked = survey.likert()
    if not any(question.n for question in asked):
        return None
    rows: list[tuple[str, ...]] = []
    stem = ""
    for at, question in enumerate(asked, start=1):
        if question.stem and question.stem != stem:
            rows.append(("", question.stem, *[""] * 5))
        stem = question.stem
        rows.append(_question(p, survey, at, question))
    return Table(
        caption=p.say("table.questions", index=p.index(survey), title=p.title(survey)),
        head=(
            p.say("col.order"),
            p.say("col.question"),
            p.say("col.opinions"),
            p.say("col.low"),
            p.say("col.middle"),
            p.say("col.high"),
            p.index(survey),
        ),
        rows=tuple(rows),
        widths=(0.07, 0.40, 0.10, 0.10, 0.10, 0.10, 0.13),
        align="clrrrrr",
        note=p.say("table.scale"),
        foot=_foot(p, rows),
    )


def _foot(p: Phrases, rows: Iterable[tuple[str, ...]]) -> str:
    """What the mark of a withheld number means, where there is one."""
    return p.say("withheld.note") if any(p.say("withheld") in row for row in rows) else ""


def _question(p: Phrases, survey: SurveyFigures, at: int, question: QuestionFigures) -> tuple[str, ...]:
    if question.n is None:
        return (str(at), question.text, p.hidden(question.hidden), *[p.say("none")] * 4)
    groups = [p.shown(together(question, levels, survey.index)) for levels in (_LOW, _MIDDLE, _HIGH)]
    return (str(at), question.text, p.count(question.n), *groups, p.share(question.index))


def others(p: Phrases, survey: SurveyFigures) -> Table | None:
    """Choices of every other question; the question stands on its first row."""
    rows: list[tuple[str, ...]] = []
    for question in survey.others():
        if question.kind not in _BY_COUNTS:
            continue
        if question.n is None:
            rows.append((p.asked(question), p.hidden(question.hidden), p.say("none"), p.say("none")))
        elif question.n:
            rows += _choices(p, question)
    if not rows:
        return None
    multiple = any(question.kind == "multiple" and question.n for question in survey.others())
    return Table(
        caption=p.say("table.others", title=p.title(survey)),
        head=(p.say("col.question"), p.say("col.choice"), p.say("col.persons"), p.say("col.share")),
        rows=tuple(rows),
        widths=(0.44, 0.32, 0.12, 0.12),
        align="llrr",
        grouped=True,
        note=p.say("table.multiple") if multiple else "",
        foot=_foot(p, rows),
    )


def _choices(p: Phrases, question: QuestionFigures) -> list[tuple[str, ...]]:
    first = _with_n(p, question)
    options = [option for option in question.options if option.count != 0 or question.kind != "nps"]
    return [
        (
            first if at == 0 else "",
            option.text or p.named("option", option.id),
            p.shown(option.count),
            p.shown_share(option.share),
        )
        for at, option in enumerate(options)
    ]


def _with_n(p: Phrases, question: QuestionFigures) -> str:
    return f"{p.asked(question)} ({p.say('chart.n', n=p.count(question.n or 0))})"


def ranks(p: Phrases, survey: SurveyFigures) -> Table | None:
    """Choices that were put in an order, best first; None where none was."""
    asked = [question for question in survey.others() if question.ranks]
    rows = [
        (_with_n(p, question) if at == 0 else "", rank.text, p.decimal(round(rank.mean, 1)))
        for question in asked
        for at, rank in enumerate(question.ranks)
    ]
    if not rows:
        return None
    return Table(
        caption=p.say("table.ranks", title=p.title(survey)),
        head=(p.say("col.question"), p.say("col.choice"), p.say("col.rank")),
        rows=tuple(rows),
        widths=(0.44, 0.38, 0.18),
        align="llr",
        grouped=True,
        note=p.say("table.ranks.how"),
    )


def villages(p: Phrases, survey: SurveyFigures) -> Table | None:
    """Villages in the order of the alphabet, and the whole commune; None where no village may be shown."""
    cut = survey.villages
    if cut is None or not any(row.n for row in cut.rows):
        return None
    rows = [
        (
            str(at),
            row.name or p.say("row.no_village"),
            p.hidden(row.hidden) if row.hidden else p.count(row.n or 0),
            p.share(row.index),
        )
        for at, row in enumerate(cut.rows, start=1)
    ]
    whole = cut.whole
    total = p.hidden(whole.hidden) if whole.hidden else p.count(whole.n or 0)
    rows.append(("", p.say("row.whole", whole=p.whole), total, p.share(whole.index)))
    return Table(
        caption=p.say("table.villages", index=p.index(survey), period=p.within(cut.title)),
        head=(p.say("col.order"), p.say("col.village"), p.say("col.n"), p.index(survey)),
        rows=tuple(rows),
        widths=(0.1, 0.45, 0.22, 0.23),
        align="clrr",
        total=True,
    )


def kinds(p: Phrases, cases: CaseFigures) -> Table | None:
    """Cases by kind with their sum."""
    return _cases(p, "table.kinds", "col.kind", "kind", cases.kinds, cases)


def categories(p: Phrases, cases: CaseFigures, caption: str = "table.categories") -> Table | None:
    """Cases by field, most first, with their sum."""
    return _cases(p, caption, "col.category", "category", cases.categories, cases)


def case_villages(p: Phrases, cases: CaseFigures) -> Table | None:
    """Cases by village, where anything came from."""
    return _cases(p, "table.case_villages", "col.village", "", cases.villages, cases)


def promises(p: Phrases, group: str) -> Table | None:
    """Promised days that were missed, by "kind" or "category", with their sum; None where none was."""
    figures = p.figures.promises
    counts = figures.kinds if group == "kind" else figures.categories
    if not counts:
        return None
    rows = [(p.named(group, count.id), *_days(p, count)) for count in counts]
    rows.append((p.say("row.total"), *_days(p, figures)))
    return Table(
        caption=p.say(f"table.promises.{group}"),
        head=(
            p.say(f"col.{group}"),
            p.say("col.missed"),
            p.say("col.in_time"),
            p.say("col.incomplete"),
            p.say("col.after"),
            p.say("col.no_word"),
        ),
        rows=tuple(rows),
        widths=(0.28, 0.14, 0.15, 0.15, 0.14, 0.14),
        align="lrrrrr",
        total=True,
        foot=p.say("promise.how") if group == "kind" else "",
    )


def _days(p: Phrases, of: PromiseCount | PromiseFigures) -> tuple[str, ...]:
    return tuple(p.count(n) for n in (of.missed, of.in_time, of.incomplete, of.after, of.none))


def _cases(
    p: Phrases, caption: str, head: str, group: str, counts: Iterable[CaseCount], cases: CaseFigures
) -> Table | None:
    if not any(getattr(cases, name) for name in COUNTS):
        return None
    rows = [
        (
            p.named(group, count.id) if group else count.name or p.say("row.no_village"),
            *(p.count(getattr(count, name)) for name in COUNTS),
        )
        for count in counts
    ]
    rows.append((p.say("row.total"), *(p.count(getattr(cases, name)) for name in COUNTS)))
    return Table(
        caption=p.say(caption),
        head=(p.say(head), *(p.say(f"col.{name}") for name in COUNTS)),
        rows=tuple(rows),
        widths=WIDTHS,
        align="lrrrrr",
        total=True,
    )
