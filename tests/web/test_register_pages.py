"""Sổ đơn in the browser: entered, accepted, made longer, ended; tố cáo for the named person alone."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from feedback.roles import SYSTEM, Actor
from storage import confidential
from storage.tables import acts, register_lines
from tests.web.house import PASSWORD, House, browser_of, look, outside

BOOK = "/can-bo/so-don"
COMPLAINT = {"kind": "complaint", "received": "2026-09-01", "summary": "Thu hồi đất", "handler": "Bà Mẫu"}


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        yield client


@pytest.fixture
def keeper(house: House) -> Iterator[TestClient]:
    """The leader, who is also the named person."""
    unit = house.commune.commune
    people = look(house, lambda conn: confidential.nameable(conn, unit))
    id = next(id for id, login, *_ in people if login == "lanhdao")
    assert outside(house, lambda tx: confidential.name_keeper(tx, Actor(kind=SYSTEM, unit=unit), id, house.at))
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "lanhdao", "password": PASSWORD})
        yield client


def newest(house: House) -> int:
    return look(house, lambda conn: int(conn.scalar(select(func.max(register_lines.c.id))) or 0))


def test_a_line_from_the_day_it_came_to_its_result(house: House, desk: TestClient) -> None:
    # given a đơn of a month ago that nobody has accepted: it is late, and said to be
    page = desk.post(BOOK, data=COMPLAINT).text
    assert "Đã ghi vào sổ" in page
    assert "1 đơn quá hạn." in page
    assert "Hạn thụ lý 11/09/2026" in page
    line = f"{BOOK}/{newest(house)}"
    # when the day it was accepted is entered, then the term for settling it runs
    page = desk.post(f"{line}/thu-ly", data={"on": "2026-09-10", "seen": "1"}).text
    assert "Thụ lý 10/09/2026, hạn giải quyết 12/10/2026" in page
    assert "Luật Khiếu nại 2011" in page
    # longer only as the law says
    refused = desk.post(f"{line}/gia-han", data={"ground": "complex", "by": "40", "reason": "Đo lại", "seen": "2"})
    assert refused.status_code == 422
    assert "Đo lại" in refused.text
    page = desk.post(f"{line}/gia-han", data={"ground": "complex", "by": "15", "reason": "Đo lại", "seen": "2"}).text
    assert "Gia hạn 15 ngày (vụ việc phức tạp): Đo lại." in page
    # and a result ends it
    page = desk.post(f"{line}/ket-qua", data={"on": "2026-10-02", "result": "Quyết định số 5", "seen": "3"}).text
    assert "Đã ghi kết quả" in page
    assert "Ghi kết quả và đóng" not in page
    assert "Có kết quả 02/10/2026: Quyết định số 5" in desk.get(BOOK).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"received": "hôm qua"}, "Xin ghi đúng ngày."),
        ({"received": "2027-01-01"}, "Ngày này chưa đến."),
        ({"summary": " "}, "Xin ghi tóm tắt"),
        ({"kind": "denunciation"}, "Ông/Bà không được ghi sổ này."),
        ({"kind": "gì đó"}, "Xin chọn một trong các mục"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written_is_lost(desk: TestClient, wrong: dict[str, str], said: str) -> None:
    answer = desk.post(BOOK, data=COMPLAINT | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Bà Mẫu" in answer.text


def test_a_denunciation_is_there_for_the_named_person_alone(house: House, desk: TestClient, keeper: TestClient) -> None:
    assert 'value="denunciation"' not in desk.get(BOOK).text
    keeper.post(BOOK, data={"kind": "denunciation", "received": "2026-09-01", "summary": "kumquatoza"})
    line = f"{BOOK}/{newest(house)}"
    assert "kumquatoza" in keeper.get(line).text
    assert "kumquatoza" in keeper.get("/can-bo/don-bao-mat").text
    assert "kumquatoza" not in desk.get(BOOK).text
    assert "quá hạn" not in desk.get(BOOK).text
    assert desk.get(line).status_code == 404
    assert desk.post(f"{line}/thu-ly", data={"on": "2026-09-02", "seen": "1"}).status_code == 404
    reads = look(house, lambda conn: conn.scalar(select(func.count()).where(acts.c.action == "read")))
    assert reads == 1


def test_who_may_not_keep_it(house: House) -> None:
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "quantri", "password": PASSWORD})
        assert client.get(BOOK).status_code == 403
        assert client.post(BOOK, data=COMPLAINT).status_code == 403
