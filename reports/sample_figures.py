"""What an invited wave says of its whole frame: N, response rate, 95 % intervals, weights. An open wave has none of it.

Bounds and weighted values are rounded to what is printed, a tenth of a percent: with every digit they would be
equations over the villages that stand behind them.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec

from reports.source import SampleRow, SampleRows
from surveys.estimates import Estimate
from surveys.estimates_rows import Part, change_between, of_rows
from surveys.samples import Stratum
from surveys.statistics import MINIMUM, Formula

MOST_OF_IT = 0.9
"""Of a wave's answers so many have to lie in the days of the report, or the early ones would speak for the late."""
_PRINTED = Decimal("0.001")

Why = Literal["", "few", "waves", "running", "split", "frame", "numbers"]
"""Why there is no interval: fewer than five answers; several waves together; not over by the end of the days; too many
of its answers on other days; nothing known of its frame; more answers than invitations."""
Unweighted = Literal["", "one", "blank", "elsewhere", "few", "hidden"]
"""Why each answer counts alike: the list has one part only; answers without a village; villages named that were not
invited so often; a part of the list with fewer than five answers; a village that is withheld in the report."""


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """What the sample says of the whole list, 0..1; the bounds are None where nothing tells how far answers differ."""

    value: float
    low: float | None = None
    high: float | None = None


class ChangeFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The overall index less that of the period before, with bounds; what may be said of it."""

    difference: float
    low: float
    high: float
    statement: Literal["rose", "fell", "no_clear_change"]


class SampleFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Names on the list (N), invited and answered, `rate` answered / invited (AAPOR RR1), 0..1.

    `weighted`: each village counts by its names on the list; else `unweighted` says why not. `why`: no interval, and
    then `size`, `invited` are 0 and `rate` None where they are not known.
    """

    size: int = 0
    invited: int = 0
    answered: int = 0
    rate: float | None = None
    weighted: bool = False
    why: Why = ""
    unweighted: Unweighted = ""


class Sampling:
    """The sample of one version in some days. `hidden`: a village of these days is withheld in the report."""

    def __init__(self, found: SampleRows | None, formula: Formula, *, hidden: bool = False) -> None:
        self._formula = formula
        self._found = found or SampleRows(waves=0)
        self._why = _why(self._found)
        self._unweighted: Unweighted = _unweighted(self._found) or ("hidden" if hidden else "")

    @property
    def sure(self) -> bool:
        """Whether anything may be said of the whole list."""
        return not self._why

    @property
    def weighted(self) -> bool:
        """Whether each village can count by its size."""
        return self.sure and not self._unweighted

    def figures(self) -> SampleFigures | None:
        """Its numbers; None where nobody was invited."""
        if not self._found.waves:
            return None
        known = self._why not in {"few", "waves", "frame", "numbers"}
        drawn = sum(one.invited for one in self._found.strata)
        answered = len(self._found.rows)
        return SampleFigures(
            size=sum(one.size for one in self._found.strata) if known else 0,
            invited=drawn if known else 0,
            answered=answered if known else 0,
            rate=answered / drawn if known and drawn and self.sure else None,
            weighted=self.weighted,
            why=self._why,
            unweighted=self._unweighted if self.sure else "",
        )

    def estimate(self, questions: Sequence[str], *, weighted: bool | None = None) -> Estimate | None:
        """What the mean of these questions is in the whole list; None where that cannot be said."""
        if not self.sure or not questions:
            return None
        by_size = self.weighted if weighted is None else weighted and self.weighted
        return of_rows(self._parts(questions, by_size=by_size), self._formula)

    def interval(self, questions: Sequence[str]) -> Interval | None:
        """The same, as it is printed."""
        found = self.estimate(questions)
        if found is None:
            return None
        return Interval(value=_round(found.value), low=_rounded(found.low), high=_rounded(found.high))

    def _parts(self, questions: Sequence[str], *, by_size: bool) -> list[Part]:
        strata = self._found.strata
        if not by_size:
            whole = Stratum(
                size=sum(one.size for one in strata),
                invited=sum(one.invited for one in strata),
                answered=len(self._found.rows),
            )
            return [Part(stratum=whole, rows=_levels(self._found.rows, questions))]
        parts = []
        for one in strata:
            here = [row for row in self._found.rows if row.village == one.id]
            stratum = msgspec.structs.replace(one, answered=len(here))
            parts.append(Part(stratum=stratum, rows=_levels(here, questions)))
        return parts


def change(before: Sampling, after: Sampling, question: str) -> ChangeFigures | None:
    """How the index of a question differs between two waves; None where either says nothing of its whole list."""
    # The same way in both: weights that only one of them has would be a difference of their own.
    weighted = before.weighted and after.weighted
    one, two = before.estimate([question], weighted=weighted), after.estimate([question], weighted=weighted)
    if one is None or two is None:
        return None
    found = change_between(one, two)
    if found is None:
        return None
    return ChangeFigures(
        difference=_round(found.difference),
        low=_round(found.low),
        high=_round(found.high),
        statement=found.statement,
    )


def _why(found: SampleRows) -> Why:
    if found.waves != 1:
        return "waves"
    drawn, answered = sum(one.invited for one in found.strata), len(found.rows)
    checks: tuple[tuple[bool, Why], ...] = (
        (answered < MINIMUM, "few"),
        (not found.strata, "frame"),
        (answered > drawn, "numbers"),
        (not found.over, "running"),
        (answered < MOST_OF_IT * (answered + found.elsewhere), "split"),
    )
    return next((why for bad, why in checks if bad), "")


def _unweighted(found: SampleRows) -> Unweighted:
    strata = {one.id: one for one in found.strata if one.size}
    if len(strata) < 2:
        return "one"
    if any(row.village is None for row in found.rows):
        return "blank"
    came = {id: sum(1 for row in found.rows if row.village == id) for id in strata}
    if sum(came.values()) != len(found.rows) or any(n > strata[id].invited for id, n in came.items()):
        return "elsewhere"
    return "few" if any(n < MINIMUM for n in came.values()) else ""


def _levels(rows: Iterable[SampleRow], questions: Sequence[str]) -> list[tuple[int | None, ...]]:
    return [tuple(row.levels.get(id) for id in questions) for row in rows]


def _round(value: float) -> float:
    """As it is printed, halves away from zero; never -0.0."""
    return float(Decimal(str(value)).quantize(_PRINTED, ROUND_HALF_UP)) + 0.0


def _rounded(value: float | None) -> float | None:
    return None if value is None else _round(value)
