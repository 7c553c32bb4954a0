"""The public page of what was received and answered: exact, without what is sensitive, as reports tell it."""

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO

import pytest
from starlette.testclient import TestClient

from app.report_source import StoreSource
from feedback.kinds import Kind
from reports.figures import build
from reports.open_data import data_csv
from reports.periods import parse
from reports.plans import plan
from tests.web.house import House, browser_of, look
from tests.web.told_cases import Told
from vietnam.time import DAY, HOUR, MINUTE, start_of

ADDRESS = "/mau/cong-khai"
ROW = re.compile(r'<tr><th scope="row">([^<]*)</th>((?:<td>.*?</td>)+)</tr>')
CELL = re.compile(r"<td>(.*?)</td>")


def rows(page: str) -> dict[str, tuple[str, ...]]:
    """The tables of the page: first cell -> the others, without their small print."""
    return {
        name: tuple(re.sub(r"\s*<small>.*?</small>", "", cell).strip() for cell in CELL.findall(cells))
        for name, cells in ROW.findall(page)
    }


def at(house: House, day: date) -> None:
    """Eight in the morning of a day."""
    house.at = start_of(day) + 8 * HOUR


@pytest.fixture
def told(house: House) -> Told:
    """A third quarter: three about roads (one late, one open), one about land, and what is sensitive."""
    told = Told(house)
    told.case(date(2026, 7, 6), village=1, answered=date(2026, 7, 7))
    told.case(date(2026, 8, 3), village=1, answered=date(2026, 9, 25))
    told.case(date(2026, 8, 4), village=2, category="land", answered=date(2026, 8, 5))
    told.case(date(2026, 9, 28), village=3)
    told.case(date(2026, 8, 5), kind=Kind.CONDUCT, category="conduct", village=1, answered=date(2026, 8, 6))
    told.case(date(2026, 8, 6), category="ethnic_religion", village=1, answered=date(2026, 8, 7))
    secret = told.case(date(2026, 8, 10), village=1)
    told.mark(secret, date(2026, 8, 11))
    return told


@pytest.fixture
def anybody(told: Told) -> Iterator[TestClient]:
    """Whoever opens a link."""
    at(told.house, date(2026, 10, 1))
    with browser_of(told.house) as client:
        yield client


def test_a_quarter_that_is_over_is_told_by_field_and_village(anybody: TestClient) -> None:
    page = anybody.get(f"{ADDRESS}?ky=2026-Q3")

    assert page.status_code == 200
    found = rows(page.text)
    assert found["Đường sá, điện, nước"] == ("3", "2", "1/2", "1")
    assert found["Đất đai, xây dựng"] == ("1", "1", "1/1", "0")
    assert found["Cộng"] == ("4", "3", "2/3", "1")
    assert {name: cells[0] for name, cells in found.items() if "thôn" in name.lower()} == {
        "thôn Mẫu 1": "2",
        "thôn Mẫu 2": "1",
        "thôn Mẫu 3": "1",
    }
    for hidden in ("Thái độ", "dân tộc", "tố cáo của"):
        assert hidden not in page.text.partition("Số liệu này được tính thế nào")[0]


def test_a_month_and_a_running_quarter_tell_of_no_village(told: Told, anybody: TestClient) -> None:
    assert "thôn Mẫu" not in anybody.get(f"{ADDRESS}?ky=2026-08").text
    at(told.house, date(2026, 9, 30))
    running = anybody.get(f"{ADDRESS}?ky=2026-Q3").text
    assert "tính đến hết ngày 29/09/2026" in running
    assert "thôn Mẫu" not in running


def test_a_day_counts_when_it_is_over(told: Told, anybody: TestClient) -> None:
    told.case(date(2026, 10, 5), village=4)
    today = anybody.get(f"{ADDRESS}?ky=2026-10").text
    assert "chưa nhận việc nào" not in today
    assert "nhận <strong>0</strong>" in today
    told.house.at += DAY
    assert "nhận <strong>1</strong>" in anybody.get(f"{ADDRESS}?ky=2026-10").text


