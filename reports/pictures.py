"""What each chart shows, decided once: the PNG, its alternative text and the annex's own charts all follow it."""

from collections.abc import Iterable, Sequence
from statistics import fmean

from reports.document import Bars, Chart, Dots, Likert, Line, Panel, Panels, Part, Row, Scale, Stacked
from reports.phrases import Phrases
from reports.question_counting import blocks, of_block
from reports.sentences import ranked
from reports.survey_figures import Hidden, QuestionFigures, SurveyFigures, TrendPoint

MOST_ROWS = 34
"""Rows of one picture: as many as stand on a page with its caption."""


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
    said = _reach(p, survey, question)
    high = (question.index or 0.0) if survey.index == "top2" else 0.0
    return Chart(
        name=name,
        caption=p.say("chart.overall", n=p.count(question.n)),
        alt=p.say("chart.overall.alt", n=p.count(question.n), parts=f"{parts}. {said}"),
        spec=Stacked(
            labels=tuple(marked),
            parts=_parts(question, survey),
            mark=p.say("withheld"),
            reach=high,
            reach_text=said,
            interval=_interval(survey, question),
        ),
        foot=p.say("withheld.note") if None in question.counts else "",
    )


def _reach(p: Phrases, survey: SurveyFigures, question: QuestionFigures) -> str:
    key = "chart.reach" if survey.index == "top2" else "chart.reach.mean"
    said = p.say(key, share=p.share(question.index), n=p.count(question.n or 0))
    found = _interval(survey, question)
    return said if found is None else f"{said} {p.say('chart.interval', low=p.share(found[0]), high=p.share(found[1]))}"


def _interval(survey: SurveyFigures, question: QuestionFigures) -> tuple[float, float] | None:
    """Where the share lies in the whole list, of a random sample alone."""
    found = question.estimate
    if survey.kind != "invited" or survey.index != "top2" or found is None or found.low is None or found.high is None:
        return None
    return found.low, found.high


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


def scales(p: Phrases, survey: SurveyFigures, name: str) -> Chart | None:
    """Factors with an index, best first, each with its five levels: the mean shares of its questions."""
    rows = []
    for factor in ranked(survey):
        asked = [one for one in survey.likert() if one.factor == factor.id and one.index is not None and one.n]
        text = p.say("chart.bar", share=p.share(factor.index), n=p.count(factor.n))
        if asked:
            rows.append(Scale(label=factor.text, parts=_mean_parts(asked, survey), text=text))
    return _likert(p, name, p.say("chart.scales", index=_lower(p.index(survey))), rows)


def questions(p: Phrases, survey: SurveyFigures, name: str) -> Chart | None:
    """Every satisfaction question with its five levels, in the order of the survey."""
    rows = [
        Scale(
            label=p.shorter(p.asked(one), 90),
            parts=_parts(one, survey),
            text=p.say("chart.bar", share=p.share(one.index), n=p.count(one.n)),
        )
        for one in survey.likert()
        if one.n and one.index is not None and any(one.counts)
    ]
    return _likert(p, name, p.say("chart.scales.questions", index=_lower(p.index(survey))), rows)


def _likert(p: Phrases, name: str, title: str, rows: Sequence[Scale]) -> Chart | None:
    if not rows:
        return None
    labels = [p.say(f"level.{level}") for level in range(1, 6)]
    told = "; ".join(
        p.say("chart.scale.alt", label=row.label, text=row.text, parts=_levels(p, row.parts, labels)) for row in rows
    )
    hidden = any(part.level is None for row in rows for part in row.parts)
    return Chart(
        name=name,
        caption=title,
        alt=p.say("chart.rows.alt", title=title, rows=told),
        spec=Likert(labels=tuple(labels), rows=tuple(rows), mark=p.say("withheld")),
        foot=p.say("withheld.note") if hidden else "",
    )


def _levels(p: Phrases, parts: Iterable[Part], labels: Sequence[str]) -> str:
    return ", ".join(
        p.say("chart.level.alt", level=p.say("withheld") if at is None else labels[at], share=p.share(part.share))
        for part in parts
        for at in [part.level]
    )


def _mean_parts(asked: Sequence[QuestionFigures], survey: SurveyFigures) -> tuple[Part, ...]:
    """The mean share of every level that all of the questions show; what is left of its block is one piece."""
    found = []
    for block in blocks(survey.index):
        whole = fmean(of_block(one, block, survey.index) / (one.n or 1) for one in asked)
        shares = {level: _mean_share(asked, level) for level in block}
        gap = [Part(level=None, share=max(0.0, whole - sum(share or 0.0 for share in shares.values())))]
        for level, share in shares.items():
            found += [Part(level=level, share=share)] if share is not None else gap
            gap = gap if share is not None else []
    return tuple(found)


def _mean_share(asked: Iterable[QuestionFigures], level: int) -> float | None:
    shares = []
    for one in asked:
        count = one.counts[level]
        if count is None:
            return None
        shares.append(count / (one.n or 1))
    return fmean(shares)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def factors(p: Phrases, survey: SurveyFigures, name: str) -> Chart | None:
    """The index of the factors, best first, beside the target; None where the plan has no target of satisfaction."""
    if p.figures.target is None:
        return None
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


def villages(p: Phrases, survey: SurveyFigures, name: str) -> list[Chart]:
    """Every village, hidden ones as words; [] where none may be shown. Very many are told in several pictures."""
    cut = survey.villages
    if cut is None or not any(row.n for row in cut.rows):
        return []
    rows = tuple(
        Row(
            label=row.name or p.say("row.no_village"),
            value=row.index,
            text=_chart_why(p, row.hidden) or p.say("chart.bar", share=p.share(row.index), n=p.count(row.n or 0)),
        )
        for row in cut.rows
    )
    whole_title = p.say("chart.villages", index=p.index(survey), period=p.within(cut.title))
    whole = p.say("row.whole", whole=p.whole) + " " + p.share(cut.whole.index) if cut.whole.index is not None else ""
    made = []
    for at, some in enumerate(_pages(rows)):
        of = len(_pages(rows))
        title = whole_title if of == 1 else p.say("chart.part", title=whole_title, at=at + 1, of=of)
        spec = Dots(rows=some, whole=cut.whole.index, whole_label=whole)
        made.append(Chart(name=f"{name}{at + 1}" if at else name, caption=title, alt=_alt(p, title, some), spec=spec))
    return made


def _pages(rows: tuple[Row, ...]) -> list[tuple[Row, ...]]:
    """The rows in parts of equal length, each short enough for a page."""
    parts = -(-len(rows) // MOST_ROWS)
    size = -(-len(rows) // parts)
    return [rows[at : at + size] for at in range(0, len(rows), size)]


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


def factor_trends(p: Phrases, survey: SurveyFigures, name: str) -> Chart | None:
    """The factors by month, a small line each; None with fewer than two of them."""
    lines = [
        (factor.text, tuple(Row(label=at.title, value=at.index, text=_month(p, at)) for at in factor.points))
        for factor in survey.factor_trend
    ]
    if len(lines) < 2:
        return None
    title = p.say("chart.panels", index=p.index(survey))
    told = "; ".join(
        f"{text}: " + ", ".join(f"{row.label} {p.share(row.value)}" for row in rows) for text, rows in lines
    )
    return Chart(
        name=name,
        caption=title,
        alt=p.say("chart.rows.alt", title=title, rows=told),
        spec=Panels(panels=tuple(Panel(title=text, rows=rows) for text, rows in lines)),
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
