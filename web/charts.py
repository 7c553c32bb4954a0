"""Charts as SVG made here: no script, no library, no word of their own; every number of a picture is also in a table.

Across, everything is in percent of the width, so that the letters keep their size on any screen; down, in em of those
letters, so that large print fits as well. Colours are classes of static/charts.css. The tables, and the figure around
a picture, are made by templates/charts.html.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, log10

import msgspec
from markupsafe import Markup

_TOP, _PLOT, _FOOT = 1.6, 9.0, 1.8
"""Em above, of and below what columns and lines are drawn in."""
_GUTTER = 9.0
"""Percent of the width in which the numbers of an axis stand."""
_SPACED = 6
"""Labels below an axis that have room beside each other on a telephone."""
_STEPS = (1, 2, 5, 10)


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a bar chart. `value` None: withheld, or not known; `text` says it. `tone`: "", "late", "soft"."""

    label: str
    value: float | None
    text: str
    tone: str = ""


class Bars(msgspec.Struct, frozen=True, kw_only=True):
    """Bars under each other, as a table with a meter in each row; `meters` are percents of the longest possible."""

    title: str
    head: tuple[str, str]
    rows: tuple[tuple[Bar, float | None], ...]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A place of an axis: `label` below it, `full` in the table, and of each series a value (None: unknown) as text."""

    label: str
    full: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]


class Dot(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with its interval; `low` and `high` None where none is known, `value` None where it is withheld."""

    label: str
    value: float | None
    text: str
    low: float | None = None
    high: float | None = None


