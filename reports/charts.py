"""Charts as PNG, in one style: no frame, values written on the marks, told apart in grey and by the colour-blind.

Only the reports' process imports this: matplotlib costs half a second and tens of megabytes.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeGuard

import matplotlib as mpl

mpl.use("Agg")

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from reports.document import Bars, Chart, Dots, Line, Pairs, Row, Spec, Stacked
from vietnam.numbers import percent_vi

DPI = 200
WIDTH = 6.5
"""Inches: the text width of the page."""

_INK, _SOFT, _RULE = "#222222", "#595959", "#d9d9d9"
_MAIN, _SECOND = "#1f5a93", "#e0a458"
# Orange to blue: safe for the colour-blind, and in grey the two ends are told apart by the hatch.
_LEVELS = ("#b35806", "#f1a340", "#e6e6e6", "#92b9dc", "#1f5a93")
_LEVEL_INK = ("white", _INK, _INK, _INK, "white")
_HATCHED = 2
_NARROW = 0.06
_KEYS = (0.0, 0.235, 0.43, 0.605, 0.745)
"""Where the legend's five entries begin."""
_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.color": _INK,
    "axes.edgecolor": _RULE,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "xtick.color": _SOFT,
    "ytick.color": _INK,
    "xtick.labelcolor": _INK,
    "ytick.left": False,
    "xtick.bottom": False,
    "hatch.linewidth": 0.6,
    "hatch.color": "white",
}


