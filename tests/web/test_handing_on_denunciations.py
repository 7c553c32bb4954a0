"""The keeper of denunciations writes for themselves, leaves, and is followed by another; nobody else learns a thing."""

import re
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from feedback.notes import MAX_NOTE
from feedback.roles import OFFICER, Actor, Role
from storage import act_chain, confidential, kept_notes, officer_changes
from storage.act_chain import Whole
from storage.ids import new_id
from storage.tables import acts, cases, officers
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import run_apart
from tests.web.house import House, _hashed, browser_of, look, outside, signed_in
from tests.web.twins import MARKERS, SECRET_CODE, Twin, housed, settle

HOME = "/can-bo/don-bao-mat"
NAMING = "/can-bo/so-don/nguoi-giu"
NOTE = "Đã gặp người gửi ở nhà quả quất kumquatoza."
PAGES = ("/can-bo/", NAMING, "/can-bo/so-don", "/can-bo/can-bo", "/can-bo/tong-quan", "/can-bo/tim?tu=kumquatoza")


@pytest.fixture
def twin(house: House) -> Twin:
    """A commune with one confidential case, and a second officer who may be named."""
    found = settle(house, secret=True)
    outside(house, lambda tx: newcomer(tx, house))
    return found


def newcomer(tx: Tx, house: House) -> int:
    id = new_id()
    values = {"id": id, "unit_id": house.commune.commune, "login": "nguoimoi", "name": "Mẫu Người Mới"}
    tx.execute(insert(officers).values(**values, role="reception", password_hash=_hashed(), created_at=house.at))
    return id


def officer(house: House, login: str) -> int:
    return look(
        house, lambda conn: int(conn.execute(select(officers.c.id).where(officers.c.login == login)).scalar_one())
    )


def leader_of(house: House) -> Actor:
    return Actor(kind=OFFICER, unit=house.commune.commune, id=officer(house, "lanhdao"), role=Role.LEADER)


def switch_off(house: House, login: str = "giudon") -> None:
    id, leader = officer(house, login), leader_of(house)
    fault = outside(house, lambda tx: officer_changes.switch(tx, leader, id, on=False, seen=0, now=house.at))
    assert fault is None


def name(house: House, login: str) -> None:
    id, leader = officer(house, login), leader_of(house)
    house.at += 1000
    assert outside(house, lambda tx: confidential.name_keeper(tx, leader, id, house.at))


def write_note(client: TestClient, text: str = NOTE) -> str:
    answer = client.post(f"{HOME}/{SECRET_CODE}/ghi-chu", data={"text": text})
    return answer.text


def test_a_note_is_read_by_the_keeper_and_stands_nowhere_else(house: House, twin: Twin) -> None:
    # when the keeper writes a note
    with signed_in(house, "giudon") as keeper:
        assert "Đã lưu ghi chú." in write_note(keeper)
        assert NOTE in keeper.get(f"{HOME}/{SECRET_CODE}").text
        write_note(keeper)  # the same form once more
        assert keeper.get(f"{HOME}/{SECRET_CODE}").text.count(NOTE) == 1
    # then its words are in no row, and the chain is whole and has it
    rows = look(house, lambda conn: [tuple(row) for row in conn.execute(select(acts))])
    assert not [row for row in rows if "quả quất" in str(row)]
    assert len([row for row in rows if "case_note" in row]) == 1
    assert all(isinstance(one, Whole) for one in look(house, act_chain.verify))
    # and no other officer reads it, nor the list of acts that there is one
    for login in ("tiepnhan", "lanhdao", "quantri", "nguoimoi"):
        with signed_in(house, login) as other:
            assert other.post(f"{HOME}/{SECRET_CODE}/ghi-chu", data={"text": "x"}).status_code == 403
            assert "Ghi chú của người giữ" not in other.get("/can-bo/nhat-ky").text


def test_every_note_takes_the_same_room(house: House, twin: Twin) -> None:
    with signed_in(house, "giudon") as keeper:
        write_note(keeper, "x")
        write_note(keeper, "\U0001f600" * MAX_NOTE)
        refused = keeper.post(f"{HOME}/{SECRET_CODE}/ghi-chu", data={"text": "a" * (MAX_NOTE + 1)})
        assert refused.status_code == 422
        assert "a" * (MAX_NOTE + 1) in refused.text
        assert keeper.post(f"{HOME}/{SECRET_CODE}/ghi-chu", data={"text": " \n"}).status_code == 422
        assert keeper.post(f"{HOME}/M-2026-NOCASE-A/ghi-chu", data={"text": "x"}).status_code == 404
    sizes = look(
        house, lambda conn: [len(one) for one in conn.scalars(select(acts.c.detail).where(acts.c.action == "note"))]
    )
    assert len(sizes) == 2
    assert len(set(sizes)) == 1


