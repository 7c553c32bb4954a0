"""A new commune is set up in the browser, behind one address, while nobody can log in yet; then never again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from app.first_run import address, note_settings
from app.opening import seed
from storage import first_runs, units
from storage.tables import acts, officers
from storage.vault import Vault
from tests.stores import run_apart
from tests.web.house import House, browser_of, build, live, look, outside
from vietnam.time import DAY

PEOPLE = {
    "ld_name": "Hoàng Văn Mẫu", "ld_login": "hvmau", "ld_password": "mùa gặt năm nay lúa trĩu bông",
    "qt_name": "Nông Thị Thử", "qt_login": "QuanTri", "qt_password": "con suối chảy qua bảy cây cầu",
    "ld_again": "mùa gặt năm nay lúa trĩu bông", "qt_again": "con suối chảy qua bảy cây cầu",
}  # fmt: skip
CONTACT = {"phone": "0205 3825 123", "contact": "Bà Thử", "address": "Khu Trung tâm", "reception": "Thứ Năm, 7 giờ 30"}


@pytest.fixture
def empty(sqlite_url: str, vault: Vault, now: int, tmp_path: Path) -> Iterator[House]:
    """A house as `nghedan serve` leaves it at its first start: what the settings seed, and nobody who can log in."""
    house = build(sqlite_url, vault, now, tmp_path)
    outside(house, lambda tx: seed(tx, house.runtime.settings))
    yield house
    run_apart(house.runtime.close())


@pytest.fixture
def someone(empty: House) -> Iterator[TestClient]:
    with browser_of(empty) as client:
        yield client


def printed(house: House) -> str:
    """The address that a start prints, without the host; "" where it prints none."""
    return run_apart(address(house.runtime)).removeprefix("http://testserver")


def walk(client: TestClient, at: str, *, until: str = "") -> None:
    """Every step, right at once."""
    steps = {
        "xa": {"word": "xã", "name": "Thất Khê", "province": "tỉnh Lạng Sơn"},
        "thon": {"lines": "Nà Sèn\n2. Khau Lùng; ; 0912 345 678\ntổ dân phố 1", "word": "thôn"},
        "can-bo": PEOPLE,
        "lien-he": CONTACT,
        "khao-sat": {"publish": "1"},
        "thu": {},
    }
    for step, data in steps.items():
        if step == until:
            return
        page = client.post(f"{at}/{step}", data=data)
        assert page.status_code == 200, (step, page.text)


def test_a_commune_is_set_up_from_its_name_to_its_first_case(empty: House, someone: TestClient) -> None:
    at = printed(empty)
    page = someone.get(at)
    assert (page.status_code, "Tên riêng" in page.text) == (200, True)
    assert "Vạn Linh" not in page.text, "what the program seeds a store with is nobody's commune"
    walk(someone, at)
    known = look(empty, units.communes)
    assert [(one.name, one.slug, one.prefix, one.phone, one.reception) for one in known] == [
        ("xã Thất Khê", "that-khe", "TK", "0205 3825 123", "Thứ Năm, 7 giờ 30")
    ]
    assert [one.name for one in look(empty, lambda conn: units.villages(conn, known[0].id))] == [
        "thôn Khau Lùng", "thôn Nà Sèn", "tổ dân phố 1",
    ]  # fmt: skip
    chat = someone.get("/that-khe/")
    assert (chat.status_code, "Thất Khê" in chat.text) == (200, True)
    inside = someone.post("/can-bo/dang-nhap", data={"login": "quantri", "password": PEOPLE["qt_password"]})
    assert "Nông Thị Thử" in inside.text


def test_it_goes_on_where_it_was_left_with_the_same_address_after_a_new_start(
    empty: House, someone: TestClient
) -> None:
    at = printed(empty)
    walk(someone, at, until="lien-he")
    empty.at += DAY
    outside(empty, lambda tx: seed(tx, empty.runtime.settings))
    assert printed(empty) == at, "the settings have not made a second commune, and the run is still open"
    assert len(look(empty, units.communes)) == 1
    page = someone.get(at)
    assert (page.status_code, "Điện thoại để người dân gọi" in page.text) == (200, True)
    assert "Thất Khê" in someone.get(f"{at}?buoc=xa").text
    assert "Mật khẩu" not in someone.get(f"{at}?buoc=can-bo").text, "people are made once"


def test_once_it_is_over_it_never_opens_again(empty: House, someone: TestClient) -> None:
    at = printed(empty)
    walk(someone, at)
    assert someone.get(at).status_code == 404
    assert someone.post(f"{at}/xa", data={"word": "xã", "name": "Khác", "province": "tỉnh Lạng Sơn"}).status_code == 404
    assert printed(empty) == ""
    outside(empty, lambda tx: tx.execute(update(officers).values(active=0)).rowcount)
    assert printed(empty) == "", "nor when everybody is gone"


def test_nobody_else_comes_in(empty: House, someone: TestClient) -> None:
    at = printed(empty)
    for wrong in (at[:-1], at + "A", at.rsplit("/", 1)[0] + "/x", at.rsplit("/", 1)[0] + "/%00", at[:-1] + "ệ"):
        assert someone.get(wrong).status_code == 404, wrong
        assert someone.post(f"{wrong}/can-bo", data=PEOPLE).status_code == 404
    foreign = someone.post(f"{at}/xa", data={"name": "X"}, headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
    assert someone.post(f"{at}/lien-he", data=CONTACT).status_code == 404, "no step is skipped"
    empty.at += 8 * DAY
    assert someone.get(at).status_code == 404, "a week is enough"
    assert printed(empty) not in ("", at)


def test_where_somebody_can_log_in_nothing_is_set_up(house: House) -> None:
    unit = house.commune.commune
    assert outside(house, lambda tx: first_runs.begin(tx, house.runtime.vault, unit, house.at)) == ""


def test_an_officer_added_by_command_closes_it(empty: House, someone: TestClient) -> None:
    at = printed(empty)
    unit = look(empty, units.communes)[0].id
    values = {"id": 7, "unit_id": unit, "login": "x", "name": "X", "role": "admin", "password_hash": "x"}
    outside(empty, lambda tx: tx.execute(officers.insert().values(**values, created_at=1)).rowcount)
    assert someone.get(at).status_code == 404


def test_what_is_wrong_is_said_and_what_was_typed_stays(empty: House, someone: TestClient) -> None:
    at = printed(empty)
    for name in ("UBND xã", "Phường", "."):
        page = someone.post(f"{at}/xa", data={"word": "phường", "name": name, "province": "tỉnh Lạng Sơn"})
        assert page.status_code == 422, name
    page = someone.post(f"{at}/xa", data={"word": "phường", "name": " ", "province": "tỉnh Lạng Sơn"})
    assert (page.status_code, "Xin ghi tên xã" in page.text) == (422, True)
    assert "<option selected>phường</option>" in page.text
    assert "<option selected>tỉnh Lạng Sơn</option>" in page.text
    walk(someone, at, until="thon")
    page = someone.post(f"{at}/thon", data={"lines": "Nà Sèn\n---\nNà Sèn", "word": "bản"})
    assert (page.status_code, "Dòng 2" in page.text, "trùng với một dòng" in page.text) == (422, True, True)
    assert "Nà Sèn\n---" in page.text
    someone.post(f"{at}/thon", data={"lines": "", "word": "bản"})
    page = someone.post(f"{at}/can-bo", data=PEOPLE | {"ld_password": "12345", "qt_login": "hvmau"})
    assert (page.status_code, "ít nhất 10 ký tự" in page.text, "khác nhau" in page.text) == (422, True, True)
    assert "Hoàng Văn Mẫu" in page.text
    assert PEOPLE["qt_password"] not in page.text, "no page repeats a password"
    assert look(empty, lambda conn: list(conn.scalars(select(officers.c.id)))) == []


@pytest.mark.parametrize(
    ("word", "typed", "name"),
    [
        ("xã", "Phường Sa Pa", "phường Sa Pa"),
        ("xã", "UBND xã  Thất Khê", "xã Thất Khê"),
        ("phường", "ĐẶC KHU Cô Tô", "đặc khu Cô Tô"),
        ("phường", "Sa Pa", "phường Sa Pa"),
    ],
)
def test_a_name_is_understood_as_it_is_written(
    empty: House, someone: TestClient, word: str, typed: str, name: str
) -> None:
    at = printed(empty)
    someone.post(f"{at}/xa", data={"word": word, "name": typed, "province": "tỉnh Lạng Sơn"})
    assert [one.name for one in look(empty, units.communes)] == [name]


@pytest.mark.parametrize("again", ["", "mùa gặt năm nay lúa trĩu bông "])
def test_a_password_is_typed_twice_so_that_nobody_is_locked_out_at_once(
    empty: House, someone: TestClient, again: str
) -> None:
    at = printed(empty)
    walk(someone, at, until="can-bo")
    page = someone.post(f"{at}/can-bo", data=PEOPLE | {"ld_again": again})
    assert (page.status_code, "chưa giống nhau" in page.text) == (422, True)
    assert PEOPLE["ld_password"] not in page.text
    assert look(empty, lambda conn: list(conn.scalars(select(officers.c.id)))) == []


def test_a_form_sent_twice_makes_nobody_twice(empty: House, someone: TestClient) -> None:
    at = printed(empty)
    walk(someone, at, until="can-bo")
    for _ in range(2):
        assert someone.post(f"{at}/can-bo", data=PEOPLE).status_code == 200
    assert len(look(empty, lambda conn: list(conn.scalars(select(officers.c.id))))) == 2


@pytest.mark.browser
def test_it_is_done_on_a_phone_in_few_touches_and_without_scripts(empty: House, chromium: Any) -> None:
    with live(empty) as base:
        at = base + printed(empty).removeprefix(base)
        context = chromium.new_context(
            viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, java_script_enabled=False,
            locale="vi-VN",
        )  # fmt: skip
        page = context.new_page()
        page.goto(at)
        typed = [
            {"#name": "Thất Khê"},
            {"#lines": "Nà Sèn\nKhau Lùng\nPác Luồng"},
            {f"#{name}": value for name, value in PEOPLE.items()},
            {f"#{name}": value for name, value in CONTACT.items()},
            {},
        ]
        touches = 1
        page.select_option("#province", "tỉnh Lạng Sơn")
        for fields in typed:
            for field, value in fields.items():
                page.fill(field, value)
            page.locator("main form .button").tap()
            touches += 1
        page.locator("button", has_text="Hoàn tất").tap()
        page.locator("h1", has_text="Đã cài đặt xong").wait_for()
        assert touches + 1 <= 8, "a choice of the province, and one touch a page"
        context.close()


def test_another_settings_file_is_an_act_that_names_its_part_and_no_value(empty: House) -> None:
    said = select(acts.c.detail).where(acts.c.thing == "settings").order_by(acts.c.version)
    run_apart(note_settings(empty.runtime))
    run_apart(note_settings(empty.runtime))
    assert len(look(empty, lambda conn: list(conn.scalars(said)))) == 1, "the same file is nothing new"
    empty.runtime.settings = empty.runtime.settings.model_copy(
        update={"commune": empty.runtime.settings.commune.model_copy(update={"phone": "0912 345 678"})}
    )
    run_apart(note_settings(empty.runtime))
    details = look(empty, lambda conn: list(conn.scalars(said)))
    assert '"sections":["commune"]' in details[-1]
    assert "0912" not in "".join(details)
