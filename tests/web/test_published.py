"""Published results: what an issued report says of surveys, its open data, and nothing before or besides."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from storage.tables import reports
from tests.web.house import House, browser_of, outside
from tests.web.issued_reports import SECRET, answered, issue
from vietnam.time import HOUR, start_of


@pytest.fixture
def anybody(house: House) -> Iterator[TestClient]:
    """Whoever opens a link on the fifth of November, with answers of two months."""
    for month in (9, 10):
        answered(house, date(2026, month, 5), content=12, unhappy=8)
        answered(house, date(2026, month, 9), content=2, unhappy=1, village=2, channel="telegram")
    house.at = start_of(date(2026, 11, 5)) + 9 * HOUR
    with browser_of(house) as client:
        yield client


@pytest.mark.parametrize("state", ["making", "failed", "ready", "approved", "handed"])
def test_nothing_is_there_before_a_report_is_issued(house: House, anybody: TestClient, state: str) -> None:
    report = issue(house, "2026-10", state=state)

    assert "Chưa có báo cáo nào được phát hành" in anybody.get("/mau/ket-qua").text
    for more in ("", "/so-lieu-cong-bo-2026-10.csv", "/tu-dien-du-lieu.csv"):
        assert anybody.get(f"/mau/ket-qua/{report}{more}").status_code == 404


def test_an_issued_report_shows_its_surveys_with_n_and_how_far_they_reach(house: House, anybody: TestClient) -> None:
    report = issue(house, "2026-10")

    listed = anybody.get("/mau/ket-qua").text
    assert f'href="/mau/ket-qua/{report}"' in listed
    assert "12/BC-UBND" in listed
    page = anybody.get(f"/mau/ket-qua/{report}").text
    assert "n = 23 phiếu" in page
    assert "Ý kiến tự nguyện, không suy rộng cho toàn xã." in page
    assert "60,9%" in page, "14 of 23"
    assert "Dữ liệu mẫu" not in page


def test_open_data_is_the_file_of_the_report_to_the_byte(house: House, anybody: TestClient) -> None:
    report = issue(house, "2026-10")
    page = anybody.get(f"/mau/ket-qua/{report}").text

    files = re.findall(rf'href="(/mau/ket-qua/{report}/[^"]+)"', page)
    assert {name.rpartition("/")[2] for name in files} == {
        "so-lieu-cong-bo-2026-10.csv", "so-lieu-cong-bo-2026-10.json", "tu-dien-du-lieu.csv",
    }  # fmt: skip
    data = anybody.get(files[0])
    assert data.headers["content-type"].startswith("text/csv")
    assert "attachment" in data.headers["content-disposition"]
    rows = list(csv.DictReader(StringIO(data.content.decode("utf-8-sig"))))
    assert {row["audience"] for row in rows} == {"public"}
    again = anybody.get(files[0], headers={"if-none-match": data.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "name",
    [
        "so-lieu-noi-bo-2026-10.csv",
        "figures.json",
        "ban-da-ky.pdf",
        "bao-cao-2026-10.docx",
        "..",
        "x%00",
        "so-lieu-cong-bo-x",
    ],
)
def test_no_other_file_of_a_report_is_public(house: House, anybody: TestClient, name: str) -> None:
    report = issue(house, "2026-10")
    answer = anybody.get(f"/mau/ket-qua/{report}/{name}")
    assert SECRET not in answer.text
    assert answer.status_code == 404 or name == ".."


def test_another_communes_report_is_not_there(house: House, anybody: TestClient) -> None:
    report = issue(house, "2026-10")
    assert anybody.get(f"/xa-khac/ket-qua/{report}").status_code == 404
    for odd in (1, 1 << 63, 10**30):
        assert anybody.get(f"/mau/ket-qua/{odd}").status_code == 404


def test_what_a_report_withholds_is_withheld_on_its_page(house: House, anybody: TestClient) -> None:
    """Three of the second village: neither they nor the first beside the whole, from which they would follow."""
    answered(house, date(2026, 9, 20), content=20, unhappy=10, village=3)
    report = issue(house, "2026-Q3")
    page = anybody.get(f"/mau/ket-qua/{report}").text
    villages = page.partition("Hài lòng chung theo thôn")[2].partition("</table>")[0]
    rows = re.findall(r'<th scope="row">(thôn Mẫu \d)</th>.*?<td class="bar-text">([^<]*)</td>', villages)
    shown = dict(rows)
    assert (shown.pop("thôn Mẫu 1"), shown.pop("thôn Mẫu 2"), shown.pop("thôn Mẫu 3")) == ("…", "…", "66,7%")
    assert set(shown.values()) <= {"…", "–"}


def test_figures_of_a_form_that_nobody_knows_any_more_are_no_page(house: House, anybody: TestClient) -> None:
    report = issue(house, "2026-10")
    outside(house, lambda tx: tx.execute(update(reports).values(figures='{"period": 1}')))
    assert anybody.get(f"/mau/ket-qua/{report}").status_code == 404
    assert "Chưa có báo cáo nào" in anybody.get("/mau/ket-qua").text


def test_sample_data_says_so(house: House, anybody: TestClient) -> None:
    report = issue(house, "2026-10", sample=True)
    assert "Dữ liệu mẫu" in anybody.get(f"/mau/ket-qua/{report}").text
