"""What citizens, officers and the clock can do to the sessions of a walk, and how walks are drawn."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st
from sqlalchemy import select

from app import seats
from app.session_round import session_round, tell_round
from app.sessions import act_on_booking, book_for, move_booking_for, plan
from feedback.acts import Refusal
from feedback.codes import make_code
from feedback.roles import CITIZEN, Actor
from feedback.session_acts import (
    Absent,
    Announce,
    Answer,
    BookingAct,
    Cancel,
    CancelBooking,
    Change,
    CheckIn,
    Hold,
    Minutes,
    MoveBooking,
    Plan,
    Publish,
    SessionAct,
)
from feedback.sessions import Host, SessionKind
from storage.opening import open_store
from storage.tables import bookings, session_questions
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import seed_sample
from tests.unit.chatting import House
from tests.unit.session_model import Rules, Seat, Sitting
from tests.unit.session_walk import Deed, Mortal, Nothing, Step, Walk
from tests.unit.sessions import NOW, announced, booking, leader, meeting, people
from vietnam.time import DAY, HOUR, MINUTE

PEOPLE = 6
SEATS = (2, 1, 2)
MILESTONES = tuple(
    (whence, left)
    for whence, lefts in (
        (
            "starts",
            (
                8 * DAY,
                6 * DAY,
                25 * HOUR,
                23 * HOUR,
                12 * HOUR + 30 * MINUTE,
                11 * HOUR,
                4 * HOUR,
                2 * HOUR + 10 * MINUTE,
            ),
        ),
        ("starts", (2 * HOUR - 5 * MINUTE, 95 * MINUTE, 20 * MINUTE, -10 * MINUTE, -50 * MINUTE)),
        ("ends", (-5 * MINUTE, -25 * HOUR, -10 * DAY, -11 * DAY)),
    )
    for left in lefts
)
"""What is looked at: before a session, within it, and after it."""
WHATS = (
    *("book",) * 6, "book_for", "walk_in", *("give_back",) * 3, "give_back_for", "stranger", *("move",) * 3, "move_for",
    "check_in", "check_in", "absent", *("change",) * 3, "cancel", "hold", "hold", *("minutes",) * 3, "answer", "answer",
    *("publish",) * 3, "announce", "announce", *("later",) * 7, *("tell",) * 4, "rounds",
)  # fmt: skip
HOWS = (*("",) * 6, "crash", "twice")


def steps(whats: tuple[str, ...], least: int, most: int) -> st.SearchStrategy[list[Step]]:
    small = st.integers(0, 11)
    one = st.builds(Step, st.sampled_from(whats), small, small, small, st.sampled_from(HOWS))
    return st.lists(one, min_size=least, max_size=most)


WALKS = st.builds(lambda first, rest: first + rest, steps(("book",), 3, 9), steps(WHATS, 25, 50))


class Deeds(Walk):
    """Every deed by the name that a step has."""

    # who and what

    def session(self, step: Step, *states: str, coming: bool = False) -> int:
        """One of those in these states (and not begun yet); now and then any of all."""
        apt = [one for one in self.rules.sittings.values() if one.state in states]
        apt = [one for one in apt if not coming or self.rules.now < one.starts] if step.size % 4 else []
        ids = [one.id for one in apt] if step.size % 4 else self.ids
        if not ids:
            raise Nothing
        return ids[step.which % len(ids)]

    def one_of(self, step: Step, *, session: int = 0, own: bool = False, states: tuple[str, ...] = ()) -> Seat:
        """A seat that the deed may concern; now and then one that it may not."""
        rows = [one for one in self.rules.seats.values() if not (own and one.account is None)]
        rows = [one for one in rows if not session or one.session == session]
        apt = [one for one in rows if one.state in states]
        rows = apt if step.size % 4 else rows
        if not rows:
            raise Nothing
        return rows[step.who % len(rows)]

    def code(self) -> str:
        self.number += 1
        return make_code("M", 2026, self.number)

    def turn(self, work: Callable[[Tx], object]) -> Callable[[], Awaitable[object]]:
        return lambda: self.store.write(work)

    @property
    def citizen(self) -> Actor:
        return Actor(kind=CITIZEN, unit=self.house.commune.commune)

    @property
    def officer(self) -> Actor:
        return leader(self.house.commune)

    # seats

    def book(self, step: Step) -> Deed:
        session = self.session(step, "announced", coming=True)
        have = {one.account for one in self.rules.of(session) if one.live and step.size % 4}
        new = [one for one in self.accounts if one not in have] or self.accounts
        account = new[step.who % len(new)]
        seat, wait = max(0, step.size - 9), step.size % 7 > 0
        wanted = msgspec.structs.replace(booking(1), code=self.code(), seat=seat, wait=wait)

        def press(tx: Tx) -> object:
            now = self.house.at
            return seats.take(
                tx, session, wanted, self.citizen, now, account=account, accounts=[account], channel="web"
            )

        return Deed(self.turn(press), lambda _: self.rules.book(session, account, wanted.code, seat=seat, wait=wait))

    def book_for(self, step: Step, *, walk_in: bool = False) -> Deed:
        session = self.session(step, "announced")
        if walk_in:
            self.reach(step, self.rules.sittings[session].starts - HOUR)
        wanted = booking(1, once=self.code(), walk_in=walk_in)

        def rules(code: Any) -> bool:
            if text_of(code) in self.rules.seats:
                return True  # the same form once more: the seat that it has made
            if walk_in:
                return self.rules.walk_in(session, text_of(code))
            return self.rules.book(session, None, text_of(code), seat=0, wait=True)

        return Deed(lambda: book_for(self.house.runtime, session, wanted, self.officer), rules)

    def walk_in(self, step: Step) -> Deed:
        return self.book_for(step, walk_in=True)

    def give_back(self, step: Step) -> Deed:
        seat = self.one_of(step, own=True, states=("booked",) if step.size % 3 else ("booked", "waiting"))
        accounts = [seat.account or 0]
        return Deed(self.turn(self.change_of(seat, accounts)), lambda _: self.rules.give_back(seat, told=False))

    def stranger(self, step: Step) -> Deed:
        seat = self.one_of(step, states=("booked", "waiting"))
        others = [one for one in self.accounts if one != seat.account]
        return Deed(self.turn(self.change_of(seat, others)), lambda _: False)

    def change_of(self, seat: Seat, accounts: list[int]) -> Callable[[Tx], object]:
        return lambda tx: seats.change(tx, seat.code, CancelBooking(), self.citizen, self.house.at, accounts=accounts)

    def give_back_for(self, step: Step) -> Deed:
        seat = self.one_of(step, states=("booked", "waiting"))
        return self.marked(seat, CancelBooking(reason="bận"), lambda: self.rules.give_back(seat, told=True))

    def check_in(self, step: Step) -> Deed:
        seat = self.one_of(step, states=("booked", "waiting", "absent"))
        self.reach(step, self.rules.sittings[seat.session].starts - (2, 1, 0)[step.who % 3] * HOUR)
        return self.marked(seat, CheckIn(), lambda: self.rules.check_in(seat))

    def absent(self, step: Step) -> Deed:
        seat = self.one_of(step, states=("booked", "attended"))
        self.reach(step, self.rules.sittings[seat.session].starts + 10 * MINUTE)
        return self.marked(seat, Absent(), lambda: self.rules.absent(seat))

    def marked(self, seat: Seat, act: BookingAct, rules: Callable[[], bool]) -> Deed:
        return Deed(lambda: act_on_booking(self.house.runtime, seat.code, act, self.officer), lambda _: rules())

    def move(self, step: Step) -> Deed:
        seat = self.one_of(step, own=True, states=("booked", "waiting"))
        session, act = (
            self.session(step, "announced", coming=True),
            MoveBooking(code=self.code(), wait=step.size % 2 > 0),
        )

        def press(tx: Tx) -> object:
            return seats.move(tx, seat.code, session, act, self.citizen, self.house.at, accounts=[seat.account or 0])

        return Deed(self.turn(press), lambda _: self.rules.move(seat, session, act.code, wait=act.wait))

    def move_for(self, step: Step) -> Deed:
        seat = self.one_of(step, states=("booked", "waiting"))
        session, act = self.session(step, "announced", coming=True), MoveBooking(code="", wait=step.size % 2 > 0)
        return Deed(
            lambda: move_booking_for(self.house.runtime, seat.code, session, act, self.officer),
            lambda code: self.rules.move(seat, session, text_of(code), wait=act.wait, by_officer=True),
        )

    # sessions

    def reach(self, step: Step, at: int) -> None:
        """Half the time, wait until a deed makes sense."""
        if step.size % 2:
            self.house.at = self.rules.now = max(self.rules.now, at)

    def on(self, session: int, act: SessionAct, rules: Callable[[], bool]) -> Deed:
        return Deed(lambda: self.desk.act(session, act, self.officer, tell=False), lambda _: rules())

    def announce(self, step: Step) -> Deed:
        session = self.session(step, "planned")
        return self.on(session, Announce(late_reason="gấp"), lambda: self.rules.announce(session))

    def change(self, step: Step) -> Deed:
        session = self.session(step, "planned", "announced", coming=True)
        now = self.rules.sittings[session]
        other = self.rules.sittings[self.ids[step.who % len(self.ids)]]
        starts = (now.starts, now.starts + HOUR, now.starts + DAY, other.starts + HOUR)[step.size % 4]
        most = max(1 + step.who % 4, *(one.seat or 0 for one in self.rules.of(session)), 0) if step.size else 1
        place, reason = ("trụ sở UBND xã", "nhà văn hóa")[step.who % 2], "" if step.size == 9 else "đổi phòng"
        meant = meeting(
            kind=SessionKind.PERIODIC if now.law else SessionKind.RECEPTION,
            host=Host(now.host), title=now.title, starts_at=starts, seats=most, slot_minutes=now.slot, place=place,
        )  # fmt: skip
        act = Change(meeting=meant, reason=reason, sure=True)
        return self.on(
            session, act, lambda: self.rules.change(session, starts=starts, seats=most, place=place, reason=reason)
        )

    def cancel(self, step: Step) -> Deed:
        session = self.session(step, "planned", "announced")
        return self.on(session, Cancel(reason="bão"), lambda: self.rules.cancel(session))

    def hold(self, step: Step) -> Deed:
        session, sure = self.session(step, "announced"), step.size % 3 > 0
        self.reach(step, self.rules.sittings[session].ends - (0, HOUR)[step.who % 2])
        return self.on(session, Hold(sure=sure), lambda: self.rules.hold(session, sure=sure))

    def minutes(self, step: Step) -> Deed:
        session = self.session(step, "held")
        return self.on(session, Minutes(summary="Đã trao đổi."), lambda: self.rules.write_minutes(session))

    def publish(self, step: Step) -> Deed:
        session = self.session(step, "held")
        if step.size % 4 and not self.rules.sittings[session].summary:
            return self.minutes(step)
        return self.on(session, Publish(), lambda: self.rules.publish(session))

    def answer(self, step: Step) -> Deed:
        seat = self.one_of(
            step, session=self.session(step, "announced", "held", "published"), states=("attended", "absent", "booked")
        )
        if seat.state == "cancelled":
            raise Nothing
        self.number += 1
        text = f"Sẽ làm, lần {self.number}."
        mine = select(session_questions.c.id).join(bookings, bookings.c.id == session_questions.c.booking_id)

        async def program() -> object:
            question = await self.store.read(lambda conn: conn.scalar(mine.where(bookings.c.code == seat.code)))
            return await self.desk.act(seat.session, Answer(question=question or 0, text=text), self.officer)

        return Deed(program, lambda _: self.rules.answer(seat, text))

    # the clock and the loops

    def later(self, step: Step) -> Deed:
        when = sorted(
            at for one in self.rules.sittings.values() for whence, left in MILESTONES
            if (at := getattr(one, whence) - left) > self.rules.now and one.state != "cancelled"
        )  # fmt: skip
        if not when:
            raise Nothing
        at = when[min(step.size % 4, len(when) - 1)] if step.size < 10 else self.rules.now + HOUR

        tells = self.tell(step) if step.who % 3 else None

        async def pass_by() -> None:
            self.house.at = self.rules.now = at
            if tells:
                await tells.program()

        return Deed(pass_by, lambda _: tells is None or self.rules.tell())

    def tell(self, step: Step) -> Deed:
        async def program() -> None:
            await asyncio.gather(*(tell_round(self.house.runtime) for _ in range(1 + (step.size > 8))))
            while await tell_round(self.house.runtime):
                pass

        return Deed(program, lambda _: self.rules.tell())

    def rounds(self, step: Step) -> Deed:
        return Deed(lambda: session_round(self.house.runtime), lambda _: self.rules.rounds())


def text_of(code: object) -> str:
    """The code that the program drew; "" where it refused."""
    return code if isinstance(code, str) else ""


async def walk(url: str, folder: Path, taken: list[Step], seen: Counter[str]) -> None:
    """One example, in a store of its own."""
    real = open_store(url)
    try:
        vault = Vault(bytes(range(32)))
        commune = await real.write(lambda tx: seed_sample(tx, NOW))
        store = Mortal(real)
        house = House(store, url, folder, vault, commune, NOW)
        sittings = await planned(house)
        accounts = await people(real, vault, commune, PEOPLE)
        walk = Deeds(house, store, Rules(NOW, sittings), accounts, seen)
        for step in [*taken, Step("tell", 0, 0, 0, "")]:
            await walk.take(step)
        seen["served while others wait"] += walk.rules.served
        seen.update(what for (_, what), many in walk.rules.said.items() for _ in range(many))
        seen.update(what for (_, what) in walk.rules.warned)
    finally:
        await real.close()


async def planned(house: House) -> list[Sitting]:
    """A reception with hours and a dialogue on one day under one host, both announced; one under the other is not."""
    made = []
    for number, (kind, host, starts, slot) in enumerate(
        (
            (SessionKind.RECEPTION, Host.CHAIRMAN, NOW + 10 * DAY - 90 * MINUTE, 30),
            (SessionKind.PERIODIC, Host.CHAIRMAN, NOW + 10 * DAY + 5 * HOUR, 0),
            (SessionKind.RECEPTION, Host.SECRETARY, NOW + 12 * DAY, 0),
        )
    ):
        meant = meeting(
            kind=kind, host=host, title=f"Buổi {number}", starts_at=starts, slot_minutes=slot, seats=SEATS[number]
        )
        if number < 2:
            state = "announced"
            id: int | Refusal = await announced(house.runtime, house.commune, **msgspec.structs.asdict(meant))
        else:
            state = "planned"
            id = await plan(house.runtime, Plan(meant), leader(house.commune))
        assert isinstance(id, int)
        law = kind is SessionKind.PERIODIC
        made.append(Sitting(id, host, meant.title, starts, 120, SEATS[number], slot, meant.place, law, state))
    return made
