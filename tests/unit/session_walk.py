"""Deeds done to a real store and to the rules of tests/unit/session_model.py; the two are compared after each."""

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection, select

from app.session_desk import SessionDesk
from feedback.acts import Refusal
from storage.outbox import context
from storage.store import Store
from storage.tables import bookings, calls, notices, outbox, sessions
from storage.tx import Tx
from tests.unit.chatting import House
from tests.unit.session_model import Rules, Seat

T = TypeVar("T")
NEWS = ("seat", "changed", "cancelled", "unserved", "ended", "returned", "results")
MARKS = {
    **{f"booking.news.{what}": what for what in NEWS},
    "booking.remind.day": "day",
    "booking.remind.hours": "hours",
    "booking.remind.evening": "hours",
    "booking.moved": "moved",
}
LATE = {f"notice.session.{what}": what for what in ("notice_late", "not_closed", "results_late")}


class Nothing(Exception):
    """There is nothing that a deed could be done to."""


class Crash(Exception):
    """The process is killed before the commit."""


class Mortal(Store):
    """A store whose process dies at the end of a unit of work, after so many that came through."""

    def __init__(self, real: Store) -> None:
        self.real, self.wakes = real, real.wakes
        self.left: int | None = None

    async def write(self, unit: Callable[[Tx], T]) -> T:
        if self.left is None:
            return await self.real.write(unit)
        if self.left:
            self.left -= 1
            return await self.real.write(unit)

        def cut_off(tx: Tx) -> T:
            unit(tx)
            raise Crash

        return await self.real.write(cut_off)

    async def read(self, look: Callable[[Connection], T]) -> T:
        return await self.real.read(look)

    async def close(self) -> None:
        await self.real.close()


class Step(NamedTuple):
    """One deed. `who`, `which` and `size` are taken round what there is, so that most deeds can be done."""

    what: str
    who: int
    which: int
    size: int
    how: str


class Deed(NamedTuple):
    """What the program is asked for, and what the rules make of its answer."""

    program: Callable[[], Awaitable[object]]
    rules: Callable[[Any], bool]


class Standing(NamedTuple):
    """All that is to be seen of sessions, as far as the rules know of it."""

    sessions: dict[int, tuple[Any, ...]]
    seats: dict[str, tuple[Any, ...]]
    waiting: dict[int, list[str]]
    to_call: list[str]
    said: Counter[tuple[str, str]]
    warned: Counter[tuple[str, str]]


class Walk:
    """One house, the program in it and the rules beside it."""

    def __init__(self, house: House, store: Mortal, rules: Rules, accounts: list[int], seen: Counter[str]) -> None:
        self.house, self.store, self.rules, self.accounts, self.seen = house, store, rules, accounts, seen
        self.desk = SessionDesk(house.runtime)
        self.ids = list(rules.sittings)
        self.number = 0

    async def take(self, step: Step) -> None:
        """Do it, or be killed in the middle of it first, or do it twice; what stands is compared each time."""
        try:
            deed: Deed = getattr(self, step.what)(step)
        except Nothing:
            return
        if step.how == "crash" and step.what != "later":
            await self.killed(deed, step)
        done = await self.do(deed, step)
        self.seen[f"{'' if done else 'refused '}{step.what}"] += 1
        if step.how == "twice":
            await self.do(deed, step)

    async def killed(self, deed: Deed, step: Step) -> None:
        before = await self.look()
        self.store.left = step.size % 3 if step.what == "tell" else 0
        try:
            await deed.program()
        except Crash:
            self.seen["crash"] += 1
        self.store.left = None
        assert step.what == "tell" or await self.look() == before, "nothing is done by halves"

    async def do(self, deed: Deed, step: Step) -> bool:
        outcome = await deed.program()
        allowed = deed.rules(outcome)
        assert allowed == (not isinstance(outcome, Refusal)), (step, outcome)
        assert await self.look() == self.foreseen(), step
        return allowed

    def foreseen(self) -> Standing:
        rules = self.rules
        return Standing(
            {one.id: (one.state, one.starts, one.seats, one.place) for one in rules.sittings.values()},
            {one.code: (one.state, one.seat, self.slot(one)) for one in rules.seats.values()},
            {id: [one.code for one in rules.of(id, "waiting")] for id in self.ids},
            sorted(one.code for one in rules.seats.values() if one.to_call is not None),
            rules.said,
            rules.warned,
        )

    def slot(self, seat: Seat) -> int | None:
        return self.rules.sittings[seat.session].slot_of(seat.seat) if seat.state == "booked" else None

    async def look(self) -> Standing:
        return await self.store.read(self.stands)

    def stands(self, conn: Connection) -> Standing:
        rows = conn.execute(select(bookings).order_by(bookings.c.place)).all()
        codes = {row.id: row.code for row in rows}
        open_calls = select(calls.c.booking_id).where(calls.c.state == "open", calls.c.outbox_id.is_(None))
        letters = conn.execute(select(outbox).where(outbox.c.booking_id.is_not(None))).all()
        warned = conn.execute(select(notices.c.key, notices.c.params)).all()
        given = [(row.session_id, row.seat) for row in rows if row.seat]
        assert len(given) == len(set(given)), "no seat is sold twice"
        return Standing(
            {row.id: (row.state, row.starts_at, row.seats, row.place) for row in conn.execute(select(sessions))},
            {row.code: (row.state, row.seat, row.slot_at if row.state == "booked" else None) for row in rows},
            {id: [row.code for row in rows if (row.session_id, row.state) == (id, "waiting")] for id in self.ids},
            sorted(codes[id] for id in conn.scalars(open_calls)),
            Counter((codes[row.booking_id], self.kind_of(row)) for row in letters),
            Counter((msgspec.json.decode(row.params)["title"], LATE[row.key]) for row in warned if row.key in LATE),
        )

    def kind_of(self, letter: Any) -> str:
        """All that a message says, by the words that nothing else is said in."""
        said = msgspec.json.decode(self.house.runtime.vault.open(letter.body, context(letter.id)))["text"]
        texts = self.house.runtime.wording.texts
        found = [[what for key, what in MARKS.items() if shape(texts[key]).match(part)] for part in said.split("\n\n")]
        assert found[0], said
        return " ".join(what for part in found for what in part)


@cache
def shape(template: str) -> re.Pattern[str]:
    """What every message of a template begins with."""
    return re.compile(".*".join(re.escape(part) for part in re.split(r"\{\w+\}", template)))
