"""How many to invite, how many of each village, and who: by chance, and so that anybody can draw it again."""

from hashlib import sha256
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.samples import PopulationTooSmall
from surveys.sampling import AllocationFault, allocate, draw, rank, sample_size


@pytest.mark.parametrize(
    ("population", "n"),
    # The table of the Ministry's guide to SIPAS (e = 5 %)
    [(500, 223), (1000, 286), (2000, 334), (5000, 371), (10_000, 385), (20_000, 393), (400, 200), (1, 1), (0, 0)],
)
def test_yamanes_sample_size(population: int, n: int) -> None:
    assert sample_size(population) == n


def test_other_margins_of_error() -> None:
    assert sample_size(1000, "0.03") == 527  # 1000 / 1.9 = 526.3
    assert sample_size(1000, 0) == 1000
    for population, margin in ((-1, 0.05), (10, 1), (10, -0.1)):
        with pytest.raises(ValueError, match="margin"):
            sample_size(population, margin)


def test_in_proportion_and_everywhere_somebody() -> None:
    assert allocate({1: 500, 2: 300, 3: 200}, 10) == {1: 5, 2: 3, 3: 2}
    assert allocate({1: 500, 2: 499, 3: 1}, 10) == {1: 5, 2: 4, 3: 1}
    assert allocate({1: 500, 2: 0}, 3) == {1: 3, 2: 0}
    assert allocate({1: 1, 2: 1, 3: 1}, 2, least=0) == {1: 1, 2: 1, 3: 0}
    assert allocate({}, 0) == {}


def test_what_cannot_be_shared_out() -> None:
    with pytest.raises(PopulationTooSmall, match="4 to be drawn of 3"):
        allocate({1: 3}, 4)
    with pytest.raises(AllocationFault, match="2 to be drawn, and 3 needed"):
        allocate({1: 5, 2: 5, 3: 5}, 2)
    with pytest.raises(ValueError, match="negative"):
        allocate({1: -1}, 0)


@given(st.dictionaries(st.integers(1, 50), st.integers(0, 400), min_size=1), st.floats(0, 1), st.integers(0, 8))
def test_an_allocation_adds_up_and_stays_within_the_villages(sizes: dict[int, int], share: float, least: int) -> None:
    total = sum(sizes.values())
    n = round(share * total)
    floor = sum(min(least, size) for size in sizes.values())
    if n < floor:
        with pytest.raises(AllocationFault):
            allocate(sizes, n, least=least)
        return
    found = allocate(sizes, n, least=least)

    assert sum(found.values()) == n
    assert all(min(least, size) <= found[id] <= size for id, size in sizes.items())
    # In proportion: a larger village never gets fewer (but for the one that the last place goes to).
    for one, size in sizes.items():
        for two, other in sizes.items():
            if size > other:
                assert found[one] >= found[two]


def test_a_draw_can_be_made_again_by_hand() -> None:
    rows = [(str(number), 1) for number in range(1, 101)]

    assert draw(rows, {1: 1}, "2026-11") == [
        min((str(number) for number in range(1, 101)), key=lambda key: rank("2026-11", key))
    ]
    assert rank("2026-11", "17") == sha256(b"2026-11:17").hexdigest()
    # For ever: printf '%s' '2026-11:1' | sha256sum, and so on
    assert draw(rows[:20], {1: 5}, "2026-11") == ["18", "2", "20", "6", "9"]


@given(st.permutations(range(30)), st.integers(0, 10), st.text(min_size=1))
def test_neither_the_order_of_the_rows_nor_other_villages_matter(order: list[int], n: int, seed: str) -> None:
    rows = [(str(number), number % 3) for number in order]
    drawn = draw(rows, {0: n, 1: 2}, seed)
    alone = draw(sorted(row for row in rows if row[1] == 0), {0: n}, seed)

    assert len(drawn) == n + 2
    assert set(alone) == {key for key in drawn if int(key) % 3 == 0}
    assert not any(int(key) % 3 == 2 for key in drawn)


def test_every_row_is_drawn_as_often_as_any_other() -> None:
    # 40 rows, 10 drawn, 2,000 seeds: each about 500 times, with a standard deviation of sqrt(2000 * 1/4 * 3/4)
    rows = [(f"hộ {number}", number % 2) for number in range(40)]
    times = dict.fromkeys((key for key, _ in rows), 0)
    for seed in range(2000):
        for key in draw(rows, {0: 5, 1: 5}, f"hạt giống {seed}"):
            times[key] += 1

    spread = sqrt(2000 * 0.25 * 0.75)
    assert all(abs(n - 500) < 4.5 * spread for n in times.values())
    # ... and they vary as chance does, no less
    assert 0.5 * spread < sqrt(sum((n - 500) ** 2 for n in times.values()) / 40) < 1.5 * spread


def test_what_cannot_be_drawn() -> None:
    with pytest.raises(PopulationTooSmall, match="village 1: 2 to be drawn of 1"):
        draw([("a", 1)], {1: 2}, "x")
    with pytest.raises(ValueError, match="two rows"):
        draw([("a", 1), ("a", 2)], {1: 1}, "x")
    with pytest.raises(ValueError, match="seed"):
        draw([("a", 1)], {1: 1}, "")
