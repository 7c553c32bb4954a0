"""What is done around sessions, on both engines: notices, papers to villages, promises, lists, the day sheet."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app import sessions
from app.promise_round import promise_round
from app.session_desk import SessionDesk
from app.session_notices import notice_round
from feedback.acts import Refusal
from feedback.paper_lists import EnterList, StrikeList, decide_list, is_enough
from feedback.roles import OFFICER, Actor, Role
from feedback.session_acts import Announce, Answer, Cancel, CheckIn, Hold, Keep, Minutes, Plan, Promise, Publish
from feedback.sessions import SessionKind
from storage import paper_lists, reading_session_desk, reading_session_results, reading_sessions, session_sheets
from storage.store import Store
from storage.tables import accounts, notices, outbox, session_notices, session_promises
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from tests.unit.sessions import NOW, WEDNESDAY, booking, meeting
from vietnam.time import DAY, HOUR, day_of

PEOPLE = 7


@pytest.fixture
async def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path) -> House:
    """A runtime with seven people who have written in their browsers."""
    built = House(store, store_url, tmp_path, vault, commune, NOW)
    for number in range(PEOPLE):
        await built.say(f"{number}" * 64, "menu")
    return built


def leader(house: House) -> Actor:
    """The commune's leader."""
    return Actor(kind=OFFICER, unit=house.commune.commune, id=house.commune.officer, role=Role.LEADER)


async def announced(house: House, **other: object) -> int:
    """A session that has just been announced to everybody; its id."""
    id = await sessions.plan(house.runtime, Plan(meeting(**other), sure=True), leader(house))
    assert isinstance(id, int)
    assert await SessionDesk(house.runtime).act(id, Announce(), leader(house)) is None
    return id


async def broadcasts(house: House) -> int:
    """How many messages to many stand in the outbox."""
    query = select(func.count()).select_from(outbox).where(outbox.c.lane == 2)
    return await house.runtime.store.read(lambda conn: conn.scalar(query)) or 0


async def test_two_who_send_at_once_tell_everybody_once(house: House) -> None:
    await announced(house)
    await asyncio.gather(*(notice_round(house.runtime) for _ in range(3)))
    while await notice_round(house.runtime):
        pass
    assert await broadcasts(house) == PEOPLE
    done = select(session_notices.c.told, session_notices.c.done_at)
    row = await house.runtime.store.read(lambda conn: conn.execute(done).one())
    assert row.told == PEOPLE
    assert row.done_at is not None


async def test_whoever_joined_two_chats_or_left_is_not_told_twice_or_at_all(house: House) -> None:
    people = await house.runtime.store.read(lambda conn: conn.execute(select(accounts)).all())
    first, second, third, fourth = (row.id for row in people[:4])
    joined = update(accounts).where(accounts.c.id == second).values(person_id=people[0].person_id)
    await house.runtime.store.write(lambda tx: tx.execute(joined))
    gone = update(accounts).where(accounts.c.id == third).values(gone="blocked")
    await house.runtime.store.write(lambda tx: tx.execute(gone))
    out = update(accounts).where(accounts.c.id == fourth).values(opted_out_at=NOW)
    await house.runtime.store.write(lambda tx: tx.execute(out))
    assert first != second
    await announced(house)
    while await notice_round(house.runtime):
        pass
    assert await broadcasts(house) == PEOPLE - 3


async def test_a_session_that_is_off_is_announced_to_nobody_any_more(house: House) -> None:
    id = await announced(house)
    await SessionDesk(house.runtime).act(id, Cancel(reason="Bão"), leader(house))
    while await notice_round(house.runtime):
        pass
    assert await broadcasts(house) == 0


async def held(house: House) -> int:
    """A dialogue that is over, with one visitor, an answer and a promise due in five days; its id."""
    id = await announced(house, kind=SessionKind.PERIODIC, slot_minutes=0)
    desk, actor = SessionDesk(house.runtime), leader(house)
    code = await desk.book(id, booking(1), actor)
    assert isinstance(code, str)
    house.at = WEDNESDAY + HOUR
    assert await desk.act_on_booking(code, CheckIn(), actor) is None
    asked = await house.runtime.store.read(lambda conn: reading_session_desk.questions(conn, id))
    due = (day_of(house.at) + timedelta(days=5)).isoformat()
    acts = (
        Answer(question=asked[0].id, text="Sẽ sửa.", by="Chủ tịch"),
        Promise(text="Sửa đường", owner="Tổ giao thông", due_day=due, question=asked[0].id),
        Minutes(summary="Bàn về đường."),
    )
    for act in acts:
        assert await desk.act(id, act, actor) is None
    house.at = WEDNESDAY + 3 * HOUR
    assert await desk.act(id, Hold(), actor) is None
    return id


async def test_papers_go_to_every_village_once_and_are_ticked_off_once(house: House) -> None:
    id = await held(house)
    desk, actor = SessionDesk(house.runtime), leader(house)
    assert await desk.act(id, Publish(), actor) is None
    sheets = await house.runtime.store.read(lambda conn: reading_sessions.sheets_of(conn, id))
    assert len(sheets) == 2 * len(house.commune.villages)
    village, other = house.commune.villages[:2]
    head = Actor(kind=OFFICER, unit=house.commune.commune, id=9, role=Role.VILLAGE_HEAD, village=village)
    assert await desk.received(id, other, "results", head) == Refusal("act.not_allowed")
    assert await desk.received(id, village, "results", head) is None
    assert await desk.received(id, village, "results", head) == Refusal("act.already")
    left = await house.runtime.store.read(lambda conn: session_sheets.waiting(conn, village))
    assert left == [(id, "notice", "")]


