"""Officers' accounts on their page: who changes whose, what is shown once, and what ends at once."""

import re

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from feedback.acts import Open
from feedback.handing import Assign
from feedback.kinds import Kind
from feedback.roles import OFFICER, SYSTEM, Actor, Role
from storage import officer_changes
from storage.tables import acts, cases, officers, units
from storage.tx import Tx
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, browser_of, look, outside
from tests.web.twins import opens

PAGE = "/can-bo/can-bo"
CASE = Open(code="M-2026-AAAAAA-A", kind=Kind.FEEDBACK, category="roads", text="Đèn đường hỏng ba hôm nay")
SHOWN = re.compile(r"<code>([^<]+)</code>")


def entered(client: TestClient, login: str, password: str = PASSWORD) -> TestClient:
    """Logged in."""
    client.post("/can-bo/dang-nhap", data={"login": login, "password": password})
    return client


def id_of(house: House, login: str) -> int:
    mine = officers.c.login == login
    return look(house, lambda conn: int(conn.execute(select(officers.c.id).where(mine)).scalar_one()))


def seen(house: House, id: int) -> str:
    mine = officers.c.id == id
    return str(look(house, lambda conn: conn.execute(select(officers.c.version).where(mine)).scalar_one()))


def form_of(house: House, id: int, **other: str) -> dict[str, str]:
    """The form of an account as it stands."""
    row = look(house, lambda conn: officer_changes.person(conn, house.commune.commune, id))
    assert row is not None
    usual = {"seen": str(row.version), "name": row.name, "login": row.login, "role": str(row.role)}
    return usual | other


def said(house: House, id: int) -> list[str]:
    mine = (acts.c.thing == "officer") & (acts.c.thing_id == id)
    query = select(acts.c.action).where(mine).order_by(acts.c.version)
    return look(house, lambda conn: list(conn.scalars(query)))


def test_an_administrator_adds_somebody_who_logs_in_and_chooses_a_password(house: House) -> None:
    with browser_of(house) as desk, browser_of(house) as new:
        entered(desk, "quantri")
        page = desk.post(PAGE, data={"name": "Lý Thị Mẫu", "login": "ly.thi.mau", "role": "reception", "village": "0"})
        # then the password stands on that page, and on no other
        password = SHOWN.search(page.text)
        assert password, page.text
        id = id_of(house, "ly.thi.mau")
        assert password[1] not in desk.get(f"{PAGE}/{id}").text
        assert said(house, id) == ["add"]
        # and whoever was given it must choose another before anything else
        entered(new, "ly.thi.mau", password[1])
        assert "/can-bo/tai-khoan" in str(new.get("/can-bo/").url)


def test_whoever_is_switched_off_is_out_at_once_and_the_cases_go_back(house: House) -> None:
    id = id_of(house, "tiepnhan")
    opens(house, "71", CASE)
    case = look(house, lambda conn: int(conn.execute(select(cases.c.id)).scalar_one()))
    leader = Actor(kind=OFFICER, unit=house.commune.commune, id=id_of(house, "lanhdao"), role=Role.LEADER)
    run_apart(house.runtime.act(case, Assign(officer=id, reason="Việc của cô"), leader))
    with browser_of(house) as desk, browser_of(house) as other:
        entered(desk, "quantri")
        entered(other, "tiepnhan")
        assert other.get("/can-bo/").status_code == 200
        page = desk.post(f"{PAGE}/{id}/tat", data={"seen": seen(house, id)})
        assert "1 việc đang giữ đã chuyển về bộ phận tiếp nhận" in page.text
        other.follow_redirects = False
        assert other.get("/can-bo/").headers["location"].startswith("/can-bo/dang-nhap")
        assert other.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD}).status_code == 422
        row = look(house, lambda conn: conn.execute(select(cases.c.assigned_id, cases.c.assigned_role)).one())
        assert tuple(row) == (None, "reception")
        # and on again, by the same password
        desk.post(f"{PAGE}/{id}/bat", data={"seen": seen(house, id)})
        assert other.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD}).status_code == 303
    assert said(house, id) == ["log_in", "off", "on", "log_in"]


