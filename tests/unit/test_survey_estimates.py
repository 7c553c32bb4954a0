"""Estimates against published numbers. A frame of ten thousand million people stands for one without an end."""

import csv
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.distributions import incomplete_beta, t_quantile
from surveys.estimates import (
    INDEX,
    LEVELS,
    change,
    change_of_means,
    design_effect,
    kish_effect,
    mean,
    nps,
    proportion,
    response_rate,
)
from surveys.reliability import cronbach_alpha
from surveys.samples import Invited, InvitedCounts, Open, OpenCounts, PopulationTooSmall, Stratum, counted, invited
from surveys.strata import Stratified, collapsed, stratified, weighted
from surveys.waves import WaveKind

API_STRAT = Path(__file__).parents[2].parent / "shared" / "data" / "api_strat.csv"
ENDLESS = 10**10


def sample(size: int, answered: int) -> Invited:
    return invited(WaveKind.INVITED, [Stratum(size=size, invited=size, answered=answered)])


def satisfied(count: int, of: int, size: int = ENDLESS) -> InvitedCounts:
    return counted(sample(size, of), {"4": count, "2": of - count})


# --- shares -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (36, 154, 0.17390, 0.30659),  # without correction for continuity; with it 0.17105 to 0.31006
        # Newcombe (1998), Two-sided confidence intervals for the single proportion, Statistics in Medicine 17,
        # 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval(count: int, of: int, low: float, high: float) -> None:
    found = proportion(satisfied(count, of))

    assert found is not None
    assert (found.value, found.n) == (count / of, of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5.1e-5)


def test_everybody_answered_is_no_guess() -> None:
    found = proportion(satisfied(30, 40, size=40))

    assert found is not None
    assert (found.low, found.value, found.high) == (0.75, 0.75, 0.75)
    assert found.effective_n is None


@given(count=st.integers(0, 50), of=st.integers(1, 50), more=st.integers(1, 1000))
def test_a_smaller_frame_and_a_smaller_effect_are_surer(count: int, of: int, more: int) -> None:
    count = min(count, of)
    small, large = proportion(satisfied(count, of, of + more)), proportion(satisfied(count, of, of + 2 * more))
    worse = proportion(satisfied(count, of, of + more), effect=1.5)

    assert small is not None
    assert large is not None
    assert worse is not None
    assert 0 <= large.low <= small.low <= small.value <= small.high <= large.high <= 1  # type: ignore[operator]  # None fails the test
    assert worse.high - worse.low >= small.high - small.low  # type: ignore[operator]  # None fails the test


def test_fewer_people_than_answers_is_refused() -> None:
    with pytest.raises(PopulationTooSmall, match="3 answers of 2 invited of 10"):
        Stratum(size=10, invited=2, answered=3)
    with pytest.raises(PopulationTooSmall, match="11 invited of 10"):
        Stratum(size=10, invited=11, answered=3)
    # ... and a tally that does not belong to the sample
    with pytest.raises(PopulationTooSmall, match="9 answers of a frame of 8"):
        proportion(InvitedCounts(sample=sample(8, 8), tally={"5": 9}))
    with pytest.raises(ValueError, match="negative"):
        Stratum(size=-1, invited=-1, answered=-1)


def test_nobody_answered() -> None:
    nobody = counted(sample(10, 0), {})

    assert proportion(nobody) is None
    assert mean(nobody) is None
    assert nps(nobody) is None
    assert change(nobody, satisfied(3, 5)) is None
    assert response_rate(nobody.sample) == 0
    assert response_rate(invited(WaveKind.INVITED, [])) is None


def test_the_rate_of_answers_keeps_who_was_not_reached() -> None:
    two = [Stratum(size=500, invited=60, answered=30), Stratum(size=100, invited=40, answered=10)]

    assert response_rate(invited(WaveKind.INVITED, two)) == 0.4


# --- means ------------------------------------------------------------------------------------------------------------


def test_students_t() -> None:
    # Fisher and Yates, Statistical Tables, table III, and statpsych's ci.mean.fpc(.05, 24.5, 3.65, 40, 300), which
    # gives an error of 0.5381631 and the bounds 23.41146 and 25.58854
    assert t_quantile(0.975, 10) == pytest.approx(2.228, abs=5e-4)
    assert t_quantile(0.975, 1) == pytest.approx(12.706, abs=5e-4)
    assert 24.5 + t_quantile(0.975, 39) * 0.5381631 == pytest.approx(25.58854, abs=5e-6)
    assert t_quantile(0.975, inf) == pytest.approx(1.959964, abs=5e-7)
    assert incomplete_beta(0.3, 2, 3) == pytest.approx(0.3483)  # 1 - 0.7^4 - 4 0.3 0.7^3, by hand


