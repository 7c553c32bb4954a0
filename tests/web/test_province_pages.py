"""Các xã, phường: an officer of the province sees who owes and reminds them; of a commune nobody gets in."""

from collections.abc import Iterator

import pytest
from httpx2 import Response
from msgspec.structs import replace
from sqlalchemy import func, insert, select
from starlette.testclient import TestClient

from reports.province_files import pack
from storage.ids import new_id
from storage.tables import acts, notices, officers, reports
from tests.unit.provinces import lively_figures
from tests.web.house import PASSWORD, House, _hashed, browser_of, look, outside

PAGE = "/can-bo/tinh"
MONTH = "2026-09"


def officer_of_the_province(house: House, login: str = "tinh", role: str = "reception") -> None:
    """An officer who belongs to the province itself."""
    values = {"unit_id": house.commune.province, "login": login, "name": "Cán bộ tỉnh", "role": role}
    row = {**values, "id": new_id(), "password_hash": _hashed(), "created_at": house.at}
    outside(house, lambda tx: tx.execute(insert(officers).values(**row)).close())


def report_of(house: House, unit: int, state: str) -> None:
    """A report of the month in some state."""
    values = {"unit_id": unit, "period": MONTH, "state": state, "made_by": "system", "asked_at": 1, "made_at": house.at}
    outside(house, lambda tx: tx.execute(insert(reports).values(id=new_id(), **values)).close())


@pytest.fixture
def province(house: House) -> Iterator[TestClient]:
    officer_of_the_province(house)
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "tinh", "password": PASSWORD})
        yield client


def test_the_officer_begins_there_and_sees_nothing_of_a_commune(house: House, province: TestClient) -> None:
    page = province.get("/can-bo/")

    assert page.url.path == PAGE
    assert "Tỉnh Mẫu" in page.text
    assert "xã Mẫu" in page.text
    assert "xã Khác" in page.text
    assert "/can-bo/so-don" not in page.text
    assert province.get("/can-bo/bao-cao").status_code == 403
    assert province.get("/can-bo/khao-sat").status_code == 403


def test_nobody_of_a_commune_gets_in(house: House) -> None:
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "lanhdao", "password": PASSWORD})
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}/nhac", data={"ky": MONTH}).status_code == 403
        assert PAGE not in client.get("/can-bo/").text


def test_where_each_commune_stands(house: House, province: TestClient) -> None:
    report_of(house, house.commune.commune, "ready")
    page = province.get(PAGE, params={"ky": MONTH}).text
    assert "Dự thảo, chưa duyệt" in page
    assert "<strong>0/2</strong>" in page

    report_of(house, house.commune.commune, "frozen")
    page = province.get(PAGE, params={"ky": MONTH}).text
    assert "Đã duyệt" in page
    assert "<strong>1/2</strong>" in page
    assert "Nhắc 1 đơn vị" in page


def test_reminding_is_one_act_and_tells_nobody_twice(house: House, province: TestClient) -> None:
    report_of(house, house.commune.commune, "approved")
    page = province.post(f"{PAGE}/nhac", data={"ky": MONTH})
    assert "Đã nhắc 1 đơn vị" in page.text
    assert "Cán bộ tỉnh" in page.text
    again = province.post(f"{PAGE}/nhac", data={"ky": MONTH})
    assert "không nhắc lại" in again.text

    told = look(house, lambda conn: conn.execute(select(notices.c.unit_id, notices.c.key)).all())
    assert [row.key for row in told] == ["notice.report_owed"]
    assert told[0].unit_id != house.commune.commune
    many = look(house, lambda conn: conn.scalar(select(func.count()).where(acts.c.action == "remind")))
    assert many == 1
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "xakhac", "password": PASSWORD})
        home = client.get("/can-bo/").text
        assert "tỉnh Mẫu nhắc: xã chưa nộp số liệu báo cáo tháng 9 năm 2026" in home
        assert "Mở trang Báo cáo" in home


def test_an_administrator_only_looks(house: House) -> None:
    officer_of_the_province(house, "quantritinh", "admin")
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "quantritinh", "password": PASSWORD})
        assert "/tinh/nhac" not in client.get(PAGE).text
        assert client.post(f"{PAGE}/nhac", data={"ky": MONTH}).status_code == 403


@pytest.mark.parametrize("period", ["x", "2026-13", "../..", "<b>", "9" * 500])
def test_a_period_that_is_none(province: TestClient, period: str) -> None:
    assert province.get(PAGE, params={"ky": period}).status_code == 404
    assert province.post(f"{PAGE}/nhac", data={"ky": period}).status_code == 404


