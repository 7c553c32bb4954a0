"""Quantiles and tails of the few distributions that the estimates and checks need, without a library."""

from functools import lru_cache
from math import exp, inf, lgamma, log, sqrt
from statistics import NormalDist

_STEPS = 500
_EXACT = 1e-15
_TINY = 1e-300


def normal_quantile(probability: float) -> float:
    """Below which a standard normal variable lies with this probability."""
    return NormalDist().inv_cdf(probability)


@lru_cache(maxsize=256)  # a report asks again and again for the same few degrees of freedom
def t_quantile(probability: float, degrees: float) -> float:
    """Below which Student's t with so many degrees of freedom (more than 0) lies with this probability (0.5 to 1)."""
    if not 0.5 <= probability < 1 or degrees <= 0:
        raise ValueError("t needs degrees of freedom above 0 and a probability from 0.5 to 1")
    if degrees == inf:
        return normal_quantile(probability)
    low, high = 0.0, 1.0
    while _t_below(high, degrees) < probability:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if _t_below(middle, degrees) < probability else (low, middle)
    return (low + high) / 2


def _t_below(t: float, degrees: float) -> float:
    """P(T <= t) for t >= 0. Source: Abramowitz and Stegun (1964), 26.7.1 by 26.5.27."""
    return 1 - incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function I_x(a, b), 0..1.

    Source: NIST Digital Library of Mathematical Functions 8.17.22, the continued fraction, by Lentz's method.
    """
    if not 0 < x < 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):  # there it converges slowly, and the other tail fast
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    fraction, c, d = 1.0, 1.0, 0.0
    for step in range(_STEPS):
        m = step // 2
        if step == 0:
            term = 1.0
        elif step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _not_zero(1 + term * d)
        c = _not_zero(1 + term / c)
        fraction *= c * d
        if abs(c * d - 1) < _EXACT:
            break
    return front * (fraction - 1)


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def log_choose(n: int, k: int) -> float:
    """The logarithm of "n choose k"; -inf where there is no way."""
    if not 0 <= k <= n:
        return -inf
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def root(value: float) -> float:
    """A square root that takes what rounding made a little less than nothing for nothing."""
    return sqrt(max(value, 0.0))


def score_interval(share: float, n: float, level: float) -> tuple[float, float]:
    """Wilson's interval of a share of `n` (effective) answers; for surveys.estimates, which knows whose they are.

    Source: Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.
    """
    if n == inf:
        return share, share
    z = normal_quantile((1 + level) / 2)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * root(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and 1 the bound is exact, and rounding would leave it a hair beside.
    return (0.0 if share == 0 else centre - reach), (1.0 if share == 1 else centre + reach)
