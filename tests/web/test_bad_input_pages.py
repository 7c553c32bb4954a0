"""Everything wrong that can be asked of the pages: addresses, forms, cookies and numbers that are none."""

import random
import time
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from storage.tables import accounts, calls, inbox, outbox
from tests.web.doors import Waiting, enter, with_map
from tests.web.house import PASSWORD, House, browser_of, look, signed_in
from vietnam.time import HOUR
from web.limits import Limit, Limits, Rate

FOREIGN = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://xa-gia.vn"},
    {"origin": "http://testserver.xa-gia.vn"},
    {"origin": "null"},
    {"origin": "http://["},
    {"origin": "http://[::1"},
    {"origin": ""},
    {"origin": "x" * 5000},
)


@pytest.fixture
def mapped(house: House) -> House:
    return with_map(house)


def rows(house: House, table: Any) -> int:
    return look(house, lambda conn: conn.scalar(select(func.count()).select_from(table)) or 0)


# --- addresses ---

_NINES = "9" * 5000


@pytest.mark.parametrize(
    "path",
    [
        f"/webhook/telegram/{_NINES}",
        f"/oauth/zalo_oa/{_NINES}",
        f"/mau/anh/{_NINES}",
        f"/can-bo/can-goi/{_NINES}",
        f"/can-bo/bao-cao/{_NINES}/a.pdf",
        f"/mau/anh/{2**63}",
        f"/mau/anh/{2**64}",
        "/mau/anh/%D9%A3",
        "/mau/anh/-1",
        f"/oauth/zalo_oa/{2**64}?code=a",
        "/oauth/%00/1?code=a",
        "/%00/",
        "/mau%00/",
        "/%ff/",
        "/mau/tra-cuu/%00",
        "/mau/tra-cuu/%ff%fe",
        f"/mau/them/{'A' * 2500}",
        "/mau/them/%00",
        "/mau/them/..%2f..",
        "/nghe/%00",
        f"/nghe/{'A' * 27}",
        f"/{'a' * 5000}/",
        "//",
        "/mau//them/x",
        "/static/..%2f..%2fapp.py",
        "/static/%00",
        "/mau/tin?sau=%00",
        f"/mau/tin?sau={_NINES}",
        "/mau/zalo?n=%00",
        "/can-bo/can-goi/1/phieu",
    ],
)
def test_no_address_is_a_fault_of_ours(house: House, citizen: TestClient, path: str) -> None:
    citizen.follow_redirects = False
    for method in ("GET", "POST", "HEAD", "PUT"):
        answer = citizen.request(method, path)
        assert answer.status_code < 500, method
        assert answer.headers["x-content-type-options"] == "nosniff"


# --- forms ---

_FORM = (
    b'--a\r\nContent-Disposition: form-data; name="m"\r\n\r\naaaaaaaaaaaa\r\n'
    b'--a\r\nContent-Disposition: form-data; name="text"\r\n\r\nxin ch\xc3\xa0o\r\n'
    b'--a\r\nContent-Disposition: form-data; name="photo"; filename="x.jpg"\r\nContent-Type: image/jpeg\r\n\r\nx\r\n'
    b"--a--\r\n"
)
_CHARSETS = (
    b"",
    b"a\x00b",
    b"undefined",
    b"idna",
    b"hex",
    b"utf-7",
    b"utf-16",
    b"unicode_escape",
    b"\xff",
    b"x" * 5000,
)


@pytest.mark.parametrize("charset", _CHARSETS)
def test_a_form_in_any_charset_is_read_or_refused(house: House, citizen: TestClient, charset: bytes) -> None:
    citizen.get("/mau/")
    for kind in (b"multipart/form-data; boundary=a; charset=", b"application/x-www-form-urlencoded; charset="):
        body = _FORM if b"multi" in kind else b"m=aaaaaaaaaaaa&text=%ff%00%ed%a0%80"
        answer = citizen.post("/mau/gui", content=body, headers=[(b"content-type", kind + charset)])
        assert answer.status_code in (200, 400, 422)
    assert rows(house, inbox) == 0


def test_a_form_spoiled_anywhere_is_read_or_refused(house: House) -> None:
    house.limits = _patient()
    chance = random.Random(20261003)
    with browser_of(house) as client:
        client.get("/mau/")
        for _ in range(400):
            body = bytearray(_FORM)
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(body))
                odd = chance.choice((b"\r\n", b"--a", b"--a--", b"\0", b": ", b"; charset=x", b"\xff" * 5, b'"', b""))
                body[at : at + chance.randint(0, 6)] = odd
            answer = client.post(
                "/mau/gui",
                content=bytes(body),
                headers={"content-type": "multipart/form-data; boundary=a", "accept": "application/json"},
            )
            assert answer.status_code in (200, 400, 422), bytes(body)
    assert rows(house, inbox) == 0


@pytest.mark.parametrize("headers", FOREIGN)
def test_no_form_of_another_site_is_taken_anywhere(mapped: House, headers: dict[str, str]) -> None:
    page = Waiting(mapped).page()
    with browser_of(mapped) as client:
        client.get("/mau/")
        enter(client, "tiepnhan")
        before = (rows(mapped, outbox), rows(mapped, calls))
        client.follow_redirects = False
        for path, form in (
            ("/mau/gui", {"m": "a" * 12, "text": "xin chào"}),
            ("/mau/ban-do", {"m": "a" * 12, "pin.x": "5", "pin.y": "5"}),
            (page, {"m": "a" * 12, "place": "21.5,106.5"}),
            ("/can-bo/can-goi/1", {"what": "called"}),
            ("/can-bo/dang-nhap", {"login": "tiepnhan", "password": PASSWORD}),
        ):
            assert client.post(path, data=form, headers=headers).status_code == 403, path
        look_kept = client.post("/mau/hien-thi", data={"size": "3"}, headers=headers)
        assert "set-cookie" not in look_kept.headers
        assert (rows(mapped, outbox), rows(mapped, calls)) == before


