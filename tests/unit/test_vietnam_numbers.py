"""Numbers and days as they are written in Vietnamese."""

from datetime import date

import pytest

from vietnam.numbers import date_vi, long_date_vi, number_vi, percent_vi


@pytest.mark.parametrize(
    ("x", "decimals", "written"),
    [
        (1234.5, 1, "1.234,5"),
        (1234567, 0, "1.234.567"),
        (0.05, 1, "0,1"),
        (2.5, 0, "3"),
        (-1234.5, 1, "-1.234,5"),
        (-0.04, 1, "0,0"),
        (1e20, 0, "100.000.000.000.000.000.000"),
    ],
)
def test_numbers(x: float, decimals: int, written: str) -> None:
    assert number_vi(x, decimals) == written


@pytest.mark.parametrize(("share", "written"), [(0.842, "84,2%"), (1, "100,0%"), (0.00449, "0,4%"), (0.2855, "28,6%")])
def test_shares(share: float, written: str) -> None:
    assert percent_vi(share) == written


def test_halves_are_rounded_up_whatever_binary_makes_of_them() -> None:
    assert percent_vi(0.285, 0) == "29%"
    assert percent_vi(2 / 3, 2) == "66,67%"


@pytest.mark.parametrize("x", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(x: float) -> None:
    with pytest.raises(ValueError, match="number"):
        number_vi(x, 1)


def test_days() -> None:
    assert date_vi(date(2026, 11, 20)) == "20/11/2026"
    assert date_vi(date(2026, 1, 5)) == "05/01/2026"
    assert long_date_vi(date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
    assert long_date_vi(date(2026, 2, 28)) == "ngày 28 tháng 02 năm 2026"
    assert long_date_vi(date(2026, 3, 5)) == "ngày 05 tháng 3 năm 2026"
    assert long_date_vi(date(2026, 11, 20)) == "ngày 20 tháng 11 năm 2026"
