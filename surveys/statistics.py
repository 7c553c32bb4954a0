"""What the counts mean: satisfaction, its factors, and which cells are too small to be shown.

Two formulas are in use for satisfaction, and a report prints which it took, never both mixed: the share of the two
upper levels (top-2), and the mean put on 0..1. "Không có ý kiến" (0), "Không áp dụng" (9) and skipped answers
are in no denominator.
"""

from collections.abc import Mapping
from typing import Literal, TypeVar

from surveys.definition import Kind, Question, Survey

MINIMUM = 5
"""Fewer answers than this are never shown."""

Formula = Literal["top2", "mean"]
Cell = TypeVar("Cell")

_LEVELS = ("1", "2", "3", "4", "5")
_PROMOTERS = ("9", "10")
_DETRACTORS = ("0", "1", "2", "3", "4", "5", "6")


def valid(counts: Mapping[str, float]) -> int:
    """How many likert5 answers are on the scale, 1 to 5."""
    return int(sum(counts.get(level, 0) for level in _LEVELS))


def top2_share(counts: Mapping[str, float]) -> float | None:
    """The share (0..1) of 4 and 5 among the valid answers; None without any."""
    n = valid(counts)
    return (counts.get("4", 0) + counts.get("5", 0)) / n if n else None


def mean(counts: Mapping[str, float]) -> float | None:
    """The mean (1..5) of the valid answers; None without any."""
    n = valid(counts)
    return sum(int(level) * counts.get(level, 0) for level in _LEVELS) / n if n else None


def mean_index(counts: Mapping[str, float]) -> float | None:
    """The mean put on 0..1: (mean - 1) / 4."""
    average = mean(counts)
    return None if average is None else (average - 1) / 4


def satisfaction(counts: Mapping[str, float], formula: Formula = "top2") -> float | None:
    """The satisfaction of one likert5 question by the formula chosen, 0..1; None without valid answers."""
    return top2_share(counts) if formula == "top2" else mean_index(counts)


def nps(counts: Mapping[str, float]) -> float | None:
    """Promoters (9, 10) less detractors (0 to 6), in percent of all: -100..100. None without answers."""
    n = sum(counts.get(str(value), 0) for value in range(11))
    if not n:
        return None
    return 100 * (sum(counts.get(v, 0) for v in _PROMOTERS) - sum(counts.get(v, 0) for v in _DETRACTORS)) / n


def mean_ranks(question: Question, counts: Mapping[str, float], n: int) -> list[tuple[str, str, float]]:
    """Id, text and mean place (1 is the first) of every choice of a rank, best first, of the n who ranked; [] for none.

    No counts of places stand beside the means: where two choices are ranked they would be the same thing twice.
    """
    places = range(1, len(question.choices) + 1)
    found = [
        (choice.id, choice.text, sum(at * counts.get(f"{choice.id}#{at}", 0) for at in places) / n)
        for choice in question.choices
        if n
    ]
    return sorted(found, key=lambda one: one[2])


def factor_satisfaction(
    survey: Survey, factor: str, tallies: Mapping[str, Mapping[str, float]], formula: Formula = "top2"
) -> float | None:
    """The mean over the questions of a factor, each counting once; questions nobody answered are left out."""
    shares = [
        share
        for question in survey.questions
        if question.kind is Kind.LIKERT5 and question.factor == factor and factor
        if (share := satisfaction(tallies.get(question.id, {}), formula)) is not None
    ]
    return sum(shares) / len(shares) if shares else None


def overall_satisfaction(
    survey: Survey, tallies: Mapping[str, Mapping[str, float]], formula: Formula = "top2"
) -> float | None:
    """The satisfaction of the question marked `overall`; None where there is none, or no valid answer."""
    for question in survey.questions:
        if question.overall:
            return satisfaction(tallies.get(question.id, {}), formula)
    return None


def hidden(n: float, minimum: int = MINIMUM) -> bool:
    """Whether figures from n answers are withheld, looked at alone."""
    return n < minimum


def suppressed(cells: Mapping[Cell, float], minimum: int = MINIMUM) -> set[Cell]:
    """The cells of a partition that are withheld when its total is shown.

    Cells under the minimum, and then the smallest of the others until the hidden ones together reach the minimum:
    the total less the shown cells tells what the hidden ones are together. Of cells alike the first in order goes.
    """
    gone = {cell for cell, n in cells.items() if hidden(n, minimum)}
    left = sorted((cell for cell in cells if cell not in gone), key=lambda cell: cells[cell])
    while left and 0 < sum(cells[cell] for cell in gone) < minimum:
        gone.add(left.pop(0))
    return gone