def test_a_mean_with_its_interval() -> None:
    # Given 2, 4, 4, 4, 5 of a frame of 20: mean 3.8, variance 1.2, error sqrt(0.75 * 1.2 / 5)
    found = mean(counted(sample(20, 5), {"2": 1, "4": 3, "5": 1, "0": 4, "-": 1}))

    assert found is not None
    assert (found.value, found.n) == (3.8, 5)
    assert found.se == pytest.approx((0.75 * 1.2 / 5) ** 0.5)
    assert found.high == pytest.approx(3.8 + 2.776445 * (0.75 * 1.2 / 5) ** 0.5)  # t of 4 degrees of freedom


def test_one_answer_has_a_mean_and_no_interval() -> None:
    one = mean(counted(sample(20, 1), {"4": 1}), INDEX)
    only = mean(counted(sample(1, 1), {"4": 1}), INDEX)

    assert one is not None
    assert only is not None
    assert (one.value, one.low, one.high, one.se) == (0.75, None, None, None)
    assert (only.low, only.high) == (0.75, 0.75)


def test_nps_and_its_variance() -> None:
    # W. Huber, "How can I calculate margin of error in a NPS result?" (Cross Validated 18603): half promoters, a third
    # passives, a sixth detractors make 1/3 with a variance of 5/9 for one person
    thirty_six = counted(sample(ENDLESS, 36), {"10": 10, "9": 8, "8": 7, "7": 5, "6": 4, "0": 2})
    found = nps(thirty_six)

    assert found is not None
    assert found.se is not None
    assert found.value == pytest.approx(100 / 3)
    assert (found.se / 100) ** 2 * 35 == pytest.approx(5 / 9)


def test_nps_stays_on_its_scale() -> None:
    found = nps(counted(sample(1000, 3), {"10": 2, "9": 0, "0": 1}))

    assert found is not None
    assert (found.low, found.high) == (-100, 100)


# --- samples in parts -------------------------------------------------------------------------------------------------


def schools(column: str) -> tuple[Invited, list[list[float]]]:
    if not API_STRAT.exists():
        pytest.skip("the shared data are not beside this checkout")
    with API_STRAT.open(newline="") as file:
        rows = list(csv.DictReader(file))
    strata, values = [], []
    for kind in "EHM":
        of = [row for row in rows if row["stype"] == kind]
        strata.append(Stratum(size=int(of[0]["fpc"]), invited=len(of), answered=len(of)))
        values.append([float(row[column]) for row in of])
    return invited(WaveKind.INVITED, strata), values


def test_rs_survey_package_the_mean() -> None:
    # svymean(~api00, svydesign(id=~1, strata=~stype, weights=~pw, data=apistrat, fpc=~fpc)): 662.29, SE 9.4089
    found = stratified(*schools("api00"))

    assert found.mean == pytest.approx(662.287, abs=5e-4)
    assert found.se == pytest.approx(9.40894, abs=5e-6)
    assert found.n == 200


def test_rs_survey_package_the_total() -> None:
    # svytotal(~enroll, ...) of the same design: 3,687,178, SE 114,642
    found = stratified(*schools("enroll"))

    assert found.total == pytest.approx(3_687_177.5, abs=0.1)
    assert found.total_se == pytest.approx(114_642, abs=0.5)


def parts(*of: tuple[int, list[float]]) -> tuple[Invited, list[list[float]]]:
    strata = [
        Stratum(id=id, size=size, invited=size, answered=len(values)) for id, (size, values) in enumerate(of, start=1)
    ]
    return invited(WaveKind.INVITED, strata), [values for _, values in of]


def test_a_stratum_with_one_answer_has_no_variance() -> None:
    found = stratified(*parts((10, [1.0, 2.0]), (30, [3.0])))

    assert found == Stratified(n=3, mean=(10 * 1.5 + 30 * 3) / 40, total=105.0, missing="one_answer", which=(2,))


