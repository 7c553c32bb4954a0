"""Charts as PNG and SVG, in one style: no frame, values on the marks, told apart in grey and by the colour-blind.

Only the reports' process imports this: matplotlib costs half a second and tens of megabytes.
"""

from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from reports import chart_days, chart_scales
from reports.chart_style import INK, MAIN, PLATE, RULE, SECOND, SOFT, WIDTH, beside, folded, style
from reports.document import Bars, Calendar, Chart, Dots, Likert, Line, Pairs, Panels, Row, Spec, Stacked
from vietnam.numbers import percent_vi

DPI = 200
_FEW_MONTHS = 9
"""So many months have room for letters of the usual size."""


class Drawing(NamedTuple):
    """A chart as a picture for paper (PNG at 200 dpi) and for the web (SVG, its words as text)."""

    png: bytes
    svg: bytes


def draw(chart: Chart) -> Drawing:
    """The chart in both forms; its title is the caption in the document, so there is none inside."""
    with mpl.rc_context(style()):
        figure = Figure(figsize=(WIDTH, height(chart.spec)))
        axes = figure.add_axes(_frame(chart.spec))
        _DRAW[type(chart.spec)](axes, chart.spec)
        raw = BytesIO()
        told = {"Title": chart.caption, "Description": chart.alt}
        figure.savefig(raw, format="png", dpi=DPI, metadata={**told, "Software": None})
        lines = BytesIO()
        figure.savefig(lines, format="svg", metadata={**told, "Date": None, "Creator": None})
    return Drawing(raw.getvalue(), lines.getvalue())


def height(spec: Spec) -> float:
    """Inches: rows decide."""
    match spec:
        case Stacked():
            return 1.05 if not spec.reach_text else 1.32
        case Likert():
            return chart_scales.tall(spec)
        case Bars(rows=rows):
            return 0.45 + (0.16 + 0.14 * _lines(rows)) * len(rows) + (0.18 if spec.target else 0)
        case Dots(rows=rows):
            return 0.72 + (0.085 + 0.14 * _lines(rows)) * len(rows)
        case Panels():
            return chart_days.panels_tall(spec)
        case Calendar():
            return chart_days.calendar_tall(spec)
        case Pairs():
            return 2.15 if spec.under else 2.0
        case Line(target=float()):
            return 2.5
        case _:
            return 2.3


def _frame(spec: Spec) -> tuple[float, float, float, float]:
    """Left, bottom, width, height of the axes as shares; fixed, so that charts stand in line down the page."""
    tall = height(spec)
    match spec:
        case Stacked() | Panels():
            return 0.01, 0.02, 0.98, 0.96
        case Calendar():
            return 0.06, 0.26 / tall, 0.92, (tall - 0.52) / tall
        case Likert():
            left = chart_scales.left(spec)
            return left, 0.04 / tall, 0.98 - left, (tall - 0.36) / tall
        case Bars(rows=rows) | Dots(rows=rows):
            left = beside([folded(row.label) for row in rows])[0]
            top = 0.24 if isinstance(spec, Dots) or spec.target else 0.06
            return left, 0.28 / tall, 0.98 - left, (tall - 0.28 - top) / tall
        case Pairs():
            under = 0.42 if spec.under else 0.26
            return 0.02, under / tall, 0.96, (tall - under - 0.30) / tall
        case _:
            # Two lines under the months.
            top = 0.30 if spec.target is not None else 0.10
            return 0.02, 0.42 / tall, 0.96, (tall - 0.42 - top) / tall


def _lines(rows: tuple[Row, ...]) -> int:
    """Lines of the longest name, which decides for all."""
    return beside([folded(row.label) for row in rows])[1]


