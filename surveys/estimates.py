"""What a random sample says of the whole frame, and how surely. Every one of these asks for an invited wave.

Sources, cited by name below:
Cochran (1977), Sampling Techniques, 3rd edition, Wiley.
Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.
Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
873-890. Welch (1947), The generalization of Student's problem, Biometrika 34, 28-35.
Kish (1965), Survey Sampling, Wiley; Kish (1992), Weighting for unequal Pi, Journal of Official Statistics 8, 183-200.
AAPOR, Standard Definitions, 10th edition (2023).
"""

from collections.abc import Collection, Mapping, Sequence
from math import inf, sqrt
from typing import Literal

import msgspec

from surveys.distributions import root, score_interval, t_quantile
from surveys.samples import Invited, InvitedCounts, PopulationTooSmall
from surveys.statistics import Formula

LEVEL = 0.95
LEVELS: Mapping[str, float] = {str(level): float(level) for level in range(1, 6)}
"""The values of a likert5 tally that count."""
INDEX: Mapping[str, float] = {level: (value - 1) / 4 for level, value in LEVELS.items()}
"""The same put on 0..1: their mean is the mean index."""
NPS: Mapping[str, float] = {str(v): 100.0 if v > 8 else -100.0 if v < 7 else 0.0 for v in range(11)}
"""What an answer of 0 to 10 adds to the net promoter score."""

Statement = Literal["rose", "fell", "no_clear_change"]


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A value with its interval.

    `n`: answers it rests on; `effective_n`: the answers of a plain sample as sure as it, None where everybody answered
    and nothing is unsure. `se` is its standard error, None where the interval is not made from one. `low` and `high`
    are None where one answer alone (`n` = 1) says nothing of how much answers differ.
    """

    value: float
    low: float | None
    high: float | None
    n: int
    effective_n: float | None
    se: float | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """The later value less the earlier one, and what may be said of it."""

    difference: float
    low: float
    high: float
    statement: Statement


def response_rate(sample: Invited) -> float | None:
    """Answers of all who were drawn, 0..1, None where nobody was.

    Source: AAPOR, RR1: who could not be reached, or was not asked in the end, stays in the denominator.
    """
    return sample.answered / sample.invited if sample.invited else None


def proportion(
    counts: InvitedCounts,
    picked: Collection[str] = ("4", "5"),
    of: Collection[str] = tuple(LEVELS),
    *,
    effect: float = 1.0,
    level: float = LEVEL,
) -> Estimate | None:
    """The share of the `picked` among the answers `of` these kinds (default: top-2), 0..1; None without an answer.

    Wilson's interval (1927), without correction for continuity, at the effective n: the answers divided by the design
    `effect`, then n (N - 1) / (N - n), for the variance of a share in a sample without replacement is
    PQ/n (N - n)/(N - 1) (Cochran 1977, section 3.2). Where all of N answered, the share is known and the interval is
    a point. N is the frame; a question that was put to a part of it has a smaller one, so that the interval errs on
    the wide side. PopulationTooSmall where more answered than the frame has rows.
    """
    n = _count(counts, of)
    if not n:
        return None
    share = _count(counts, picked) / n
    effective = _effective(n, counts.sample, effect)
    low, high = score_interval(share, effective, level)
    return Estimate(value=share, low=low, high=high, n=n, effective_n=_or_none(effective))


def mean(
    counts: InvitedCounts, values: Mapping[str, float] = LEVELS, *, effect: float = 1.0, level: float = LEVEL
) -> Estimate | None:
    """The mean of the answers, each standing for its value; None without an answer.

    Variance (1 - n/N) s²/n (Cochran 1977, 2.20) times the design `effect`, and Student's t with n - 1 degrees of
    freedom. With `INDEX` for values the mean index. One answer of a larger frame has no interval.
    """
    n = _count(counts, values)
    if not n:
        return None
    average, spread = _moments(counts, values, n)
    effective = _or_none(_effective(n, counts.sample, effect))
    if n == 1 and counts.sample.size > 1:
        return Estimate(value=average, low=None, high=None, n=n, effective_n=effective)
    se = root((1 - n / counts.sample.size) * spread / n * effect)
    reach = t_quantile((1 + level) / 2, n - 1) * se if se else 0.0
    return Estimate(value=average, low=average - reach, high=average + reach, n=n, effective_n=effective, se=se)


def nps(counts: InvitedCounts, *, effect: float = 1.0, level: float = LEVEL) -> Estimate | None:
    """The net promoter score, -100..100, with its interval; None without an answer.

    It is the mean of +100 (9, 10), 0 (7, 8) and -100 (0 to 6), so its variance is 100² (p + d - (p - d)²) / n with p
    and d the shares of both ends (variances and covariance of a multinomial; A. Engelhardt, Net Promoter Score
    confidence intervals, 2016), here with n - 1 and the finite population correction as for any mean. Clipped to the
    scale.
    """
    found = mean(counts, NPS, effect=effect, level=level)
    if found is None or found.low is None or found.high is None:
        return found
    return msgspec.structs.replace(found, low=max(found.low, -100.0), high=min(found.high, 100.0))


def kish_effect(weights: Mapping[float, float] | Sequence[float]) -> float:
    """The design effect of unequal weights, 1 + cv² = n Σw² / (Σw)²; 1 without any.

    `weights` is one for each answer, or answers by their weight. Source: Kish (1992), formula 2.3; (1965), 11.7.
    """
    pairs = weights.items() if isinstance(weights, Mapping) else [(weight, 1.0) for weight in weights]
    n, total, squares = 0.0, 0.0, 0.0
    for weight, times in pairs:
        n, total, squares = n + times, total + weight * times, squares + weight * weight * times
    return n * squares / (total * total) if total else 1.0


def design_effect(sample: Invited) -> float:
    """Kish's effect of the parts answering at unequal rates: each answer of a part stands for size/answered people."""
    weights: dict[float, float] = {}
    for stratum in sample.strata:
        if stratum.answered:
            weight = stratum.size / stratum.answered
            weights[weight] = weights.get(weight, 0) + stratum.answered
    return kish_effect(weights)