def test_a_stratum_without_an_answer_leaves_the_whole_unknown() -> None:
    assert stratified(*parts((10, [1.0, 2.0]), (30, []))) == Stratified(n=2, missing="no_answer", which=(2,))
    assert stratified(*parts()) == Stratified(n=0, missing="no_answer")


def test_an_empty_village_and_a_village_of_one_are_no_trouble() -> None:
    found = stratified(*parts((10, [1.0, 2.0]), (1, [5.0]), (0, [])))

    assert found.mean == pytest.approx((15 + 5) / 11)
    assert found.se is not None


def test_lonely_strata_are_joined_to_the_smaller_neighbour() -> None:
    joined, values = collapsed(*parts((50, [1.0, 2.0]), (30, [3.0]), (20, [4.0, 5.0]), (5, [])))

    assert [(stratum.id, stratum.size, stratum.answered) for stratum in joined.strata] == [(1, 50, 2), (2, 55, 3)]
    assert values == [[1.0, 2.0], [3.0, 4.0, 5.0]]
    assert stratified(joined, values).missing == ""


def test_values_that_are_not_those_of_the_strata_are_refused() -> None:
    whole, values = parts((10, [1.0, 2.0]))

    with pytest.raises(ValueError, match="2 strata"):
        stratified(whole, [*values, []])
    with pytest.raises(ValueError, match="3 values of 2 answers"):
        stratified(whole, [[1.0, 2.0, 3.0]])


def test_villages_count_by_their_size() -> None:
    small = counted(sample(100, 20), {"5": 10, "1": 10})
    large = counted(sample(300, 20), {"5": 20})
    found = weighted([small, large])

    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert found.value == pytest.approx((100 * 0.5 + 300) / 400)
    assert found.low < found.value < found.high
    mean_index = weighted([small, large], "mean")
    assert mean_index is not None
    assert mean_index.value == pytest.approx(0.875)
    assert weighted([small, counted(sample(300, 0), {})]) is None


# --- design -----------------------------------------------------------------------------------------------------------


def test_kishs_effect() -> None:
    # 1 + cv²: weights 1 and 3 in equal number have mean 2 and standard deviation 1
    assert kish_effect([1, 3, 1, 3]) == 1.25
    assert kish_effect({1.0: 2, 3.0: 2}) == 1.25
    assert kish_effect([2, 2, 2]) == 1
    assert kish_effect([]) == 1


def test_villages_that_answered_alike_cost_nothing() -> None:
    alike = [Stratum(size=100, invited=20, answered=10), Stratum(size=50, invited=10, answered=5)]
    apart = [Stratum(size=100, invited=20, answered=10), Stratum(size=300, invited=20, answered=10)]

    assert design_effect(invited(WaveKind.INVITED, alike)) == pytest.approx(1)
    assert design_effect(invited(WaveKind.INVITED, apart)) == pytest.approx(1.25)


# --- change -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "before", "low", "high"),
    [
        # Newcombe (1998), Interval estimation for the difference between independent proportions, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_newcombes_interval_of_a_difference(
    after: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    found = change(satisfied(*before), satisfied(*after))

    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=5.1e-5)
    assert found.statement == ("rose" if low > 0 else "no_clear_change")


@given(st.integers(0, 40), st.integers(0, 40), st.integers(41, 200), st.sampled_from(["top2", "mean"]))
def test_looked_at_backwards_a_rise_is_a_fall(one: int, two: int, size: int, formula: str) -> None:
    up = change(satisfied(one, 40, size), satisfied(two, 40, size), formula)  # type: ignore[arg-type]  # wrong on purpose
    down = change(satisfied(two, 40, size), satisfied(one, 40, size), formula)  # type: ignore[arg-type]  # wrong on purpose

    assert up is not None
    assert down is not None
    assert (up.low, up.high) == pytest.approx((-down.high, -down.low))
    assert (up.statement == "rose") is (down.statement == "fell")


def test_welchs_interval_of_a_difference_of_means() -> None:
    # R: t.test(extra ~ group, data = sleep): df 17.776, -3.3654832 to 0.2054832
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    values = {str(value): value for value in {*first, *second}}

    def tally(said: list[float]) -> InvitedCounts:
        return counted(sample(ENDLESS, len(said)), {str(value): said.count(value) for value in said})

    found = change_of_means(tally(second), tally(first), values)

    assert found is not None
    assert (found.low, found.high) == pytest.approx((-3.3654832, 0.2054832), abs=1e-6)
    assert found.statement == "no_clear_change"


