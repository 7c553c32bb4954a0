"""Số lượt phục vụ ở một cửa: an officer types or pastes a month, sees what is wrong, and writes over nobody."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from storage.tables import served_counts
from tests.web.doors import enter
from tests.web.house import House, browser_of, look

PAGE = "/can-bo/so-luot"
TABLE = "Lĩnh vực\tSố lượt\r\nĐất đai\t1.234\r\nHộ tịch\t56\r\nTổng cộng\t1.290"


@pytest.fixture
def clerk(house: House) -> Iterator[TestClient]:
    with browser_of(house) as client:
        enter(client, "tiepnhan")
        yield client


def month(client: TestClient) -> str:
    """The month that the form is about."""
    page = client.get(PAGE).text
    return page.split('name="thang" value="')[1][:7]


def kept(house: House) -> list[tuple[str, str, int]]:
    query = select(served_counts.c.month, served_counts.c.field, served_counts.c.count).order_by(served_counts.c.field)
    return [tuple(row) for row in look(house, lambda conn: conn.execute(query).all())]


def test_a_pasted_table_is_kept_shown_and_given_back_to_be_changed(house: House, clerk: TestClient) -> None:
    at = month(clerk)

    answer = clerk.post(PAGE, data={"thang": at, "seen": "0", "bang": TABLE})

    assert answer.status_code == 200
    assert "Đã ghi số lượt của tháng" in answer.text
    assert "1.290" in answer.text
    assert "Đất đai: 1.234; Hộ tịch: 56" in answer.text
    assert "Đất đai\t1234\nHộ tịch\t56</textarea>" in answer.text
    assert kept(house) == [(at, "Hộ tịch", 56), (at, "Đất đai", 1234)]


def test_what_is_wrong_is_said_by_its_line_and_nothing_is_kept(house: House, clerk: TestClient) -> None:
    bad = "Lĩnh vực\tSố lượt\nĐất đai\tnhiều lắm\nHộ tịch\t5\nHộ tịch\t6\nTổng cộng\t12"

    answer = clerk.post(PAGE, data={"thang": month(clerk), "seen": "0", "bang": bad})

    assert answer.status_code == 422
    for said in (
        "Dòng 2: “nhiều lắm” không phải số lượt",
        "Dòng 4: lĩnh vực “Hộ tịch” ghi hai lần",
        "nhiều lắm\nHộ tịch",
    ):
        assert said in " ".join(answer.text.split(" ")), said
    assert kept(house) == []


def test_two_officers_do_not_write_over_each_other(house: House, clerk: TestClient) -> None:
    at = month(clerk)
    clerk.post(PAGE, data={"thang": at, "seen": "0", "bang": "500"})

    late = clerk.post(PAGE, data={"thang": at, "seen": "0", "bang": "600"})

    assert late.status_code == 409
    assert "Người khác vừa ghi số của tháng" in late.text
    assert kept(house) == [(at, "", 500)]
    seen = late.text.split('name="seen" value="')[1].split('"')[0]
    assert clerk.post(PAGE, data={"thang": at, "seen": seen, "bang": "600"}).status_code == 200
    assert kept(house) == [(at, "", 600)]


@pytest.mark.parametrize(
    "form", [{"thang": "1999-01"}, {"thang": "x"}, {"seen": "-1"}, {"seen": "٣"}, {"seen": "9" * 40}]
)
def test_a_form_that_no_page_made_is_refused(house: House, clerk: TestClient, form: dict[str, str]) -> None:
    usual = {"thang": month(clerk), "seen": "0", "bang": "500"}

    assert clerk.post(PAGE, data={**usual, **form}).status_code == 400
    assert kept(house) == []


def test_an_officer_of_another_commune_writes_and_sees_his_own(house: House, clerk: TestClient) -> None:
    at = month(clerk)
    clerk.post(PAGE, data={"thang": at, "seen": "0", "bang": "500"})
    with browser_of(house) as other:
        enter(other, "xakhac")
        assert "500" not in other.get(PAGE).text.split("<h2>")[1]
        other.post(PAGE, data={"thang": at, "seen": "0", "bang": "70"})

    assert sorted(count for _, _, count in kept(house)) == [70, 500]


def test_who_is_not_signed_in_is_sent_to_the_door(house: House) -> None:
    with browser_of(house) as stranger:
        assert stranger.get(PAGE, follow_redirects=False).headers["location"].startswith("/can-bo/dang-nhap?den=")


def test_the_page_of_reports_leads_there(clerk: TestClient) -> None:
    assert f'href="{PAGE}"' in clerk.get("/can-bo/bao-cao").text