def test_what_is_sensitive_is_told_apart_for_a_whole_year_and_from_five_on(told: Told, anybody: TestClient) -> None:
    at(told.house, date(2026, 12, 31))
    assert "Công khai riêng" not in anybody.get(f"{ADDRESS}?ky=2026-12m").text
    at(told.house, date(2027, 1, 2))
    page = anybody.get(f"{ADDRESS}?ky=2026-12m").text
    assert "Phản ánh về thái độ cán bộ: có nhưng dưới 5 việc, không nêu số" in page
    assert rows(page)["Cộng"][0] == "4"


def test_the_page_says_what_the_published_file_of_the_same_days_says(told: Told, anybody: TestClient) -> None:
    house = told.house
    for key in ("2026-08", "2026-Q3"):
        period = parse(key)
        source_rows = look(
            house,
            lambda conn, period=period: data_csv(  # type: ignore[misc]  # a default binds what the loop changes
                build(
                    StoreSource(conn, house.commune.commune),
                    period,
                    plan("y_tich_2024"),
                    sample=False,
                    made_on=period.last + timedelta(days=2),
                ),
                "public",
            ),
        )
        file = [row for row in csv.DictReader(StringIO(source_rows.decode("utf-8-sig"))) if row["subject"] == "cases"]
        whole = {row["measure"]: row["value"] for row in file if row["cut"] == "all"}
        page = rows(anybody.get(f"{ADDRESS}?ky={key}").text)
        assert page["Cộng"][:2] == (whole["received"], whole["answered"])
        assert page["Cộng"][3] == whole["open"]
        fields = {row["cut"]: row["value"] for row in file if row["measure"] == "received"}
        assert page["Đường sá, điện, nước"][0] == fields["category:roads"]


@pytest.mark.parametrize(
    "key", ["2026-13", "x", "2026-6m", "2029-01", "1999-12m", "2026-01-01..2026-02-01", "\0", "9" * 300, "2026-10%00"]
)
def test_only_periods_that_are_offered_are_there(anybody: TestClient, key: str) -> None:
    assert anybody.get(ADDRESS, params={"ky": key}).status_code == 404


def test_nobody_has_that_commune(anybody: TestClient) -> None:
    assert anybody.get("/khong-co/cong-khai").status_code == 404


# --- how long a page stands -------------------------------------------------------------------------------------------


def test_a_page_stands_a_minute_and_is_not_sent_twice(told: Told, anybody: TestClient) -> None:
    first = anybody.get(ADDRESS)
    assert first.headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in first.headers
    again = anybody.get(ADDRESS, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert anybody.get(f"{ADDRESS}?fbclid=abc").headers["etag"] == first.headers["etag"]

    code = told.made[0]
    told.change(code, category="land")
    assert anybody.get(ADDRESS).text == first.text
    told.house.at += MINUTE
    told.change(code, category="roads")
    later = anybody.get(ADDRESS, headers={"if-none-match": 'W/"other", ' + first.headers["etag"]})
    assert later.status_code == 304, "the same bytes again are the same page"


def test_what_is_marked_as_confidential_leaves_the_page_within_a_minute(told: Told, anybody: TestClient) -> None:
    assert rows(anybody.get(f"{ADDRESS}?ky=2026-Q3").text)["Đất đai, xây dựng"][0] == "1"
    told.mark(told.made[2], date(2026, 10, 1))
    at(told.house, date(2026, 10, 1))
    told.house.at += MINUTE
    assert "Đất đai, xây dựng" not in rows(anybody.get(f"{ADDRESS}?ky=2026-Q3").text)


def test_each_size_of_letters_is_a_page_of_its_own_and_no_proxys(anybody: TestClient) -> None:
    plain = anybody.get(ADDRESS)
    large = anybody.get(ADDRESS, headers={"cookie": "xem=3c"})
    assert "size3 contrast" in large.text
    assert large.headers["cache-control"] == "private, max-age=60"
    assert large.headers["etag"] != plain.headers["etag"]
    assert "cookie" in plain.headers["vary"].lower()
