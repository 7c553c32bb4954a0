"""Withheld cells stand up to somebody who tries every sum, every difference and every table there could be."""

from collections.abc import Hashable, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.statistics import MINIMUM
from surveys.suppression import Inconsistent, Protection, protect, two_way, whole
from tests.unit.table_attack import Relations, attack, computed


@pytest.mark.parametrize(
    ("counts", "withheld"),
    [
        ((20, 17, 3, 0), "C"),  # 40 - 20 - 17 is 3
        ((20, 16, 3, 1), "CD"),  # 40 - 20 - 16 is 4 for both
        ((20, 16, 3, 1), "BC"),  # D is left open
    ],
)
def test_the_attacker_knows_his_trade(counts: tuple[int, ...], withheld: str) -> None:
    cells: dict[Hashable, int] = {"all": 40, **dict(zip("ABCD", counts, strict=True))}

    with pytest.raises(AssertionError):
        attack(cells, [whole("all", "ABCD")], Protection(withheld=frozenset(withheld)))


# --- tables with sums -------------------------------------------------------------------------------------------------


def test_the_complement_of_a_small_cell() -> None:
    found = protect({"all": 40, "A": 20, "B": 17, "C": 3}, [whole("all", "ABC")])

    assert found.withheld == {"B", "C"}
    assert found.complements == {"B"}


def test_two_small_cells_that_are_under_five_together_need_a_third() -> None:
    assert protect({"all": 40, "A": 20, "B": 17, "C": 2, "D": 1}, [whole("all", "ABCD")]).withheld == {"B", "C", "D"}
    assert protect({"all": 40, "A": 20, "B": 15, "C": 2, "D": 3}, [whole("all", "ABCD")]).withheld == {"C", "D"}


def test_nothing_small_nothing_withheld() -> None:
    assert protect({"all": 40, "A": 20, "B": 20, "C": 0}, [whole("all", "ABC")]) == Protection(withheld=frozenset())
    assert protect({}, []) == Protection(withheld=frozenset())


def test_a_small_cell_of_its_own_is_simply_withheld() -> None:
    assert protect({"A": 3, "B": 7}, []).withheld == {"A"}


def test_a_hole_in_a_table_takes_three_more() -> None:
    cells, relations = two_way(
        {(row, column): 3 if row == column == 0 else 20 + row + column for row in range(4) for column in range(4)}
    )
    found = protect(cells, relations)

    assert len(found.withheld) == 4
    assert len({row for row, _ in found.withheld}) == len({column for _, column in found.withheld}) == 2


def test_cells_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(Inconsistent, match="off by"):
        protect({"all": 40, "A": 20, "B": 19}, [whole("all", "AB")])
    with pytest.raises(Inconsistent, match="'C', which is no cell"):
        protect({"all": 40, "A": 20, "B": 20}, [whole("all", "ABC")])
    for n in (-1, 1.5):
        with pytest.raises(Inconsistent, match="not a number of people"):
            protect({"A": n}, [])  # type: ignore[dict-item]


SMALL = st.integers(0, 9)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(SMALL, min_size=3, max_size=3), min_size=2, max_size=3))
def test_no_attack_on_a_table_with_its_sums(table: list[list[int]]) -> None:
    cells, relations = two_way({(row, column): n for row, line in enumerate(table) for column, n in enumerate(line)})
    found = protect(cells, relations)

    assert not found.exposed
    assert not found.bounded
    attack(cells, relations, found)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.lists(st.integers(0, 40), min_size=8, max_size=8), min_size=10, max_size=10),
    st.lists(st.integers(1, 4), max_size=6),
    st.randoms(use_true_random=False),
)
def test_nothing_can_be_computed_in_a_larger_table(table: list[list[int]], small: list[int], rng: object) -> None:
    for n in small:
        table[rng.randrange(10)][rng.randrange(8)] = n  # type: ignore[attr-defined]
    cells, relations = two_way({(row, column): n for row, line in enumerate(table) for column, n in enumerate(line)})
    found = protect(cells, relations)

    told = computed(cells, relations, set(found.withheld))  # type: ignore[arg-type]
    assert not [key for key in told if 0 < cells[key] < MINIMUM]  # type: ignore[index]  # None fails the test
    assert not found.exposed | found.bounded


# --- linked tables ----------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(st.lists(SMALL, min_size=8, max_size=8))
def test_no_attack_on_villages_by_answers_by_months(counts: list[int]) -> None:
    """Three dimensions with every sum: two villages, two answers, two months of one quarter."""
    cells: dict[Hashable, int] = {}
    for (a, b, c), n in zip(product("AB", "12", "xy"), counts, strict=True):
        for key in product((a, "*"), (b, "*"), (c, "*")):
            cells[key] = cells.get(key, 0) + n
    relations: list[Mapping[Hashable, int]] = []
    relations += [whole(("*", b, c), [("A", b, c), ("B", b, c)]) for b in "12*" for c in "xy*"]
    relations += [whole((a, "*", c), [(a, "1", c), (a, "2", c)]) for a in "AB*" for c in "xy*"]
    relations += [whole((a, b, "*"), [(a, b, "x"), (a, b, "y")]) for a in "AB*" for b in "12*"]
    found = protect(cells, relations)

    assert not found.exposed
    assert not found.bounded
    attack(cells, relations, found)