def test_a_lost_password_is_made_anew_and_the_old_one_opens_nothing(house: House) -> None:
    id = id_of(house, "tiepnhan")
    with browser_of(house) as desk, browser_of(house) as other:
        entered(desk, "lanhdao")
        entered(other, "tiepnhan")
        page = desk.post(f"{PAGE}/{id}/mat-khau", data={"seen": seen(house, id)})
        password = SHOWN.search(page.text)
        assert password
        other.follow_redirects = False
        assert other.get("/can-bo/").status_code == 303
        assert other.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": PASSWORD}).status_code == 422
        assert other.post("/can-bo/dang-nhap", data={"login": "tiepnhan", "password": password[1]}).status_code == 303


@pytest.mark.parametrize(
    ("who", "whom", "way", "why"),
    [
        ("lanhdao", "quantri", "mat-khau", "Tài khoản quản trị chỉ người quản trị sửa được"),
        ("lanhdao", "quantri", "tat", "Tài khoản quản trị chỉ người quản trị sửa được"),
        ("lanhdao", "lanhdao", "tat", "Không ai tự sửa"),
        ("quantri", "quantri", "mat-khau", "Không ai tự sửa"),
        ("quantri", "lanhdao", "tat", "Đây là người cuối cùng giữ vai trò này"),
        ("quantri", "tiepnhan", "buoc-hai", "không bật bước xác thực thứ hai"),
    ],
)
def test_what_nobody_may_do_is_refused_in_words(house: House, who: str, whom: str, way: str, why: str) -> None:
    id = id_of(house, whom)
    with browser_of(house) as desk:
        entered(desk, who)
        answer = desk.post(f"{PAGE}/{id}/{way}", data={"seen": seen(house, id)})
    assert answer.status_code == 422
    assert why in answer.text
    assert set(said(house, id)) <= {"log_in"}


def test_a_leader_makes_no_administrator(house: House) -> None:
    with browser_of(house) as desk:
        entered(desk, "lanhdao")
        assert 'value="admin"' not in desk.get(PAGE).text
        new = {"name": "Ai Đó", "login": "ai.do", "role": "admin", "village": "0"}
        answer = desk.post(PAGE, data=new)
        assert answer.status_code == 422
        assert 'value="ai.do"' in answer.text, "what was typed stays"
        id = id_of(house, "tiepnhan")
        assert desk.post(f"{PAGE}/{id}", data=form_of(house, id, role="admin")).status_code == 422


def test_the_last_leader_stays_one_until_there_is_another(house: House) -> None:
    id, clerk = id_of(house, "lanhdao"), id_of(house, "tiepnhan")
    with browser_of(house) as desk:
        entered(desk, "quantri")
        assert desk.post(f"{PAGE}/{id}", data=form_of(house, id, role="reception")).status_code == 422
        assert desk.post(f"{PAGE}/{clerk}", data=form_of(house, clerk, role="leader")).status_code == 200
        assert desk.post(f"{PAGE}/{id}", data=form_of(house, id, role="reception")).status_code == 200
    assert said(house, id) == ["change"]


def test_two_who_change_one_account_the_second_sees_what_the_first_has_done(house: House) -> None:
    id = id_of(house, "tiepnhan")
    before = form_of(house, id, name="Nông Thị Mới")
    with browser_of(house) as desk:
        entered(desk, "quantri")
        desk.post(f"{PAGE}/{id}", data=form_of(house, id, name="Nông Thị Khác"))
        answer = desk.post(f"{PAGE}/{id}", data=before)
    assert answer.status_code == 422
    assert "Đang lưu: Nông Thị Khác" in answer.text
    assert 'value="Nông Thị Mới"' in answer.text


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"login": "Có Dấu"}, "Tên đăng nhập gồm"),
        ({"login": "lanhdao"}, "đã có người dùng"),
        ({"name": ""}, "Xin ghi họ và tên"),
        ({"role": "king"}, "Xin chọn vai trò"),
        ({"role": "village_head"}, "Trưởng thôn cần chọn thôn"),
        ({"role": "village_head", "village": "1"}, "Trưởng thôn cần chọn thôn"),
        ({"role": "specialist", "t1": "1"}, "Trưởng thôn cần chọn thôn"),
    ],
)
def test_what_is_wrong_with_a_form_is_told_and_what_was_typed_stays(
    house: House, fields: dict[str, str], why: str
) -> None:
    id = id_of(house, "tiepnhan")
    with browser_of(house) as desk:
        entered(desk, "quantri")
        answer = desk.post(f"{PAGE}/{id}", data=form_of(house, id, **fields))
    assert answer.status_code == 422
    assert why in answer.text
    assert said(house, id) == []


