"""A password that somebody else gave ends by itself; only whoever knows it is told so."""

import re

from starlette.testclient import TestClient

from tests.web.house import House, browser_of, signed_in
from tests.web.test_people_pages import PAGE, SHOWN, id_of, seen
from vietnam.time import HOUR

DOOR = "/can-bo/dang-nhap"
ENDED = "Mật khẩu được cấp lần đầu đã hết hạn"
WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng"


def given(house: House, login: str = "tiepnhan") -> str:
    """A password that the administrator gives an officer now."""
    id = id_of(house, login)
    with signed_in(house, "quantri") as admin:
        page = admin.post(f"{PAGE}/{id}/mat-khau", data={"seen": seen(house, id)}).text
        password = SHOWN.search(page)
        assert password, page
        assert "dùng được đến" in page
        return password[1]


def tried(client: TestClient, login: str, password: str) -> tuple[int, str]:
    client.follow_redirects = False
    answer = client.post(DOOR, data={"login": login, "password": password})
    trouble = re.search(r'role="alert">.*?<span>(.*?)</span>', answer.text, re.DOTALL)
    return answer.status_code, trouble[1].strip() if trouble else ""


def test_it_opens_until_the_last_moment_and_not_after(house: House) -> None:
    password = given(house)
    house.at += 72 * HOUR
    with browser_of(house) as last:
        assert tried(last, "tiepnhan", password)[0] == 303
    house.at += 1
    with browser_of(house) as late:
        status, said = tried(late, "tiepnhan", password)
        assert (status, said.startswith(ENDED)) == (422, True)
        assert "người quản trị" in said
    with browser_of(house) as again:
        assert tried(again, "tiepnhan", given(house))[0] == 303


def test_to_whoever_does_not_know_it_it_is_a_wrong_one_like_any_other(house: House) -> None:
    given(house)
    house.at += 73 * HOUR
    answers = []
    for login in ("tiepnhan", "lanhdao", "khong.ai.ca"):
        with browser_of(house) as client:
            answers.append(tried(client, login, "mật khẩu đoán mò"))
    assert {status for status, _ in answers} == {422}
    assert len({said for _, said in answers}) == 1
    assert answers[0][1].startswith(WRONG)


def test_what_the_officer_has_chosen_does_not_end(house: House) -> None:
    password = given(house)
    own = "ba con trâu đen cày ruộng"
    with browser_of(house) as client:
        client.post(DOOR, data={"login": "tiepnhan", "password": password})
        form = {"old": password, "new": own, "again": own}
        assert client.post("/can-bo/tai-khoan/mat-khau", data=form).status_code == 200
    house.at += 1000 * HOUR
    with browser_of(house) as later:
        assert tried(later, "tiepnhan", own)[0] == 303


def test_the_administrator_sees_until_when_and_that_it_has_ended(house: House) -> None:
    given(house)
    id = id_of(house, "tiepnhan")
    with signed_in(house, "quantri") as admin:
        assert "chờ đổi mật khẩu trước" in admin.get(f"{PAGE}/{id}").text
    house.at += 73 * HOUR
    with signed_in(house, "quantri") as admin:
        assert "mật khẩu được cấp đã hết hạn" in admin.get(f"{PAGE}/{id}").text
        assert "mật khẩu được cấp đã hết hạn" in admin.get(PAGE).text
