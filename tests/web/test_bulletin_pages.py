"""Thông báo: a leader writes, a receptionist only looks."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.web.house import PASSWORD, House, browser_of

PAGE = "/can-bo/thong-bao-dan"
WATER = "Thứ Sáu cắt nước từ 8 giờ đến 11 giờ."


@pytest.fixture
def leader(house: House) -> Iterator[TestClient]:
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "lanhdao", "password": PASSWORD})
        yield client


def test_a_leader_sends_and_stops(house: House, leader: TestClient) -> None:
    assert "Chưa gửi thông báo nào" in leader.get(PAGE).text
    page = leader.post(PAGE, data={"text": WATER, "village": "", "read": "1"}).text
    assert WATER in page
    assert "đang gửi" in page
    action = re.search(rf'action="({PAGE}/\d+/dung)"', page)
    assert action
    with browser_of(house) as other:
        other.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        assert WATER in other.get(PAGE).text
        assert other.post(PAGE, data={"text": "x"}).status_code == 403
        assert other.post(action[1]).status_code == 403
    assert "Đã dừng" in leader.post(action[1]).text
    assert "Đã dừng" not in leader.post(action[1]).text


@pytest.mark.parametrize("village", ["1", "x", "-1", "9" * 30, "1e3"])
def test_what_is_refused_stays_in_the_form(leader: TestClient, village: str) -> None:
    answer = leader.post(PAGE, data={"text": "<b>nước</b>", "village": village, "read": "1"})
    assert answer.status_code == 422
    assert "Xã không có thôn này" in answer.text
    assert "&lt;b&gt;nước&lt;/b&gt;" in answer.text


def test_nothing_and_too_much_are_refused(leader: TestClient) -> None:
    assert leader.post(PAGE, data={"text": "\0 ", "read": "1"}).status_code == 422
    assert leader.post(PAGE, data={"text": "x" * 1001, "read": "1"}).status_code == 422


def test_nothing_goes_out_unread(leader: TestClient) -> None:
    answer = leader.post(PAGE, data={"text": WATER})
    assert answer.status_code == 422
    assert "Xin đọc lại nội dung" in answer.text
    assert WATER in answer.text
    assert "Chưa gửi thông báo nào" in leader.get(PAGE).text
