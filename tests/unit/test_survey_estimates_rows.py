"""Figures of a random sample from its answers one by one: factors, weights, change, and intervals that cover."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.estimates import INDEX, Estimate, change_of_shares, mean, proportion
from surveys.estimates_rows import Part, change_between, of_rows
from surveys.samples import Invited, InvitedCounts, Stratum, counted
from surveys.statistics import Formula
from surveys.strata import weighted

LEVELS = st.lists(st.integers(1, 5), min_size=5, max_size=12)


def part(size: int, rows: Sequence[Sequence[int | None]], id: int = 0) -> Part:
    return Part(stratum=Stratum(id=id, size=size, invited=max(len(rows), 1), answered=len(rows)), rows=rows)


def tallied(one: Part) -> InvitedCounts:
    said = [row[0] for row in one.rows if row[0] is not None]
    tally = {str(level): float(said.count(level)) for level in range(1, 6)}
    return counted(Invited(strata=(one.stratum,)), tally)


@given(LEVELS, st.integers(12, 400), st.sampled_from(["top2", "mean"]))
def test_one_question_of_one_part_is_what_the_tally_says(levels: list[int], size: int, formula: Formula) -> None:
    one = part(size, [(level,) for level in levels])

    found = of_rows([one], formula)

    told = proportion(tallied(one)) if formula == "top2" else mean(tallied(one), INDEX)
    assert found is not None
    assert told is not None
    assert found.value == told.value
    if formula == "top2":
        assert (found.low, found.high) == (told.low, told.high)


@given(st.lists(LEVELS, min_size=2, max_size=4), st.sampled_from(["top2", "mean"]))
def test_one_question_of_several_parts_is_their_weighted_mean(parts: list[list[int]], formula: Formula) -> None:
    strata = [part(20 + 30 * at, [(level,) for level in levels], at) for at, levels in enumerate(parts)]

    found = of_rows(strata, formula)

    told = weighted([tallied(one) for one in strata], formula)
    assert found is not None
    assert told is not None
    assert found.value == pytest.approx(told.value, abs=1e-12)
    if told.se:
        assert (found.low, found.high) == pytest.approx((told.low, told.high), abs=1e-9)


def test_a_factor_is_the_mean_of_its_questions_and_as_sure_as_its_people() -> None:
    # given two questions that everybody answers alike: the factor knows no more than one of them
    alike = [(level, level) for level in (5, 5, 4, 2, 1, 5, 4, 3, 5, 4)]
    # and two that nobody answers alike: what one says too high the other says too low
    apart = [(5, 1) if at % 2 else (1, 5) for at in range(10)]

    same, other = of_rows([part(500, alike)], "top2"), of_rows([part(500, apart)], "top2")
    single = of_rows([part(500, [(row[0],) for row in alike])], "top2")

    assert same is not None
    assert other is not None
    assert single is not None
    assert same.value == pytest.approx(single.value)
    assert (same.low, same.high) == pytest.approx((single.low, single.high), abs=0.02)
    assert other.value == pytest.approx(0.5)
    assert other.se == pytest.approx(0)


def test_the_error_of_a_factor_is_linearised_over_its_people() -> None:
    # By hand: six of sixty; for each person the residuals of both ratios over their counts, halved; 0.9 * 6/5 * squares
    answers = [(5, 5), (5, None), (1, 1), (1, 5), (5, 5), (5, 1)]
    worth = [(1, 1), (1, None), (0, 0), (0, 1), (1, 1), (1, 0)]
    first, second = 4 / 6, 3 / 5
    errors = [((a - first) / 6 + (0 if b is None else (b - second) / 5)) / 2 for a, b in worth]

    found = of_rows([part(60, answers)], "top2")

    assert found is not None
    assert found.value == pytest.approx((first + second) / 2)
    assert found.se == pytest.approx((0.9 * 6 / 5 * sum(error**2 for error in errors)) ** 0.5)


def test_the_order_of_the_rows_changes_nothing() -> None:
    random = Random(3)
    rows = [tuple(random.choice((1, 2, 3, 4, 5, None)) for _ in range(3)) for _ in range(400)]
    shuffled = random.sample(rows, len(rows))

    assert of_rows([part(5000, rows)], "mean") == of_rows([part(5000, shuffled)], "mean")


def test_a_part_of_few_answers_joins_its_neighbour() -> None:
    strata = [part(100, [(5,)] * 20, 1), part(10, [(1,)] * 2, 2), part(100, [(2,), (5,)] * 10, 3)]

    found = of_rows(strata, "top2")

    # the ten of the middle stand with the smaller neighbour, the first: 20 of 22 people content, 110 names of 210
    assert found is not None
    assert found.value == pytest.approx((110 * 20 / 22 + 100 * 0.5) / 210)


def test_where_all_say_the_same_a_mean_has_no_bounds_and_a_share_has() -> None:
    neutral = part(300, [(3,)] * 40)

    by_mean, by_share = of_rows([neutral], "mean"), of_rows([neutral], "top2")

    assert by_mean == Estimate(value=0.5, low=None, high=None, n=40, effective_n=by_mean.effective_n, se=0.0)  # type: ignore[union-attr]  # it is there
    assert by_share is not None
    assert by_share.low == 0
    assert by_share.high is not None
    assert 0 < by_share.high < 0.1


def test_without_an_answer_there_is_no_estimate_and_whom_everybody_answered_is_known() -> None:
    assert of_rows([], "top2") is None
    assert of_rows([part(10, [(None,), (None,)])], "top2") is None
    whole = of_rows([part(6, [(5, 5)] * 3 + [(1, 5)] * 3)], "top2")
    assert whole is not None
    assert (whole.value, whole.low, whole.high) == (0.75, 0.75, 0.75)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(41, 300))
def test_change_between_two_shares_is_newcombes(one: int, two: int, size: int) -> None:
    before, after = (part(size, [(5,)] * n + [(1,)] * (40 - n)) for n in (one, two))

    found = change_between(*(of_rows([each], "top2") for each in (before, after)))  # type: ignore[arg-type]  # both are there

    told = change_of_shares(tallied(before), tallied(after))
    assert found is not None
    assert told is not None
    assert (found.low, found.high) == pytest.approx((told.low, told.high))
    assert found.statement == told.statement


def test_nothing_is_said_of_a_change_without_two_intervals() -> None:
    sure, bare = (
        Estimate(value=0.5, low=0.4, high=0.6, n=9, effective_n=9),
        Estimate(value=0.5, low=None, high=None, n=9, effective_n=None),
    )

    assert change_between(sure, bare) is None
    assert change_between(bare, sure) is None


# --- a simulation -----------------------------------------------------------------------------------------------------

SAMPLES = 2_000
ERROR = 3 * (0.95 * 0.05 / SAMPLES) ** 0.5
"""Three standard errors of a share that is 95 % over so many samples."""
VILLAGES = ((600, 0.9, 45), (400, 0.75, 45), (250, 0.6, 45), (150, 0.4, 45))
"""Of each: people, share of the content, sample. Small villages are asked far more than their share."""


def population() -> list[list[tuple[int, int]]]:
    """Everybody's answers to two questions, which go together as those of one person do."""
    random = Random(20261121)
    found = []
    for size, share, _ in VILLAGES:
        moods = [random.random() < share for _ in range(size)]
        found.append([(mark(random, mood), mark(random, mood)) for mood in moods])
    return found