def draw(chart: Chart) -> bytes:
    """A PNG of the chart at 200 dpi; its title is the caption in the document, so there is none inside."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(WIDTH, height(chart.spec)))
        axes = figure.add_axes(_frame(chart.spec))
        _DRAW[type(chart.spec)](axes, chart.spec)
        raw = BytesIO()
        figure.savefig(raw, format="png", dpi=DPI, metadata={"Title": chart.caption, "Software": None})
    return raw.getvalue()


def height(spec: Spec) -> float:
    """Inches: rows decide."""
    match spec:
        case Stacked():
            return 1.05
        case Bars(rows=rows):
            return 0.45 + 0.30 * len(rows) + (0.18 if spec.target else 0)
        case Dots(rows=rows):
            return 0.72 + 0.225 * len(rows)
        case Pairs():
            return 2.0
        case Line(target=float()):
            return 2.5
        case _:
            return 2.3


def _frame(spec: Spec) -> tuple[float, float, float, float]:
    """Left, bottom, width, height of the axes as shares; fixed, so that charts stand in line down the page."""
    tall = height(spec)
    match spec:
        case Stacked():
            return 0.01, 0.02, 0.98, 0.96
        case Bars(rows=rows) | Dots(rows=rows):
            left = min(0.42, 0.03 + 0.0118 * max(len(row.label) for row in rows))
            top = 0.24 if isinstance(spec, Dots) or spec.target else 0.06
            return left, 0.28 / tall, 0.98 - left, (tall - 0.28 - top) / tall
        case Pairs():
            return 0.02, 0.26 / tall, 0.96, (tall - 0.56) / tall
        case _:
            # Two lines under the months.
            top = 0.30 if spec.target is not None else 0.10
            return 0.02, 0.42 / tall, 0.96, (tall - 0.42 - top) / tall


def _stacked(axes: Axes, spec: Stacked) -> None:
    left, above = 0.0, -1.0
    for part in spec.parts:
        at, share = part.level, part.share
        text = spec.mark if at is None else percent_vi(share)
        axes.barh(0, share, left=left, height=1, linewidth=0.8, **_look(at))
        middle = min(max(left + share / 2, 0.03), 0.97)
        if share >= _NARROW:
            back = {"boxstyle": "square,pad=0.15", "fc": _LEVELS[at], "ec": "none"} if _hatched(at) else None
            color = _INK if at is None else _LEVEL_INK[at]
            axes.text(middle, 0, text, ha="center", va="center", color=color, bbox=back)
        elif share:
            # Narrow neighbours would write over each other: each stands to the right of the one before.
            above = max(middle, above + 0.05)
            axes.text(above, 0.58, text, ha="center", va="bottom", fontsize=7.5)
        left += share
    for at, label in enumerate(spec.labels):
        axes.barh(-1.18, 0.016, left=_KEYS[at], height=0.42, linewidth=0, **_look(at))
        axes.text(_KEYS[at] + 0.024, -1.18, label, ha="left", va="center", fontsize=8)
    axes.set(xlim=(0, 1), ylim=(-1.6, 1.25))
    axes.axis("off")


def _hatched(level: int | None) -> TypeGuard[int]:
    return level is not None and level < _HATCHED


def _look(level: int | None) -> dict[str, Any]:
    if level is None:
        # An empty frame: nothing is said here.
        return {"color": "white", "edgecolor": _SOFT, "linestyle": (0, (2, 2))}
    return {"color": _LEVELS[level], "hatch": "////" if _hatched(level) else None, "edgecolor": "white"}


def _shares(axes: Axes, rows: tuple[Row, ...]) -> None:
    """The common part of bars and dots: a share axis below, rows down the page."""
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    # Room on the right for what is written after 100%.
    axes.set_xlim(0, 1.34)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], [percent_vi(x, 0) for x in (0, 0.25, 0.5, 0.75, 1)])
    axes.spines["bottom"].set_bounds(0, 1)
    axes.grid(axis="x", color=_RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.tick_params(axis="x", labelsize=7.5)


def _bars(axes: Axes, spec: Bars) -> None:
    _shares(axes, spec.rows)
    for at, row in enumerate(spec.rows):
        axes.barh(at, row.value or 0, height=0.58, color=_MAIN)
        # Beside the bar, unless a line stands there.
        place = 1.035 if spec.target is not None else (row.value or 0) + 0.012
        axes.text(place, at, row.text, va="center", bbox=_PLATE)
    _upright(axes, spec.target, spec.target_label)


def _dots(axes: Axes, spec: Dots) -> None:
    _shares(axes, spec.rows)
    _upright(axes, spec.whole, spec.whole_label)
    for at, row in enumerate(spec.rows):
        if row.value is None:
            axes.text(0.012, at, row.text, va="center", color=_SOFT, style="italic", bbox=_PLATE)
            continue
        axes.plot([0, row.value], [at, at], color=_RULE, linewidth=1.2, zorder=1)
        axes.plot(row.value, at, "o", color=_MAIN, markersize=6)
        axes.text(1.035, at, row.text, va="center")


def _upright(axes: Axes, value: float | None, label: str) -> None:
    if value is None:
        return
    axes.axvline(value, color=_INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
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
    axes.plot(range(len(values)), values, "-o", color=_MAIN, linewidth=1.8, markersize=5.5)
    for at, row in enumerate(spec.rows):
        if row.value is not None:
            axes.annotate(
                percent_vi(row.value),
                (at, row.value),
                xytext=(0, 6),
                textcoords="offset points",
                ha="center",
                bbox=_PLATE,
            )
    if spec.target is not None:
        line = axes.axhline(spec.target, color=_INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
        axes.legend([line], [spec.target_label], loc="lower right", bbox_to_anchor=(1, 1), frameon=False, borderpad=0)
    _months(axes, [f"{row.label}\n{row.text}" for row in spec.rows])
    axes.set_ylim(0, 1.12)
    axes.set_yticks([0, 0.5, 1], ["", "", ""])
    axes.grid(axis="y", color=_RULE, linewidth=0.5)
    for share in (0, 0.5, 1):
        axes.annotate(
            percent_vi(share, 0),
            (0, share),
            xycoords=("axes fraction", "data"),
            xytext=(0, 2),
            textcoords="offset points",
            fontsize=7.5,
            color=_SOFT,
        )


def _pairs(axes: Axes, spec: Pairs) -> None:
    top = max(max(pair) for pair in spec.values)
    for side, (name, color) in enumerate(zip(spec.names, (_MAIN, _SECOND), strict=True)):
        heights = [pair[side] for pair in spec.values]
        places = [at + 0.37 * (side - 0.5) for at in range(len(heights))]
        bars = axes.bar(places, heights, width=0.35, color=color, label=name, hatch="////" if side else None)
        axes.bar_label(bars, padding=2)
    _months(axes, list(spec.labels))
    axes.set_ylim(0, top * 1.12)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    axes.set_yticklabels([])
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, borderpad=0, handlelength=1.4)


def _months(axes: Axes, labels: list[str]) -> None:
    axes.set_xticks(range(len(labels)), labels)
    axes.set_xlim(-0.6, len(labels) - 0.4)


_PLATE = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.85}
_DRAW: dict[type, Callable[..., None]] = {Stacked: _stacked, Bars: _bars, Dots: _dots, Line: _line, Pairs: _pairs}
