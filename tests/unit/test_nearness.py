"""Whether two people tell of the same matter: the score of two reports, and what a stranger is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.nearness import (
    ENOUGH,
    MOST,
    REACH,
    Candidate,
    Report,
    cell_of,
    cells_around,
    closeness,
    metres,
    nearest,
    score,
    words_of,
)
from feedback.states import State
from vietnam.area import ASHORE, VIETNAM, around, point_of
from vietnam.time import DAY

NOW = 1_791_176_400_000
HERE = (21.6203, 106.5361)
LATS = st.floats(8.0, 23.4)
LONS = st.floats(102.2, 117.8)
POINTS = st.none() | st.tuples(LATS, LONS) | st.tuples(st.floats(21.60, 21.61), st.floats(106.53, 106.54))
WORDS = st.lists(st.sampled_from(["cong", "tac", "rac", "duong", "ho", "den"]), max_size=6).map(
    lambda said: words_of(" ".join(said))
)
REPORTS = st.builds(
    Report,
    category=st.sampled_from(["roads", "environment", "land", "conduct"]),
    words=WORDS,
    place=WORDS,
    point=POINTS,
    village=st.none() | st.integers(1, 3),
)


def north_of(point: tuple[float, float], far: float) -> tuple[float, float]:
    """The point so many metres to the north."""
    return point[0] + far / 111_195, point[1]


def report(
    text: str = "",
    *,
    category: str = "roads",
    place: str = "",
    point: tuple[float, float] | None = None,
    village: int | None = None,
) -> Report:
    return Report(category=category, words=words_of(text), place=words_of(place), point=point, village=village)


def candidate(id: int, of: Report, *, days: int = 1, own: bool = False) -> Candidate:
    code = f"M-2026-{id}"
    return Candidate(id=id, report=of, state=State.NEW, opened_at=NOW - days * DAY, own=own, code=code)


@given(REPORTS, REPORTS)
def test_a_score_is_the_same_whichever_comes_first_and_between_0_and_1(one: Report, other: Report) -> None:
    assert score(one, other) == pytest.approx(score(other, one))
    assert 0 <= score(one, other) <= 1


@given(REPORTS, st.lists(REPORTS, max_size=8), st.integers(0, 400))
def test_at_most_three_are_told_each_once_and_none_of_a_field_about_people(
    mine: Report, others: list[Report], days: int
) -> None:
    told = nearest(mine, [candidate(id, one, days=days) for id, one in enumerate(others)], NOW)
    assert len(told) <= MOST
    assert len({one.id for one in told}) == len(told)
    assert all(one.category in ("roads", "environment") for one in told)
    assert all(-1 <= one.metres <= REACH and one.metres % 50 in (0, 49) for one in told)


@given(LATS, LONS, st.floats(-REACH, REACH), st.floats(-REACH, REACH))
def test_whatever_is_within_reach_lies_in_a_cell_or_its_neighbours(
    lat: float, lon: float, up: float, right: float
) -> None:
    other = (lat + up / 111_195, lon + right / 111_195)
    if metres((lat, lon), other) <= REACH:
        assert cell_of(*other) in cells_around(lat, lon)


@given(WORDS, WORDS)
def test_closeness_is_symmetric_and_one_for_the_same_words(one: frozenset[str], other: frozenset[str]) -> None:
    assert closeness(one, other) == closeness(other, one)
    assert closeness(one, one) == (1.0 if one else 0.0)


def test_metres_are_those_of_a_known_way() -> None:
    # Hà Nội (Hồ Gươm) to Lạng Sơn (Kỳ Lừa), some 131 km as the crow flies
    assert metres((21.0287, 105.8524), (21.8537, 106.7615)) == pytest.approx(131_500, rel=0.02)


@pytest.mark.parametrize(
    ("mine", "other", "same"),
    [
        # close by and of the same field: likely the same, whatever the words
        (report("ổ gà to", point=HERE), report("đường hỏng", point=north_of(HERE, 60)), True),
        # the same words at the other end of what is reached
        (
            report("cống tắc nước tràn ra đường", point=HERE),
            report("Cong tac, nuoc tran ra duong", point=north_of(HERE, 150)),
            True,
        ),
        # the same words too far away
        (report("cống tắc nước tràn", point=HERE), report("cống tắc nước tràn", point=north_of(HERE, 250)), False),
        # near, and nothing in common
        (
            report("rác đổ trộm", category="environment", point=HERE),
            report("đèn đường hỏng", point=north_of(HERE, 40)),
            False,
        ),
        # a heap of refuse on the road, which people put under either field
        (
            report("đống rác chắn đường vào trường học", category="environment", point=HERE),
            report("đống rác chắn đường vào trường", point=north_of(HERE, 40)),
            True,
        ),
        # no point: the same thôn and like words
        (
            report("đèn đường trước nhà văn hóa hỏng", village=1),
            report("bóng đèn đường nhà văn hóa bị hỏng", village=1),
            True,
        ),
        (report("đèn đường hỏng", village=1), report("cống tắc nước tràn", village=1), False),
        (report("đèn đường hỏng", village=1), report("đèn đường hỏng", village=2), False),
        # nobody can tell where either is
        (report("đèn đường hỏng"), report("đèn đường hỏng"), False),
        # the place in words helps
        (
            report("đèn hỏng", place="ngã ba cây đa", village=1),
            report("bóng đèn không sáng", place="chỗ ngã ba cây đa", village=1),
            True,
        ),
        # of land, order or people nothing is ever told
        (report("lấn đất", category="land", point=HERE), report("lấn đất", category="land", point=HERE), False),
    ],
)
def test_what_is_taken_for_the_same(mine: Report, other: Report, same: bool) -> None:  # noqa: FBT001 - the test names it
    assert (score(mine, other) >= ENOUGH) is same


def test_the_likeliest_come_first_and_what_is_older_later() -> None:
    mine = report("cống tắc", point=HERE)
    told = nearest(
        mine,
        [
            candidate(1, report("cống tắc", point=north_of(HERE, 90))),
            candidate(2, report("cống tắc", point=north_of(HERE, 10)), days=170),
            candidate(3, report("cống tắc", point=north_of(HERE, 10))),
        ],
        NOW,
    )
    assert [one.id for one in told] == [3, 2, 1]
    assert [one.metres for one in told] == [50, 50, 100]


def test_only_the_person_themselves_is_given_a_code() -> None:
    mine = report("cống tắc", point=HERE)
    told = nearest(mine, [candidate(1, mine, own=True), candidate(2, mine)], NOW)
    assert [(one.id, one.own, one.code) for one in told] == [(1, True, "M-2026-1"), (2, False, "")]


def test_small_words_and_accents_make_no_difference() -> None:
    assert words_of("Ở đây bị tắc cống ạ!") == words_of("cho nay TAC CONG") == {"tac", "cong", "tac cong"}


def test_a_map_of_viet_nam_and_a_square_around_a_point() -> None:
    assert VIETNAM.holds(*HERE)
    assert not VIETNAM.holds(48.85, 2.35)
    square = around(*HERE, 15)
    assert square.holds(*north_of(HERE, 14_900))
    assert not square.holds(*north_of(HERE, 15_100))


@pytest.mark.parametrize(
    "text", ["", "21.6", "106.5361, 21.6203", "hai mươi", "21.6203; 106.5", "-21.6, 106.5", "1,2,3"]
)
def test_what_is_no_point_of_viet_nam(text: str) -> None:
    assert point_of(text) is None


def test_a_point_as_maps_write_it() -> None:
    assert point_of(" 21.6203,106.5361 ") == HERE


@pytest.mark.parametrize(
    "place",
    [
        (23.36, 105.32), (22.4, 102.14), (21.53, 107.97), (21.0, 107.77), (20.13, 107.73), (20.5, 104.4), (19.4, 103.9),
        (18.1, 105.5), (17.16, 107.34), (16.6, 106.5), (16.2, 107.2), (15.38, 109.12), (14.2, 107.4), (12.65, 109.46),
        (12.3, 107.3), (11.7, 105.8), (10.9, 105.0), (10.52, 108.95), (10.4, 104.4), (10.2, 103.97), (9.3, 103.47),
        (8.69, 106.6), (8.6, 104.72), (8.65, 111.92), (16.83, 112.34),
    ],
)  # fmt: skip
def test_the_ends_of_the_country_and_its_islands_are_ashore(place: tuple[float, float]) -> None:
    assert ASHORE.holds(*place)


@pytest.mark.parametrize("place", [(12.0, 115.0), (19.5, 108.0), (14.0, 111.0), (9.0, 102.5), (48.85, 2.35)])
def test_the_open_sea_is_not_though_the_rectangle_of_the_country_holds_it(place: tuple[float, float]) -> None:
    assert not ASHORE.holds(*place)
