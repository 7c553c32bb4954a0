"""Charts over time that need a grid: small lines side by side, and a calendar of counts."""

from bisect import bisect_left
from datetime import timedelta

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Rectangle

from reports.chart_style import HEAT, INK, MAIN, RULE, SOFT, folded
from reports.document import Calendar, Panels
from vietnam.numbers import percent_vi

COLUMNS = 3
PANEL = 1.35
"""Inches of one small line, its title included."""
_WRITTEN = 20
"""So many weeks have room for the number of each day."""
_WEEK = 7
_NAME = 3
"""Weeks that the name of a month takes."""


def panels(axes: Axes, spec: Panels) -> None:
    """Every panel with its title, first and last value written."""
    axes.axis("off")
    figure = axes.get_figure()
    if figure is None:
        return
    lines = -(-len(spec.panels) // COLUMNS)
    for at, panel in enumerate(spec.panels):
        row, column = divmod(at, COLUMNS)
        left, bottom = 0.055 + column * 0.325, 1 - (row + 1) / lines
        small = figure.add_axes((left, bottom + 0.17 / lines, 0.28, 0.58 / lines))
        values = [one.value if one.value is not None else float("nan") for one in panel.rows]
        small.plot(range(len(values)), values, "-o", color=MAIN, linewidth=1.5, markersize=3.5)
        known = [place for place, one in enumerate(panel.rows) if one.value is not None]
        for place in {known[0], known[-1]} if known else ():
            small.annotate(
                percent_vi(values[place]),
                (place, values[place]),
                xytext=(0, 5),
                textcoords="offset points",
                ha="center",
                fontsize=7.5,
            )
        small.set_title(folded(panel.title), fontsize=8.5, loc="left", pad=8, color=INK)
        ends = (0, len(values) - 1)
        small.set_xticks(ends, [panel.rows[end].label for end in ends], fontsize=7, color=SOFT)
        names = small.get_xticklabels()
        names[0].set_horizontalalignment("left")
        names[-1].set_horizontalalignment("right")
        small.set_xlim(-0.7, len(values) - 0.3)
        small.set_ylim(0, 1.18)
        small.set_yticks([0, 0.5, 1], ["0%", "", "100%"] if not column else ["", "", ""], fontsize=6.5, color=SOFT)
        small.grid(axis="y", color=RULE, linewidth=0.5)


def panels_tall(spec: Panels) -> float:
    """Inches."""
    return PANEL * -(-len(spec.panels) // COLUMNS)


def calendar(axes: Axes, spec: Calendar) -> None:
    """A square a day; its number in it where there is room, and a scale below."""
    lead = spec.first.weekday()
    weeks = _weeks(spec)
    steps = _steps(max(spec.counts))
    for at, count in enumerate(spec.counts):
        column, row = divmod(lead + at, _WEEK)
        shade = bisect_left(steps, count)
        axes.add_patch(
            Rectangle((column + 0.04, row + 0.04), 0.92, 0.92, facecolor=HEAT[shade], edgecolor=RULE, lw=0.4)
        )
        if weeks <= _WRITTEN and count:
            ink = "white" if shade >= len(HEAT) - 2 else INK
            axes.text(column + 0.5, row + 0.52, str(count), ha="center", va="center", fontsize=7.5, color=ink)
    _month_names(axes, spec, lead)
    axes.set_yticks([row + 0.5 for row in range(_WEEK)], spec.weekdays, fontsize=7.5)
    axes.set(xlim=(0, max(weeks, _WRITTEN)), ylim=(_WEEK, 0), xticks=[])
    axes.spines["bottom"].set_visible(False)
    _scale(axes.get_figure(), spec, steps)


def calendar_tall(spec: Calendar) -> float:
    """Inches: squares in a short period, flat days in a year."""
    return 2.15 if _weeks(spec) <= _WRITTEN else 1.75


def _weeks(spec: Calendar) -> int:
    return -(-(spec.first.weekday() + len(spec.counts)) // _WEEK)


def _steps(top: int) -> list[int]:
    """The highest count of each shade, "none" first."""
    shades = len(HEAT) - 1
    if top <= shades:
        return list(range(top + 1))
    return [0, *(-(-top * step // shades) for step in range(1, shades + 1))]


def _month_names(axes: Axes, spec: Calendar, lead: int) -> None:
    month, begins = 0, list[int]()
    for at in range(len(spec.counts)):
        day = spec.first + timedelta(days=at)
        if day.month != month:
            month = day.month
            column, row = divmod(lead + at, _WEEK)
            # A month that begins amid a week is named over its first whole one.
            begins.append(column + (1 if row else 0))
            if at:
                _edge(axes, column, row)
    for place, (name, column) in enumerate(zip(spec.months, begins, strict=False)):
        after = begins[place + 1] if place + 1 < len(begins) else _weeks(spec)
        # The few days of a month that a period begins with have no room for its name.
        if after - column >= _NAME or place:
            axes.text(column, -0.25, name, ha="left", va="bottom", fontsize=8)


def _edge(axes: Axes, column: int, row: int) -> None:
    """A line before the first day of a month."""
    down = (
        [(column + 1, 0), (column + 1, row), (column, row), (column, _WEEK)] if row else [(column, 0), (column, _WEEK)]
    )
    axes.plot([x for x, _ in down], [y for _, y in down], color=SOFT, linewidth=0.8, clip_on=False)


def _scale(figure: Figure | SubFigure | None, spec: Calendar, steps: list[int]) -> None:
    if figure is None:
        return
    tall = calendar_tall(spec)
    strip = figure.add_axes((0.06, 0.02, 0.92, 0.2 / tall))
    strip.text(0, 0.5, spec.legend, ha="left", va="center", fontsize=8)
    left = 0.02 + 0.0125 * len(spec.legend)
    low = 0
    for shade, high in enumerate(steps):
        strip.add_patch(Rectangle((left, 0.1), 0.02, 0.8, facecolor=HEAT[shade], edgecolor=RULE, lw=0.4))
        strip.text(left + 0.026, 0.5, str(high) if low >= high else f"{low}-{high}", va="center", fontsize=7.5)
        left += 0.09
        low = high + 1
    strip.set(xlim=(0, 1), ylim=(0, 1))
    strip.axis("off")