def _shares(axes: Axes, rows: tuple[Row, ...]) -> None:
    """The common part of bars and dots: a share axis below, rows down the page."""
    axes.set_yticks(range(len(rows)), [folded(row.label) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    # Room on the right for what is written after 100%.
    axes.set_xlim(0, 1.34)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], [percent_vi(x, 0) for x in (0, 0.25, 0.5, 0.75, 1)])
    axes.spines["bottom"].set_bounds(0, 1)
    axes.grid(axis="x", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.tick_params(axis="x", labelsize=7.5)


def _bars(axes: Axes, spec: Bars) -> None:
    _shares(axes, spec.rows)
    for at, row in enumerate(spec.rows):
        axes.barh(at, row.value or 0, height=0.58, color=MAIN)
        # Beside the bar, unless a line stands there.
        place = 1.035 if spec.target is not None else (row.value or 0) + 0.012
        axes.text(place, at, row.text, va="center", bbox=PLATE)
    _upright(axes, spec.target, spec.target_label)


def _dots(axes: Axes, spec: Dots) -> None:
    _shares(axes, spec.rows)
    _upright(axes, spec.whole, spec.whole_label)
    for at, row in enumerate(spec.rows):
        if row.value is None:
            axes.text(0.012, at, row.text, va="center", color=SOFT, style="italic", bbox=PLATE)
            continue
        axes.plot([0, row.value], [at, at], color=RULE, linewidth=1.2, zorder=1)
        if row.low is not None and row.high is not None:
            axes.plot([row.low, row.high], [at, at], "-|", color=SOFT, linewidth=2.2, markersize=7, zorder=2)
        axes.plot(row.value, at, "o", color=MAIN, markersize=6, zorder=3)
        axes.text(1.035, at, row.text, va="center")


def _upright(axes: Axes, value: float | None, label: str) -> None:
    if value is None:
        return
    axes.axvline(value, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    axes.annotate(
        label,
        (value, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 2),
        textcoords="offset points",
        ha="center",
        fontsize=8,
    )


def _line(axes: Axes, spec: Line) -> None:
    values = [row.value if row.value is not None else float("nan") for row in spec.rows]
    axes.plot(range(len(values)), values, "-o", color=MAIN, linewidth=1.8, markersize=5.5)
    for at, row in enumerate(spec.rows):
        if row.value is not None:
            axes.annotate(
                percent_vi(row.value),
                (at, row.value),
                xytext=(0, 6),
                textcoords="offset points",
                ha="center",
                bbox=PLATE,
            )
    if spec.target is not None:
        line = axes.axhline(spec.target, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
        axes.legend([line], [spec.target_label], loc="lower right", bbox_to_anchor=(1, 1), frameon=False, borderpad=0)
    _months(axes, [f"{row.label}\n{row.text}" for row in spec.rows])
    axes.set_ylim(0, 1.12)
    axes.set_yticks([0, 0.5, 1], ["", "", ""])
    axes.grid(axis="y", color=RULE, linewidth=0.5)
    for share in (0, 0.5, 1):
        axes.annotate(
            percent_vi(share, 0),
            (0, share),
            xycoords=("axes fraction", "data"),
            xytext=(0, 2),
            textcoords="offset points",
            fontsize=7.5,
            color=SOFT,
        )


def _pairs(axes: Axes, spec: Pairs) -> None:
    top = max(max(pair) for pair in spec.values)
    for side, (name, color) in enumerate(zip(spec.names, (MAIN, SECOND), strict=True)):
        heights = [pair[side] for pair in spec.values]
        places = [at + 0.37 * (side - 0.5) for at in range(len(heights))]
        bars = axes.bar(places, heights, width=0.35, color=color, label=name, hatch="////" if side else None)
        axes.bar_label(bars, padding=2)
    _months(axes, ["\n".join(words) for words in zip(spec.labels, spec.under or [""] * len(spec.labels), strict=True)])
    axes.set_ylim(0, top * 1.12)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    axes.set_yticklabels([])
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, borderpad=0, handlelength=1.4)


def _months(axes: Axes, labels: list[str]) -> None:
    axes.set_xticks(range(len(labels)), labels, fontsize=8.5 if len(labels) <= _FEW_MONTHS else 7)
    axes.set_xlim(-0.6, len(labels) - 0.4)


_DRAW: dict[type, Callable[..., None]] = {
    Stacked: chart_scales.stacked,
    Likert: chart_scales.likert,
    Bars: _bars,
    Dots: _dots,
    Line: _line,
    Panels: chart_days.panels,
    Pairs: _pairs,
    Calendar: chart_days.calendar,
}
