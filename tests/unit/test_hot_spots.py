"""Hot spots say what raised them, and one loud person raises none."""

from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.hot_spots import Report, Thresholds, Why, hot_spots, metres
from vietnam.time import DAY, TZ, to_ms

NOW = to_ms(datetime(2026, 11, 20, 9, tzinfo=TZ))
LIMITS = Thresholds(people=3, field_people=4, days=14, metres=200, long_days=30)
HERE = (21.65, 106.55)


def report(number: int, **changed: object) -> Report:
    made = Report(
        code=f"M-{number:03}", person=number, category="roads", village=None, opened_at=NOW - number * DAY, open=True
    )
    return msgspec.structs.replace(made, **changed)


def near(metres_north: float) -> tuple[float, float]:
    return HERE[0] + metres_north / 111_195, HERE[1]


def test_three_people_of_one_village_about_one_field() -> None:
    rows = [report(n, village=7) for n in (1, 2, 3)]
    (spot,) = hot_spots(rows, LIMITS, NOW)
    assert (spot.why, spot.people, len(spot.codes), spot.limit) == (Why.VILLAGE, 3, 3, 3)
    assert (spot.first_at, spot.last_at) == (NOW - 3 * DAY, NOW - DAY)
    assert (spot.village, spot.category) == (7, "roads")


@pytest.mark.parametrize(
    "rows",
    [
        [report(n, village=7) for n in (1, 2)],
        [report(n, village=7, person=5) for n in range(1, 11)],  # one person, ten times
        [report(n, village=7, category=field) for n, field in enumerate(("land", "roads", "security"), start=1)],
        [report(n, village=n) for n in (1, 2, 3)],
        [report(n, village=7) for n in (1, 2, 15)],  # the third is older than a fortnight
        [report(n, point=near(n * 250)) for n in (1, 2, 3)],
        [report(n, category="other") for n in range(1, 9)],  # "việc khác" is no field that people share
    ],
)
def test_what_is_no_hot_spot(rows: list[Report]) -> None:
    assert hot_spots(rows, LIMITS, NOW) == []


def test_who_follows_instead_of_repeating_is_counted_once() -> None:
    rows = [report(1, village=7, followers=(2, 3)), report(3, village=7)]
    (spot,) = hot_spots(rows, LIMITS, NOW)
    assert (spot.people, spot.codes) == (3, ("M-003", "M-001"))


def test_near_a_point_whatever_the_field() -> None:
    rows = [report(1, point=near(0)), report(2, point=near(120), category="environment"), report(3, point=near(-90))]
    (spot,) = hot_spots([*rows, report(4, point=near(900))], msgspec.structs.replace(LIMITS, field_people=9), NOW)
    assert (spot.why, spot.people, spot.category) == (Why.PLACE, 3, "")
    assert set(spot.codes) == {"M-001", "M-002", "M-003"}


def test_two_places_apart_are_two_spots_and_share_no_case() -> None:
    rows = [report(n, point=near(n)) for n in (1, 2, 3)] + [report(n, point=near(5_000 + n)) for n in (4, 5, 6)]
    spots = [one for one in hot_spots(rows, LIMITS, NOW) if one.why is Why.PLACE]
    assert len(spots) == 2
    assert not set(spots[0].codes) & set(spots[1].codes)


def test_one_field_in_the_whole_commune() -> None:
    (spot,) = hot_spots([report(n, village=n) for n in (1, 2, 3, 4)], LIMITS, NOW)
    assert (spot.why, spot.people, spot.limit) == (Why.FIELD, 4, 4)


def test_what_lasts_and_what_is_over_level() -> None:
    rows = [report(30), report(31, open=False), report(2, over_level=True), report(29)]
    assert [(one.why, one.codes) for one in hot_spots(rows, LIMITS, NOW)] == [
        (Why.LONG, ("M-030",)),
        (Why.OVER_LEVEL, ("M-002",)),
    ]


def test_a_distance_along_the_ground() -> None:
    assert metres(HERE, near(200)) == pytest.approx(200, abs=0.5)
    assert metres((21.0285, 105.8542), (10.7769, 106.7009)) == pytest.approx(1_144_000, rel=0.01)  # Hà Nội, Sài Gòn


reports = st.builds(
    Report,
    code=st.integers(1, 40).map(lambda n: f"M-{n:03}"),
    person=st.integers(1, 8),
    category=st.sampled_from(["land", "roads", "other"]),
    village=st.none() | st.integers(1, 3),
    opened_at=st.integers(0, 40).map(lambda days: NOW - days * DAY),
    open=st.booleans(),
    point=st.none() | st.integers(0, 12).map(lambda n: near(n * 60)),
    over_level=st.booleans(),
)


@given(st.lists(reports, max_size=40, unique_by=lambda one: one.code))
def test_each_spot_has_the_people_it_says_and_order_does_not_matter(rows: list[Report]) -> None:
    spots = hot_spots(rows, LIMITS, NOW)
    assert spots == hot_spots(rows[::-1], LIMITS, NOW)
    by_code = {one.code: one for one in rows}
    assert len({spot.key for spot in spots}) == len(spots)
    for spot in spots:
        assert spot.people == len({by_code[code].person for code in spot.codes})
        if spot.why in (Why.VILLAGE, Why.PLACE, Why.FIELD):
            assert spot.people >= spot.limit
            assert all(by_code[code].opened_at > NOW - LIMITS.days * DAY for code in spot.codes)