def sent(name: str, *, approved: bool = True) -> bytes:
    """A commune's file, as `report export` writes it."""
    return pack(replace(lively_figures(name), province="tỉnh Mẫu"), approved=approved)


def upload(client: TestClient, *files: tuple[str, bytes]) -> Response:
    parts = [("tep", (name, raw, "application/json")) for name, raw in files]
    return client.post(f"{PAGE}/nhan", data={"ky": "2026-10"}, files=parts)


def test_files_are_taken_in_and_each_is_answered_for(house: House, province: TestClient) -> None:
    page = upload(province, ("a.json", sent("xã Thất Khê")), ("b.json", sent("xã Đoàn Kết", approved=False)))
    assert page.status_code == 200
    assert page.text.count("đã nhận.") == 2
    assert "Lãnh đạo xã chưa duyệt báo cáo này" in page.text
    assert "Đã nhận tệp" in page.text
    assert "Tệp dự thảo" in page.text

    page = upload(province, ("a.json", sent("xã Thất Khê")), ("hong.json", b"{}"), ("own.json", sent("xã Mẫu")))
    assert page.status_code == 422
    assert "không có gì thay đổi" in page.text
    assert "hong.json" in page.text
    assert "không phải tệp số liệu" in page.text
    assert "làm việc ngay trong hệ thống này" in page.text


def test_nothing_and_too_much_come_in(province: TestClient) -> None:
    assert upload(province, ("", b"")).status_code in {400, 422}
    assert province.post(f"{PAGE}/nhan", data={"ky": "2026-10"}).status_code == 422
    assert upload(province, ("lon.json", b" " * (25 << 20))).status_code == 413
    named = upload(province, ("<script>alert(1)</script>.json", b"{}"))
    assert "<script>alert" not in named.text


def test_the_roll_up_is_made_for_whoever_asks(house: House, province: TestClient) -> None:
    upload(province, ("a.json", sent("xã Thất Khê")))
    for ending, begins in (("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        answer = province.get(f"{PAGE}/tong-hop/{ending}", params={"ky": "2026-10"})
        assert answer.status_code == 200
        assert answer.content.startswith(begins)
        assert f"tong-hop-2026-10.{ending}" in answer.headers["content-disposition"]
    assert province.get(f"{PAGE}/tong-hop/exe", params={"ky": "2026-10"}).status_code == 404
    assert province.get(f"{PAGE}/tong-hop/pdf", params={"ky": "x"}).status_code == 404
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "lanhdao", "password": PASSWORD})
        assert client.get(f"{PAGE}/tong-hop/pdf", params={"ky": "2026-10"}).status_code == 403
        assert upload(client, ("a.json", b"{}")).status_code == 403


def test_the_communes_stand_side_by_side_on_a_page(house: House, province: TestClient) -> None:
    empty = province.get(f"{PAGE}/so-lieu", params={"ky": MONTH})
    assert "Chưa xã nào có số liệu" in empty.text

    assert upload(province, ("rieng.json", sent("xã Thất Khê"))).status_code == 200
    page = province.get(f"{PAGE}/so-lieu", params={"ky": "2026-10"})
    assert page.status_code == 200
    assert "xã Thất Khê" in page.text
    assert "Phản ánh, kiến nghị" in page.text
    assert province.get(f"{PAGE}/so-lieu", params={"ky": "2026-99"}).status_code == 404


def test_who_is_expected_is_written_on_the_page_and_a_bad_name_loses_nothing(
    house: House, province: TestClient
) -> None:
    leader = {"ky": MONTH, "ten": "xã Một\n  phường   Hai \n\nxã Một"}
    done = province.post(f"{PAGE}/cho-nop", data=leader)
    assert "Đã lưu danh sách" in done.text
    assert "phường Hai" in done.text
    bad = province.post(f"{PAGE}/cho-nop", data={"ky": MONTH, "ten": "xã Ba\nxx"})
    assert (bad.status_code, "Tên “xx” cần từ 3 đến 120" in bad.text, "xã Ba" in bad.text) == (422, True, True)
    many = "\n".join(f"xã Số {number}" for number in range(301))
    assert province.post(f"{PAGE}/cho-nop", data={"ky": MONTH, "ten": many}).status_code == 422
    assert "phường Hai" in province.get(PAGE).text
