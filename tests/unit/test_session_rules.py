"""Each rule of sessions and seats at its edge: what is allowed and refused, who is served and reminded when."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from app import seats
from app.session_round import tell_round
from app.sessions import act_on_booking, act_on_session, book_for
from feedback.acts import Refusal
from feedback.booking_deciding import decide_booked, decide_booking, decide_move
from feedback.codes import make_code
from feedback.roles import CITIZEN, Actor
from feedback.session_acts import (
    Absent,
    Announce,
    BookingAct,
    Cancel,
    CancelBooking,
    Change,
    CheckIn,
    Hold,
    Minutes,
    MoveBooking,
    Publish,
    SessionAct,
)
from feedback.session_deciding import SessionDecision, decide_session
from feedback.sessions import BookingFacts, BookingState, Host, SessionFacts, SessionState
from storage.store import Store
from storage.tables import bookings, outbox
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from tests.unit.sessions import LEADER, WEDNESDAY, announced, booking, leader, meeting, people
from vietnam.calendar import shipped_days
from vietnam.time import DAY, HOUR, MINUTE, TZ, to_ms

HERE = Actor(kind=CITIZEN, unit=1)
LAN = "a" * 64

BOOKINGS: dict[str, dict[str, str]] = {
    "give back": {"booked": "cancelled", "waiting": "cancelled"},
    "check in": {"booked": "attended", "waiting": "attended", "absent": "attended"},
    "mark absent": {"booked": "absent", "attended": "absent"},
}
"""deed -> state before -> state after; what is missing is refused."""
DEEDS: dict[str, tuple[BookingAct, int]] = {
    "give back": (CancelBooking(reason="bận"), WEDNESDAY - HOUR),
    "check in": (CheckIn(), WEDNESDAY - HOUR),
    "mark absent": (Absent(), WEDNESDAY + HOUR),
}
"""With a moment that suits."""
SESSIONS: dict[str, dict[str, str]] = {
    "announce": {"planned": "announced"},
    "change": {"planned": "planned", "announced": "announced"},
    "cancel": {"planned": "cancelled", "announced": "cancelled"},
    "hold": {"announced": "held"},
    "minutes": {"announced": "announced", "held": "held", "published": "published"},
    "publish": {"held": "published"},
}
ACTS: dict[str, tuple[SessionAct, int]] = {
    "announce": (Announce(), WEDNESDAY - 9 * DAY),
    "change": (Change(meeting=meeting(place="nhà văn hóa"), reason="đông người"), WEDNESDAY - 9 * DAY),
    "cancel": (Cancel(reason="bão"), WEDNESDAY - 9 * DAY),
    "hold": (Hold(), WEDNESDAY + 3 * HOUR),
    "minutes": (Minutes(summary="Đã trao đổi."), WEDNESDAY + 3 * HOUR),
    "publish": (Publish(), WEDNESDAY + 3 * HOUR),
}


def facts(state: SessionState = SessionState.ANNOUNCED, **other: Any) -> SessionFacts:
    return SessionFacts(id=5, unit=1, meeting=meeting(), state=state, version=1, summary=True, **other)


def seat(state: BookingState = BookingState.BOOKED) -> BookingFacts:
    return BookingFacts(id=9, code=make_code("M", 2026, 1), state=state, version=1, seat=1, name="Lan")


def outcome(done: object) -> str:
    return "refused" if isinstance(done, Refusal) else str(getattr(done, "after", done))


@pytest.mark.parametrize("before", BookingState)
@pytest.mark.parametrize("deed", BOOKINGS)
def test_a_booking_becomes_what_the_table_here_says(deed: str, before: BookingState) -> None:
    act, now = DEEDS[deed]
    done = decide_booked(facts(), seat(before), act, LEADER, now=now)
    assert outcome(done) == BOOKINGS[deed].get(before, "refused")


@pytest.mark.parametrize("before", SessionState)
@pytest.mark.parametrize("deed", SESSIONS)
def test_a_session_becomes_what_the_table_here_says(deed: str, before: SessionState) -> None:
    act, now = ACTS[deed]
    done = decide_session(facts(before), act, LEADER, now=now, table=shipped_days())
    assert outcome(done) == SESSIONS[deed].get(before, "refused")


@pytest.mark.parametrize("state", SessionState)
@pytest.mark.parametrize("act", [CheckIn(), Absent()])
def test_who_came_is_marked_in_a_session_that_is_on_or_over(act: BookingAct, state: SessionState) -> None:
    done = decide_booked(facts(state), seat(), act, LEADER, now=WEDNESDAY + HOUR)
    assert (outcome(done) != "refused") == (state in {"announced", "held"})


@pytest.mark.parametrize("before", BookingState)
def test_only_who_has_a_seat_or_waits_can_move(before: BookingState) -> None:
    done = decide_move(seat(before), facts(), facts(), MoveBooking(code="M"), HERE, now=WEDNESDAY - DAY)
    assert isinstance(done, Refusal) == (before not in {"booked", "waiting"})


@pytest.mark.parametrize(("left", "allowed"), [(1, True), (0, False), (-HOUR, False)])
@pytest.mark.parametrize("who", [HERE, LEADER])
def test_nobody_moves_out_of_a_session_that_has_begun(who: Actor, left: int, allowed: bool) -> None:  # noqa: FBT001
    nextweek = msgspec.structs.replace(facts(), id=6, meeting=meeting(starts_at=WEDNESDAY + 7 * DAY))
    done = decide_move(seat(), facts(), nextweek, MoveBooking(code="M"), who, now=WEDNESDAY - left)
    assert done == Refusal("booking.begun") if not allowed else not isinstance(done, Refusal)


@pytest.mark.parametrize(
    ("act", "left", "allowed"),
    [
        (CheckIn(), 3 * HOUR, True),
        (CheckIn(), 3 * HOUR + 1, False),
        (CheckIn(), -3 * HOUR, True),
        (Absent(), 0, True),
        (Absent(), 1, False),
        (CancelBooking(reason="bận"), 1, True),
        (CancelBooking(reason="bận"), 0, False),
        (CancelBooking(wished=True), 1, True),
        (CancelBooking(reason=" "), 1, False),
    ],
)
def test_a_deed_has_its_hour(act: BookingAct, left: int, allowed: bool) -> None:  # noqa: FBT001 - the test names it
    done = decide_booked(facts(), seat(), act, LEADER, now=WEDNESDAY - left)
    assert isinstance(done, Refusal) != allowed


@pytest.mark.parametrize(
    ("act", "now", "allowed"),
    [
        (Hold(), WEDNESDAY - 1, False),
        (Hold(sure=True), WEDNESDAY - 1, False),
        (Hold(), WEDNESDAY, False),
        (Hold(sure=True), WEDNESDAY, True),
        (Hold(), WEDNESDAY + 2 * HOUR, True),
        (Change(meeting=meeting(place="đình"), reason="x"), WEDNESDAY, False),
        (Change(meeting=meeting(place="đình")), WEDNESDAY - 9 * DAY, False),
        (Change(meeting=meeting(title="Tiếp dân")), WEDNESDAY - 9 * DAY, True),
        (Cancel(reason=""), WEDNESDAY - 9 * DAY, False),
    ],
)
def test_a_session_is_changed_and_ended_in_its_hour(act: SessionAct, now: int, allowed: bool) -> None:  # noqa: FBT001 - the test names it
    done = decide_session(facts(), act, LEADER, now=now, table=shipped_days())
    assert isinstance(done, SessionDecision) == allowed


@pytest.mark.parametrize(("at", "allowed"), [((20, 23, 59), False), ((21, 0, 0), True), ((21, 9, 0), True)])
def test_somebody_who_stands_there_is_written_down_on_the_day(at: tuple[int, int, int], allowed: bool) -> None:  # noqa: FBT001 - the test names it
    now = to_ms(datetime(2026, 10, *at, tzinfo=TZ))
    done = decide_booking(facts(), booking(1, walk_in=True), LEADER, now=now)
    assert isinstance(done, Refusal) != allowed


def test_results_need_minutes_and_seats_that_are_taken_stay() -> None:
    table, later = shipped_days(), WEDNESDAY + 3 * HOUR
    bare = msgspec.structs.replace(facts(SessionState.HELD), summary=False)
    assert decide_session(bare, Publish(), LEADER, now=later, table=table) == Refusal("session.no_minutes")
    fewer = Change(meeting=meeting(seats=2), reason="ít người", sure=True)
    for taken, allowed in ({1, 3}, False), ({1, 2}, True):
        known = facts(taken=frozenset(taken))
        done = decide_session(known, fewer, LEADER, now=WEDNESDAY - 9 * DAY, table=table)
        assert isinstance(done, SessionDecision) == allowed


@pytest.fixture
def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


class Queue:
    """A session that is announced for 14:00 in ten days, with people of the web chat who come one after the other."""

    def __init__(self, house: House, session: int, accounts: list[int], starts: int) -> None:
        self.house, self.session, self.accounts, self.starts = house, session, accounts, starts

    def code(self, who: int) -> str:
        return make_code("M", 2026, who)

    async def takes(self, who: int, *, session: int = 0, **other: Any) -> object:
        wanted, account = booking(who, **other), self.accounts[who]
        citizen = Actor(kind=CITIZEN, unit=self.house.commune.commune)
        return await self.house.runtime.store.write(
            lambda tx: seats.take(
                tx, session or self.session, wanted, citizen, self.house.at, account=account, accounts=[account]
            )
        )

    async def moves(self, who: int, new: int, session: int) -> object:
        citizen = Actor(kind=CITIZEN, unit=self.house.commune.commune)
        act, mine = MoveBooking(code=self.code(new)), [self.accounts[who]]
        return await self.house.runtime.store.write(
            lambda tx: seats.move(tx, self.code(who), session, act, citizen, self.house.at, accounts=mine)
        )

    async def gives_back(self, who: int) -> None:
        done = await act_on_booking(
            self.house.runtime, self.code(who), CancelBooking(wished=True), leader(self.house.commune)
        )
        assert not isinstance(done, Refusal), done

    async def acts(self, act: SessionAct) -> None:
        done = await act_on_session(self.house.runtime, self.session, act, leader(self.house.commune))
        assert not isinstance(done, Refusal), done

    async def row(self, who: int) -> Any:
        mine = select(bookings).where(bookings.c.code == self.code(who))
        return await self.house.runtime.store.read(lambda conn: conn.execute(mine).one())

    async def told(self, *, left: int | None = None, at_once: int = 1) -> list[int]:
        """Let the time come until so long before the session; who of the people is sent a message then."""
        if left is not None:
            self.house.at = self.starts - left
        sent = select(outbox.c.booking_id).where(outbox.c.booking_id.is_not(None)).order_by(outbox.c.id)
        before = await self.house.runtime.store.read(lambda conn: len(conn.execute(sent).all()))
        await asyncio.gather(*(tell_round(self.house.runtime) for _ in range(at_once)))
        while await tell_round(self.house.runtime):
            pass
        ids = (await self.house.runtime.store.read(lambda conn: list(conn.scalars(sent))))[before:]
        named = dict.fromkeys(ids, 0)
        for who in range(1, len(self.accounts)):
            here = select(bookings.c.id).where(bookings.c.code == self.code(who))
            id = await self.house.runtime.store.read(lambda conn, here=here: conn.scalar(here))  # type: ignore[misc]  # a default binds what the loop changes
            named |= {id: who} if id in named else {}
        return [named[id] for id in ids]


@pytest.fixture
async def queue(house: House, store: Store, vault: Vault, commune: SampleCommune) -> Queue:
    starts = house.at + 10 * DAY + 5 * HOUR
    id = await announced(house.runtime, commune, starts_at=starts, seats=1)
    return Queue(house, id, await people(store, vault, commune, 9), starts)


@pytest.mark.parametrize(
    ("booked", "heard"),
    [
        (9 * DAY, [23 * HOUR, 2 * HOUR]),
        (DAY, [2 * HOUR]),  # who has booked within the day knows the day
        (3 * HOUR, [2 * HOUR]),
        (2 * HOUR, []),
        (HOUR, []),
    ],
)
async def test_reminders_come_a_day_and_two_hours_before_to_who_booked_earlier(
    queue: Queue, booked: int, heard: list[int]
) -> None:
    queue.house.at = queue.starts - booked
    await queue.takes(1)
    moments = [25 * HOUR, 23 * HOUR, 2 * HOUR + MINUTE, 2 * HOUR, 95 * MINUTE, 30 * MINUTE, 0]
    found = [left for left in moments if left <= booked and await queue.told(left=left)]
    assert found == heard


async def test_who_waits_is_reminded_of_nothing(queue: Queue) -> None:
    await queue.takes(1)
    await queue.takes(2)
    assert await queue.told(left=23 * HOUR) == [1]
    assert await queue.told(left=HOUR) == [1]


async def test_a_session_that_is_put_off_is_reminded_of_anew_and_every_seat_has_its_new_time(queue: Queue) -> None:
    # given somebody who has been reminded
    await queue.takes(1)
    assert await queue.told(left=23 * HOUR) == [1]
    # when the session is put off by three days
    later = queue.starts + 3 * DAY
    await queue.acts(Change(meeting=meeting(starts_at=later, seats=1), reason="bão", sure=True))
    assert (await queue.row(1)).slot_at == later
    assert await queue.told() == [1], "hears of the change"
    # then both reminders come before the new hour
    assert await queue.told(left=HOUR - 2 * DAY) == []
    assert await queue.told(left=-3 * DAY + 23 * HOUR) == [1]
    assert await queue.told(left=-3 * DAY + HOUR) == [1]


async def test_seats_have_their_turns_in_order_also_when_the_turns_become_longer(queue: Queue) -> None:
    await queue.acts(Change(meeting=meeting(starts_at=queue.starts, seats=3), sure=True))
    for who in (1, 2, 3):
        await queue.takes(who)
    longer = meeting(starts_at=queue.starts, seats=3, slot_minutes=40)
    await queue.acts(Change(meeting=longer, reason="thêm thời gian", sure=True))
    assert [(await queue.row(who)).slot_at - queue.starts for who in (1, 2, 3)] == [0, 40 * MINUTE, 80 * MINUTE]


async def test_who_waited_first_is_served_first_however_a_seat_comes_free(queue: Queue) -> None:
    # given one who has the seat and five who wait
    for who in range(1, 7):
        await queue.takes(who)
    # when the seat is given back, when its holder moves, and when there are two more seats
    await queue.gives_back(1)
    assert await queue.told() == [1, 2]
    other = await announced(queue.house.runtime, queue.house.commune, starts_at=queue.starts + DAY, seats=1)
    assert not isinstance(await queue.moves(2, 8, other), Refusal)
    assert await queue.told() == [3]
    await queue.acts(Change(meeting=meeting(starts_at=queue.starts, seats=3), sure=True))
    # then each time the first who waits has it
    assert await queue.told() == [4, 5]
    assert [(await queue.row(who)).seat for who in (3, 4, 5)] == [1, 2, 3]
    assert (await queue.row(6)).state == "waiting"


async def test_who_waited_in_vain_is_told_so_once_whoever_tells_it(queue: Queue) -> None:
    for who in (1, 2, 3):
        await queue.takes(who)
    await queue.told(left=HOUR)
    queue.house.at = queue.starts + 3 * HOUR
    await queue.acts(Hold())
    assert await queue.told(at_once=3) == [2, 3]
    assert [(await queue.row(who)).state for who in (1, 2, 3)] == ["absent", "cancelled", "cancelled"]


async def test_who_was_to_come_yet_is_told_when_it_ends_early(queue: Queue) -> None:
    await queue.acts(Change(meeting=meeting(starts_at=queue.starts, seats=3), sure=True))
    for who in (1, 2, 3):
        await queue.takes(who)
    await queue.told(left=HOUR)
    # when it ends after 40 minutes, in the second half hour
    queue.house.at = queue.starts + 40 * MINUTE
    await queue.acts(Hold(sure=True))
    # then the first did not come, and the others need not
    assert await queue.told() == [2, 3]
    assert [(await queue.row(who)).state for who in (1, 2, 3)] == ["absent", "cancelled", "cancelled"]


async def test_two_loops_remind_once(queue: Queue) -> None:
    await queue.takes(1)
    assert await queue.told(left=23 * HOUR, at_once=3) == [1]
    assert await queue.told(left=HOUR, at_once=3) == [1]


async def test_an_early_session_is_reminded_of_in_the_evening_one_at_nine_on_the_day_itself(
    house: House, store: Store, vault: Vault, commune: SampleCommune
) -> None:
    # two hours before 07:30 nobody is written to; two hours before 09:00 people are up
    accounts = await people(store, vault, commune, 3)
    for who, (hour, minute) in enumerate([(7, 30), (9, 0)], start=1):
        starts = to_ms(datetime(2026, 10, 14, hour, minute, tzinfo=TZ))
        host = (Host.CHAIRMAN, Host.SECRETARY)[who - 1]
        id = await announced(house.runtime, commune, starts_at=starts, seats=1, host=host)
        await Queue(house, id, accounts, starts).takes(who)
    queue = Queue(house, 0, accounts, to_ms(datetime(2026, 10, 14, 0, 0, tzinfo=TZ)))
    assert await queue.told(left=14 * HOUR) == [1, 2]
    assert await queue.told(left=4 * HOUR - MINUTE) == [1]
    assert await queue.told(left=-7 * HOUR) == [2]


async def test_a_session_is_not_moved_to_where_its_host_is_elsewhere(queue: Queue) -> None:
    runtime, who = queue.house.runtime, leader(queue.house.commune)
    await announced(runtime, queue.house.commune, starts_at=queue.starts + DAY)
    there = meeting(starts_at=queue.starts + DAY + HOUR, seats=1)
    done = await act_on_session(runtime, queue.session, Change(meeting=there, reason="bận", sure=True), who)
    assert isinstance(done, Refusal)
    assert done.key == "session.host_taken"


async def test_a_seat_is_its_owners_alone_and_one_a_person(queue: Queue) -> None:
    await queue.acts(Change(meeting=meeting(starts_at=queue.starts, seats=3), sure=True))
    await queue.takes(1)
    citizen, again = Actor(kind=CITIZEN, unit=queue.house.commune.commune), booking(4)
    mine, others, code = [queue.accounts[1]], [queue.accounts[2]], queue.code(1)
    write, now = queue.house.runtime.store.write, queue.house.at

    done = await write(lambda tx: seats.change(tx, code, CancelBooking(), citizen, now, accounts=others))
    assert done == Refusal("booking.none")
    taken = await write(lambda tx: seats.take(tx, queue.session, again, citizen, now, account=mine[0], accounts=mine))
    assert taken == Refusal("booking.have_one")
    # nor two by moving one of another session there
    other = await announced(queue.house.runtime, queue.house.commune, starts_at=queue.starts + DAY, seats=1)
    await write(lambda tx: seats.take(tx, other, booking(5), citizen, now, account=mine[0], accounts=mine))
    moved = await write(
        lambda tx: seats.move(
            tx, queue.code(5), queue.session, MoveBooking(code=queue.code(6)), citizen, now, accounts=mine
        )
    )
    assert moved == Refusal("booking.have_one")


async def test_a_form_sent_twice_books_once(queue: Queue) -> None:
    who = leader(queue.house.commune)
    first = await book_for(queue.house.runtime, queue.session, booking(1, once="mẫu"), who)
    again = await book_for(queue.house.runtime, queue.session, booking(1, once="mẫu"), who)
    assert isinstance(first, str)
    assert again == first