async def test_villages_that_had_the_results_get_them_again_when_they_are_put_right(house: House) -> None:
    # given one village that has the results, and one that has not looked yet
    id = await held(house)
    desk, actor = SessionDesk(house.runtime), leader(house)
    assert await desk.act(id, Publish(), actor) is None
    village, other = house.commune.villages[:2]
    head = Actor(kind=OFFICER, unit=house.commune.commune, id=9, role=Role.VILLAGE_HEAD, village=village)
    assert await desk.received(id, village, "results", head) is None
    [asked] = await house.runtime.store.read(lambda conn: reading_session_desk.questions(conn, id))

    async def papers(of: int) -> set[tuple[int, str, str]]:
        return set(await house.runtime.store.read(lambda conn: session_sheets.waiting(conn, of)))

    # when the same answer is saved again, nothing is new
    assert await desk.act(id, Answer(question=asked.id, text="Sẽ sửa.", by="Chủ tịch"), actor) is None
    assert (id, "results", "corrected") not in await papers(village)

    # and when it is put right, who had the paper gets it once more and is told why
    assert await desk.act(id, Answer(question=asked.id, text="Sửa trong tháng 12.", by="Chủ tịch"), actor) is None
    assert (id, "results", "corrected") in await papers(village)
    assert (id, "results", "") in await papers(other)

    # until it is ticked off again; a kept promise changes nothing of the paper
    assert await desk.received(id, village, "results", head) is None
    assert (id, "results", "corrected") not in await papers(village)


async def test_a_session_is_read_back_as_it_was_held(house: House) -> None:
    id = await held(house)
    unit, now = house.commune.commune, house.at
    read = house.runtime.store.read
    row = await read(lambda conn: reading_sessions.one(conn, unit, id))
    assert row is not None
    assert (row.booked, row.waiting, row.questions) == (1, 0, 1)
    assert await read(lambda conn: reading_sessions.one(conn, unit + 1, id)) is None
    assert [one.id for one in (await read(lambda conn: reading_sessions.past(conn, unit, now)))[0]] == [id]
    assert await read(lambda conn: reading_sessions.coming(conn, unit, now)) == []
    assert [one.id for one in await read(lambda conn: reading_sessions.owed(conn, unit, now))] == [id]
    sheet = await read(lambda conn: reading_session_desk.day_sheet(conn, unit, id))
    assert sheet is not None
    [visitor] = sheet.visitors
    assert visitor.questions[0].answer == "Sẽ sửa."
    assert [one.text for one in visitor.promises] == ["Sửa đường"]
    results = await read(lambda conn: reading_session_results.of(conn, id))
    assert results.answers[0].answer == "Sẽ sửa."
    assert await read(lambda conn: reading_sessions.promise_counts(conn, unit, day_of(now) + timedelta(6))) == (1, 1)
    clashes = await read(
        lambda conn: reading_sessions.clashes(conn, unit, row.host, row.starts_at, row.ends_at, day_of(now), 0)
    )
    assert [one.session for one in clashes] == [id]


async def test_two_processes_warn_of_a_promise_once(house: House) -> None:
    await held(house)
    house.at += 4 * DAY
    await asyncio.gather(*(promise_round(house.runtime) for _ in range(3)))
    query = select(func.count()).select_from(notices).where(notices.c.key == "notice.promise_soon")
    assert await house.runtime.store.read(lambda conn: conn.scalar(query)) == 1


async def test_of_two_who_keep_a_promise_at_once_one_is_refused(house: House) -> None:
    id = await held(house)
    promise = await house.runtime.store.read(lambda conn: conn.scalar(select(session_promises.c.id)))
    desk = SessionDesk(house.runtime)
    keep = Keep(promise=promise or 0, note="Xong.")
    outcomes = await asyncio.gather(*(desk.act(id, keep, leader(house)) for _ in range(2)))
    assert sorted(one is None for one in outcomes) == [False, True]


async def test_a_list_on_paper_is_kept_and_struck_out_once(house: House) -> None:
    actor, store = leader(house), house.runtime.store
    act = EnterList(topic="Đất", signers=100, voters=1_000, day=date(2026, 10, 1), village=house.commune.villages[0])
    assert decide_list(act, actor, date(2026, 10, 3)) is None
    id = await store.write(lambda tx: paper_lists.enter(tx, actor, act, NOW))
    strike = StrikeList(id=id, reason="Nhầm")
    assert await store.write(lambda tx: paper_lists.strike(tx, actor, strike, NOW))
    assert not await store.write(lambda tx: paper_lists.strike(tx, actor, strike, NOW))
    [kept] = await store.read(lambda conn: paper_lists.listed(conn, actor.unit))
    assert kept.struck
    assert not kept.enough
    assert await store.read(lambda conn: paper_lists.asked(conn, actor.unit)) == []


@pytest.mark.parametrize(
    ("signers", "voters", "enough"), [(99, 1_000, False), (100, 1_000, True), (1, 10, True), (0, 0, False)]
)
def test_ten_percent_of_the_voters_are_enough(signers: int, voters: int, enough: bool) -> None:  # noqa: FBT001 - the test names it
    assert is_enough(signers, voters) is enough
