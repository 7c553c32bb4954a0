"""Weights: what they meet, how far they may go, and what is said where they cannot."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ipfn.ipfn import ipfn

from surveys.estimates import kish_effect
from surveys.samples import Invited, Open, PopulationTooSmall, Stratum, invited
from surveys.waves import WaveKind
from surveys.weights import Limits, Margin, MarginFault, NotConverged, Raked, poststratify, rake


def sample(answered: int) -> Invited:
    return invited(WaveKind.INVITED, [Stratum(size=10**6, invited=answered, answered=answered)])


def margins(table: list[list[int]], rows: list[float], columns: list[float]) -> list[Margin]:
    """A margin for the rows and one for the columns of a table of answers."""
    said = [(i, j) for i, line in enumerate(table) for j, n in enumerate(line) for _ in range(n)]
    return [
        Margin(name="row", values=[f"r{i}" for i, _ in said], target={f"r{i}": n for i, n in enumerate(rows)}),
        Margin(name="column", values=[f"c{j}" for _, j in said], target={f"c{j}": n for j, n in enumerate(columns)}),
    ]


def summed(raked: Raked, margin: Margin) -> dict[str, float]:
    found = dict.fromkeys(margin.target, 0.0)
    for value, weight in zip(margin.values, raked.weights, strict=True):
        found[value] += weight
    return found


def test_a_table_of_two_by_two_by_hand() -> None:
    # Raking leaves the odds ratio as it was (Deming and Stephan 1940): with a for the upper left cell,
    # a (5 + a) / ((5 - a) (10 - a)) = 7 * 7 / (9 * 12), so 59 a² + 1275 a - 2450 = 0
    both = margins([[7, 9], [12, 7]], [5, 15], [10, 10])
    raked = rake(sample(35), both, tolerance=1e-12)

    assert isinstance(raked, Raked)
    corner = sum(
        w for w, r, c in zip(raked.weights, both[0].values, both[1].values, strict=True) if (r, c) == ("r0", "c0")
    )
    assert corner == pytest.approx((-1275 + math.sqrt(1275**2 + 4 * 59 * 2450)) / (2 * 59))


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # ipfn's own
@pytest.mark.parametrize("base", [None, [1 + at % 3 for at in range(65)]])
def test_as_ipfn(base: list[float] | None) -> None:
    # The example of ipfn's own documentation, and base weights that are not alike
    table = [[8, 4, 6, 7], [3, 6, 5, 2], [9, 11, 3, 1]]
    rows, columns = margins(table, [20, 18, 22], [18, 16, 12, 14])
    raked = rake(sample(65), [rows, columns], base=base, tolerance=1e-12)

    said = {name: list(margin.values) for name, margin in (("row", rows), ("column", columns))}
    frame = pd.DataFrame({**said, "at": range(65), "total": np.array(base or [1] * 65, dtype=float)})
    wanted = [pd.Series(dict(margin.target)) for margin in (rows, columns)]
    other = ipfn(frame, wanted, [["row"], ["column"]], convergence_rate=1e-12, rate_tolerance=0).iteration()

    assert isinstance(raked, Raked)
    assert raked.weights == pytest.approx(other.sort_values("at")["total"].tolist(), rel=1e-9)


SEEDS = st.lists(st.lists(st.integers(1, 9), min_size=3, max_size=3), min_size=2, max_size=4)
SHARES = st.lists(st.integers(1, 20), min_size=4, max_size=4)


@given(SEEDS, SHARES, SHARES)
def test_raked_weights_meet_every_margin(table: list[list[int]], rows: list[int], columns: list[int]) -> None:
    total = 1000.0
    some, others = rows[: len(table)], columns[:3]
    both = margins(table, [total * n / sum(some) for n in some], [total * n / sum(others) for n in others])
    raked = rake(sample(sum(map(sum, table))), both, iterations=2000)

    assert isinstance(raked, Raked)
    assert sum(raked.weights) == pytest.approx(total)
    for margin in both:
        assert summed(raked, margin) == pytest.approx(dict(margin.target), rel=1e-5)


@given(SEEDS, SHARES)
def test_limits_hold_or_it_is_said_that_they_cannot(table: list[list[int]], rows: list[int]) -> None:
    n, some = sum(map(sum, table)), rows[: len(table)]
    both = margins(table, [n * share / sum(some) for share in some], [n / 3] * 3)
    raked = rake(sample(n), both, limits=Limits(low=0.5, high=2.0))

    if isinstance(raked, Raked):
        assert min(raked.weights) >= 0.5 * (1 - 1e-9)
        assert max(raked.weights) <= 2.0 * (1 + 1e-9)
        for margin in both:
            assert summed(raked, margin) == pytest.approx(dict(margin.target), rel=1e-5)
    else:
        assert raked.worst.off > 1e-6
        assert raked.reason in {"limits", "all_at_limit", "iterations"}


def test_all_weights_at_the_limit_is_no_result() -> None:
    # Given 9 men and 1 woman for a population of halves: a woman would count 5 times, and may count twice
    raked = rake(
        sample(10),
        [Margin(name="sex", values=["m"] * 9 + ["w"], target={"m": 5, "w": 5})],
        limits=Limits(low=0.9, high=2.0),
    )

    assert isinstance(raked, NotConverged)
    assert (raked.reason, raked.at_limit) == ("all_at_limit", 10)
    assert (raked.worst.margin, raked.worst.category, raked.worst.target) == ("sex", "m", 5)
    assert raked.worst.reached == pytest.approx(9 * 0.9)


def test_some_weights_at_the_limit() -> None:
    raked = rake(
        sample(10),
        [Margin(name="sex", values=["m"] * 9 + ["w"], target={"m": 5, "w": 5})],
        limits=Limits(low=0.1, high=2.0),
    )

    assert isinstance(raked, NotConverged)
    assert (raked.reason, raked.at_limit) == ("limits", 1)


def test_margins_that_contradict_each_other_do_not_converge() -> None:
    # Given that all women are old and all men young, but as many women as men and more old than young people
    raked = rake(
        sample(4),
        [
            Margin(name="sex", values=["m", "m", "w", "w"], target={"m": 50, "w": 50}),
            Margin(name="age", values=["young", "young", "old", "old"], target={"young": 40, "old": 60}),
        ],
        iterations=50,
    )

    assert isinstance(raked, NotConverged)
    assert raked.reason == "iterations"
    assert raked.worst.margin == "sex"
    assert raked.worst.off == pytest.approx(0.2)


def test_one_margin_is_post_stratification() -> None:
    raked = poststratify(sample(5), ["A", "A", "A", "B", "B"], {"A": 60, "B": 100})

    assert isinstance(raked, Raked)
    assert raked.weights == pytest.approx([20, 20, 20, 50, 50])
    assert kish_effect(raked.weights) == pytest.approx(5 * (3 * 400 + 2 * 2500) / 160**2)


@pytest.mark.parametrize(
    ("code", "values", "target"),
    [
        ("no_answers", [], {"m": 1}),
        ("no_respondent", ["m"], {"m": 1, "w": 1}),
        ("no_target", ["m", "w"], {"m": 1}),
        ("zero_target", ["m", "w"], {"m": 1, "w": 0}),
        ("bad_target", ["m"], {"m": -1}),
        ("bad_target", ["m"], {"m": math.nan}),
    ],
)
def test_margins_that_nothing_can_be_raked_to(code: str, values: list[str], target: dict[str, float]) -> None:
    with pytest.raises(MarginFault) as fault:
        rake(sample(5), [Margin(name="sex", values=values, target=target)])

    assert fault.value.code == code


def test_a_category_of_nobody_is_no_fault_where_nobody_answered() -> None:
    raked = rake(sample(2), [Margin(name="sex", values=["m", "m"], target={"m": 7, "w": 0})])

    assert isinstance(raked, Raked)
    assert raked.weights == [3.5, 3.5]


def test_margins_that_do_not_belong_together() -> None:
    one = Margin(name="sex", values=["m"], target={"m": 10})

    with pytest.raises(MarginFault, match="lengths: age"):
        rake(sample(2), [one, Margin(name="age", values=["y", "y"], target={"y": 10})])
    with pytest.raises(MarginFault, match="totals: age"):
        rake(sample(2), [one, Margin(name="age", values=["y"], target={"y": 11})])
    for base in ([0.0], [-1.0], [math.inf], [1.0, 1.0]):
        with pytest.raises(MarginFault, match="bad_base"):
            rake(sample(2), [one], base=base)
    with pytest.raises(ValueError, match="limits"):
        rake(sample(2), [one], limits=Limits(low=2, high=3))
    with pytest.raises(PopulationTooSmall):
        rake(sample(0), [one])


def test_an_open_wave_has_no_weights() -> None:
    """The `ignore` is the proof: mypy fails on one that it does not need."""
    with pytest.raises(AttributeError):
        rake(Open(answered=1), [Margin(name="", values=["m"], target={"m": 1})])  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        poststratify(Open(answered=1), ["m"], {"m": 1})  # type: ignore[arg-type]
