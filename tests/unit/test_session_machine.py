"""Whatever citizens and officers do to sessions and seats, in whatever order, with crashes and doubles in between."""

import asyncio
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, select

from app import seats
from app.runtime import Runtime
from app.sessions import apply_to_session
from feedback.acts import Refusal
from feedback.booking_deciding import Seated
from feedback.roles import CITIZEN, Actor
from feedback.session_acts import (
    Absent,
    Book,
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
from feedback.sessions import BOOKING_MOVES, LIVE, SESSION_MOVES, BookingState, SessionState
from storage.store import Store
from storage.tables import bookings, sessions
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from tests.unit.sessions import announced, booking, leader, meeting, people
from vietnam.time import DAY, HOUR

LEGAL = {(before, after) for moves in BOOKING_MOVES.values() for before, after in moves.items()} | {
    # the session as a whole: cancelled, or held with somebody waiting
    (BookingState.WAITING, BookingState.CANCELLED)
}
LEGAL_SESSIONS = {(before, after) for moves in SESSION_MOVES.values() for before, after in moves.items()}


class Crash(Exception):
    """The process is killed before the commit."""


class Standing(NamedTuple):
    """Everything of all sessions, as rows."""

    sessions: dict[int, Any]
    bookings: dict[int, Any]


def standing(conn: Connection) -> Standing:
    return Standing(
        {row.id: row for row in conn.execute(select(sessions))}, {row.id: row for row in conn.execute(select(bookings))}
    )


def holds(now: Standing, at: int) -> None:
    """What must be true whatever happened."""
    for id, session in now.sessions.items():
        mine = [row for row in now.bookings.values() if row.session_id == id]
        given = [row.seat for row in mine if row.seat is not None]
        assert len(given) == len(set(given)), "a seat is sold once"
        assert all(1 <= seat <= session.seats for seat in given)
        live = [row.account_id for row in mine if row.state in LIVE and row.account_id]
        assert len(live) == len(set(live)), "nobody has two"
        assert all((row.seat is not None) == (row.state == BookingState.BOOKED) for row in mine if row.state in LIVE)
        waiting = [row for row in mine if row.state == BookingState.WAITING]
        if session.state == SessionState.ANNOUNCED and at < session.starts_at:
            assert not waiting or len(given) == session.seats, "nobody waits while there is a seat"
        if session.state in (SessionState.CANCELLED, SessionState.HELD, SessionState.PUBLISHED):
            assert not waiting
        if session.state == SessionState.CANCELLED:
            assert not live


def in_order(before: Standing, after: Standing) -> None:
    """Legal moves only; who waited first is the first to get a seat."""
    for id, row in after.bookings.items():
        old = before.bookings.get(id)
        if old is not None and old.state != row.state:
            assert (BookingState(old.state), BookingState(row.state)) in LEGAL
    for id, row in after.sessions.items():
        old = before.sessions.get(id)
        if old is not None and old.state != row.state:
            assert (SessionState(old.state), SessionState(row.state)) in LEGAL_SESSIONS
        served = [
            before.bookings[row.id].place
            for row in after.bookings.values()
            if row.session_id == id and row.state == "booked" and row.id in before.bookings
            if before.bookings[row.id].state == "waiting"
        ]
        left = [row.place for row in after.bookings.values() if row.session_id == id and row.state == "waiting"]
        assert not served or not left or max(served) < min(left)


class Walk:
    """One deed after the other, each drawn; `codes` are all that were ever given."""

    def __init__(self, runtime: Runtime, house: House, chance: Random, ids: list[int], accounts: list[int]) -> None:
        self.runtime, self.house, self.chance = runtime, house, chance
        self.ids, self.accounts = ids, accounts
        self.codes: list[tuple[str, int]] = []
        self.number = 0
        self.starts: dict[int, int] = {}

    def deed(self, tx: Tx) -> object:
        chance, now = self.chance, self.house.at
        citizen = Actor(kind=CITIZEN, unit=self.house.commune.commune)
        officer = leader(self.house.commune)
        session = chance.choice(self.ids)
        code, owner = chance.choice(self.codes) if self.codes else ("M-2026-AAAAAA-A", 0)
        self.number += 1
        match chance.randrange(12):
            case 0 | 1 | 2 | 3 | 4:
                account = chance.choice(self.accounts)
                wanted: Book = booking(self.number, seat=chance.choice([0, 0, 1, 3]), wait=chance.random() < 0.8)
                done = seats.take(tx, session, wanted, citizen, now, account=account, accounts=[account])
                if isinstance(done, Seated):
                    self.codes.append((wanted.code, account))
                    again = seats.take(tx, session, wanted, citizen, now, account=account, accounts=[account])
                    assert isinstance(again, Refusal), "the same press twice books once"
                return done
            case 5 | 6:
                return seats.change(tx, code, CancelBooking(), citizen, now, accounts=[owner])
            case 7:
                move = MoveBooking(code=booking(self.number).code, wait=chance.random() < 0.7)
                done = seats.move(tx, code, session, move, citizen, now, accounts=[owner])
                if isinstance(done, Seated):
                    self.codes.append((move.code, owner))
                return done
            case 8:
                came: BookingAct = CheckIn() if chance.random() < 1 / 2 else Absent()
                return seats.change(tx, code, came, officer, now)
            case 9:
                stranger = chance.choice(self.accounts)
                if stranger == owner:
                    return None
                done_by = seats.change(tx, code, CancelBooking(), citizen, now, accounts=[stranger])
                assert isinstance(done_by, Refusal), "somebody else's seat is nobody's to give back"
                return done_by
            case 10:
                more = meeting(seats=chance.choice([2, 3, 4, 5]), slot_minutes=20, starts_at=self.starts[session])
                return apply_to_session(self.runtime, tx, session, Change(meeting=more, reason="đổi"), officer)
            case _:
                acts: list[SessionAct] = [Hold(), Minutes(summary="Đã trao đổi."), Publish(), Cancel(reason="bão")]
                weights = [4, 4, 4, 1]
                return apply_to_session(self.runtime, tx, session, chance.choices(acts, weights)[0], officer)


@pytest.mark.parametrize("seed", range(4))
async def test_no_seat_is_sold_twice_and_the_first_who_waits_is_the_first(
    store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int, seed: int
) -> None:
    # given three sessions and more people than seats
    chance = Random(seed)
    house = House(store, store_url, tmp_path, vault, commune, now)
    ids = [await announced(house.runtime, commune, seats=3, starts_at=now + (4 + n) * DAY) for n in range(3)]
    walk = Walk(house.runtime, house, chance, ids, await people(store, vault, commune, 7))
    walk.starts = {id: row.starts_at for id, row in (await store.read(standing)).sessions.items()}
    done = 0
    for _ in range(70):
        house.at += chance.choice([0, 0, HOUR, 5 * HOUR, 9 * HOUR])
        before = await store.read(standing)
        # when something happens, or the process dies in the middle of it
        if chance.random() < 0.15:
            codes = list(walk.codes)
            with pytest.raises(Crash):
                await store.write(lambda tx: killed(walk, tx))
            walk.codes = codes
            assert await store.read(standing) == before
            continue
        outcome = await store.write(walk.deed)
        after = await store.read(standing)
        # then it was legal, and what must hold holds
        if isinstance(outcome, Refusal):
            assert after == before, outcome.key
        else:
            done += 1
        in_order(before, after)
        holds(after, house.at)
    assert done > 12, "the walk went somewhere"
    states = {row.state for row in (await store.read(standing)).sessions.values()}
    assert states & {"held", "published", "cancelled"}


def killed(walk: Walk, tx: Tx) -> None:
    walk.deed(tx)
    raise Crash


async def test_everybody_at_once_sells_each_seat_once(
    store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int
) -> None:
    # given ten seats and forty people
    house = House(store, store_url, tmp_path, vault, commune, now)
    id = await announced(house.runtime, commune, seats=10, minutes=600, slot_minutes=60)
    accounts = await people(store, vault, commune, 40)
    citizen = Actor(kind=CITIZEN, unit=commune.commune)

    async def one(number: int, account: int) -> object:
        wanted = booking(number)
        return await store.write(
            lambda tx: seats.take(tx, id, wanted, citizen, now, account=account, accounts=[account])
        )

    # when all press at once
    outcomes = await asyncio.gather(*(one(number, account) for number, account in enumerate(accounts)))

    # then ten have a seat, thirty wait, each in a place of their own without a gap
    rows = (await store.read(standing)).bookings.values()
    assert all(isinstance(outcome, Seated) for outcome in outcomes)
    assert sorted(row.seat for row in rows if row.seat) == list(range(1, 11))
    assert sorted(row.place for row in rows if row.state == "waiting") == list(range(11, 41))
    assert {row.place for row in rows if row.seat} == set(range(1, 11))
