"""One helper's pile against the others': what stands out, and what is only chance."""

from random import Random

import pytest

from surveys.definition import Answer, Kind, Question, Survey
from surveys.outliers import FEWEST, Pile, count_alike, fisher, outliers

SCALE = Survey(
    id="s", title="S", questions=tuple(Question(id=f"q{at}", kind=Kind.LIKERT5, text="?") for at in range(6))
)


def pile(helper: str, satisfied: int, forms: int, **more: object) -> Pile:
    return Pile(helper=helper, forms=forms, counts={"5": satisfied, "2": forms - satisfied}, **more)  # type: ignore[arg-type]  # keywords by name


def test_fishers_exact_test() -> None:
    # R: fisher.test(Convictions), Fisher's own data: 0.0005367; fisher.test(TeaTasting): 0.4857
    assert fisher(2, 17, 10, 13) == pytest.approx(0.0005367, abs=5e-8)
    assert fisher(3, 4, 1, 4) == pytest.approx(0.4857, abs=5e-5)
    assert fisher(5, 10, 5, 10) == pytest.approx(1)
    assert fisher(0, 10, 0, 10) == 1


def test_piles_alike_are_no_finding() -> None:
    assert outliers([pile("a", 30, 40), pile("b", 28, 40), pile("c", 33, 40)]) == []
    assert outliers([]) == []
    assert outliers([pile("a", 30, 40)]) == []


def test_a_pile_that_is_all_praise_stands_out() -> None:
    found = outliers([pile("a", 60, 60), pile("b", 40, 60), pile("c", 41, 60), pile("d", 42, 60)])

    assert [(one.helper, one.code) for one in found] == [("a", "satisfied_more")]
    assert (found[0].count, found[0].of, found[0].others_count, found[0].others_of) == (60, 60, 123, 180)
    assert found[0].p < 0.01 / found[0].tests


def test_and_one_that_is_all_blame() -> None:
    found = outliers([pile("a", 10, 60), pile("b", 40, 60), pile("c", 41, 60), pile("d", 42, 60)])

    assert [(one.helper, one.code) for one in found] == [("a", "satisfied_less")]


def test_a_small_pile_is_not_judged() -> None:
    few = FEWEST - 1
    assert outliers([pile("a", few, few), pile("b", 0, 200)]) == []
    # ... nor anybody against a small one
    assert outliers([pile("a", 200, 200), pile("b", 0, few)]) == []


def test_where_villages_differ_a_helper_may_differ_too() -> None:
    # Given others whose villages are as far apart as this one is from their mean
    apart = [pile("b", 20, 60), pile("c", 55, 60), pile("d", 30, 60), pile("e", 52, 60), pile("f", 25, 60)]

    assert outliers([pile("a", 57, 60), *apart]) == []


def test_forms_that_are_all_one_stroke() -> None:
    found = outliers(
        [
            pile("a", 40, 60, alike=25, with_scale=60),
            pile("b", 40, 60, alike=4, with_scale=60),
            pile("c", 40, 60, alike=5, with_scale=60),
        ]
    )

    assert [(one.helper, one.code, one.count) for one in found] == [("a", "alike", 25)]


def test_forms_that_were_typed_in_no_time() -> None:
    usual = tuple(float(at) for at in range(60, 120))
    found = outliers(
        [
            pile("a", 40, 60, seconds=(15.0,) * 60),
            pile("b", 40, 60, seconds=usual),
            pile("c", 40, 60, seconds=usual),
        ]
    )

    assert [(one.helper, one.code) for one in found] == [("a", "quick")]


def test_honest_helpers_are_hardly_ever_named() -> None:
    # 200 waves of 8 helpers from one population; a level of 1 % for all tests of a wave together names about two
    rng = Random(3)
    named = 0
    for _ in range(200):
        piles = [pile(str(at), sum(rng.random() < 0.8 for _ in range(40)), 40) for at in range(8)]
        named += bool(outliers(piles))
    assert named <= 8


def test_counting_forms_of_one_stroke() -> None:
    said: list[tuple[Answer, ...]] = [
        (4, 4, 4, 4, 4, 4),
        (4, 4, 4, 4, 4, 5),
        (4, 4, 4, 4, 0, None),  # four answers on the scale say nothing
        (3, 3, 3, 3, 3, 9),
    ]

    assert count_alike(SCALE, [{f"q{at}": answer for at, answer in enumerate(form)} for form in said]) == (2, 3)
    assert count_alike(SCALE, []) == (0, 0)
