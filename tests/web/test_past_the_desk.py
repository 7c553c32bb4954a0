"""What is said of how officials behave goes to the leaders: whoever it may be about finds it nowhere."""

import io
from zipfile import ZipFile

import msgspec
import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from feedback.acts import CaseFacts, Open, Refusal, Take
from feedback.handing import Assign
from feedback.kinds import Kind
from feedback.reach import is_past
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role
from feedback.routing import Assignee
from feedback.states import State
from storage import board, call_list, reading_cases
from storage.ids import new_id
from storage.tables import blobs, blocks, calls, case_blobs, cases, data_requests, officers
from storage.tx import Tx
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, browser_of, look, outside
from tests.web.twins import Twin, opens, visit
from vietnam.time import DAY, day_of

MARKER = "hachsachmarker"
CODE = "M-2026-K7M2QX-5"
COMPLAINT = Open(
    code=CODE, kind=Kind.CONDUCT, category="conduct", text=f"Cô Mẫu ở quầy {MARKER}, quát người già", anonymous=False,
    name="Vuphimarker", phone="0987654321",
)  # fmt: skip


@pytest.fixture
def twin(house: House) -> Twin:
    """A complaint about the desk, with a picture, a recording to be written down and a call to be made."""
    opens(house, "81", COMPLAINT)
    blob = run_apart(house.runtime.blobs.put(house.commune.commune, "image/png", b"not a picture"))
    id = look(house, lambda conn: int(conn.execute(select(cases.c.id)).scalar_one()))

    def fill(tx: Tx) -> None:
        tx.execute(insert(case_blobs).values(case_id=id, blob_id=blob))
        tx.execute(update(blobs).where(blobs.c.id == blob).values(kept=1))
        tx.execute(update(cases).values(voice=1))
        call = {"id": new_id(), "unit_id": house.commune.commune, "case_id": id, "why": "gone", "since": house.at}
        tx.execute(insert(calls).values(**call, state="open"))
        # whoever wrote it was stopped by a leader, and has asked about their own data
        own = {"unit_id": house.commune.commune, "account_id": tx.execute(select(cases.c.account_id)).scalar_one()}
        leader = tx.execute(select(officers.c.id).where(officers.c.login == "lanhdao")).scalar_one()
        block = {"id": new_id(), "case_id": id, "officer_id": leader, "reason": MARKER, "since": house.at}
        tx.execute(insert(blocks).values(**own, **block, until=house.at + DAY))
        asked = {"id": new_id(), "what": "correct", "asked_at": house.at, "reply_by": house.at, "due_at": house.at}
        tx.execute(insert(data_requests).values(**own, **asked))

    outside(house, fill)
    return Twin(house=house, code=CODE, ids={"case": id, "blob": blob, "call": id})


def officer(house: House, login: str) -> int:
    return look(
        house, lambda conn: int(conn.execute(select(officers.c.id).where(officers.c.login == login)).scalar_one())
    )


def entered(house: House, client: TestClient, login: str) -> TestClient:
    client.post("/can-bo/dang-nhap", data={"login": login, "password": PASSWORD})
    return client


@pytest.mark.parametrize("login", ["tiepnhan", "quantri"])
def test_the_desk_finds_it_on_no_page(twin: Twin, login: str) -> None:
    pages = list(visit(twin, login))
    assert len(pages) > 60, "the routes were found"
    for pattern, page, _ in pages:
        if "tra-cuu" in pattern or pattern.startswith("/{slug}"):
            continue  # the citizens' side, where a code shows how far its case has come
        shown = page.replace(twin.path(pattern), "")
        assert MARKER not in shown, pattern
        assert "Vuphimarker" not in shown, pattern
        assert "0987654321" not in shown, pattern
        assert CODE not in shown, pattern


def test_nor_counts_it_nor_has_it_in_the_register_nor_acts_on_it(twin: Twin) -> None:
    house = twin.house
    clerk = Actor(kind=OFFICER, unit=house.commune.commune, id=officer(house, "tiepnhan"), role=Role.RECEPTION)
    unit = house.commune.commune
    assert look(house, lambda conn: reading_cases.counts(conn, unit, clerk))[State.NEW] == 0
    assert look(house, lambda conn: reading_cases.late(conn, unit, house.at * 2, clerk)) == 0
    assert look(house, lambda conn: call_list.to_call_count(conn, unit, clerk)) == 0
    assert run_apart(house.runtime.act(twin.ids["case"], Take(), clerk)) == Refusal("act.no_case")
    month = day_of(house.at).strftime("%Y-%m")
    with browser_of(house) as client:
        entered(house, client, "tiepnhan")
        for way in ("nhan", "danh-dau", "hoi", "phan-cong", "chan", "ghi-lai"):
            assert client.post(f"/can-bo/vu-viec/{CODE}/{way}", data={"text": "x", "way": "hand_up"}).status_code == 404
        book = client.get(f"/can-bo/so-sach/so-theo-doi.xlsx?ky={month}&ten=co").content
    with ZipFile(io.BytesIO(book)) as file:
        assert MARKER not in "".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())


def test_nor_is_the_group_of_the_desk_told(twin: Twin) -> None:
    house, telegram = twin.house, twin.house.commune.telegram
    house.at -= 1
    assert outside(house, lambda tx: board.take(tx, telegram, house.at)) is None
    assert outside(house, lambda tx: board.take(tx, telegram, house.at)) is None


def test_the_leader_has_it_and_may_give_it_to_somebody(twin: Twin) -> None:
    house = twin.house
    with browser_of(house) as client, browser_of(house) as desk:
        entered(house, client, "lanhdao")
        entered(house, desk, "tiepnhan")
        assert CODE in client.get("/can-bo/").text
        assert MARKER in client.get(f"/can-bo/vu-viec/{CODE}").text
        assert desk.get(f"/can-bo/vu-viec/{CODE}").status_code == 404
        leader = Actor(kind=OFFICER, unit=house.commune.commune, id=officer(house, "lanhdao"), role=Role.LEADER)
        given = Assign(officer=officer(house, "tiepnhan"), reason="Xác minh giúp tôi")
        assert not isinstance(run_apart(house.runtime.act(twin.ids["case"], given, leader)), Refusal)
        assert MARKER in desk.get(f"/can-bo/vu-viec/{CODE}").text


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.ADMIN])
def test_by_the_table_of_who_reaches_what(role: Role) -> None:
    facts = CaseFacts(
        id=1, unit=1, code=CODE, kind=Kind.CONDUCT, state=State.NEW, version=1, assigned=Assignee(Role.LEADER)
    )
    clerk = Actor(kind=OFFICER, unit=1, id=7, role=role)
    assert is_past(facts, clerk)
    for actor in (Actor(kind=OFFICER, unit=1, id=9, role=Role.LEADER), Actor(kind=SYSTEM, unit=1)):
        assert not is_past(facts, actor)
    assert not is_past(facts, Actor(kind=CITIZEN, unit=1))
    for to in (Assignee(officer=7), Assignee(role)):
        assert not is_past(msgspec.structs.replace(facts, assigned=to), clerk)
    for kind in set(Kind) - {Kind.CONDUCT}:
        assert not is_past(msgspec.structs.replace(facts, kind=kind), clerk)