@settings(deadline=None, max_examples=60)
@given(st.lists(SMALL, min_size=4, max_size=4), st.lists(SMALL, min_size=4, max_size=4))
def test_no_attack_on_overlapping_periods_of_two_villages(one: list[int], two: list[int]) -> None:
    """January to March, and February to April, of both villages and the whole; no month is printed."""
    cells: dict[Hashable, int] = {}
    relations: list[Mapping[Hashable, int]] = []
    latent: list[Hashable] = []
    for name, months in (("A", one), ("B", two), ("*", [a + b for a, b in zip(one, two, strict=True)])):
        for month, n in enumerate(months):
            cells[name, month] = n
            latent.append((name, month))
        for label, first, after in (("early", 0, 3), ("late", 1, 4)):
            cells[name, label] = sum(months[first:after])
            relations.append(whole((name, label), [(name, month) for month in range(first, after)]))
    relations += [whole(("*", when), [("A", when), ("B", when)]) for when in (0, 1, 2, 3, "early", "late")]
    found = protect(cells, relations, latent=latent)

    attack(cells, relations, found, latent=latent)
    assert not found.exposed
    # A month that nobody printed lies between bounds; where these cannot be kept wide, it is said.
    assert found.bounded <= set(latent)


def test_a_mean_beside_its_levels() -> None:
    # Given n = 60 and the mean of 1, 2, 5, 30, 22: with 1 and 2 alone withheld both could be solved for
    levels: dict[Hashable, int] = {1: 1, 2: 2, 3: 5, 4: 30, 5: 22}
    cells = {**levels, "n": 60, "sum": sum(int(str(level)) * n for level, n in levels.items())}
    relations: Relations = [whole("n", list(levels)), {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, "sum": -1}]
    found = protect(cells, relations, known=["n", "sum"])

    assert not found.exposed | found.bounded
    assert found.withheld >= {1, 2, 3}
    attack(cells, relations, found)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_no_attack_on_levels_beside_n_and_their_mean(counts: list[int]) -> None:
    levels: dict[Hashable, int] = dict(zip((1, 2, 3, 4, 5), counts, strict=True))
    cells = {**levels, "n": sum(counts), "sum": sum(level * n for level, n in enumerate(counts, start=1))}
    relations: Relations = [whole("n", list(levels)), {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, "sum": -1}]
    found = protect(cells, relations, known=["n", "sum"])

    attack(cells, relations, found)
    assert not found.withheld & {"n", "sum"}, "what stands on the page already cannot be taken back"


# --- what was published before ----------------------------------------------------------------------------------------


def test_what_was_published_is_never_withheld_and_reckoned_with() -> None:
    # Given a quarter published with 29 answers, and the first two months with 12 and 14
    cells = {"quarter": 29, "first": 12, "second": 14, "third": 3}
    found = protect(cells, [whole("quarter", ["first", "second", "third"])], known=["quarter", "first", "second"])

    # Then the third is known to whoever subtracts, and that is said
    assert found.withheld == found.exposed == {"third"}


def test_a_new_table_does_not_complete_an_old_one() -> None:
    # Given villages of which B and C (3) were withheld, and now the same people by sex
    cells: dict[Hashable, int] = {"all": 40, "A": 20, "B": 17, "C": 3, "men": 19, "women": 21, "C men": 1, "C women": 2}
    relations: Relations = [whole("all", "ABC"), whole("all", ["men", "women"]), whole("C", ["C men", "C women"])]
    found = protect(cells, relations, known=["all", "A"])

    assert found.withheld == {"B", "C", "C men", "C women"}
    attack(cells, relations, found)


def test_a_reader_may_know_that_a_cell_is_small_but_not_how_small() -> None:
    # Given "98 %" of 150: three were not satisfied, and everybody may know
    cells: dict[Hashable, int] = {"not": 3, "very": 1, "rather": 2, "in between": 0}
    relations: Relations = [whole("not", ["very", "rather", "in between"])]
    found = protect(cells, relations, known=["not"])

    assert found.exposed == {"not"}
    assert found.bounded == {"very", "rather"}
    attack(cells, relations, found)


@settings(deadline=None, max_examples=60)
@given(st.lists(SMALL, min_size=9, max_size=9), st.sets(st.integers(0, 8), max_size=3))
def test_no_attack_beside_what_is_known(counts: list[int], before: set[int]) -> None:
    keys = [(row, column) for row in range(3) for column in range(3)]
    cells, relations = two_way(dict(zip(keys, counts, strict=True)))
    known = [keys[at] for at in before] + [(None, None)]
    found = protect(cells, relations, known=known)

    assert not found.withheld & set(known)
    attack(cells, relations, found)  # type: ignore[arg-type]


def test_cells_withheld_for_another_reason_help() -> None:
    found = protect({"all": 40, "A": 20, "B": 17, "C": 3}, [whole("all", "ABC")], hidden=["A"])

    assert found.withheld == {"A", "C"}
    assert not found.complements
