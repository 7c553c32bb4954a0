"""The officer's own account: the password, the open sessions, and how much one officer may send."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from storage.ids import new_id
from storage.login_tries import LOCK, TRIES
from storage.tables import officer_sessions, officers
from storage.tx import Tx
from tests.web.at_the_door import (
    ACCOUNT,
    HERE,
    NEW,
    PHONE,
    at_work,
    change,
    enter,
    from_elsewhere,
    happened,
)
from tests.web.house import PASSWORD, House, browser_of, look, outside
from vietnam.time import MINUTE
from web.limits import Limit, Rate

# --- the password -----------------------------------------------------------------------------------------------------


def test_a_password_is_changed_and_every_other_session_ends(house: House) -> None:
    with browser_of(house) as one, browser_of(house) as other:
        # given the same officer at two machines
        assert (enter(one), enter(other)) == (200, 200)
        # when the password is changed at one of them
        before = one.cookies["nghedan_can_bo"]
        status, page = change(one)
        assert one.cookies["nghedan_can_bo"] != before
        assert (status, "Đã đổi mật khẩu" in page) == (200, True)
        # then that one works on, the other is out, and only the new password opens
        assert (at_work(one), at_work(other)) == (True, False)
        assert (enter(other), enter(other, password=NEW)) == (422, 200)
    done = [action for action, _ in happened(house)]
    assert done == ["log_in", "log_in", "password", "sessions_end", "log_in"]
    assert NEW not in str(happened(house))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old": "sai rồi nhé"}, "đang dùng chưa đúng"),
        ({"new": "ngắn"}, "ít nhất 10 ký tự"),
        ({"new": "nongthimau1990"}, "tên người"),
        ({"new": "tiepnhan 2026!"}, "tên đăng nhập"),
        ({"new": "matkhau12345"}, "nhiều người hay dùng"),
        ({"new": "1234567890"}, "liền nhau"),
        ({"new": "a" * 201}, "dài quá"),
        ({"again": "giếng cổ đầu làng 8"}, "chưa giống nhau"),
    ],
)
def test_a_password_that_is_not_changed_says_why_in_one_sentence(
    citizen: TestClient, typed: dict[str, str], said: str
) -> None:
    enter(citizen)
    status, page = change(citizen, **typed)
    assert (status, said in page, page.count('role="alert"')) == (422, True, 1)
    assert "giếng cổ" not in page
    citizen.cookies.clear()
    assert enter(citizen) == 200


def test_the_password_in_use_is_no_new_one(citizen: TestClient) -> None:
    enter(citizen)
    change(citizen)
    status, page = change(citizen, old=NEW, new=NEW)
    assert (status, "giống mật khẩu đang dùng" in page) == (422, True)


def test_a_password_opens_whichever_way_its_letters_are_written(citizen: TestClient) -> None:
    enter(citizen)
    change(citizen, new=unicodedata.normalize("NFD", NEW))
    for form in ("NFC", "NFD"):
        citizen.cookies.clear()
        assert enter(citizen, password=unicodedata.normalize(form, NEW)) == 200


def test_guessing_at_an_open_session_is_closed_like_the_door_and_closes_nobody_out(house: House) -> None:
    with browser_of(house) as left_open, from_elsewhere(house, "10.0.0.7") as officer:
        enter(left_open)
        assert [change(left_open, old="sai")[0] for _ in range(TRIES)] == [422] * TRIES
        assert "Đã nhập sai 5 lần" in change(left_open)[1]
        assert enter(officer) == 200
        house.at += LOCK
        assert change(left_open)[0] == 200


def test_a_password_given_by_somebody_else_is_changed_before_anything_else(house: House, citizen: TestClient) -> None:
    # given an officer whose password an administrator has set
    outside(house, lambda tx: tx.execute(update(officers).where(officers.c.login == "tiepnhan").values(must_change=1)))
    assert enter(citizen) == 200
    # when any page is asked for, or any form sent, then it leads to the account
    for path in ("", "so-don", "lich", "khong-co"):
        told = citizen.get(f"/can-bo/{path}")
        assert (told.url.path, told.status_code) in {(ACCOUNT, 200), ("/can-bo/khong-co", 404)}
    assert citizen.post("/can-bo/thong-bao/1").url.path == ACCOUNT
    assert "do người khác đặt" in citizen.get(ACCOUNT).text
    # and once it is changed the work begins
    change(citizen)
    assert at_work(citizen)


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_sessions_are_listed_by_device_and_ended_one_by_one(house: House) -> None:
    with from_elsewhere(house, "113.160.5.9") as desk, from_elsewhere(house, "2402:800:61b0::7") as phone:
        desk.headers["user-agent"], phone.headers["user-agent"] = HERE, PHONE
        enter(desk)
        house.at += MINUTE
        enter(phone)
        page = phone.get(ACCOUNT).text
        assert [sign in page for sign in ("Chrome, Windows", "Safari, iPhone", "113.160.x.x", "2402:0800::")] == [
            True
        ] * 4
        assert "5.9" not in page
        assert page.count("Phiên này") == 1
        key = re.search(r"/tai-khoan/phien/([0-9a-f]+)", page)
        assert key
        phone.post(f"{ACCOUNT}/phien/{key[1]}")
        assert (at_work(phone), at_work(desk)) == (True, False)
    assert happened(house)[-1] == ("session_end", {"device": "Chrome, Windows"})


def test_all_other_sessions_end_at_once(house: House) -> None:
    with browser_of(house) as one, browser_of(house) as two, browser_of(house) as three:
        for client in (one, two, three):
            enter(client)
        assert "Đã kết thúc các phiên khác" in two.post(f"{ACCOUNT}/phien").text
        assert [at_work(client) for client in (one, two, three)] == [False, True, False]
    assert happened(house)[-1] == ("sessions_end", {"count": 2})


def test_nobody_ends_the_session_of_another(house: House) -> None:
    with browser_of(house) as one, browser_of(house) as other:
        enter(one)
        enter(other, "lanhdao")
        held = look(house, lambda conn: conn.scalars(select(officer_sessions.c.token_hash)).all())
        for token in held:
            one.post(f"{ACCOUNT}/phien/{bytes(token).hex()[:24]}")
        assert at_work(other)


@pytest.mark.parametrize("login", ["tiepnhan", "lanhdao", "quantri", "matran", "truongthon"])
def test_every_role_has_an_account_of_its_own(house: House, citizen: TestClient, login: str) -> None:
    extra = {"matran": ("front", house.commune.commune), "truongthon": ("village_head", house.commune.villages[0])}
    if login in extra:
        role, unit = extra[login]

        def add(tx: Tx) -> None:
            hashed = select(officers.c.password_hash).where(officers.c.login == "tiepnhan").scalar_subquery()
            row = {"id": new_id(), "unit_id": unit, "login": login, "name": "Mẫu", "role": role, "created_at": 0}
            tx.execute(officers.insert().values(**row, password_hash=hashed))

        outside(house, add)
    enter(citizen, login)
    page = citizen.get(ACCOUNT)
    assert (page.status_code, "Tài khoản của tôi" in page.text) == (200, True)
    assert f'href="{ACCOUNT}"' in page.text


# --- how much one officer may send ------------------------------------------------------------------------------------


def test_a_browser_that_runs_away_is_slowed_down_and_told_so(house: House) -> None:
    house.limits = replace(house.limits, posts=Limit(Rate(3, 1_000)))
    with browser_of(house) as client, browser_of(house) as colleague:
        enter(client)
        enter(colleague, "lanhdao")
        told = [client.post("/can-bo/thong-bao/1").status_code for _ in range(4)]
        assert told[-1] == 429
        assert "quá nhiều trong ít phút" in client.post("/can-bo/thong-bao/1").text
        assert client.get("/can-bo/").status_code == 200
        assert colleague.post("/can-bo/thong-bao/1").status_code != 429
        house.at += 10_000
        assert client.post("/can-bo/thong-bao/1").status_code != 429


def test_papers_are_made_as_fast_as_they_are_read(house: House) -> None:
    house.limits = replace(house.limits, files=Limit(Rate(2, 2_000)))
    with browser_of(house) as client:
        enter(client)
        assert [client.get("/can-bo/so-sach").status_code for _ in range(3)] == [200, 200, 429]


# --- odd requests -----------------------------------------------------------------------------------------------------

ODD: list[Callable[[TestClient], int]] = [
    lambda client: client.post(f"{ACCOUNT}/mat-khau").status_code,
    lambda client: (
        client.post(f"{ACCOUNT}/mat-khau", data={"old": "\0", "new": "\0" * 20, "again": "\0" * 20}).status_code
    ),
    lambda client: client.post(f"{ACCOUNT}/mat-khau", data={"new": "😀" * 50, "again": "😀" * 50}).status_code,
    lambda client: client.post(f"{ACCOUNT}/phien/khong").status_code,
    lambda client: client.post(f"{ACCOUNT}/phien/{'f' * 5000}").status_code,
    lambda client: client.post(f"{ACCOUNT}/buoc-hai/bat", data={"code": "١٢٣٤٥٦"}).status_code,
    lambda client: client.post(f"{ACCOUNT}/buoc-hai/bat", data={"code": "9" * 100_000}).status_code,
    lambda client: client.post("/can-bo/dang-nhap/buoc-hai", data={"code": "\u202e1"}).status_code,
    lambda client: client.get(f"{ACCOUNT}?xong=%3Cscript%3E").status_code,
]


@pytest.mark.parametrize("ask", ODD)
def test_odd_requests_are_answered(citizen: TestClient, ask: Callable[[TestClient], int]) -> None:
    enter(citizen)
    assert ask(citizen) < 500


def test_a_form_of_another_site_changes_nothing(citizen: TestClient) -> None:
    enter(citizen)
    headers = {"sec-fetch-site": "cross-site"}
    for path in ("mat-khau", "phien", "phien/abc", "buoc-hai", "buoc-hai/bat", "buoc-hai/tat", "buoc-hai/ma-du-phong"):
        assert citizen.post(f"{ACCOUNT}/{path}", data={"password": PASSWORD}, headers=headers).status_code == 403
    told = citizen.post("/can-bo/dang-nhap/buoc-hai", data={"code": "1"}, headers=headers)
    assert told.status_code == 403


def test_the_cookies_of_the_door_are_strict_and_go_to_the_door_alone(house: House) -> None:
    with browser_of(house) as client:
        client.follow_redirects = False
        told = client.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD})
        cookies = {one.partition("=")[0]: one for one in told.headers.get_list("set-cookie")}
    assert set(cookies) == {"nghedan_can_bo", "nghedan_may"}
    assert all("HttpOnly" in one and "SameSite=strict" in one for one in cookies.values())
    assert "Path=/can-bo/dang-nhap" in cookies["nghedan_may"]
