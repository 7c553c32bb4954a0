"""Weights that make a random sample look like the population in what is known of both. For invited waves only.

Sources: Deming and Stephan (1940), On a least squares adjustment of a sampled frequency table when the expected
marginal totals are known, Annals of Mathematical Statistics 11, 427-444 (raking, also called iterative proportional
fitting); Holt and Smith (1979), Post stratification, JRSS A 142, 33-46; for limits Izrael, Battaglia and Frankel
(2009), Extreme survey weight adjustment as a component of sample balancing (raking), SAS Global Forum 247.
"""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Literal

import msgspec

from surveys.samples import Invited, PopulationTooSmall

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.intp]

TOLERANCE = 1e-6
ITERATIONS = 200
_SAME_TOTAL = 1e-6
_AT_LIMIT = 1e-12


class Margin(msgspec.Struct, frozen=True, kw_only=True):
    """One thing known of the population. `values`: the category of each answer, in one order for all margins.

    `target`: people of the population (or shares of it) by category; the targets of all margins have one total.
    """

    name: str
    values: Sequence[str]
    target: Mapping[str, float]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How far a weight may go from what it was before, as factors of the average change (0 <= low <= 1 <= high)."""

    low: float = 0.2
    high: float = 5.0


NO_LIMITS = Limits(low=0.0, high=float("inf"))


class MarginFault(ValueError):
    """Margins that nothing can be raked to. `code` names the fault, `margin` and `category` where it is.

    "no_answers"; "lengths": margins of different numbers of answers; "bad_target": negative or no number; "no_target":
    a category that was answered but has no target; "no_respondent": people of the population of whom nobody answered;
    "zero_target": somebody answered of whom the population has none, so that one of the two is wrong; "totals": margins
    of different totals; "bad_base": a base weight that is not above 0.
    """

    def __init__(self, code: str, margin: str = "", category: str = "") -> None:
        self.code, self.margin, self.category = code, margin, category
        super().__init__(f"{code}: {margin} {category}".rstrip())


class Worst(msgspec.Struct, frozen=True, kw_only=True):
    """The category that is farthest, by `off` = |reached / target - 1|, from its target."""

    margin: str
    category: str
    target: float
    reached: float
    off: float


class Raked(msgspec.Struct, frozen=True, kw_only=True):
    """A weight for each answer, in their order, adding up to the targets' total; `at_limit` stand at a limit."""

    weights: list[float]
    iterations: int
    worst: Worst
    at_limit: int = 0
    converged: Literal[True] = True


class NotConverged(msgspec.Struct, frozen=True, kw_only=True):
    """No weights: the margins cannot be met together within the limits, or not in so many iterations.

    `reason`: "all_at_limit" where no weight may move any more; "limits" where some stand at theirs; "iterations".
    """

    reason: Literal["all_at_limit", "limits", "iterations"]
    iterations: int
    worst: Worst
    at_limit: int = 0
    converged: Literal[False] = False


def rake(
    sample: Invited,
    margins: Sequence[Margin],
    *,
    base: Sequence[float] | None = None,
    limits: Limits = NO_LIMITS,
    tolerance: float = TOLERANCE,
    iterations: int = ITERATIONS,
) -> Raked | NotConverged:
    """Weights that meet every margin to within `tolerance` (relative), starting from `base` (default: all alike).

    Each round scales the categories of one margin after the other, then weights beyond the limits are set to them, and
    the next round hands what was cut off to the others. Answers alike in every margin are one cell, so the work of a
    round does not grow with the answers. MarginFault says what cannot be raked at all.
    """
    import numpy as np

    codes, names, targets = _coded(sample, margins)
    start = np.ones(len(codes[0])) if base is None else np.asarray(base, dtype=np.float64)
    if len(start) != len(codes[0]) or not (np.isfinite(start).all() and (start > 0).all()):
        raise MarginFault("bad_base")
    shape = tuple(len(one) for one in names)
    flat, cell = np.unique(np.ravel_multi_index(codes, shape), return_inverse=True)
    cells = list(np.unravel_index(flat, shape))
    held = np.bincount(cell, weights=start)
    total = float(targets[0].sum())
    scaled = held * (total / held.sum())
    factors, low, high = np.ones(len(flat)), limits.low, limits.high
    if not 0 <= low <= 1 <= high:
        raise ValueError("limits: 0 <= low <= 1 <= high")
    worst, done = _worst(scaled, cells, targets, margins, names), 0
    while worst.off > tolerance and done < iterations:
        before = factors
        factors = np.clip(_round(factors, scaled, cells, targets), low, high)
        done += 1
        worst = _worst(factors * scaled, cells, targets, margins, names)
        if np.array_equal(before, factors):
            break
    stuck = (factors <= low * (1 + _AT_LIMIT)) | (factors >= high * (1 - _AT_LIMIT))
    at_limit = int(np.bincount(cell)[stuck].sum()) if low < high else len(start)
    if worst.off > tolerance:
        reason: Literal["all_at_limit", "limits", "iterations"] = "limits" if at_limit else "iterations"
        return NotConverged(
            reason="all_at_limit" if at_limit == len(start) else reason,
            iterations=done,
            worst=worst,
            at_limit=at_limit,
        )
    weights = (start * (factors * (total / held.sum()))[cell]).tolist()
    return Raked(weights=weights, iterations=done, worst=worst, at_limit=at_limit)


