"""Hỏi xã: an officer writes an answer, a citizen asks and reads it."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from storage import knowledge
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, browser_of

HOURS = {
    "title": "Giờ làm việc", "text": "Sáng 7 giờ 30 đến 11 giờ 30.", "words": "mở cửa", "phone": "0205 000 0000",
    "person": "ông Mẫu", "link": "https://xa.example/gio", "place": "1", "active": "1", "seen": "0",
}  # fmt: skip


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        yield client


def address_of_first(page: str) -> str:
    found = re.search(r'href="(/can-bo/hoi-xa/[1-9]\d*)"', page)
    assert found
    return found[1]


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def test_what_an_officer_writes_a_citizen_reads(desk: TestClient, citizen: TestClient) -> None:
    assert "Chưa có mục nào" in desk.get("/can-bo/hoi-xa").text
    page = desk.post("/can-bo/hoi-xa/0", data=HOURS).text
    assert "Đã lưu" in page
    assert "Giờ làm việc" in page
    citizen.get("/mau/")
    citizen.post("/mau/gui", data={"m": "a" * 12, "text": "mấy giờ xã mở cửa"})
    chat = citizen.get("/mau/").text
    assert "Sáng 7 giờ 30 đến 11 giờ 30." in chat
    assert "0205 000 0000 (ông Mẫu)" in chat


def test_hidden_ones_are_asked_for_in_vain(house: House, desk: TestClient) -> None:
    desk.post("/can-bo/hoi-xa/0", data=HOURS | {"active": ""})
    unit = house.commune.commune
    assert run_apart(house.store.read(lambda conn: knowledge.of_unit(conn, unit))) == []
    assert not run_apart(house.store.read(lambda conn: knowledge.has_any(conn, unit)))


def test_what_is_refused_stays_in_the_form(desk: TestClient) -> None:
    answer = desk.post("/can-bo/hoi-xa/0", data=HOURS | {"link": "xa.example", "text": "<b>Sáng</b>"})
    assert answer.status_code == 422
    assert "phải bắt đầu bằng https://" in answer.text
    assert "&lt;b&gt;Sáng&lt;/b&gt;" in answer.text
    for place in ("", "-3", "1000", "x" * 30):
        assert "Thứ tự là một số" in desk.post("/can-bo/hoi-xa/0", data=HOURS | {"place": place}).text


def test_two_who_write_at_once_both_see_it(house: House, desk: TestClient) -> None:
    desk.post("/can-bo/hoi-xa/0", data=HOURS)
    address = address_of_first(desk.get("/can-bo/hoi-xa").text)
    seen = seen_on(desk.get(address).text)
    desk.post(address, data=HOURS | {"seen": seen, "text": "Bản của đồng nghiệp"})
    late = desk.post(address, data=HOURS | {"seen": seen, "text": "Bản của tôi"})
    assert late.status_code == 422
    assert "Bản của đồng nghiệp" in late.text
    assert "Bản của tôi" in late.text
    saved = desk.post(address, data=HOURS | {"seen": seen_on(late.text), "text": "Bản của tôi"})
    assert "Đã lưu" in saved.text


def test_other_communes_reach_none_of_it(house: House, desk: TestClient) -> None:
    desk.post("/can-bo/hoi-xa/0", data=HOURS)
    address = address_of_first(desk.get("/can-bo/hoi-xa").text)
    with browser_of(house) as stranger:
        stranger.post("/can-bo/dang-nhap", data={"login": "xakhac", "password": PASSWORD})
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, data=HOURS).status_code == 404
        assert "Giờ làm việc" not in stranger.get("/can-bo/hoi-xa").text
    with browser_of(house) as nobody:
        assert "Đăng nhập" in nobody.get(address).text
