"""A specialist and the boards of the people: what is out of their reach is on no page, in no count and in no file."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from feedback.acts import CaseFacts, Open, Refusal, Reply, Take
from feedback.handing import Assign
from feedback.kinds import CATEGORIES, Kind
from feedback.reach import BOARDS, SCOPED, is_past
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from feedback.routing import Assignee
from feedback.states import State
from storage import confidential, officer_reach
from storage.ids import new_id
from storage.officer_reach import Reach
from storage.tables import blobs, calls, case_blobs, cases, officers
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, _hashed, browser_of, look, outside
from tests.web.twins import Twin, housed, opens, visit

MARKERS = ("kumquatoza", "Vuphimarker", "0987654321", "zanzibarplace")
"""Words, name, telephone and place of the case that is out of reach."""
FAR = "M-2026-K7M2QX-5"
NEAR = "M-2026-AAAAAA-A"
LOGINS = {"chuyenmon": Role.SPECIALIST, "thanhtra": Role.INSPECTION, "giamsat": Role.OVERSIGHT}


def furnish(house: House, *, far: bool) -> Twin:
    """Officers who reach roads in the first village; a case there and, in one of two stores, one elsewhere."""
    here, elsewhere = house.commune.villages[0], house.commune.villages[1]

    def people(tx: Tx) -> None:
        for login, role in LOGINS.items():
            values = {"id": new_id(), "unit_id": house.commune.commune, "login": login, "name": f"Mẫu {login}"}
            tx.execute(insert(officers).values(**values, role=role, password_hash=_hashed(), created_at=house.at))
            officer_reach.put(tx, int(str(values["id"])), Reach(("roads",), (here,)))

    outside(house, people)
    near = Open(
        code=NEAR, kind=Kind.FEEDBACK, category="roads", village=here, anonymous=False, name="Nông Văn Gần",
        phone="0912000111", text="Cầu treo hỏng ván, ông Nông Văn Gần gọi 0912000111",
    )  # fmt: skip
    opens(house, "71", near)
    if not far:
        return Twin(house=house, ids={"case": 12345678901234567})
    opens(
        house,
        "81",
        Open(
            code=FAR, kind=Kind.FEEDBACK, category="roads", text=f"Đường {MARKERS[0]} lún", anonymous=False,
            name=MARKERS[1], phone=MARKERS[2], where=MARKERS[3], village=elsewhere, point=(21.8, 106.5),
        ),
    )  # fmt: skip
    case = look(house, lambda conn: int(conn.execute(select(cases.c.id).where(cases.c.code == FAR)).scalar_one()))
    blob = run_apart(house.runtime.blobs.put(house.commune.commune, "image/png", b"not a picture"))

    def fill(tx: Tx) -> None:
        tx.execute(insert(case_blobs).values(case_id=case, blob_id=blob, shown=1))
        tx.execute(update(blobs).where(blobs.c.id == blob).values(kept=1))
        tx.execute(update(cases).where(cases.c.id == case).values(voice=1))
        call = {"id": new_id(), "unit_id": house.commune.commune, "case_id": case, "why": "gone", "since": house.at}
        tx.execute(insert(calls).values(**call, state="open"))

    outside(house, fill)
    return Twin(house=house, code=FAR, ids={"case": case, "blob": blob, "call": case})


@pytest.fixture
def twins(request: pytest.FixtureRequest, vault: Vault, now: int, tmp_path: Path) -> Iterator[tuple[Twin, Twin]]:
    """(with the case out of reach, without it)."""
    made = []
    for far in (True, False):
        file = tmp_path / f"{far}.db"
        file.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        made.append(furnish(housed(f"sqlite:///{file}", vault, now, tmp_path), far=far))
    yield made[0], made[1]
    for twin in made:
        run_apart(twin.house.runtime.close())


@pytest.mark.parametrize("login", LOGINS)
def test_what_is_out_of_reach_might_as_well_not_be_there(twins: tuple[Twin, Twin], login: str) -> None:
    far, _ = twins
    there, without = (list(visit(twin, login)) for twin in twins)
    assert len(there) > 60, "the routes were found"
    for (pattern, page, normal), (_, _, expected) in zip(there, without, strict=True):
        if pattern == "/metrics" or pattern.startswith("/{slug}"):
            continue  # of the process, and the citizens' side, where a code shows how far its case has come
        shown = page.replace(far.path(pattern), "ADDRESS")
        shown = shown.replace(far.code, "") if "CODE" in normal else shown
        assert not [word for word in (*MARKERS, far.code) if word in shown], pattern
        # The place in the unit's list of acts counts every act of everybody, and says of none what it was.
        alike = (re.sub(r'data-tu="[^"]*"', "", text) for text in (normal, expected))
        assert next(alike) == next(alike), pattern


def officer(house: House, login: str) -> Actor:
    def look_at(conn: object) -> Actor:
        from storage import officers as door

        found = door.by_login(conn, login)  # type: ignore[arg-type]  # a Connection
        assert found is not None
        return found[0].actor()

    return look(house, look_at)


def test_a_specialist_works_on_what_is_in_reach_and_on_what_is_given(twins: tuple[Twin, Twin]) -> None:
    house = twins[0].house
    actor, far = officer(house, "chuyenmon"), twins[0].ids["case"]
    near = look(house, lambda conn: int(conn.execute(select(cases.c.id).where(cases.c.code == NEAR)).scalar_one()))
    assert not isinstance(run_apart(house.runtime.act(near, Take(), actor)), Refusal)
    assert run_apart(house.runtime.act(far, Take(), actor)) == Refusal("act.no_case")
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "chuyenmon", "password": PASSWORD})
        assert NEAR in client.get("/can-bo/?muc=tat-ca").text
        assert client.get(f"/can-bo/vu-viec/{NEAR}").status_code == 200
        for way in ("nhan", "hoi", "phan-cong", "tra-loi", "gia-han", "chuyen", "danh-dau", "ghi-chu"):
            assert client.post(f"/can-bo/vu-viec/{FAR}/{way}", data={"text": "x"}).status_code == 404, way
        leader = officer(house, "lanhdao")
        given = Assign(officer=actor.id, reason="Anh xem giúp")
        assert not isinstance(run_apart(house.runtime.act(far, given, leader)), Refusal)
        assert MARKERS[0] in client.get(f"/can-bo/vu-viec/{FAR}").text
        # Given on, it is out of reach again: the list, not a page that is not there.
        page = client.post(f"/can-bo/vu-viec/{FAR}/phan-cong", data={"to": "reception", "reason": "Việc chung"})
        assert page.status_code == 200
        assert client.get(f"/can-bo/vu-viec/{FAR}").status_code == 404


@pytest.mark.parametrize("login", ["thanhtra", "giamsat"])
def test_a_board_reads_its_field_without_names_and_changes_nothing(twins: tuple[Twin, Twin], login: str) -> None:
    house = twins[0].house
    near = look(house, lambda conn: int(conn.execute(select(cases.c.id).where(cases.c.code == NEAR)).scalar_one()))
    assert isinstance(run_apart(house.runtime.act(near, Reply("Đã sửa"), officer(house, login))), Refusal)
    outside(house, lambda tx: tx.execute(update(cases).where(cases.c.id == near).values(reply="Bà Lý Thị Xa đã sửa")))
    with browser_of(house) as client:
        page = client.post("/can-bo/dang-nhap", data={"login": login, "password": PASSWORD})
        assert page.url.path == "/can-bo/giam-sat"
        assert NEAR in page.text
        one = client.get(f"/can-bo/giam-sat/{NEAR}").text
        assert "Cầu treo hỏng ván" in one
        for secret in ("Nông Văn Gần", "0912000111", "Lý Thị Xa"):
            assert secret not in page.text + one
        assert client.get(f"/can-bo/giam-sat/{FAR}").status_code == 404
        assert client.get(f"/can-bo/vu-viec/{NEAR}").status_code == 403
        blob = twins[0].ids["blob"]
        assert client.get(f"/can-bo/giam-sat/{FAR}/anh/{blob}").status_code == 404


def test_a_board_sees_a_picture_only_once_an_officer_lets_others_see_it(twins: tuple[Twin, Twin]) -> None:
    house = twins[0].house
    near = look(house, lambda conn: int(conn.execute(select(cases.c.id).where(cases.c.code == NEAR)).scalar_one()))
    blob = run_apart(house.runtime.blobs.put(house.commune.commune, "image/png", b"not a picture"))
    outside(house, lambda tx: tx.execute(insert(case_blobs).values(case_id=near, blob_id=blob)))
    address = f"/can-bo/giam-sat/{NEAR}/anh/{blob}"
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "thanhtra", "password": PASSWORD})
        assert client.get(address).status_code == 404
        shown = update(case_blobs).where(case_blobs.c.blob_id == blob).values(shown=1)
        outside(house, lambda tx: tx.execute(shown))
        assert client.get(address).status_code == 200
        assert address in client.get(f"/can-bo/giam-sat/{NEAR}").text


# --- the rule and the query say the same ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.VILLAGE_HEAD}))
@pytest.mark.parametrize("fields", [(), ("roads",), ("land", "security")], ids=str)
def test_the_rule_and_the_query_say_the_same_of_every_case(house: House, role: Role, fields: tuple[str, ...]) -> None:
    here, elsewhere = house.commune.villages[:2]
    actor = Actor(kind=OFFICER, unit=house.commune.commune, id=5, role=role, fields=fields, villages=(here,))
    some = [category for category in CATEGORIES if category in ("roads", "land", "other")]
    given = [Assignee(), Assignee(officer=5), Assignee(officer=6), Assignee(role), Assignee(Role.LEADER)]
    rows = [
        CaseFacts(
            id=new_id(), unit=actor.unit, code="", kind=kind, state=State.NEW, version=1, category=category,
            village=village, assigned=to,
        )
        for kind in (Kind.FEEDBACK, Kind.CONDUCT)
        for category in some
        for village in (here, elsewhere, 0)
        for to in given
    ]  # fmt: skip
    opens(house, "71", Open(code=NEAR, kind=Kind.FEEDBACK, category="roads", text="Đèn đường hỏng ba hôm nay"))

    def look_at(tx: Tx) -> set[int]:
        account = tx.execute(select(cases.c.account_id)).scalar_one()
        for row in rows:
            tx.execute(
                insert(cases).values(
                    id=row.id, unit_id=row.unit, code=f"X{row.id}", kind=str(row.kind), category=row.category,
                    text="x", state="new", account_id=account, village_id=row.village or None, opened_at=house.at,
                    assigned_id=row.assigned.officer or None, assigned_role=str(row.assigned.role or ""),
                )
            )  # fmt: skip
        mine = cases.c.id.in_([row.id for row in rows])
        return set(tx.execute(select(cases.c.id).where(mine, confidential.reached(actor))).scalars())

    assert outside(house, look_at) == {row.id for row in rows if not is_past(row, actor)}


def test_nobody_but_officers_is_kept_from_anything_by_it() -> None:
    facts = CaseFacts(id=1, unit=1, code="", kind=Kind.FEEDBACK, state=State.NEW, version=1, category="land")
    assert not is_past(facts, Actor(kind=CITIZEN, unit=1))
    for role in SCOPED:
        assert is_past(facts, Actor(kind=OFFICER, unit=1, id=3, role=role, fields=("roads",)))
        assert not is_past(facts, Actor(kind=OFFICER, unit=1, id=3, role=role))
    assert BOARDS < SCOPED