def poststratify(
    sample: Invited, values: Sequence[str], target: Mapping[str, float], *, limits: Limits = NO_LIMITS
) -> Raked | NotConverged:
    """Weights for one margin: population of a category over its answers. Source: Holt and Smith (1979)."""
    return rake(sample, [Margin(name="", values=values, target=target)], limits=limits, tolerance=1e-12)


def _coded(sample: Invited, margins: Sequence[Margin]) -> tuple[list["Codes"], list[list[str]], list["Floats"]]:
    """Categories as numbers, their names, and their targets."""
    import numpy as np

    if not margins or not margins[0].values:
        raise MarginFault("no_answers")
    n = len(margins[0].values)
    came = sum(stratum.answered for stratum in sample.strata)
    if n > came:
        raise PopulationTooSmall(f"{n} answers to weigh, and {came} came")
    codes, names, targets = [], [], []
    for margin in margins:
        if len(margin.values) != n:
            raise MarginFault("lengths", margin.name)
        seen = set(margin.values)
        _check(margin, seen)
        kept = [category for category in margin.target if category in seen]
        place = {category: at for at, category in enumerate(kept)}
        codes.append(np.fromiter(map(place.__getitem__, margin.values), dtype=np.intp, count=n))
        names.append(kept)
        targets.append(np.array([margin.target[category] for category in kept], dtype=np.float64))
    first = float(targets[0].sum())
    for margin, target in zip(margins, targets, strict=True):
        if abs(float(target.sum()) - first) > _SAME_TOTAL * first:
            raise MarginFault("totals", margin.name)
    return codes, names, targets


def _check(margin: Margin, seen: set[str]) -> None:
    for category, target in margin.target.items():
        if not isfinite(target) or target < 0:
            raise MarginFault("bad_target", margin.name, category)
        if target and category not in seen:
            raise MarginFault("no_respondent", margin.name, category)
    for category in sorted(seen):
        if category not in margin.target:
            raise MarginFault("no_target", margin.name, category)
        if not margin.target[category]:
            raise MarginFault("zero_target", margin.name, category)


def _round(factors: "Floats", scaled: "Floats", cells: list["Codes"], targets: list["Floats"]) -> "Floats":
    """One pass over all margins."""
    import numpy as np

    for of, target in zip(cells, targets, strict=True):
        sums = np.bincount(of, weights=factors * scaled, minlength=len(target))
        # A category whose weights have all become 0 (a low limit of 0) cannot be scaled back up.
        factors = factors * np.divide(target, sums, out=np.ones_like(target), where=sums > 0)[of]
    return factors


def _worst(
    weights: "Floats",
    cells: list["Codes"],
    targets: list["Floats"],
    margins: Sequence[Margin],
    names: list[list[str]],
) -> Worst:
    import numpy as np

    found = []
    for margin, of, target, categories in zip(margins, cells, targets, names, strict=True):
        sums = np.bincount(of, weights=weights, minlength=len(target))
        off = np.abs(sums / target - 1)
        at = int(off.argmax())
        found.append(
            Worst(
                margin=margin.name,
                category=categories[at],
                target=float(target[at]),
                reached=float(sums[at]),
                off=float(off[at]),
            )
        )
    return max(found, key=lambda one: one.off)
