"""The office as the settings describe it: its hours, its own days off, what it promises."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.office import office_of
from app.settings import Settings
from feedback.kinds import Kind
from vietnam.calendar import is_working_day
from vietnam.time import day_of

FRIDAY = 1_790_933_400_000
"""2026-10-02 16:30 in Viet Nam."""


def settings(tmp_path: Path, **work: str) -> Settings:
    return Settings.model_validate({"work": work, "privacy": {"key_file": str(tmp_path / "key")}})


def test_a_report_of_friday_evening_is_promised_in_working_hours(tmp_path: Path) -> None:
    promise = office_of(settings(tmp_path)).promise(Kind.FEEDBACK, FRIDAY)
    assert day_of(promise.due) == date(2026, 10, 8)
    longer = office_of(settings(tmp_path, hours="08:00-12:00")).promise(Kind.FEEDBACK, FRIDAY)
    assert day_of(longer.due) == date(2026, 10, 12)


def test_a_days_file_of_ones_own_wins(tmp_path: Path) -> None:
    file = tmp_path / "ngay_nghi.toml"
    file.write_text('[[days]]\nday = 2026-10-05\nkind = "swap"\nname = "Ngày hội"\nsource = "QĐ của UBND xã"\n')
    office = office_of(settings(tmp_path, days_file=str(file)))
    assert not is_working_day(date(2026, 10, 5), office.table)
    assert is_working_day(date(2026, 10, 6), office.table)
    assert day_of(office.promise(Kind.FEEDBACK, FRIDAY).due) == date(2026, 10, 9)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[days]]\nday = 2026-10-05\nkind = 'party'\n", "'party' is none of"),
        ("[[days]]\nday = 'soon'\nkind = 'swap'\n", "is not a date"),
        ("days = 3", "tables [[days]] are wanted"),
        ("[[days", ""),
        (None, "cannot be read"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_with_its_place(tmp_path: Path, text: str | None, says: str) -> None:
    file = tmp_path / "ngay_nghi.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(ValidationError) as refused:
        settings(tmp_path, days_file=str(file))
    assert says in str(refused.value)
    assert "days_file" in str(refused.value)


@pytest.mark.parametrize("hours", ["", "7-11", "13:30-07:30", "07:30-11:30, 11:00-17:00", "13:00-24:00"])
def test_hours_that_make_no_sense_are_refused(tmp_path: Path, hours: str) -> None:
    with pytest.raises(ValidationError):
        settings(tmp_path, hours=hours)