def test_two_whole_populations_differ_for_sure() -> None:
    found = change(satisfied(20, 40, size=40), satisfied(21, 40, size=40))
    by_mean = change(satisfied(20, 40, size=40), satisfied(21, 40, size=40), "mean")

    assert found is not None
    assert by_mean is not None
    assert (found.statement, by_mean.statement) == ("rose", "rose")


# --- one thing? -------------------------------------------------------------------------------------------------------

# Chatterjee and Price (1977), Regression Analysis by Example, p. 70; in R as `attitude`: thirty departments, shares of
# favourable answers to seven questions
ATTITUDE = """43 51 30 39 61 92 45,63 64 51 54 63 73 47,71 70 68 69 76 86 48,61 63 45 47 54 84 35,81 78 56 66 71 83 47
43 55 49 44 54 49 34,58 67 42 56 66 68 35,71 75 50 55 70 66 41,72 82 72 67 71 83 31,67 61 45 47 62 80 41
64 53 53 58 58 67 34,67 60 47 39 59 74 41,69 62 57 42 55 63 25,68 83 83 45 59 77 35,77 77 54 72 79 77 46
81 90 50 72 60 54 36,74 85 64 69 79 79 63,65 60 65 75 55 80 60,65 70 46 57 75 85 46,50 58 68 54 64 78 52
50 40 33 34 43 64 33,64 61 52 62 66 80 41,53 66 52 50 63 80 37,40 37 42 58 50 57 49,63 54 42 48 66 75 33
66 77 66 63 88 76 72,78 75 58 74 80 78 49,48 57 44 45 51 83 38,85 85 71 71 77 74 55,82 82 39 59 64 78 39"""


def test_cronbachs_alpha() -> None:
    # R: psych::alpha(attitude) prints raw_alpha 0.84
    rows = [[float(value) for value in row.split()] for row in ATTITUDE.replace("\n", ",").split(",")]

    assert len(rows) == 30
    assert cronbach_alpha(rows) == pytest.approx(0.84, abs=5e-3)
    assert cronbach_alpha([*rows, [None, *rows[0][1:]]]) == cronbach_alpha(rows)


def test_alpha_of_too_little_is_none() -> None:
    assert cronbach_alpha([]) is None
    assert cronbach_alpha([[1, 2]]) is None
    assert cronbach_alpha([[1], [2]]) is None
    assert cronbach_alpha([[1, 5], [5, 1]]) is None  # every sum alike
    assert cronbach_alpha([[1, 1], [2, 2], [5, 5]]) == pytest.approx(1)
    with pytest.raises(ValueError, match="same questions"):
        cronbach_alpha([[1, 2], [1, 2, 3]])


# --- an open wave -----------------------------------------------------------------------------------------------------


def test_an_open_wave_cannot_be_asked_how_sure_it_is() -> None:
    """Each `ignore` is a proof: mypy fails on one that it does not need (warn_unused_ignores)."""
    whoever = Open(answered=40)
    said = counted(whoever, {"4": 30, "2": 10})
    kind: WaveKind = next(iter(WaveKind))

    assert isinstance(said, OpenCounts)
    for ask in (
        lambda: response_rate(whoever),  # type: ignore[arg-type]  # wrong on purpose
        lambda: design_effect(whoever),  # type: ignore[arg-type]  # wrong on purpose
        lambda: proportion(said),  # type: ignore[arg-type]  # wrong on purpose
        lambda: mean(said, LEVELS),  # type: ignore[arg-type]  # wrong on purpose
        lambda: nps(said),  # type: ignore[arg-type]  # wrong on purpose
        lambda: change(said, said),  # type: ignore[arg-type]  # wrong on purpose
        lambda: stratified(whoever, [[1.0]]),  # type: ignore[arg-type]  # wrong on purpose
        lambda: weighted([said]),  # type: ignore[list-item]  # wrong on purpose
    ):
        with pytest.raises(AttributeError):
            ask()
    with pytest.raises(TypeError, match="random sample"):
        invited(WaveKind.OPEN, [])  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError, match="random sample"):
        invited(kind, [])  # type: ignore[arg-type]  # wrong on purpose
