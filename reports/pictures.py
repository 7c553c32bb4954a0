"""What each chart shows, decided once: the PNG, its alternative text and the annex's own charts all follow it."""

from reports.case_figures import CaseFigures
from reports.document import Bars, Chart, Dots, Line, Pairs, Part, Row, Stacked
from reports.phrases import Phrases
from reports.question_counting import blocks, of_block
from reports.sentences import ranked
from reports.survey_figures import Hidden, QuestionFigures, SurveyFigures, TrendPoint


def overall(p: Phrases, survey: SurveyFigures, name: str) -> Chart | None:
    """The five levels of the overall question; None where none of them may be shown."""
    question = survey.overall
    if question is None or not question.n or not any(question.counts):
        return None
    n = question.n
    shares = [p.shown_share(None if count is None else count / n) for count in question.counts]
    labels = [p.say(f"level.{level}") for level in range(1, 6)]
    parts = "; ".join(f"{label} {share}" for label, share in zip(labels, shares, strict=True))
    marked = [
        label if count is not None else f"{label} {p.say('withheld')}"
        for label, count in zip(labels, question.counts, strict=True)
    ]
    return Chart(
        name=name,
        caption=p.say("chart.overall", n=p.count(question.n)),
        alt=p.say("chart.overall.alt", n=p.count(question.n), parts=parts),
        spec=Stacked(labels=tuple(marked), parts=_parts(question, survey), mark=p.say("withheld")),
        foot=p.say("withheld.note") if None in question.counts else "",
    )


def _parts(question: QuestionFigures, survey: SurveyFigures) -> tuple[Part, ...]:
    """The levels that are shown; what n and the index leave of their group is one piece, where its first would be."""
    n, found = question.n or 1, []
    for block in blocks(survey.index):
        rest = of_block(question, block, survey.index) - sum(question.counts[level] or 0 for level in block)
        gap = [Part(level=None, share=rest / n)]
        for level in block:
            count = question.counts[level]
            found += [Part(level=level, share=count / n)] if count is not None else gap
            gap = gap if count is not None else []
    return tuple(found)


def factors(p: Phrases, survey: SurveyFigures, name: str) -> Chart | None:
    """Factors with an index, best first."""
    rows = tuple(
        Row(
            label=factor.text,
            value=factor.index,
            text=p.say("chart.bar", share=p.share(factor.index), n=p.count(factor.n)),
        )
        for factor in ranked(survey)
    )
    if not rows:
        return None
    title = p.say("chart.factors", index=p.index(survey))
    value, label = _target(p)
    return Chart(
        name=name, caption=title, alt=_alt(p, title, rows), spec=Bars(rows=rows, target=value, target_label=label)
    )


def villages(p: Phrases, survey: SurveyFigures, name: str) -> Chart | None:
    """Every village, hidden ones as words; None where none may be shown."""
    cut = survey.villages
    if cut is None or not any(row.n for row in cut.rows):
        return None
    rows = tuple(
        Row(
            label=row.name or p.say("row.no_village"),
            value=row.index,
            text=_chart_why(p, row.hidden) or p.say("chart.bar", share=p.share(row.index), n=p.count(row.n or 0)),
        )
        for row in cut.rows
    )
    title = p.say("chart.villages", index=p.index(survey), period=cut.title)
    whole = p.say("row.whole", whole=p.whole) + " " + p.share(cut.whole.index) if cut.whole.index is not None else ""
    return Chart(
        name=name,
        caption=title,
        alt=_alt(p, title, rows),
        spec=Dots(rows=rows, whole=cut.whole.index, whole_label=whole),
    )


def trend(p: Phrases, survey: SurveyFigures, name: str) -> Chart | None:
    """The overall question by month; None with fewer than two months known."""
    if len([point for point in survey.trend if point.index is not None]) < 2:
        return None
    rows = tuple(Row(label=point.title, value=point.index, text=_month(p, point)) for point in survey.trend)
    title = p.say("chart.trend", index=p.index(survey))
    value, label = _target(p)
    told = tuple(Row(label=r.label, value=r.value, text=f"{p.share(r.value)} ({r.text})") for r in rows)
    return Chart(
        name=name, caption=title, alt=_alt(p, title, told), spec=Line(rows=rows, target=value, target_label=label)
    )


def cases(p: Phrases, cases: CaseFigures, name: str) -> Chart | None:
    """Received and answered by month; None where there was nothing in all of them. `name` is cases or dialogues."""
    if not any(month.received or month.answered for month in cases.months):
        return None
    title = p.say(f"chart.{name}")
    rows = "; ".join(
        p.say("chart.pair.alt", label=m.title, received=p.count(m.received), answered=p.count(m.answered))
        for m in cases.months
    )
    return Chart(
        name=name,
        caption=title,
        alt=p.say("chart.rows.alt", title=title, rows=rows),
        spec=Pairs(
            labels=tuple(month.title for month in cases.months),
            names=(p.say("col.received"), p.say("col.answered")),
            values=tuple((month.received, month.answered) for month in cases.months),
        ),
    )


def _target(p: Phrases) -> tuple[float | None, str]:
    target = p.figures.target
    if target is None:
        return None, ""
    return target.value, p.say("target.short", value=p.share(target.value))


def _chart_why(p: Phrases, why: Hidden) -> str:
    return p.say(f"hidden.{why}") if why else ""


def _month(p: Phrases, point: TrendPoint) -> str:
    return _chart_why(p, point.hidden) or p.say("chart.n", n=p.count(point.n or 0))


def _alt(p: Phrases, title: str, rows: tuple[Row, ...]) -> str:
    told = "; ".join(p.say("chart.row.alt", label=row.label, text=row.text) for row in rows)
    return p.say("chart.rows.alt", title=title, rows=told)
