"""What a random sample says of its frame, from the answers one by one.

That is needed where several questions make one figure, or where the parts of the frame answered at different rates
and each is to count by its size. A factor is the mean of its questions, so its error depends on how each person
answered all of them: a ratio estimate linearised by Taylor's series, as Särndal, Swensson and Wretman (1992), Model
Assisted Survey Sampling, Springer, 5.5-5.7, have it and R's package survey does it (Lumley 2004). Change from two
intervals: Zou and Donner (2008), Construction of confidence limits about effect measures: a general approach,
Statistics in Medicine 27, 1693-1702; for shares that is Newcombe's (1998) method 10.
"""

from collections.abc import Sequence
from math import fsum, inf, sqrt

import msgspec

from surveys.distributions import score_interval, t_quantile
from surveys.estimates import INDEX, LEVEL, Change, Estimate, kish_effect, mean, proportion
from surveys.samples import Invited, Stratum, counted
from surveys.statistics import Formula

_FEWEST = 5
"""Answers that a part has to have in every question to count by its size; smaller ones join a neighbour."""

Row = Sequence[int | None]
"""One response: its answer to each question of the figure, 1 to 5; None where it does not count."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A stratum with its responses. Everybody who answered has a row, also one that is None throughout."""

    stratum: Stratum
    rows: Sequence[Row]


def of_rows(parts: Sequence[Part], formula: Formula, *, level: float = LEVEL) -> Estimate | None:
    """The satisfaction (0..1) of the whole frame in the mean of the questions, with its interval; None without answers.

    One part: every answer counts alike, as in the figures of a wave. Several: each counts by its size. `n` are persons
    who answered any of the questions. Bounds are None where all say the same and more were not asked, by the mean
    index: nothing tells then how far the others differ. Sums are exact, whatever the order of the rows.
    """
    groups = _grouped([part for part in parts if part.stratum.size])
    if not groups or not all(_answers(groups, at) for at in range(_width(groups))) or not _width(groups):
        return None
    if len(groups) == 1 and _width(groups) == 1:
        return _plain(groups[0], formula, level)
    size = sum(group.stratum.size for group in groups)
    spreads, shares = [], []
    for group in groups:
        weight = group.stratum.size / size
        value, variance = _group(group, formula)
        shares.append(weight * value)
        spreads.append(weight * weight * variance)
    share, variance = min(max(fsum(shares), 0.0), 1.0), fsum(spreads)
    n = sum(_persons(group) for group in groups)
    return _bounded(groups, share, variance, n, formula, level)


def change_between(before: Estimate, after: Estimate) -> Change | None:
    """How the later value differs, and what may be said of it; None where one of them has no interval."""
    if before.low is None or before.high is None or after.low is None or after.high is None:
        return None
    difference = after.value - before.value
    low = difference - sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    high = difference + sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    return Change(
        difference=difference,
        low=low,
        high=high,
        statement="rose" if low > 0 else "fell" if high < 0 else "no_clear_change",
    )


def _plain(part: Part, formula: Formula, level: float) -> Estimate | None:
    tally: dict[str, float] = {}
    for row in part.rows:
        if row[0] is not None:
            tally[str(row[0])] = tally.get(str(row[0]), 0) + 1
    of = counted(Invited(strata=(part.stratum,)), tally)
    if formula == "top2":
        return proportion(of, level=level)
    found = mean(of, INDEX, level=level)
    if found is None or found.low is None or found.high is None:
        return found
    if not found.se and found.n < part.stratum.size:
        return msgspec.structs.replace(found, low=None, high=None)
    return msgspec.structs.replace(found, low=max(found.low, 0.0), high=min(found.high, 1.0))


def _bounded(
    groups: Sequence[Part], share: float, variance: float, n: int, formula: Formula, level: float
) -> Estimate | None:
    everybody = all(_persons(group) == group.stratum.size for group in groups)
    if everybody:
        return Estimate(value=share, low=share, high=share, n=n, effective_n=None, se=0.0)
    se = sqrt(variance)
    if formula == "mean":
        if not se:
            return Estimate(value=share, low=None, high=None, n=n, effective_n=None)
        reach = t_quantile((1 + level) / 2, max(n - len(groups), 1)) * se
        return Estimate(
            value=share, low=max(share - reach, 0.0), high=min(share + reach, 1.0), n=n, effective_n=None, se=se
        )
    # Where all say the same, the answers are as sure as so many of a plain sample.
    effective = share * (1 - share) / variance if variance and 0 < share < 1 else n / _effect(groups)
    low, high = score_interval(share, effective, level)
    return Estimate(value=share, low=low, high=high, n=n, effective_n=None if effective == inf else effective, se=se)


def _effect(groups: Sequence[Part]) -> float:
    return kish_effect([group.stratum.size / _persons(group) for group in groups for _ in range(_persons(group))])


def _group(group: Part, formula: Formula) -> tuple[float, float]:
    """The mean of its questions, and the variance of that."""
    width = len(group.rows[0])
    worth = [[_worth(answer, formula) for answer in row] for row in group.rows]
    counts = [sum(1 for row in worth if row[at] is not None) for at in range(width)]
    means = [fsum(row[at] or 0.0 for row in worth) / counts[at] for at in range(width)]
    n, size = _persons(group), group.stratum.size
    if n == size:
        return fsum(means) / width, 0.0
    errors = [
        fsum((value - means[at]) / counts[at] for at, value in enumerate(row) if value is not None) / width
        for row in worth
    ]
    spread = fsum(error * error for error in errors)
    return fsum(means) / width, (1 - n / size) * n / (n - 1) * spread if n > 1 else 0.0


def _worth(answer: int | None, formula: Formula) -> float | None:
    if answer is None:
        return None
    return INDEX[str(answer)] if formula == "mean" else float(answer > 3)


def _grouped(parts: Sequence[Part]) -> list[Part]:
    """Parts with too few answers joined to the smaller neighbour, until none is left or all are one."""
    groups = list(parts)
    while len(groups) > 1:
        short = next((at for at, group in enumerate(groups) if _short(group)), None)
        if short is None:
            break
        beside = [at for at in (short - 1, short + 1) if 0 <= at < len(groups)]
        other = min(beside, key=lambda at: (groups[at].stratum.size, at))
        first, second = sorted((short, other))
        groups[first : second + 1] = [_joined(groups[first], groups[second])]
    return groups


def _short(group: Part) -> bool:
    if not group.rows:
        return True
    return any(_answers([group], at) < min(_FEWEST, group.stratum.size) for at in range(len(group.rows[0])))


def _joined(a: Part, b: Part) -> Part:
    stratum = Stratum(
        id=(a if a.stratum.size >= b.stratum.size else b).stratum.id,
        size=a.stratum.size + b.stratum.size,
        invited=a.stratum.invited + b.stratum.invited,
        answered=a.stratum.answered + b.stratum.answered,
    )
    return Part(stratum=stratum, rows=(*a.rows, *b.rows))


def _persons(group: Part) -> int:
    return sum(1 for row in group.rows if any(answer is not None for answer in row))


def _answers(groups: Sequence[Part], at: int) -> int:
    return sum(1 for group in groups for row in group.rows if row[at] is not None)


def _width(groups: Sequence[Part]) -> int:
    return next((len(row) for group in groups for row in group.rows), 0)