@pytest.mark.parametrize(
    "form",
    [
        {"choice": "0:go:menu"},
        {"choice": f"{10**30}:x"},
        {"choice": "-1:x"},
        {"choice": ":"},
        {"choice": "1:\x00"},
        {"choice": "1:" + "x" * 5000},
        {"choice": "go:"},
        {"choice": "go:" + "x" * 40},
        {"choice": "٣:x"},
        {"m": "x", "text": "a"},
        {"m": "\x00" * 12, "text": "a"},
        {"m": "../../etc/passwd", "text": "a"},
        {"text": "\x1b[31m\x07\x08\u202e\u2066x"},
        {"text": "\r\n" * 2000},
        {"text": "\u0300" * 4000},
        {"text": "😀" * 4001},
        {"too_big": "1"},
        {"place": "nan,nan"},
        {"place": "inf,1"},
        {"place": "1e1,1"},
        {"place": "٣,٣"},
        {"place": "90.1,0"},
        {"place": "0,-180.1"},
        {"text": "a", "choice": "1:a", "place": "1,1"},
    ],
)
def test_rubbish_in_the_chat_form_is_answered_and_nothing_is_left_hanging(
    house: House, citizen: TestClient, form: dict[str, str]
) -> None:
    citizen.get("/mau/")
    assert citizen.post("/mau/gui", data={"m": "a" * 12, **form}).status_code in (200, 422)
    assert citizen.post("/mau/gui", data={"m": "b" * 12, "text": "menu"}).status_code == 200
    assert rows(house, inbox) == 0


def _patient() -> Limits:
    return Limits(*(Limit(Rate(100_000, 1)) for _ in range(6)))


@pytest.mark.slow
def test_of_ten_thousand_posts_a_chat_takes_what_its_pace_allows(house: House) -> None:
    with browser_of(house) as client:
        client.get("/mau/")
        told = {"accept": "application/json", "content-type": "application/x-www-form-urlencoded"}
        found = [
            client.post("/mau/gui", content=b"m=m%011d&text=menu" % number, headers=told).status_code
            for number in range(10_000)
        ]
        assert found.count(200) == house.limits.session.rate.burst
        assert set(found) == {200, 429}
        house.at += HOUR
        assert client.post("/mau/gui", data={"m": "z" * 12, "text": "menu"}).status_code == 200
    assert rows(house, inbox) == 0


def test_a_flood_of_made_up_visitors_is_cheap_to_count() -> None:
    limit, begun = Limit(Rate(30, 700)), time.process_time()
    assert all(limit.allows(str(number), 0) for number in range(32_000))
    assert time.process_time() - begun < 3


def test_the_map_begins_no_more_chats_for_made_up_cookies_than_visits_do(mapped: House) -> None:
    mapped.limits = Limits(newcomers=Limit(Rate(3, HOUR)))
    with browser_of(mapped) as client:
        statuses = []
        for number in range(6):
            client.cookies.set("nghedan", f"{number:032x}", path="/mau/")
            form = {"m": "a" * 12, "pin.x": "5", "pin.y": "5"}
            statuses.append(client.post("/mau/ban-do", data=form, follow_redirects=False).status_code)
            client.cookies.clear()
    assert statuses == [303] * 3 + [429] * 3
    assert rows(mapped, accounts) == 3


@pytest.mark.parametrize(
    "pin",
    [
        ("nan", "1"),
        ("-1", "1"),
        ("1e1", "1"),
        ("٣", "٣"),
        ("321", "0"),
        ("5", "161"),
        ("9" * 5000, "1"),
        ("", "1"),
        ("\x00", "1"),
    ],
)
def test_a_touch_that_is_none_places_nothing(mapped: House, citizen: TestClient, pin: tuple[str, str]) -> None:
    citizen.get("/mau/")
    assert citizen.post("/mau/ban-do", data={"pin.x": pin[0], "pin.y": pin[1]}).status_code == 422


@pytest.mark.parametrize(
    "value",
    [
        b"\xff" * 50,
        b'"\\777"',
        b"1c; xem=2",
        b"1" * 8000,
        b"3c\x0b",
        b"1\nc",
        b"<script>",
        b'"3"><script>',
        b"=;=",
        b" ",
    ],
)
def test_a_cookie_of_rubbish_is_no_look_and_no_visitor(house: House, citizen: TestClient, value: bytes) -> None:
    for name in (b"xem", b"nghedan", b"nghedan_can_bo"):
        for path in ("/mau/", "/mau/hien-thi", "/mau/rieng-tu", "/can-bo/dang-nhap", "/can-bo/"):
            page = citizen.get(path, headers=[(b"cookie", name + b"=" + value)])
            assert page.status_code == 200
            assert "<script>" not in page.text


# --- refusals ---


def test_what_is_too_large_is_refused_with_what_to_do_about_it(house: House) -> None:
    with signed_in(house, "tiepnhan") as desk:
        answer = desk.post("/can-bo/phieu/xem-thu", files={"tep": ("phieu.xlsx", b"x" * 900_000)})

    assert answer.status_code == 413
    assert "Nội dung gửi lên lớn quá" in answer.text
    assert "ít tệp hơn" in answer.text
    assert "lỗi xảy ra ở phía chúng tôi" not in answer.text
