"""A village is renamed or merged: its cases are found by the new name and by the old one, and no sum changes."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, insert, select, update
from starlette.testclient import TestClient

from feedback.confidential import Closed
from storage import case_search, units
from storage.ids import new_id
from storage.tables import acts, cases, officers, routing_rules
from storage.tx import Tx
from storage.units import Unit
from tests.web.house import House, look, outside, signed_in
from tests.web.test_hands_pages import clerk, entered

__all__ = ["clerk"]
PLACES = "/can-bo/dia-ban"


@pytest.fixture
def admin(house: House) -> Iterator[TestClient]:
    with signed_in(house, "quantri") as client:
        yield client


def villages(house: House) -> list[Unit]:
    return look(house, lambda conn: units.villages(conn, house.commune.commune))


def one_of(house: House, id: int) -> Unit:
    return look(house, lambda conn: units.unit(conn, id))


def by_village(house: House) -> dict[int | None, int]:
    query = select(cases.c.village_id, func.count()).group_by(cases.c.village_id)
    return look(house, lambda conn: {row[0]: row[1] for row in conn.execute(query)})


def finds(client: TestClient, words: str, code: str) -> bool:
    return code in client.get("/can-bo/", params={"muc": "tat-ca", "tim": words}).text


def merge(client: TestClient, gone: Unit, into: Unit, name: str = "thôn Hòa Bình") -> str:
    form = {"vao": str(into.id), "seen": str(gone.version), "seen_vao": str(into.version), "name": name}
    answer = client.post(f"{PLACES}/thon/{gone.id}/sap-nhap", data=form)
    return f"{answer.status_code} {answer.text}"


def test_a_renamed_village_s_cases_are_found_by_the_new_name_and_by_the_old(
    house: House, admin: TestClient, clerk: TestClient
) -> None:
    one = villages(house)[0]
    case = entered(clerk, village=str(one.id))
    assert not finds(clerk, "hoa binh", case)
    form = {"name": "thôn Hòa Bình", "former": "", "contact": "", "phone": "", "seen": str(one.version)}
    assert "Đã lưu" in admin.post(f"{PLACES}/thon/{one.id}", data=form).text
    assert finds(clerk, "hoa binh", case)
    assert finds(clerk, one.name, case)


def test_two_villages_become_one_with_their_cases_and_no_sum_changes(
    house: House, admin: TestClient, clerk: TestClient
) -> None:
    gone, into = villages(house)[:2]
    codes = [entered(clerk, village=str(place.id), text=f"Đèn hỏng ở {place.name}") for place in (gone, gone, into)]
    before = by_village(house)
    page = admin.get(f"{PLACES}/thon/{gone.id}/sap-nhap", params={"vao": str(into.id)}).text
    assert "2 việc của" in page
    assert "cộng với 1 việc" in page
    assert by_village(house) == before, "looking changes nothing"

    assert "Đã sáp nhập" in merge(admin, gone, into)
    after = by_village(house)
    assert (after, sum(after.values())) == ({into.id: 3}, sum(before.values()))
    assert gone.id not in {one.id for one in villages(house)}
    assert (one_of(house, into.id).name, gone.name in one_of(house, into.id).earlier) == ("thôn Hòa Bình", True)
    assert all(finds(clerk, "hoa binh", code) for code in codes)
    assert all(finds(clerk, gone.name, code) for code in codes)
    kept = look(house, lambda conn: list(conn.scalars(select(acts.c.action).where(acts.c.thing == "place"))))
    assert kept == ["merge"]
    assert "Sáp nhập thôn" in admin.get("/can-bo/nhat-ky").text


def test_its_head_its_rules_and_what_only_the_keeper_sees_go_along(
    house: House, admin: TestClient, clerk: TestClient
) -> None:
    gone, into = villages(house)[:2]
    secret = entered(clerk, village=str(gone.id))
    head, unit = new_id(), house.commune.commune

    def prepare(tx: Tx) -> None:
        tx.execute(update(cases).where(cases.c.code == secret).values(confidential=int(Closed.KEPT)))
        row = {"id": head, "unit_id": gone.id, "login": "truong1", "name": "Ông Trưởng", "role": "village_head"}
        tx.execute(insert(officers).values(**row, password_hash="-", created_at=house.at))
        for village, field in ((gone.id, "roads"), (gone.id, "land"), (into.id, "roads")):
            rule = {"id": new_id(), "unit_id": unit, "kind": "", "category": field, "village": village}
            tx.execute(insert(routing_rules).values(**rule, role="leader", created_at=house.at))

    outside(house, prepare)
    page = admin.get(f"{PLACES}/thon/{gone.id}/sap-nhap", params={"vao": str(into.id)}).text
    assert "Ông Trưởng" in page
    assert "2 dòng phân công" in page
    assert "chưa có việc nào" in page, "of a case that only the keeper sees nothing is told"
    assert "Đã sáp nhập" in merge(admin, gone, into)
    assert by_village(house) == {into.id: 1}
    assert look(house, lambda conn: conn.scalar(select(officers.c.unit_id).where(officers.c.id == head))) == into.id
    rules = select(routing_rules.c.village, routing_rules.c.category)
    found = look(house, lambda conn: sorted(tuple(row) for row in conn.execute(rules)))
    assert found == sorted([(into.id, "land"), (into.id, "roads")])
    assert look(house, lambda conn: case_search.finds(conn, "hoa binh", unit)) is not None
    assert not finds(clerk, "hoa binh", secret)


@pytest.mark.parametrize("wrong", ["self", "off", "stale", "empty", "taken", "foreign"])
def test_what_cannot_be_merged_is_refused_and_nothing_moves(house: House, admin: TestClient, wrong: str) -> None:
    gone, into, third = villages(house)[:3]
    name = "thôn Mới"
    match wrong:
        case "self":
            into = gone
        case "off":
            admin.post(f"{PLACES}/thon/{into.id}/tat", data={"seen": str(into.version)})
            into = one_of(house, into.id)
        case "stale":
            admin.post(f"{PLACES}/thon/{into.id}/tat", data={"seen": str(into.version)})
            admin.post(f"{PLACES}/thon/{into.id}/bat", data={"seen": str(into.version + 1)})
        case "empty":
            name = " .. "
        case "taken":
            name = third.name
        case _:
            other = look(house, lambda conn: units.commune_by_slug(conn, "xa-khac"))
            assert other is not None
            into = look(house, lambda conn: units.villages(conn, other.id))[0]
    before = villages(house)
    assert merge(admin, gone, into, name).startswith(("422", "404"))
    assert villages(house) == before


def test_the_old_name_may_be_the_new_one_and_the_merged_one_does_not_come_back(house: House, admin: TestClient) -> None:
    gone, into = villages(house)[:2]
    assert "Đã sáp nhập" in merge(admin, gone, into, gone.name)
    old = one_of(house, gone.id)
    assert "Đã có" in admin.post(f"{PLACES}/thon/{gone.id}/bat", data={"seen": str(old.version)}).text
    admin.post(f"{PLACES}/thon", data={"lines": gone.name, "word": "thôn"})
    assert [one.id for one in villages(house) if one.name == gone.name] == [into.id]


def test_only_who_keeps_the_places_merges_them(house: House, clerk: TestClient) -> None:
    gone, into = villages(house)[:2]
    assert clerk.get(f"{PLACES}/thon/{gone.id}/sap-nhap").status_code == 403
    assert merge(clerk, gone, into).startswith("403")
