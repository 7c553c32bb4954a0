"""Estimates from a sample drawn in parts (thôn by thôn), with the parts' own sizes.

Source: Cochran (1977), Sampling Techniques, chapter 5 (5.1, 5.6, 5.12); the same as svymean and svytotal of R's survey
package (Lumley 2004, Analysis of complex survey samples, Journal of Statistical Software 9(8)) with strata and fpc.
"""

from collections.abc import Sequence
from math import inf, sqrt
from typing import Literal

import msgspec

from surveys.distributions import score_interval, t_quantile
from surveys.estimates import INDEX, LEVEL, LEVELS, Estimate, design_effect
from surveys.samples import Invited, InvitedCounts, Stratum
from surveys.statistics import Formula

Missing = Literal["", "no_answer", "one_answer"]


class Stratified(msgspec.Struct, frozen=True, kw_only=True):
    """A mean and the total of the frame. Where something cannot be estimated it is None and `missing` says why.

    "no_answer": nobody of the strata in `which` (their ids) answered, so nothing is known of them, and of the whole.
    "one_answer": only one of many did, so the mean stands but how sure it is cannot be told (R's survey package stops
    there: options(survey.lonely.psu = "fail")). `collapsed` joins such strata to others.
    """

    n: int
    mean: float | None = None
    total: float | None = None
    se: float | None = None
    total_se: float | None = None
    low: float | None = None
    high: float | None = None
    missing: Missing = ""
    which: tuple[int, ...] = ()


def stratified(sample: Invited, values: Sequence[Sequence[float]], *, level: float = LEVEL) -> Stratified:
    """Mean and total with their standard errors; `values` are the answers of each stratum, in the sample's order.

    W = N_h/N; mean Σ W y_h, variance Σ W² (1 - n_h/N_h) s_h²/n_h. The interval is that of the mean, by Student's t
    with n less the number of strata degrees of freedom. A stratum of which everybody answered adds no error, even
    where that is one person. ValueError where the values are not those of the strata.
    """
    _fits(sample, values)
    n = sum(len(answers) for answers in values)
    parts = [(s, answers) for s, answers in zip(sample.strata, values, strict=True) if s.size]
    empty = tuple(s.id for s, answers in parts if not answers)
    if empty or not parts:
        return Stratified(n=n, missing="no_answer", which=empty)
    size = sample.size
    total = sum(s.size * _mean(answers) for s, answers in parts)
    lonely = tuple(s.id for s, answers in parts if len(answers) == 1 and s.size > 1)
    if lonely:
        return Stratified(n=n, mean=total / size, total=total, missing="one_answer", which=lonely)
    total_se = sqrt(sum(s.size**2 * _error(s, answers) for s, answers in parts))
    se = total_se / size
    reach = t_quantile((1 + level) / 2, n - len(parts)) * se if se else 0.0
    mean = total / size
    return Stratified(n=n, mean=mean, total=total, se=se, total_se=total_se, low=mean - reach, high=mean + reach)


def collapsed(sample: Invited, values: Sequence[Sequence[float]]) -> tuple[Invited, list[list[float]]]:
    """The same with strata of fewer than two answers joined to the smallest neighbour, until none is left or one is.

    Joined strata are taken for one, which overstates the error where they differ (Cochran 1977, section 5A.12). They
    carry the id of the larger one. Neighbours are those beside them in the sample's order.
    """
    _fits(sample, values)
    strata, answers = list(sample.strata), [list(one) for one in values]
    while len(strata) > 1:
        short = next((at for at, one in enumerate(answers) if len(one) < min(2, strata[at].size)), None)
        if short is None:
            break
        beside = [at for at in (short - 1, short + 1) if 0 <= at < len(strata)]
        other = min(beside, key=lambda at: (strata[at].size, at))
        first, second = sorted((short, other))
        strata[first : second + 1] = [_joined(strata[first], strata[second])]
        answers[first : second + 1] = [answers[first] + answers[second]]
    return Invited(strata=tuple(strata)), answers


def weighted(parts: Sequence[InvitedCounts], formula: Formula = "top2", *, level: float = LEVEL) -> Estimate | None:
    """The satisfaction (0..1) of the whole from those of its parts (one tally for each stratum), by the parts' sizes.

    None where it cannot be estimated: a part without an answer, or with one of many. The mean index has the interval
    of `stratified`; top-2 has Wilson's, at the n that a plain sample of the same variance would have (Korn and
    Graubard 1998, Confidence intervals for proportions with small expected number of positive counts, Survey
    Methodology 24, 193-201); where all say the same, and the variance is 0, at n over Kish's design effect.
    """
    worth = INDEX if formula == "mean" else {key: float(key in {"4", "5"}) for key in LEVELS}
    values = [[value for key, value in worth.items() for _ in range(int(part.tally.get(key, 0)))] for part in parts]
    whole = Invited(strata=tuple(stratum for part in parts for stratum in part.sample.strata))
    found = stratified(whole, values, level=level)
    if found.mean is None or found.se is None or found.low is None or found.high is None:
        return None
    share = min(max(found.mean, 0.0), 1.0)
    effective = found.n / design_effect(whole)
    if formula == "mean":
        low, high = max(found.low, 0.0), min(found.high, 1.0)
        return Estimate(value=share, low=low, high=high, n=found.n, effective_n=effective, se=found.se)
    if found.se:
        effective = share * (1 - share) / found.se**2
    elif found.n == whole.size:
        effective = inf
    low, high = score_interval(share, effective, level)
    told = None if effective == inf else effective
    return Estimate(value=share, low=low, high=high, n=found.n, effective_n=told, se=found.se)


def _joined(a: Stratum, b: Stratum) -> Stratum:
    return Stratum(
        id=(a if a.size >= b.size else b).id,
        size=a.size + b.size,
        invited=a.invited + b.invited,
        answered=a.answered + b.answered,
    )


def _fits(sample: Invited, values: Sequence[Sequence[float]]) -> None:
    if len(values) != len(sample.strata):
        raise ValueError(f"answers of {len(values)} strata, and the sample has {len(sample.strata)}")
    for stratum, answers in zip(sample.strata, values, strict=True):
        # A question may be skipped; nobody answers it twice.
        if len(answers) > stratum.answered:
            raise ValueError(f"stratum {stratum.id}: {len(answers)} values of {stratum.answered} answers")


def _mean(answers: Sequence[float]) -> float:
    return sum(answers) / len(answers)


def _error(stratum: Stratum, answers: Sequence[float]) -> float:
    """The variance of a stratum's mean."""
    n = len(answers)
    if n == 1:
        return 0.0
    average = _mean(answers)
    spread = sum((value - average) ** 2 for value in answers) / (n - 1)
    return (1 - n / stratum.size) * spread / n