def mark(random: Random, mood: bool) -> int:  # noqa: FBT001 - as of a table of chances
    return random.choices((5, 4, 3, 2, 1), (30, 50, 12, 6, 2) if mood else (3, 12, 25, 40, 20))[0]


def truth(people: list[list[tuple[int, int]]], formula: Formula) -> tuple[float, float]:
    """The first question's index in the whole population, and that of both."""
    everyone = [person for village in people for person in village]
    worth = [[INDEX[str(a)] if formula == "mean" else float(a > 3) for a in person] for person in everyone]
    first, second = (sum(row[at] for row in worth) / len(worth) for at in (0, 1))
    return first, (first + second) / 2


def covers(found: Estimate | None, value: float) -> bool:
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    return found.low <= value <= found.high


@pytest.mark.parametrize("formula", ["top2", "mean"])
def test_intervals_cover_what_is_true_in_95_of_100_samples_with_weights(formula: Formula) -> None:
    random, people = Random(1), population()
    question, factor = truth(people, formula)
    right = [0, 0]

    for _ in range(SAMPLES):
        drawn = [random.sample(village, n) for village, (_, _, n) in zip(people, VILLAGES, strict=True)]
        strata = [part(len(village), rows, at) for at, (village, rows) in enumerate(zip(people, drawn, strict=True))]
        alone = [first_question(one) for one in strata]
        right[0] += covers(of_rows(alone, formula), question)
        right[1] += covers(of_rows(strata, formula), factor)

    assert [abs(times / SAMPLES - 0.95) < ERROR for times in right] == [True, True], right


def first_question(one: Part) -> Part:
    return Part(stratum=one.stratum, rows=[row[:1] for row in one.rows])


@pytest.mark.parametrize("formula", ["top2", "mean"])
def test_intervals_cover_without_weights_where_everybody_has_the_same_chance(formula: Formula) -> None:
    random, people = Random(2), population()
    question, factor = truth(people, formula)
    everyone = [person for village in people for person in village]
    right = [0, 0]

    for _ in range(SAMPLES):
        whole = part(len(everyone), random.sample(everyone, 180))
        right[0] += covers(of_rows([first_question(whole)], formula), question)
        right[1] += covers(of_rows([whole], formula), factor)

    assert [abs(times / SAMPLES - 0.95) < ERROR for times in right] == [True, True], right


def test_without_its_weights_such_a_sample_would_mislead() -> None:
    # The control: villages that are small and discontent, asked as often as the large ones.
    random, people = Random(3), population()
    question, _ = truth(people, "top2")
    right = 0

    for _ in range(200):
        drawn = [row for village, (_, _, n) in zip(people, VILLAGES, strict=True) for row in random.sample(village, n)]
        right += covers(of_rows([first_question(part(1400, drawn))], "top2"), question)

    assert right / 200 < 0.8


def test_two_samples_of_the_same_population_are_seldom_called_a_change() -> None:
    random, people = Random(4), population()
    everyone = [person for village in people for person in village]
    found = [of_rows([first_question(part(1400, random.sample(everyone, 150)))], "top2") for _ in range(400)]

    said = [change_between(one, two) for one, two in pairwise(found) if one is not None and two is not None]

    claimed = sum(1 for one in said if one is not None and one.statement != "no_clear_change")
    assert claimed / len(said) < 0.08
