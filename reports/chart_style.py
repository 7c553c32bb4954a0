"""The one style of all charts: few colours that the colour-blind tell apart and that stay apart in grey."""

from functools import cache
from textwrap import wrap
from typing import Any, TypeGuard

import matplotlib as mpl

from reports.lettering import one_line

mpl.use("Agg")

WIDTH = 6.5
"""Inches: the text width of the page."""
INK, SOFT, RULE = "#222222", "#595959", "#d9d9d9"
MAIN, SECOND = "#1f5a93", "#e0a458"
# Orange to blue: safe for the colour-blind, and in grey the two ends are told apart by the hatch.
LEVELS = ("#b35806", "#f1a340", "#e6e6e6", "#92b9dc", "#1f5a93")
LEVEL_INK = ("white", INK, INK, INK, "white")
HEAT = ("#f4f4f4", "#c5d9ec", "#92b9dc", "#4f8ac0", "#123c66")
"""From no case to most: each step is darker, so that grey says the same."""
PLATE = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.85}
LONGEST, MOST_LINES = 33, 3
"""Signs in a line beside a bar, and lines."""
SMALL, LONGEST_SMALL = 7.5, 40
"""Points, and signs in a line, of names that are whole sentences."""
_HATCHED = 2
# The face that is always there comes first: it has every Vietnamese letter.
_FACES = ("DejaVu Sans", "Noto Sans Khmer", "Khmer OS", "Noto Sans")


@cache
def style() -> Any:  # noqa: ANN401 - matplotlib's own settings
    """Settings of matplotlib for every chart."""
    from matplotlib import font_manager

    here = {entry.name for entry in font_manager.fontManager.ttflist}
    return {
        "font.family": [face for face in _FACES if face in here or face == _FACES[0]],
        "font.size": 8.5,
        "text.color": INK,
        "text.parse_math": False,  # what people typed is never a formula
        "axes.edgecolor": RULE,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "xtick.color": SOFT,
        "ytick.color": INK,
        "xtick.labelcolor": INK,
        "ytick.left": False,
        "xtick.bottom": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "nghedan",  # the same figures make the same bytes
        "hatch.linewidth": 0.6,
        "hatch.color": "white",
    }


def folded(label: str, longest: int = LONGEST) -> str:
    """A name on as many lines as it needs, the last of too many with an ellipsis."""
    lines = wrap(one_line(label), longest)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1][: longest - 1].rstrip(' ,;')}…"]
    return "\n".join(lines)


def beside(labels: list[str], size: float = 8.5) -> tuple[float, int]:
    """Of the names beside the bars: the share of the width that they take, and the lines of the longest."""
    lines = [line for label in labels for line in label.split("\n")]
    sign = 0.0118 * size / 8.5
    return min(0.44, 0.03 + sign * max(map(len, lines), default=0)), max(label.count("\n") + 1 for label in labels)


def hatched(level: int | None) -> TypeGuard[int]:
    """Whether a level is drawn with lines across."""
    return level is not None and level < _HATCHED


def look(level: int | None) -> dict[str, Any]:
    """How a level is filled; None is an empty frame: nothing is said here."""
    if level is None:
        return {"color": "white", "edgecolor": SOFT, "linestyle": (0, (2, 2))}
    return {"color": LEVELS[level], "hatch": "////" if hatched(level) else None, "edgecolor": "white"}
