"""From hand to hand: assigned when it comes, given on, come back untouched, told late, flagged; on both engines."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, insert, select, update

from app.case_hands import hands_round
from app.case_round import case_round
from app.entering import enter
from feedback.acts import Ask, CaseFacts, Decision, Open, Refusal, Reply, Take
from feedback.deciding import decide
from feedback.handing import MAX_REASON, Assign, Escalate, Flag, Return
from feedback.kinds import Kind
from feedback.office import Office
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role
from feedback.routing import Assignee, Colleague, Route
from feedback.states import OPEN, State
from storage import audience, call_list, channel_rows, handing, routing, works
from storage.ids import new_id
from storage.store import Store
from storage.tables import acts, cases, notices, officers
from storage.tx import Tx
from storage.vault import Vault
from surveys.waves import Segment
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import DAY

NOW = 1_791_010_800_000
STAFF = (Colleague(7, Role.RECEPTION), Colleague(8, Role.RECEPTION), Colleague(9, Role.LEADER))
CLERK = Actor(kind=OFFICER, unit=1, id=7, role=Role.RECEPTION)
MACHINE = Actor(kind=SYSTEM, unit=1)
LAN, BINH = "w" * 64, "b" * 64
LAMP = ("xin chào", "Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "3", "bỏ qua", "bỏ qua", "1")


def case(state: State = State.NEW, **changed: object) -> CaseFacts:
    made = CaseFacts(
        id=5, unit=1, code="M-2026-ABCDEF-7", kind=Kind.FEEDBACK, state=state, version=3, staff=STAFF,
        assigned=Assignee(officer=7),
    )  # fmt: skip
    return msgspec.structs.replace(made, **changed)


@pytest.mark.parametrize(
    ("act", "to"),
    [
        (Assign(officer=8, reason="Việc địa chính"), Assignee(officer=8)),
        (Assign(role=Role.LEADER, reason="Cần ý kiến"), Assignee(Role.LEADER)),
        (Flag("Đất của công ty, tỉnh quản lý"), Assignee(Role.LEADER)),
    ],
)
def test_an_officer_passes_a_case_on_and_the_citizen_is_not_told(act: Assign | Flag, to: Assignee) -> None:
    for state in OPEN:
        decided = decide(case(state), act, CLERK, now=NOW, office=Office())
        assert isinstance(decided, Decision)
        assert (decided.assigned, decided.after, decided.tell, decided.deadline) == (to, state, "", None)
        assert decided.text == act.reason
    for state in set(State) - OPEN:
        assert decide(case(state), act, CLERK, now=NOW, office=Office()) == Refusal("act.already")


@pytest.mark.parametrize(
    ("act", "key"),
    [
        (Assign(officer=99, reason="Người đã nghỉ"), "act.nobody_there"),
        (Assign(role=Role.FRONT, reason="Nhờ Mặt trận"), "act.nobody_there"),
        (Assign(reason="Cho ai?"), "act.nobody_there"),
        (Assign(officer=7, reason="Vẫn người cũ"), "act.assigned_already"),
        (Assign(officer=8, reason="  "), "act.reason_needed"),
        (Assign(officer=8, reason="a" * (MAX_REASON + 1)), "act.reason_long"),
        (Assign(officer=8, reason="Trang cũ", seen=2), "act.changed"),
        (Flag(""), "act.reason_needed"),
    ],
)
def test_what_cannot_be_passed_on(act: Assign | Flag, key: str) -> None:
    assert decide(case(), act, CLERK, now=NOW, office=Office()) == Refusal(key)


def test_only_the_program_returns_and_escalates_and_only_so_often() -> None:
    for act in (Return(), Escalate()):
        assert decide(case(), act, CLERK, now=NOW, office=Office()) == Refusal("act.not_allowed")
        assert isinstance(decide(case(), act, MACHINE, now=NOW, office=Office()), Decision)
    for facts, act in (
        (case(assigned=Assignee(Role.LEADER)), Return()),
        (case(State.IN_PROGRESS), Return()),
        (case(escalated=2), Escalate()),
        (case(State.WAITING), Escalate()),
    ):
        assert decide(facts, act, MACHINE, now=NOW, office=Office()) == Refusal("act.already")
    assert decide(case(over_level=True), Flag("lần nữa"), CLERK, now=NOW, office=Office()) == Refusal("act.already")


def standing(conn: Connection) -> dict[str, Any]:
    return dict(conn.execute(select(cases).order_by(cases.c.opened_at)).mappings().first() or {})


def steps(conn: Connection) -> list[tuple[str, str]]:
    rows = conn.execute(select(acts.c.action, acts.c.actor).where(acts.c.thing == "case").order_by(acts.c.version))
    return [(row.action, row.actor.partition(":")[0]) for row in rows]


def told(conn: Connection) -> list[str]:
    return list(conn.scalars(select(notices.c.key).order_by(notices.c.at, notices.c.id)))


@pytest.fixture
async def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    """A commune with a leader and a second clerk."""
    built = House(store, store_url, tmp_path, vault, commune, now)

    def hire(tx: Tx) -> None:
        for login, role in (("lanhdao", "leader"), ("diachinh", "reception")):
            row = {"id": new_id(), "unit_id": commune.commune, "login": login, "name": login, "role": role}
            tx.execute(insert(officers).values(**row, password_hash="none", created_at=now))

    await store.write(hire)
    return built


async def officer(house: House, login: str) -> int:
    found = await house.runtime.store.read(
        lambda conn: conn.scalar(select(officers.c.id).where(officers.c.login == login))
    )
    assert found is not None
    return int(found)


def of(house: House, id: int, role: Role = Role.RECEPTION) -> Actor:
    return Actor(kind=OFFICER, unit=house.commune.commune, id=id, role=role)


async def test_a_new_case_is_somebodys_by_the_table_and_falls_back_when_they_leave(house: House) -> None:
    store, land = house.runtime.store, await officer(house, "diachinh")
    admin = of(house, 1, Role.ADMIN)
    line = Route(category="roads", to=Assignee(officer=land))
    await store.write(lambda tx: routing.put(tx, admin, line, house.at))
    await house.say(LAN, *LAMP)
    row = await store.read(standing)
    assert (row["assigned_id"], row["assigned_role"], row["assigned_at"]) == (land, "", row["opened_at"])

    await store.write(lambda tx: tx.execute(update(officers).where(officers.c.id == land).values(active=0)))
    await house.say(BINH, *LAMP)
    newest = await store.read(lambda conn: conn.execute(select(cases).order_by(cases.c.opened_at.desc())).first())
    assert newest is not None
    assert (newest.assigned_id, newest.assigned_role) == (None, "reception")
    (shown,) = await store.read(lambda conn: routing.lines(conn, house.commune.commune))
    assert (shown.officer, shown.there) == ("diachinh", False), "the page says which line leads nowhere"
    outcome = await house.runtime.act(row["id"], Assign(officer=land, reason="về"), of(house, house.commune.officer))
    assert outcome == Refusal("act.nobody_there")


async def test_a_line_of_the_table_names_only_what_is_the_units_own(house: House) -> None:
    store, admin = house.runtime.store, of(house, 1, Role.ADMIN)
    for line, key in (
        (Route(category="roads", to=Assignee(officer=99)), "act.nobody_there"),
        (Route(category="roads", to=Assignee(Role.FRONT)), "act.nobody_there"),
        (Route(to=Assignee(Role.LEADER)), "routing.empty"),
        (Route(village=999, to=Assignee(Role.LEADER)), "routing.village"),
        (Route(kind="weather", to=Assignee(Role.LEADER)), "routing.empty"),
    ):
        with pytest.raises(routing.Bad, match=key):
            await store.write(lambda tx, line=line: routing.put(tx, admin, line, house.at))  # type: ignore[misc]  # a default binds what the loop changes
    good = Route(village=house.commune.villages[0], to=Assignee(Role.LEADER))
    again = msgspec.structs.replace(good, to=Assignee(officer=house.commune.officer))
    await store.write(lambda tx: routing.put(tx, admin, good, house.at))
    id = await store.write(lambda tx: routing.put(tx, admin, again, house.at))
    assert [one.to for one in await store.read(lambda conn: routing.table(conn, admin.unit))] == [again.to]
    stranger = Actor(kind=OFFICER, unit=house.commune.province, id=1, role=Role.ADMIN)
    assert not await store.write(lambda tx: routing.remove(tx, stranger, id, house.at))
    assert await store.write(lambda tx: routing.remove(tx, admin, id, house.at))


async def test_a_case_that_nobody_takes_goes_to_reception_and_then_to_the_leaders(house: House) -> None:
    store, land = house.runtime.store, await officer(house, "diachinh")
    line = Route(category="roads", to=Assignee(officer=land))
    await store.write(lambda tx: routing.put(tx, of(house, 1, Role.ADMIN), line, house.at))
    await house.say(LAN, *LAMP)
    house.at += 2 * DAY
    await hands_round(house.runtime)
    assert (await store.read(standing))["assigned_id"] == land, "not yet"
    for role in ("reception", "leader"):
        house.at += 2 * DAY
        await hands_round(house.runtime)
        await hands_round(house.runtime)
        row = await store.read(standing)
        assert (row["assigned_id"], row["assigned_role"]) == (None, role)
        house.at += 2 * DAY
    house.at += 9 * DAY
    await hands_round(house.runtime)
    history = await store.read(steps)
    assert history.count(("return", "system")) == 2
    assert (await store.read(told)).count("notice.cases_returned") == 2
    assert (await store.read(standing))["unheard"] == 0


async def test_who_took_it_keeps_it(house: House) -> None:
    await house.say(LAN, *LAMP)
    store, clerk = house.runtime.store, house.commune.officer
    row = await store.read(standing)
    await house.runtime.act(row["id"], Take(), of(house, clerk))
    house.at += 20 * DAY
    await hands_round(house.runtime)
    row = await store.read(standing)
    assert (row["assigned_id"], row["assigned_role"]) == (clerk, "")
    boss = await officer(house, "lanhdao")
    land = await officer(house, "diachinh")
    act = Assign(officer=land, reason="Việc chuyên môn")
    assert isinstance(await house.runtime.act(row["id"], act, of(house, boss, Role.LEADER)), Decision)
    row = await store.read(standing)
    assert (row["assigned_id"], row["officer_id"]) == (land, clerk), "who gives it on does not work on it"


async def test_the_leaders_are_told_once_for_each_level_and_never_of_what_is_confidential(house: House) -> None:
    await house.say(LAN, *LAMP)
    await house.say(BINH, *LAMP)
    store = house.runtime.store
    hidden = (await store.read(lambda conn: conn.scalars(select(cases.c.id).order_by(cases.c.opened_at)).all()))[1]
    await store.write(lambda tx: tx.execute(update(cases).where(cases.c.id == hidden).values(confidential=1)))
    row = await store.read(standing)
    await house.runtime.act(row["id"], Take(), of(house, house.commune.officer))
    due = (await store.read(standing))["due_at"]
    house.at = due - 1
    await hands_round(house.runtime)
    assert "notice.cases_late.1" not in await store.read(told)
    house.at = due + 1
    for _ in range(3):
        await hands_round(house.runtime)
    house.at = due + 5 * DAY + 1
    for _ in range(3):
        await hands_round(house.runtime)
    keys = await store.read(told)
    assert (keys.count("notice.cases_late.1"), keys.count("notice.cases_late.2")) == (1, 1)
    closed = await store.read(lambda conn: conn.execute(select(cases).where(cases.c.id == hidden)).one())
    assert (closed.escalated, closed.version, closed.assigned_role) == (0, 1, "reception")


async def test_a_hot_spot_is_told_once_and_hides_what_is_confidential(house: House) -> None:
    store = house.runtime.store
    for number in range(5):
        act = Open(
            code="", kind=Kind.FEEDBACK, category="environment", text=f"Nước giếng có mùi lạ {number}", heard="visit",
            village=house.commune.villages[2],
        )  # fmt: skip
        assert isinstance(await enter(house.runtime, act, of(house, house.commune.officer)), str)
    unit = house.commune.commune
    seen = await store.read(lambda conn: handing.reports(conn, unit, house.at - 14 * DAY))
    assert len({one.person for one in seen}) == 5
    for _ in range(2):
        await hands_round(house.runtime)
    assert (await store.read(told)).count("notice.hot_spots") == 1
    first = select(cases.c.id).order_by(cases.c.opened_at).limit(1).scalar_subquery()
    await store.write(lambda tx: tx.execute(update(cases).where(cases.c.id == first).values(confidential=1)))
    assert len(await store.read(lambda conn: handing.reports(conn, unit, house.at - 14 * DAY))) == 4


async def test_works_are_asked_about_only_while_they_go_on(house: House) -> None:
    store, boss = house.runtime.store, of(house, 1, Role.LEADER)
    unit = house.commune.commune
    assert await store.write(lambda tx: works.add(tx, boss, "Đường liên thôn", house.at)) == ""
    assert await store.write(lambda tx: works.add(tx, boss, "Đường liên thôn", house.at)) == "works.twice"
    assert await store.write(lambda tx: works.add(tx, boss, "", house.at)) == "works.name"
    await house.say(LAN, "xin chào", "Đường liên thôn đào đứt ống nước", "1", "3", "bỏ qua", "bỏ qua", "1")
    (one,) = await store.read(lambda conn: works.all_of(conn, unit))
    assert (one.cases, (await store.read(standing))["works_id"]) == (1, one.id)
    stranger = Actor(kind=OFFICER, unit=house.commune.province, id=1, role=Role.ADMIN)
    refused = await store.write(lambda tx: works.set_active(tx, stranger, one.id, active=False, now=house.at))
    assert refused == "act.no_case"
    await store.write(lambda tx: works.set_active(tx, boss, one.id, active=False, now=house.at))
    assert await store.read(lambda conn: works.going_on(conn, unit)) == []
    for number in range(works.MOST):
        name = f"Công trình {number}"
        assert await store.write(lambda tx, name=name: works.add(tx, boss, name, house.at)) == ""  # type: ignore[misc]  # a default binds what the loop changes
    assert await store.write(lambda tx: works.add(tx, boss, "Thêm nữa", house.at)) == "works.many"


async def test_the_whole_round_leaves_an_answered_case_alone(house: House) -> None:
    await house.say(LAN, *LAMP)
    row = await house.runtime.store.read(standing)
    await house.runtime.act(row["id"], Reply("Đã sửa."), of(house, house.commune.officer))
    house.at += 5 * DAY
    await case_round(house.runtime)
    assert [action for action, _ in await house.runtime.store.read(steps)] == ["open", "reply"]


async def test_whoever_has_no_chat_is_told_by_an_officer(house: House) -> None:
    store, clerk = house.runtime.store, of(house, house.commune.officer)
    act = Open(
        code="", kind=Kind.FEEDBACK, category="roads", text="Cầu treo gãy ván", heard="phone", anonymous=False,
        name="Lò Thị Mẫu", phone="0912345678", village=house.commune.villages[0],
    )  # fmt: skip
    code = await enter(house.runtime, act, clerk)
    assert isinstance(code, str)
    row = await store.read(standing)
    assert (row["code"], row["channel"], row["helper_id"]) == (code, "phone", clerk.id)
    assert await enter(house.runtime, act, Actor(kind=CITIZEN, unit=clerk.unit)) == Refusal("act.not_allowed")
    head = Actor(kind=OFFICER, unit=clerk.unit, id=1, role=Role.VILLAGE_HEAD, village=house.commune.villages[1])
    assert await enter(house.runtime, act, head) == Refusal("act.not_allowed"), "another village's"
    for step in (Take(), Ask("Ở đầu cầu nào ạ?"), Reply("Đã thay ván.")):
        assert isinstance(await house.runtime.act(row["id"], step, clerk), Decision)
    waiting = await store.read(lambda conn: call_list.to_call(conn, clerk.unit))
    assert [(one.case, one.why, one.phone) for one in waiting] == [(code, "desk", "0912345678")]
    house.at += 20 * DAY
    await case_round(house.runtime)
    assert (await store.read(standing))["state"] == "closed"
    invited = await store.read(lambda conn: audience.subscribers(conn, clerk.unit, Segment()))
    assert invited == [], "nobody of them is invited to surveys"
    assert "desk" not in {
        one.channel for one in await store.read(lambda conn: channel_rows.rows(conn, house.runtime.vault))
    }