def test_the_case_and_its_notes_pass_to_whom_the_leader_names(house: House, twin: Twin) -> None:
    with signed_in(house, "giudon") as keeper:
        write_note(keeper)
        # when the keeper is switched off
        switch_off(house)
        assert (
            keeper.get(f"{HOME}/{SECRET_CODE}").status_code in (303, 401, 403, 404)
            or "Đăng nhập" in keeper.get(HOME).text
        )
    # then nobody sees it, and the leader is told to name somebody
    with signed_in(house, "lanhdao") as leader, signed_in(house, "nguoimoi") as other:
        assert "Người giữ đơn tố cáo không còn làm việc này" in leader.get("/can-bo/").text
        assert "Người giữ đơn tố cáo không còn làm việc này" not in other.get("/can-bo/").text
        page = leader.get(NAMING).text
        assert "Hiện không có ai giữ" in page
        assert leader.get(f"{HOME}/{SECRET_CODE}").status_code == 403
        assert other.get(f"{HOME}/{SECRET_CODE}").status_code == 403
        # when the leader names the other
        house.at += 1000
        leader.post(NAMING, data={"officer": officer(house, "nguoimoi")})
        assert "Hiện không có ai giữ" not in leader.get(NAMING).text
        assert "Người giữ đơn tố cáo không còn làm việc này" not in leader.get("/can-bo/").text
        # then that one reads the case and the note, and the leader still nothing
        read = other.get(f"{HOME}/{SECRET_CODE}").text
        assert MARKERS[0] in read
        assert NOTE in read
        assert leader.get(f"{HOME}/{SECRET_CODE}").status_code == 403


def test_what_is_held_to_be_about_the_chairman_passes_to_no_leader(house: House, twin: Twin) -> None:
    # given that whoever marked it held it to be about the Chủ tịch
    detail = '{"before":"new","after":"new","about_head":true}'
    mark = (acts.c.thing == "case") & (acts.c.action == "mark")
    outside(house, lambda tx: tx.execute(update(acts).where(mark).values(detail=detail)))
    # when the leader names themselves
    name(house, "lanhdao")
    with signed_in(house, "lanhdao") as leader:
        assert SECRET_CODE not in leader.get(HOME).text
        assert leader.get(f"{HOME}/{SECRET_CODE}").status_code == 404
        assert leader.post(f"{HOME}/{SECRET_CODE}/ghi-chu", data={"text": "x"}).status_code == 404
        assert "không chuyển cho người mới là lãnh đạo" in leader.get(NAMING).text
    # then it waits for somebody who is none
    name(house, "nguoimoi")
    with signed_in(house, "nguoimoi") as other:
        assert SECRET_CODE in other.get(HOME).text


def test_with_the_case_its_notes_are_erased(house: House, twin: Twin) -> None:
    with signed_in(house, "giudon") as keeper:
        write_note(keeper)
        assert "Đã nhắn người dân" in keeper.post(f"{HOME}/{SECRET_CODE}/chuyen-len", data={"seen": "0"}).text
    left = look(house, lambda conn: list(conn.scalars(select(acts.c.detail).where(acts.c.thing == "case_note"))))
    assert left == [""]
    assert all(isinstance(one, Whole) for one in look(house, act_chain.verify))


def test_with_another_key_a_note_says_that_it_cannot_be_read(house: House, twin: Twin) -> None:
    keeper = Actor(
        kind=OFFICER, unit=house.commune.commune, id=officer(house, "giudon"), role=Role.RECEPTION, keeper=True
    )
    vault = house.runtime.vault
    assert outside(house, lambda tx: kept_notes.write(tx, vault, keeper, SECRET_CODE, NOTE, house.at))
    case = look(
        house, lambda conn: int(conn.execute(select(cases.c.id).where(cases.c.code == SECRET_CODE)).scalar_one())
    )
    assert [one.text for one in look(house, lambda conn: kept_notes.of(conn, vault, keeper, case))] == [NOTE]
    other = Vault(b"o" * 32)
    assert [one.text for one in look(house, lambda conn: kept_notes.of(conn, other, keeper, case))] == [None]
    outsider = Actor(kind=OFFICER, unit=house.commune.commune, id=1, role=Role.LEADER)
    assert look(house, lambda conn: kept_notes.of(conn, vault, outsider, case)) == []


def test_from_the_pages_nobody_can_tell_whether_there_was_anything(
    sqlite_template: Path, vault: Vault, now: int, tmp_path: Path
) -> None:
    # given two communes alike, one of which has a confidential case
    seen: list[list[str]] = []
    for secret in (True, False):
        folder = tmp_path / str(secret)
        folder.mkdir()
        (folder / "nghedan.db").write_bytes(sqlite_template.read_bytes())
        house = housed(f"sqlite:///{folder / 'nghedan.db'}", vault, now, folder)
        there = settle(house, secret=secret)
        outside(house, lambda tx, house=house: newcomer(tx, house))  # type: ignore[misc]
        told = []
        with browser_of(house):
            # when the keeper goes, and another is named
            for step in ("before", "between", "after"):
                if step == "between":
                    switch_off(house)
                elif step == "after":
                    name(house, "nguoimoi")
                for login in ("lanhdao", "quantri", "tiepnhan"):
                    with signed_in(house, login) as client:
                        told += [_plain(there, client.get(page).text) for page in PAGES]
        seen.append(told)
        run_apart(house.runtime.close())
    # then every page of everybody else is the same
    assert any("Hiện không có ai giữ" in page for page in seen[1])
    assert seen[0] == seen[1]


def _plain(twin: Twin, page: str) -> str:
    return re.sub(r"\s+", " ", twin.normal(page))
