"""What the counts mean, in numbers that can be checked by hand, and what is withheld."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import Kind, Question, Survey
from surveys.statistics import (
    factor_satisfaction,
    hidden,
    mean,
    mean_index,
    nps,
    overall_satisfaction,
    satisfaction,
    suppressed,
    top2_share,
    valid,
)

TEN = {"1": 1.0, "2": 1.0, "3": 2.0, "4": 4.0, "5": 2.0, "0": 7.0, "9": 3.0, "-": 5.0}


def likert(id: str, factor: str = "", *, overall: bool = False) -> Question:
    return Question(id=id, kind=Kind.LIKERT5, text="?", factor=factor, overall=overall)


SURVEY = Survey(
    id="s",
    title="S",
    questions=(likert("a", "f"), likert("b", "f"), likert("c", "f"), likert("d", overall=True)),
)


def test_satisfaction_looks_at_the_scale_only() -> None:
    # Given ten answers on the scale, six of them 4 or 5, and fifteen that are none
    # Then the share is 6 of 10, the mean (1+2+6+16+10)/10 = 3.5 and its index (3.5-1)/4
    assert valid(TEN) == 10
    assert top2_share(TEN) == 0.6
    assert mean(TEN) == 3.5
    assert mean_index(TEN) == 0.625
    assert (satisfaction(TEN, "top2"), satisfaction(TEN, "mean")) == (0.6, 0.625)


def test_without_answers_there_is_no_figure() -> None:
    assert top2_share({}) is mean({}) is mean_index({"0": 4.0}) is nps({"-": 2.0}) is None
    assert factor_satisfaction(SURVEY, "f", {}) is None
    assert overall_satisfaction(SURVEY, {}) is None


def test_nps_is_promoters_less_detractors() -> None:
    # 5 promoters, 2 passives, 3 detractors of 10: 50 % - 30 %
    assert nps({"10": 3, "9": 2, "8": 1, "7": 1, "6": 1, "0": 2, "-": 4}) == 20


def test_a_factor_is_the_mean_of_its_questions_each_counting_once() -> None:
    # a: 1 of 2, b: 90 of 100, c: nobody has an opinion. (0.5 + 0.9) / 2
    tallies = {"a": {"5": 1.0, "1": 1.0}, "b": {"4": 90.0, "2": 10.0}, "c": {"0": 3.0}, "d": {"1": 4.0}}
    assert factor_satisfaction(SURVEY, "f", tallies) == pytest.approx(0.7)
    assert factor_satisfaction(SURVEY, "", tallies) is None
    assert overall_satisfaction(SURVEY, tallies) == 0


def test_fewer_than_five_are_hidden() -> None:
    assert [hidden(n) for n in (0, 4, 5)] == [True, True, False]
    assert not hidden(3, minimum=3)


@pytest.mark.parametrize(
    ("cells", "gone"),
    [
        ({"a": 10, "b": 20}, set()),
        ({"a": 10, "b": 20, "c": 4}, {"c", "a"}),  # the total less a and b would tell c
        ({"a": 10, "b": 3, "c": 2}, {"b", "c"}),
        ({"a": 10, "b": 20, "c": 1, "d": 2}, {"c", "d", "a"}),  # c and d together are still 3 people
        ({"a": 10, "b": 0}, {"b"}),  # nobody there to protect
        ({"a": 10, "b": 0, "c": 4}, {"a", "b", "c"}),
        ({"a": 4}, {"a"}),
        ({}, set()),
    ],
)
def test_small_cells_are_withheld_with_what_would_tell_them(cells: dict[str, float], gone: set[str]) -> None:
    assert suppressed(cells) == gone


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 30)), st.integers(1, 10))
def test_no_subtraction_from_the_total_tells_fewer_than_the_minimum(cells: dict[int, int], minimum: int) -> None:
    gone = suppressed(cells, minimum)
    assert all(cells[cell] >= minimum for cell in cells if cell not in gone)
    together = sum(cells[cell] for cell in gone)
    assert together == 0 or together >= minimum or gone == set(cells)
