"""Public: what surveys found, as issued reports have it, with the open data of the same reports.

Only of a report that was signed and issued is anything here, and of its figures only those of surveys, which every
report protects together with all earlier ones (docs/decisions/0011); nothing is counted anew for a page.
"""

from datetime import date
from pathlib import PurePath
from typing import NamedTuple

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reports.figures import Span
from reports.make import MEDIA_TYPES
from reports.survey_figures import QuestionFigures, SurveyFigures, TrendPoint, VillageFigures
from reports.texts import texts
from storage import reading_published
from storage.reading_published import Issued
from web import charts
from web.charts import Bar, Bars, Column, Dot, Dots, Picture
from web.page_cache import kept
from web.pages import number, pages_of, services_of
from web.visitors import guest_of

_KNOWN = 1 << 63
"""No store has an id beyond."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Of the figures of a report what the page may know."""

    period: Span
    until: date
    sample: bool
    surveys: tuple[SurveyFigures, ...]


class Part(NamedTuple):
    """Something of a survey as it is drawn. `kind` says what: factor, choices, number, ranks, villages."""

    kind: str
    title: str
    n: int | None
    chart: Bars | Dots | None = None
    value: float | None = None


class Drawn(NamedTuple):
    """A survey of a report: its figures, the charts of them, and the line of its overall question by month."""

    survey: SurveyFigures
    parts: tuple[Part, ...]
    trend: Picture | None


_told = msgspec.json.Decoder(Told)


def told(issued: Issued) -> Told | None:
    """What a report says of surveys; None where its figures are of a form that is not known any more."""
    try:
        return _told.decode(issued.figures)
    except msgspec.MsgspecError:
        return None


@kept()
async def listed(request: Request) -> Response:
    """Every issued report that says something of a survey."""
    guest = await guest_of(request)
    found = await services_of(request).store.read(lambda conn: reading_published.issued(conn, guest.commune.id))
    shown = [(one, of) for one in found if (of := told(one)) is not None and any(map(_has, of.surveys))]
    return pages_of(request).page(request, "published.html", commune=guest.commune, reports=shown)


def _has(survey: SurveyFigures) -> bool:
    return bool(survey.responses) and any(one.n for one in survey.questions)


@kept()
async def one(request: Request) -> Response:
    """The surveys of one issued report, as charts with their numbers."""
    guest = await guest_of(request)
    report = _id(request)
    found = await services_of(request).store.read(lambda conn: reading_published.one(conn, guest.commune.id, report))
    of = told(found[0]) if found is not None else None
    if found is None or of is None:
        raise HTTPException(404)
    drawn = [_drawn(request, at, survey) for at, survey in enumerate(of.surveys) if _has(survey)]
    return pages_of(request).page(
        request,
        "published_one.html",
        commune=guest.commune,
        report=found[0],
        told=of,
        files=found[1],
        drawn=drawn,
    )


def _id(request: Request) -> int:
    report: int = request.path_params["report"]
    if report >= _KNOWN:
        raise HTTPException(404)
    return report


@kept()
async def file(request: Request) -> Response:
    """A file of open data, as the report has it."""
    guest = await guest_of(request)
    services, report, name = services_of(request), _id(request), str(request.path_params["name"])
    if "\0" in name:
        raise HTTPException(404)
    blob = await services.store.read(lambda conn: reading_published.file(conn, guest.commune.id, report, name))
    body = None if blob is None else await services.blob(blob)
    if body is None:
        raise HTTPException(404)
    kind = MEDIA_TYPES[PurePath(name).suffix]
    return Response(body, headers={"content-type": kind, "content-disposition": f'attachment; filename="{name}"'})


def _drawn(request: Request, at: int, survey: SurveyFigures) -> Drawn:
    parts = [*_factors(survey), *(part for one in survey.others() if (part := _part(one)) is not None)]
    if survey.villages is not None and any(row.n for row in survey.villages.rows):
        rows = [Bar(label=row.name, value=_percent(row.index), text=_told_of(row)) for row in survey.villages.rows]
        parts.append(Part("villages", survey.villages.title, survey.villages.whole.n, _bars(rows)))
    return Drawn(survey=survey, parts=tuple(parts), trend=_trend(request, at, survey.trend))