class Dots(msgspec.Struct, frozen=True, kw_only=True):
    """Figures with intervals under each other, as a table; of each row where the point and the ends are, in percent."""

    title: str
    head: tuple[str, str]
    rows: tuple[tuple[Dot, float | None, float | None, float | None], ...]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A drawing: `svg` with title and description, and the same as a table: `head`, `rows`; `keys` name the series."""

    title: str
    svg: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...] = ()


def bars(title: str, head: tuple[str, str], rows: Iterable[Bar], *, most: float | None = None) -> Bars:
    """Bars of one measure; `most` is the end of the scale (100 for percents), the largest value where it is None."""
    all = tuple(rows)
    end = most if most is not None else max((one.value or 0 for one in all), default=0)
    return Bars(title=title, head=head, rows=tuple((one, meter(one.value, end)) for one in all))


def meter(value: float | None, end: float) -> float | None:
    """How far a bar reaches, in percent of the end of its scale."""
    if value is None:
        return None
    return round(min(max(100 * value / end, 0), 100), 2) if end > 0 else 0.0


def columns(
    name: str, title: str, about: str, head: Sequence[str], places: Sequence[Column], *, most: float | None = None
) -> Picture:
    """Columns side by side, one for each series, by day, month or quarter.

    `name` is unique on its page; `head` names the axis and then each series; `most` is the end of the scale.
    """
    end, marks = scale(max((value or 0 for one in places for value in one.values), default=0), most)
    series = max(len(head) - 1, 1)
    slot = (100 - _GUTTER) / max(len(places), 1)
    width = slot * 0.72 / series
    drawn = [_rules(end, marks)]
    for at, one in enumerate(places):
        left = _GUTTER + at * slot + slot * 0.14
        for which, (value, text) in enumerate(zip(one.values, one.texts, strict=True)):
            if value is not None:
                box = (left + which * width, end, value, width)
                drawn.append(_column(*box, f"series-{which + 1}", f"{one.full}, {head[which + 1]}: {text}"))
    return _picture(name, title, about, head, places, [*drawn, _labels(places, slot)])


def _column(left: float, end: float, value: float, width: float, tone: str, told: str) -> Markup:
    tall = _PLOT * min(max(value / end, 0), 1) if end else 0
    return Markup(
        '<rect class="{0}" x="{1:.2f}%" y="{2:.2f}em" width="{3:.2f}%" height="{4:.2f}em"><title>{5}</title></rect>'
    ).format(tone, left, _TOP + _PLOT - tall, width * 0.92, tall, told)


def line(
    name: str, title: str, about: str, head: Sequence[str], places: Sequence[Column], *, most: float | None = None
) -> Picture:
    """A line through the first series of each place; where one is unknown or withheld, the line is broken."""
    end, marks = scale(max((value or 0 for one in places for value in one.values[:1]), default=0), most)
    slot = (100 - _GUTTER) / max(len(places), 1)
    points = [
        None if one.values[0] is None else (_GUTTER + slot * (at + 0.5), _height(one.values[0], end))
        for at, one in enumerate(places)
    ]
    drawn = [_rules(end, marks)]
    for before, after in pairwise(points):
        if before is not None and after is not None:
            ends = (*before, *after)
            drawn.append(
                Markup('<line class="stroke" x1="{0:.2f}%" y1="{1:.2f}em" x2="{2:.2f}%" y2="{3:.2f}em"/>').format(*ends)
            )
    every = ceil(len(places) / _SPACED) or 1
    for at, (point, one) in enumerate(zip(points, places, strict=True)):
        if point is not None:
            drawn.append(_dot(*point, f"{one.full}: {one.texts[0]}"))
            kind = "mark-value" if (len(places) - 1 - at) % every == 0 else "mark-value spare"
            drawn.append(
                Markup('<text class="{0}" x="{1:.2f}%" y="{2:.2f}em">{3}</text>').format(
                    kind, point[0], point[1] - 0.55, one.texts[0].removesuffix("%")
                )
            )
    return _picture(name, title, about, head, places, [*drawn, _labels(places, slot)])


def _height(value: float, end: float) -> float:
    return _TOP + _PLOT * (1 - (min(max(value / end, 0), 1) if end else 0))


def _dot(x: float, y: float, told: str) -> Markup:
    return Markup('<circle class="dot" cx="{0:.2f}%" cy="{1:.2f}em" r="0.3em"><title>{2}</title></circle>').format(
        x, y, told
    )


def dots(title: str, head: tuple[str, str], rows: Iterable[Dot], *, low: float = 0, high: float = 100) -> Dots:
    """A point in each row with its interval as a bar, from `low` to `high` of the scale."""
    wide = high - low or 1

    def at(value: float | None) -> float | None:
        # A little room at the ends, so that the point at either is whole.
        return None if value is None else round(2 + 96 * min(max((value - low) / wide, 0), 1), 2)

    return Dots(title=title, head=head, rows=tuple((one, at(one.value), at(one.low), at(one.high)) for one in rows))


def scale(largest: float, most: float | None = None) -> tuple[float, tuple[float, ...]]:
    """(end of an axis, its marks from 0 on): round numbers, at most six."""
    if most is None:
        largest = max(largest, 1)
        rough = largest / 4
        power = 10.0 ** (ceil(log10(rough)) - 1) if rough > 0 else 1
        step = max(next(power * one for one in _STEPS if power * one >= rough), 1)
        most = step * ceil(largest / step)
    else:
        step = 1 if most <= _SPACED else most / 4
    return most, tuple(step * at for at in range(round(most / step) + 1))


def _rules(end: float, marks: Iterable[float]) -> Markup:
    rows = []
    for mark in marks:
        y = _height(mark, end)
        rows.append(Markup('<line class="rule" x1="0" x2="100%" y1="{0:.2f}em" y2="{0:.2f}em"/>').format(y))
        rows.append(
            Markup('<text class="rule-value" x="0" y="{0:.2f}em">{1}</text>').format(
                y - 0.2, f"{mark:,.0f}".replace(",", ".")
            )
        )
    return Markup("").join(rows)


def _labels(places: Sequence[Column], slot: float) -> Markup:
    """Below the axis; those that have no room on a telephone are of a class that is left out there."""
    every = ceil(len(places) / _SPACED) or 1
    rows = []
    for at, one in enumerate(places):
        kind = "tick" if (len(places) - 1 - at) % every == 0 else "tick spare"
        where = (kind, _GUTTER + slot * (at + 0.5), _TOP + _PLOT + 1.2, one.label)
        rows.append(Markup('<text class="{0}" x="{1:.2f}%" y="{2:.2f}em">{3}</text>').format(*where))
    return Markup("").join(rows)


def _picture(
    name: str, title: str, about: str, head: Sequence[str], places: Sequence[Column], drawn: Sequence[Markup]
) -> Picture:
    table = tuple((one.full, *one.texts) for one in places)
    svg = _svg(name, title, about, _TOP + _PLOT + _FOOT, drawn)
    return Picture(title=title, svg=svg, head=tuple(head), rows=table, keys=tuple(head[1:]) if len(head) > 2 else ())


def _svg(name: str, title: str, about: str, height: float, drawn: Sequence[Markup]) -> Markup:
    around = Markup(
        '<svg class="chart" role="img" aria-labelledby="{0}-t {0}-d" width="100%" height="{1:.2f}em">'
        '<title id="{0}-t">{2}</title><desc id="{0}-d">{3}</desc>{4}</svg>'
    )
    return around.format(name, height, title, about, Markup("").join(drawn))