def test_a_clerk_becomes_head_of_a_village_and_a_specialist_of_some_fields(house: House) -> None:
    id, village = id_of(house, "tiepnhan"), house.commune.villages[2]
    with browser_of(house) as desk:
        entered(desk, "quantri")
        desk.post(f"{PAGE}/{id}", data=form_of(house, id, role="village_head", village=str(village)))
        row = look(house, lambda conn: officer_changes.person(conn, house.commune.commune, id))
        assert row is not None
        assert (row.role, row.village) == (Role.VILLAGE_HEAD, village)
        reach = {"l_roads": "1", "l_land": "1", f"t{village}": "1"}
        page = desk.post(f"{PAGE}/{id}", data=form_of(house, id, role="specialist", **reach))
        assert page.status_code == 200, page.text
        assert "tài khoản của Ông/Bà" not in page.text
        assert "tài khoản của Ông/Bà" in desk.get(f"{PAGE}/{id_of(house, 'quantri')}").text
        row = look(house, lambda conn: officer_changes.person(conn, house.commune.commune, id))
        assert row is not None
        assert (set(row.reach.fields), row.reach.villages, row.village) == ({"roads", "land"}, (village,), 0)


def test_officers_of_another_commune_are_not_there(house: House) -> None:
    id = id_of(house, "xakhac")
    with browser_of(house) as desk:
        entered(desk, "quantri")
        assert "xakhac" not in desk.get(PAGE).text
        assert desk.get(f"{PAGE}/{id}").status_code == 404
        for way in ("", "/tat", "/bat", "/mat-khau", "/buoc-hai"):
            assert desk.post(f"{PAGE}/{id}{way}", data={"role": "reception"}).status_code == 404
    assert said(house, id) == []


def test_an_administrator_of_the_province_sees_the_province_s_own(house: House) -> None:
    def move(tx: Tx) -> None:
        mine = officers.c.login.in_(("quantri", "lanhdao"))
        tx.execute(update(officers).where(mine).values(unit_id=house.commune.province))

    outside(house, move)
    with browser_of(house) as desk:
        entered(desk, "quantri")
        page = desk.get(PAGE).text
        assert "lanhdao" in page
        assert "tiepnhan" not in page
        assert 'value="village_head"' not in page
        assert desk.get(f"{PAGE}/{id_of(house, 'tiepnhan')}").status_code == 404


def test_a_command_is_bound_by_the_same_rules(house: House) -> None:
    system, id = Actor(kind=SYSTEM, unit=house.commune.commune), id_of(house, "lanhdao")
    off = outside(house, lambda tx: officer_changes.switch(tx, system, id, on=False, seen=0, now=house.at))
    assert off == officer_changes.Refused("needed")
    assert outside(house, lambda tx: officer_changes.reset(tx, system, id, "hash", house.at)) is None


def test_two_leaders_who_switch_off_one_another_leave_one(house: House) -> None:
    first = id_of(house, "lanhdao")

    def second(tx: Tx) -> int:
        unit = tx.execute(select(units.c.id).where(units.c.id == house.commune.commune)).scalar_one()
        values = {"id": 77, "unit_id": unit, "login": "pho", "name": "Phó", "role": "leader", "password_hash": "x"}
        tx.execute(insert(officers).values(**values, created_at=house.at))
        return 77

    other = outside(house, second)
    unit = house.commune.commune
    one, two = (Actor(kind=OFFICER, unit=unit, id=id, role=Role.LEADER) for id in (first, other))
    said_first = outside(house, lambda tx: officer_changes.switch(tx, one, other, on=False, seen=0, now=house.at))
    assert said_first is None
    again = outside(house, lambda tx: officer_changes.switch(tx, two, first, on=False, seen=0, now=house.at))
    assert again == officer_changes.Refused("needed")
