"""Charts of the five levels: one bar of the whole, and bars that are centred on the neutral level."""

from collections.abc import Iterable

from matplotlib.axes import Axes

from reports.chart_style import (
    INK,
    LEVEL_INK,
    LEVELS,
    LONGEST,
    LONGEST_SMALL,
    SMALL,
    WIDTH,
    beside,
    folded,
    hatched,
    look,
)
from reports.document import Likert, Part, Scale, Stacked
from vietnam.numbers import percent_vi

NEUTRAL = 2
_NARROW, _NARROW_ROW = 0.06, 0.075
_KEYS = (0.0, 0.235, 0.43, 0.605, 0.745)
"""Where the legend's five entries begin."""
_TEXT = 1.15
"""Inches on the right of the longest bar."""


def stacked(axes: Axes, spec: Stacked) -> None:
    """One bar over the whole width, its legend below; the brace of what it comes to between them."""
    left, above = 0.0, -1.0
    for part in spec.parts:
        at, share = part.level, part.share
        text = spec.mark if at is None else percent_vi(share)
        axes.barh(0, share, left=left, height=1, linewidth=0.8, **look(at))
        middle = min(max(left + share / 2, 0.03), 0.97)
        if share >= _NARROW:
            back = {"boxstyle": "square,pad=0.15", "fc": LEVELS[at], "ec": "none"} if hatched(at) else None
            color = INK if at is None else LEVEL_INK[at]
            axes.text(middle, 0, text, ha="center", va="center", color=color, bbox=back)
        elif share:
            # Narrow neighbours would write over each other: each stands to the right of the one before.
            above = max(middle, above + 0.05)
            axes.text(above, 0.58, text, ha="center", va="bottom", fontsize=7.5)
        left += share
    below = _brace(axes, spec) if spec.reach_text else 0.0
    legend(axes, spec.labels, -1.18 - below, 0.42)
    axes.set(xlim=(0, 1), ylim=(-1.6 - below, 1.25))
    axes.axis("off")


def _brace(axes: Axes, spec: Stacked) -> float:
    """A line under the pieces that are spoken of, and where the whole population lies; how much room it takes."""
    left = 1 - spec.reach
    if spec.reach:
        axes.plot([left, left, 1, 1], [-0.62, -0.74, -0.74, -0.62], color=INK, linewidth=0.9)
    if spec.interval is not None:
        low, high = spec.interval
        axes.plot([1 - high, 1 - low], [-0.74, -0.74], color=INK, linewidth=3.2, solid_capstyle="butt")
    axes.text(1, -0.92, spec.reach_text, ha="right", va="top", fontsize=8.5)
    return 0.75


def legend(axes: Axes, labels: Iterable[str], at: float, height: float) -> None:
    """The five levels on one line, in axes that are 1 wide."""
    for level, label in enumerate(labels):
        axes.barh(at, 0.016, left=_KEYS[level], height=height, linewidth=0, **look(level))
        axes.text(_KEYS[level] + 0.024, at, label, ha="left", va="center", fontsize=8)


def likert(axes: Axes, spec: Likert) -> None:
    """A bar a row: what is below the middle of neutral to the left of the line, the rest to the right."""
    before = [_before(row) for row in spec.rows]
    after = [sum(part.share for part in row.parts) - left for row, left in zip(spec.rows, before, strict=True)]
    low, high = max(before), max(after)
    for at, (row, start) in enumerate(zip(spec.rows, before, strict=True)):
        left = -start
        for part in row.parts:
            _piece(axes, part, left, at, spec.mark)
            left += part.share
        axes.text(high + 0.02, at, row.text, va="center")
    axes.axvline(0, color=INK, linewidth=0.9)
    labels, _, size = _names(spec)
    axes.set_yticks(range(len(spec.rows)), labels, fontsize=size)
    axes.set_ylim(len(spec.rows) - 0.4, -0.6)
    wide = axes.get_position().width * WIDTH
    axes.set_xlim(-low - 0.01, high + (low + high) * _TEXT / (wide - _TEXT))
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    _keys(axes, spec)


def _piece(axes: Axes, part: Part, left: float, at: int, mark: str) -> None:
    axes.barh(at, part.share, left=left, height=0.62, linewidth=0.8, **look(part.level))
    if part.share < _NARROW_ROW:
        return
    text = mark if part.level is None else percent_vi(part.share, 0)
    back = None
    if part.level is not None and (hatched(part.level) or part.level == NEUTRAL):
        # The line of the middle runs behind the number.
        back = {"boxstyle": "square,pad=0.1", "fc": LEVELS[part.level], "ec": "none"}
    color = INK if part.level is None else LEVEL_INK[part.level]
    axes.text(left + part.share / 2, at, text, ha="center", va="center", fontsize=7.5, color=color, bbox=back)


def _before(row: Scale) -> float:
    """The share that lies left of the middle of neutral; what is withheld counts as left of it where it comes first."""
    found = 0.0
    for part in row.parts:
        if part.level == NEUTRAL:
            return found + part.share / 2
        if part.level is not None and part.level > NEUTRAL:
            break
        found += part.share
    return found


def _keys(axes: Axes, spec: Likert) -> None:
    """The legend over the whole picture, above the bars."""
    figure = axes.get_figure()
    if figure is None:
        return
    high = tall(spec)
    strip = figure.add_axes((0.01, 1 - 0.26 / high, 0.98, 0.24 / high))
    legend(strip, spec.labels, 0.0, 0.55)
    strip.set(xlim=(0, 1), ylim=(-0.7, 0.7))
    strip.axis("off")


def left(spec: Likert) -> float:
    """The share of the width that the names take."""
    return _names(spec)[1]


def tall(spec: Likert) -> float:
    """Inches."""
    labels, _, size = _names(spec)
    lines = beside(labels, size)[1]
    return 0.36 + (0.30 if lines == 1 else 0.12 + 0.12 * lines) * len(spec.rows)


def _names(spec: Likert) -> tuple[list[str], float, float]:
    """The names on their lines, the share of the width that they take, and their size: whole sentences are smaller."""
    if all(len(row.label) <= LONGEST for row in spec.rows):
        labels = [row.label for row in spec.rows]
        return labels, beside(labels)[0], 8.5
    labels = [folded(row.label, LONGEST_SMALL) for row in spec.rows]
    return labels, beside(labels, SMALL)[0], SMALL