def _factors(survey: SurveyFigures) -> list[Part]:
    """The questions about satisfaction, those of one factor together; with intervals where the sample gives them."""
    names = {one.id: one.text for one in survey.factors}
    groups: dict[str, list[QuestionFigures]] = {}
    for question in survey.likert():
        if not question.overall:
            groups.setdefault(question.factor, []).append(question)
    overall = [Part("overall", one.text, one.n, _judged([one])) for one in survey.likert() if one.overall]
    return overall + [Part("factor", names.get(id, ""), None, _judged(some)) for id, some in groups.items()]


def _judged(questions: list[QuestionFigures]) -> Bars | Dots:
    sampled = [one.estimate for one in questions if one.estimate is not None and one.estimate.low is not None]
    if not sampled:
        rows = [Bar(label=_sized(one), value=_percent(one.index), text=_told_of(one)) for one in questions]
        return _bars(rows)
    dots = []
    for one in questions:
        found = one.estimate
        ends = "" if found is None or found.low is None else f" ({_share(found.low)}–{_share(found.high)})"
        value = one.index if found is None else found.value
        low, high = (None, None) if found is None else (_percent(found.low), _percent(found.high))
        dots.append(Dot(label=_sized(one), value=_percent(value), text=_share(value) + ends, low=low, high=high))
    return charts.dots("", ("", ""), dots)


def _part(question: QuestionFigures) -> Part | None:
    """A question that is not about satisfaction; None where nothing of it may be shown."""
    title = _asked(question)
    if question.n is None or not question.n:
        return None
    if question.nps is not None or question.mean is not None:
        kind = "nps" if question.nps is not None else "mean"
        return Part(kind, title, question.n, value=question.nps if question.nps is not None else question.mean)
    if question.ranks:
        rows = [Bar(label=one.text, value=None, text=number(one.mean, 1)) for one in question.ranks]
        return Part("ranks", title, question.n, _bars(rows))
    if question.options:
        rows = [
            Bar(label=one.text or _option(one.id), value=_percent(one.share), text=_share(one.share))
            for one in question.options
        ]
        return Part("choices", title, question.n, _bars(rows))
    return None


def _asked(question: QuestionFigures) -> str:
    return f"{question.stem} {question.text}".strip() if question.stem else question.text


def _sized(question: QuestionFigures) -> str:
    return f"{_asked(question)} (n = {'…' if question.n is None else number(question.n)})"


def _option(id: str) -> str:
    known = texts()
    key = f"option.{id}"
    return known.say(key) if key in known else id


def _bars(rows: list[Bar]) -> Bars:
    # Each longest is the whole: shares of different questions are read beside each other.
    return charts.bars("", ("", ""), rows, most=100)


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _share(share: float | None) -> str:
    return "…" if share is None else f"{number(100 * share, 1)}%"


def _told_of(one: QuestionFigures | VillageFigures | TrendPoint) -> str:
    """Nobody's answer is another thing than one that is withheld."""
    return "–" if one.index is None and not one.hidden else _share(one.index)


def _trend(request: Request, at: int, points: tuple[TrendPoint, ...]) -> Picture | None:
    if len([one for one in points if one.index is not None]) < 2:
        return None
    words = pages_of(request).text("published_words.html").strip().splitlines()
    title, about, *head = (line.strip() for line in words if line.strip())
    places = [
        Column(
            label=one.period[5:].lstrip("0"), full=one.title, values=(_percent(one.index),), texts=(_share(one.index),)
        )
        for one in points
    ]
    return charts.line(f"theo-thang-{at}", title, about, head, places, most=100)


routes = [
    Route("/{slug}/ket-qua", listed),
    Route("/{slug}/ket-qua/{report:int}", one),
    Route("/{slug}/ket-qua/{report:int}/{name}", file),
]
