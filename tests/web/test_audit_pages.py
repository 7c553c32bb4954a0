"""Nhật ký: acts by day, person and thing; what is confidential for its keeper alone; the chain looked at."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from storage import act_chain
from storage.act_chain import Broken, Whole
from storage.tables import acts, officers
from tests.web.house import House, look, outside, signed_in
from tests.web.test_confidential_pages import code, leader, mark, name_leader, reception
from tests.web.test_hands_pages import entered, id_of
from vietnam.time import DAY, day_of

__all__ = ["code", "leader", "reception"]
PAGE, CHECK = "/can-bo/nhat-ky", "/can-bo/nhat-ky/kiem-tra"
HIDDEN = "Việc được bảo mật"


@pytest.fixture
def admin(house: House) -> Iterator[TestClient]:
    with signed_in(house, "quantri") as client:
        yield client


def rows(page: str) -> list[str]:
    """The lines of the list."""
    return re.findall(r"<li.*?</li>", page.partition('<ol class="acts"')[2].partition("</ol>")[0], re.DOTALL)


def test_an_act_is_told_with_who_when_and_on_what(house: House, reception: TestClient, admin: TestClient) -> None:
    case = entered(reception)
    line = next(row for row in rows(admin.get(PAGE).text) if case in row)
    assert "Gửi vụ việc" in line or "Nhập hộ" in line
    assert "Nông Thị Mẫu" in line
    assert f"/can-bo/vu-viec/{case}" in line
    assert "Lò Thị Mẫu" not in admin.get(PAGE).text, "no citizen is named in the list"


def test_the_list_is_for_leaders_and_administrators(reception: TestClient, leader: TestClient) -> None:
    assert reception.get(PAGE).status_code == 403
    assert reception.post(CHECK).status_code == 403
    assert leader.get(PAGE).status_code == 200


def test_by_person_by_thing_by_day_and_by_code(house: House, reception: TestClient, admin: TestClient) -> None:
    case = entered(reception)
    who = f"o{id_of(house, 'tiepnhan')}"
    by_person = rows(admin.get(f"{PAGE}?ai={who}").text)
    assert by_person
    assert all("Nông Thị Mẫu" in row for row in by_person)
    assert all(case in row for row in rows(admin.get(f"{PAGE}?ma={case.lower()}").text))
    assert not rows(admin.get(f"{PAGE}?phan=report").text)
    assert any("Đăng nhập" in row for row in rows(admin.get(f"{PAGE}?phan=people").text))
    yesterday = day_of(house.at - DAY).isoformat()
    assert case not in admin.get(f"{PAGE}?tu={yesterday}&den={yesterday}").text
    for odd in ("?tu=abc", "?den=9999-99-99", "?truoc=-1", "?ai=o%00", "?phan=' OR 1", "?ma=%F0%9F%98%80" * 9):
        assert admin.get(PAGE + odd).status_code == 200


def test_older_acts_are_on_the_next_page_and_none_is_missing(house: House, admin: TestClient) -> None:
    for number in range(60):
        admin.post("/can-bo/phan-cong/dung", data={"what": "kind", "name": "praise", "on": str(number % 2)})
    first = admin.get(f"{PAGE}?phan=settings").text
    older = re.search(r'href="([^"]+truoc=\d+)"', first)
    assert older is not None
    lines = rows(first) + rows(admin.get(older[1].replace("&amp;", "&")).text)
    assert len(set(lines)) == len(lines) == 60
    assert all("Khen" in line for line in lines)


def test_what_is_confidential_is_told_to_its_keeper_alone(
    reception: TestClient, leader: TestClient, admin: TestClient, code: str
) -> None:
    name_leader(leader)
    assert code in admin.get(PAGE).text
    mark(reception, code)
    leader.get(f"/can-bo/don-bao-mat/{code}")
    page = admin.get(PAGE).text
    hidden = [row for row in rows(page) if HIDDEN in row]
    assert code not in page
    assert len(hidden) >= 3, "its opening, its marking, and that it was read"
    for row in hidden:
        assert not re.search(r"\d\d:\d\d|Nông|Hoàng|Mẫu", row), "neither when nor who"
    kept = leader.get(PAGE).text
    assert HIDDEN not in kept
    assert "Đánh dấu là tố cáo" in kept
    assert "Mở xem đơn bảo mật" in kept


def test_no_choice_on_the_page_tells_of_what_is_hidden(
    house: House, reception: TestClient, leader: TestClient, admin: TestClient, code: str
) -> None:
    name_leader(leader)
    mark(reception, code)
    who = f"o{id_of(house, 'tiepnhan')}"
    for narrow in (f"?ma={code}", f"?ai={who}", "?ai=dan", "?phan=case", "?phan=register"):
        page = admin.get(PAGE + narrow).text
        assert HIDDEN not in page
        assert "Đánh dấu" not in page
    strange, here = (rows(admin.get(f"{PAGE}?ma={one}").text) for one in ("VL-2026-AAAAAA-A", code))
    assert strange == here == []


def test_reading_it_is_an_act_once_a_day(house: House, admin: TestClient) -> None:
    count = select(func.count()).where(acts.c.thing == "audit", acts.c.action == "read")
    for _ in range(3):
        admin.get(PAGE)
    assert look(house, lambda conn: conn.scalar(count)) == 1
    assert "Đọc nhật ký" in admin.get(PAGE).text
    house.at += DAY
    with signed_in(house, "quantri") as again:
        again.get(PAGE)
    assert look(house, lambda conn: conn.scalar(count)) == 2


def test_the_chain_is_found_whole_and_a_changed_act_is_named(house: House, admin: TestClient) -> None:
    page = admin.post(CHECK).text
    assert "Nhật ký còn nguyên" in page
    unit = house.commune.commune
    mine = (acts.c.unit_id == unit) & (acts.c.seq == 1)
    outside(house, lambda tx: tx.execute(update(acts).where(mine).values(action="nothing")).rowcount)
    page = admin.post(CHECK).text
    assert "không còn nguyên từ dòng số 1" in page
    found = select(acts.c.detail).where(acts.c.action == "check").order_by(acts.c.id)
    assert ['"whole":true' in one for one in look(house, lambda conn: list(conn.scalars(found)))] == [True, False]


@pytest.mark.parametrize("most", [1, 2, 7, 1000])
def test_a_walk_in_parts_finds_what_one_look_finds(house: House, admin: TestClient, most: int) -> None:
    for number in range(9):
        admin.post("/can-bo/cong-trinh", data={"name": f"Đường số {number}"})
    unit = house.commune.commune

    def walked() -> Whole | Broken:
        walk = look(house, lambda conn: act_chain.begin(conn, unit))
        while True:
            found = look(house, lambda conn: act_chain.go_on(conn, walk, most))
            if found is not None:
                return found
            # Somebody goes on working meanwhile.
            if walk.seq < 3:
                admin.post("/can-bo/cong-trinh", data={"name": f"Cầu {walk.seq}"})

    assert isinstance(walked(), Whole)
    mine = (acts.c.unit_id == unit) & (acts.c.seq == 5)
    outside(house, lambda tx: tx.execute(update(acts).where(mine).values(detail="{}")).rowcount)
    broken = walked()
    assert isinstance(broken, Broken)
    assert (broken.seq, broken.fault) == (5, "detail")


def test_another_commune_reads_its_own_list(house: House, reception: TestClient) -> None:
    case = entered(reception)
    other = outside(
        house, lambda tx: tx.execute(update(officers).where(officers.c.login == "xakhac").values(role="leader"))
    )
    assert other.rowcount == 1
    with signed_in(house, "xakhac") as strange:
        page = strange.get(f"{PAGE}?ma={case}").text
        assert not rows(page)
        assert case not in strange.get(PAGE).text
        assert "Nông Thị Mẫu" not in page
