"""Somebody leaves: what they held is seen first, and is somebody else's with the switching off, or nothing happens."""

import re

import pytest
from sqlalchemy import insert, select, update

from feedback.acts import Open
from feedback.confidential import Closed
from feedback.handing import Assign
from feedback.kinds import Kind
from feedback.roles import OFFICER, Actor, Role
from storage.ids import new_id
from storage.tables import acts, cases, officers, routing_rules
from storage.tx import Tx
from tests.stores import run_apart
from tests.web.house import House, _hashed, look, outside, signed_in
from tests.web.test_people_pages import CASE, PAGE, id_of, said, seen
from tests.web.twins import opens

SECOND = Open(code="M-2026-BBBBBB-B", kind=Kind.FEEDBACK, category="land", text="Ranh đất bị lấn")
CONDUCT = Open(code="M-2026-CCCCCC-C", kind=Kind.CONDUCT, category="roads", text="Cán bộ nói năng khó nghe")


def colleague(house: House, login: str = "dongnghiep", role: str = "reception") -> int:
    row = {"id": new_id(), "unit_id": house.commune.commune, "login": login, "name": "Lý Thị Nhận", "role": role}
    outside(house, lambda tx: tx.execute(insert(officers).values(**row, password_hash=_hashed(), created_at=1)).close())
    return row["id"]  # type: ignore[return-value]


def held_by(house: House, id: int, *found: Open) -> None:
    """Cases that a leader has given to the officer."""
    leader = Actor(kind=OFFICER, unit=house.commune.commune, id=id_of(house, "lanhdao"), role=Role.LEADER)
    for number, one in enumerate(found):
        opens(house, str(71 + number), one)
        case = look(house, lambda conn, code=one.code: conn.scalar(select(cases.c.id).where(cases.c.code == code)))  # type: ignore[misc]
        run_apart(house.runtime.act(int(case or 0), Assign(officer=id, reason="Việc của cô"), leader))


def whose(house: House) -> dict[str, tuple[int | None, str]]:
    query = select(cases.c.code, cases.c.assigned_id, cases.c.assigned_role)
    return look(house, lambda conn: {row[0]: (row[1], row[2]) for row in conn.execute(query)})


def leave(house: House, id: int, to: int = 0, login: str = "quantri", at: str = "") -> str:
    with signed_in(house, login) as desk:
        answer = desk.post(f"{PAGE}/{id}/tat", data={"seen": at or seen(house, id), "cho": str(to)})
    return f"{answer.status_code} {answer.text}"


def test_everything_goes_to_who_was_chosen_in_one_go_and_each_case_says_so(house: House) -> None:
    id, to = id_of(house, "tiepnhan"), colleague(house)
    held_by(house, id, CASE, SECOND)
    rule = {"id": new_id(), "unit_id": house.commune.commune, "kind": "", "category": "land", "village": 0}
    outside(house, lambda tx: tx.execute(insert(routing_rules).values(**rule, officer_id=id, created_at=1)).close())
    with signed_in(house, "quantri") as desk:
        page = desk.get(f"{PAGE}/{id}/tat").text
    assert "2 việc chưa xong" in page
    assert all(one.code in page for one in (CASE, SECOND))
    assert "1 dòng phân công" in page
    assert "Lý Thị Nhận, đang giữ 0 việc" in page
    assert whose(house)[CASE.code][0] == id, "looking changes nothing"

    assert "2 việc đang giữ đã bàn giao cho Lý Thị Nhận" in leave(house, id, to)
    assert {one[0] for one in whose(house).values()} == {to}
    assert look(house, lambda conn: list(conn.scalars(select(routing_rules.c.officer_id)))) == [to]
    assert said(house, id)[-1] == "off"
    assigned = select(acts.c.actor, acts.c.detail).where(acts.c.thing == "case", acts.c.action == "assign")
    lines = look(house, lambda conn: [row.detail for row in conn.execute(assigned) if row.actor == "system"])
    assert len(lines) == 2
    assert all(str(to) in line and "thôi giữ tài khoản" in line for line in lines)


def test_to_nobody_they_go_back_to_the_desk(house: House) -> None:
    id = id_of(house, "tiepnhan")
    colleague(house)
    held_by(house, id, CASE)
    assert "1 việc đang giữ đã chuyển về bộ phận tiếp nhận" in leave(house, id)
    assert whose(house) == {CASE.code: (None, "reception")}


@pytest.mark.parametrize("wrong", ["role", "foreign", "off", "self", "stale"])
def test_to_somebody_who_cannot_follow_nothing_at_all_happens(house: House, wrong: str) -> None:
    id, at = id_of(house, "tiepnhan"), ""
    to = colleague(house)
    held_by(house, id, CASE)
    match wrong:
        case "role":
            to = id_of(house, "lanhdao")
        case "foreign":
            to = id_of(house, "xakhac")
        case "off":
            outside(house, lambda tx: tx.execute(update(officers).where(officers.c.id == to).values(active=0)).close())
        case "self":
            to = id
        case _:
            at = "77"
    answer = leave(house, id, to, at=at)
    assert answer.startswith("422")
    assert re.search(r'role="alert"', answer)
    assert whose(house)[CASE.code][0] == id
    assert "off" not in said(house, id)


def test_what_is_said_of_officials_is_not_shown_to_the_administrator_and_goes_to_the_leaders(house: House) -> None:
    id, to = id_of(house, "tiepnhan"), colleague(house)
    held_by(house, id, CASE, CONDUCT)
    with signed_in(house, "quantri") as desk:
        page = desk.get(f"{PAGE}/{id}/tat").text
    assert CONDUCT.code not in page
    assert "1 việc ngoài phạm vi xem" in page
    leave(house, id, to)
    assert whose(house) == {CASE.code: (to, ""), CONDUCT.code: (None, "leader")}


def test_what_only_the_keeper_sees_is_neither_shown_nor_moved(house: House) -> None:
    id, to = id_of(house, "tiepnhan"), colleague(house)
    held_by(house, id, CASE, SECOND)

    def close(tx: Tx) -> None:
        tx.execute(update(cases).where(cases.c.code == SECOND.code).values(confidential=int(Closed.KEPT)))

    outside(house, close)
    with signed_in(house, "quantri") as desk:
        page = desk.get(f"{PAGE}/{id}/tat").text
    assert "1 việc chưa xong" in page
    assert SECOND.code not in page
    leave(house, id, to)
    assert whose(house) == {CASE.code: (to, ""), SECOND.code: (id, "")}


def test_a_leader_who_looks_sees_no_way_to_switch_an_administrator_off(house: House) -> None:
    id = id_of(house, "quantri")
    with signed_in(house, "lanhdao") as desk:
        page = desk.get(f"{PAGE}/{id}/tat").text
    assert "Tài khoản quản trị chỉ người quản trị sửa được" in page
    assert 'method="post" action="/can-bo/can-bo' not in page
    assert leave(house, id, login="lanhdao").startswith("422")