def change(
    before: InvitedCounts, after: InvitedCounts, formula: Formula = "top2", *, level: float = LEVEL
) -> Change | None:
    """How the satisfaction (0..1) differs between two waves drawn apart; None where one has too few answers to say.

    top-2: Newcombe (1998), method 10, from Wilson's intervals with their finite population corrections; mean index:
    the standard errors together, Student's t with Welch's degrees of freedom (1947). A statement of change needs an
    interval that leaves out 0.
    """
    if formula == "top2":
        return change_of_shares(before, after, level=level)
    return change_of_means(before, after, level=level)


def change_of_shares(
    before: InvitedCounts,
    after: InvitedCounts,
    picked: Collection[str] = ("4", "5"),
    of: Collection[str] = tuple(LEVELS),
    *,
    level: float = LEVEL,
) -> Change | None:
    """How the share of the `picked` among the answers `of` these kinds differs (0..1); see `change`."""
    one, two = proportion(after, picked, of, level=level), proportion(before, picked, of, level=level)
    if one is None or two is None or None in {one.low, one.high, two.low, two.high}:
        return None
    difference = one.value - two.value
    low = difference - sqrt((one.value - (one.low or 0.0)) ** 2 + ((two.high or 0.0) - two.value) ** 2)
    high = difference + sqrt(((one.high or 0.0) - one.value) ** 2 + (two.value - (two.low or 0.0)) ** 2)
    return _stated(difference, max(low, -1.0), min(high, 1.0))


def change_of_means(
    before: InvitedCounts, after: InvitedCounts, values: Mapping[str, float] = INDEX, *, level: float = LEVEL
) -> Change | None:
    """How the mean differs, each answer standing for its value; of the values `NPS` the score. See `change`."""
    one, two = mean(after, values, level=level), mean(before, values, level=level)
    if one is None or two is None or one.se is None or two.se is None:
        return None
    difference = one.value - two.value
    variance = one.se**2 + two.se**2
    if not variance:
        return _stated(difference, difference, difference)
    # A wave that everybody answered has no error, and then no say in the degrees of freedom.
    parts = sum(se**4 / (n - 1) for se, n in ((one.se, one.n), (two.se, two.n)) if se)
    reach = t_quantile((1 + level) / 2, variance**2 / parts) * sqrt(variance)
    return _stated(difference, difference - reach, difference + reach)


def _stated(difference: float, low: float, high: float) -> Change:
    said: Statement = "rose" if low > 0 else "fell" if high < 0 else "no_clear_change"
    return Change(difference=difference, low=low, high=high, statement=said)


def _count(counts: InvitedCounts, kinds: Collection[str]) -> int:
    return int(sum(counts.tally.get(kind, 0) for kind in kinds))


def _moments(counts: InvitedCounts, values: Mapping[str, float], n: int) -> tuple[float, float]:
    """Mean and variance (by n - 1; 0 of one answer)."""
    average = sum(value * counts.tally.get(kind, 0) for kind, value in values.items()) / n
    squares = sum((value - average) ** 2 * counts.tally.get(kind, 0) for kind, value in values.items())
    return average, squares / (n - 1) if n > 1 else 0.0


def _effective(n: int, sample: Invited, effect: float) -> float:
    if n > sample.size:
        raise PopulationTooSmall(f"{n} answers of a frame of {sample.size}")
    if effect < 1:
        raise ValueError("a design effect below 1 would make a sample surer than it is")
    return inf if n == sample.size else n / effect * (sample.size - 1) / (sample.size - n)


def _or_none(effective: float) -> float | None:
    # Infinity is no number to print, nor one that JSON knows.
    return None if effective == inf else effective
