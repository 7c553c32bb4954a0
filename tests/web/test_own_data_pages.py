"""The page with a person's own data, and what officers see of such requests."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.web.house import PASSWORD, House, browser_of
from vietnam.time import MINUTE

WORDS = ("Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua", "2", "Lan", "0912345678", "1")


def told(client: TestClient, *said: str) -> str:
    """Type lines into the chat; the whole screen after the last."""
    client.get("/mau/")
    for number, text in enumerate(said):
        client.post("/mau/gui", data={"m": f"{abs(hash((text, number))):012}"[:12], "text": text})
    return client.get("/mau/").text


def address(screen: str) -> str:
    found = re.findall(r"/mau/du-lieu/[\w-]+", screen)
    assert found
    return str(found[-1])


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        yield client


def test_a_person_reads_and_takes_away_what_is_kept(house: House, citizen: TestClient) -> None:
    where = address(told(citizen, *WORDS, "dữ liệu của tôi"))
    page = citizen.get(where)
    assert WORDS[0] in page.text
    assert "Lan 0912345678" in page.text
    assert page.headers["cache-control"] == "no-store"
    file = citizen.get(where + "?tai")
    assert file.json()["cases"][0]["phone"] == "0912345678"
    assert "attachment" in file.headers["content-disposition"]
    house.at += 31 * MINUTE
    assert citizen.get(where).status_code == 410


def test_an_address_of_another_kind_or_place_opens_nothing(citizen: TestClient) -> None:
    where = address(told(citizen, *WORDS, "dữ liệu của tôi"))
    assert citizen.get(where[:-1] + ("A" if where[-1] != "A" else "B")).status_code == 410
    assert citizen.get(where.replace("/mau/", "/xa-khac/")).status_code == 410
    assert citizen.post(where.replace("du-lieu", "them"), data={"text": "/xoa"}).status_code in (404, 410, 422)


def test_an_officer_answers_what_somebody_found_wrong(house: House, desk: TestClient, citizen: TestClient) -> None:
    told(citizen, *WORDS, "/sua_du_lieu", "Tên tôi là Lân")
    page = desk.get("/can-bo/du-lieu").text
    assert "Tên tôi là Lân" in page
    assert "0912345678" not in page
    action = re.search(r'action="(/can-bo/du-lieu/\d+)"', page)
    assert action
    assert desk.post(action[1], data={"answer": " "}).status_code == 422
    assert "Đã ghi và báo" in desk.post(action[1], data={"answer": "Đã sửa tên thành Lân."}).text
    assert "Đã sửa tên thành Lân." in citizen.get("/mau/").text
    again = desk.post(action[1], data={"answer": "Lần nữa"})
    assert again.status_code == 422
    with browser_of(house) as stranger:
        stranger.post("/can-bo/dang-nhap", data={"login": "xakhac", "password": PASSWORD})
        assert stranger.post(action[1], data={"answer": "x"}).status_code == 404


def test_the_officer_sees_where_to_put_it_right_but_no_anonymous_case(house: House, desk: TestClient) -> None:
    with browser_of(house) as named, browser_of(house) as unknown:
        told(named, *WORDS, "/sua_du_lieu", "Tên tôi là Lân")
        page = desk.get("/can-bo/du-lieu").text
        code = re.search(r'href="/can-bo/vu-viec/([A-Z0-9-]+)"', page)
        assert code
        assert "Lan" in desk.get(f"/can-bo/vu-viec/{code[1]}").text
        told(unknown, *WORDS[:5], "1", "1", "/sua_du_lieu", "Chỗ ở ghi sai")
        page = desk.get("/can-bo/du-lieu").text
        assert page.count('href="/can-bo/vu-viec/') == 1
        assert "không có việc nào ghi tên" in page


def test_nobody_answers_a_request_of_somebody_who_has_erased_everything(
    house: House, desk: TestClient, citizen: TestClient
) -> None:
    told(citizen, *WORDS, "/sua_du_lieu", "Tên tôi là Lân", "/xoa", "1")
    page = desk.get("/can-bo/du-lieu").text
    assert "Không có yêu cầu nào đang chờ" in page
    assert "Người dân đã xóa dữ liệu, không cần trả lời" in page
    assert "Lân" not in page


def test_an_address_that_is_over_says_how_to_get_another(house: House, citizen: TestClient) -> None:
    where = address(told(citizen, *WORDS, "dữ liệu của tôi"))
    house.at += 31 * MINUTE
    over = citizen.get(where).text
    assert 'gõ <b class="nowrap">/dulieu</b>' in over
    assert "câu hỏi sẽ hiện lại" not in over
