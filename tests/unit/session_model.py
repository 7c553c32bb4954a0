"""The rules of dialogues and receptions once more, in the fewest words, for a walk to compare the program with.

Written from docs/can-bo/doi-thoai.md and docs/decisions/0022, not from the program's own tables.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from vietnam.time import DAY, HOUR, MINUTE, day_of, local, start_of

NIGHT, MORNING = 21, 7
"""Hours of the clock between which nobody is reminded."""
NOTICE, RESULTS = timedelta(days=7), timedelta(days=10)


@dataclass
class Seat:
    """What somebody has, had or waits for. `account` None: an officer wrote it down."""

    code: str
    session: int
    account: int | None
    order: int
    since: int
    state: str
    seat: int | None = None
    news: str = ""
    reminded: set[str] = field(default_factory=set)
    to_call: int | None = None
    """Since when an officer is to call, where one is."""
    let_down: bool = False
    """It has been said, or is about to be, that no seat came free."""
    answer: str = ""
    unread: bool = False
    """An answer that its person has not been sent."""

    @property
    def live(self) -> bool:
        return self.state in ("booked", "waiting")


@dataclass
class Sitting:
    """One session. `law`: a dialogue of the law itself, announced in time or not at all."""

    id: int
    host: str
    title: str
    starts: int
    minutes: int
    seats: int
    slot: int
    place: str
    law: bool
    state: str = "planned"
    summary: bool = False
    warned: set[str] = field(default_factory=set)

    @property
    def ends(self) -> int:
        return self.starts + self.minutes * MINUTE

    def slot_of(self, seat: int | None) -> int | None:
        return self.starts + (seat - 1) * self.slot * MINUTE if seat and self.slot else None

    def time_of(self, seat: int | None) -> int:
        return self.slot_of(seat) or self.starts


GONE = ("cancelled", "returned", "ended", "unserved")
"""What ends a booking whatever else was to be said of it."""


def also(before: str, more: str) -> str:
    """All that is to be told: what has happened since the last time, once each."""
    words = [one for one in before.split() if one != more and not (more in GONE and one in GONE)] + [more]
    return " ".join(one for one in ("moved", "seat", "changed", *GONE, "results") if one in words)


def said_of(news: str, seat: Seat) -> str:
    """What the message says first and last: of a seat that is gone only that; one that was moved says all of a seat."""
    words = news.split()
    gone = [one for one in words if one in GONE]
    of_it = [one for one in words if one in ("moved", "seat", "changed")] if seat.live and not gone else []
    return " ".join([*of_it[: 1 if "moved" in of_it else None], *gone, *(one for one in words if one == "results")])


class Rules:
    """Every deed says whether it is allowed, and does it where it is."""

    def __init__(self, now: int, sittings: list[Sitting]) -> None:
        self.now = now
        self.sittings = {one.id: one for one in sittings}
        self.seats: dict[str, Seat] = {}
        self.said: Counter[tuple[str, str]] = Counter()
        """(code, what) of every message."""
        self.warned: Counter[tuple[str, str]] = Counter()
        """(title, what) of every notice to officers."""
        self.orders = 0
        self.served = 0
        """How often somebody got a seat out of the waiting list while another went on waiting."""

    def of(self, session: int, *states: str) -> list[Seat]:
        return sorted(
            (one for one in self.seats.values() if one.session == session and (not states or one.state in states)),
            key=lambda one: one.order,
        )

    def free(self, session: int) -> list[int]:
        given = {one.seat for one in self.of(session)}
        return [seat for seat in range(1, self.sittings[session].seats + 1) if seat not in given]

    # seats

    def book(self, session: int, account: int | None, code: str, *, seat: int, wait: bool) -> bool:
        sitting = self.sittings[session]
        open_to = ("announced",) if account else ("planned", "announced")
        if sitting.state not in open_to or self.now >= sitting.starts:
            return False
        if account and any(one.live and one.account == account for one in self.of(session)):
            return False
        return self._seated(session, account, code, seat=seat, wait=wait)

    def _seated(self, session: int, account: int | None, code: str, *, seat: int, wait: bool) -> bool:
        free = self.free(session)
        if (seat and seat not in free) or not (free or wait):
            return False
        given = (seat or free[0]) if free else None
        self._add(session, account, code, "booked" if given else "waiting", given)
        return True

    def _add(self, session: int, account: int | None, code: str, state: str, seat: int | None) -> None:
        self.orders += 1
        self.seats[code] = Seat(code, session, account, self.orders, self.now, state, seat)

    def walk_in(self, session: int, code: str) -> bool:
        sitting = self.sittings[session]
        if sitting.state != "announced" or day_of(self.now) < day_of(sitting.starts):
            return False
        free = self.free(session)
        self._add(session, None, code, "attended", free[0] if free else None)
        return True

    def give_back(self, seat: Seat, *, told: bool) -> bool:
        """`told`: an officer did it, for a reason that its person is to hear."""
        if not seat.live or self.now >= self.sittings[seat.session].starts:
            return False
        self._off(seat, "returned" if told else "")
        self._fill(seat.session)
        return True

    def move(self, seat: Seat, session: int, code: str, *, wait: bool, by_officer: bool = False) -> bool:
        """Whose officer has moved them hears where to in their chat."""
        sitting = self.sittings[session]
        open_to = ("planned", "announced") if by_officer else ("announced",)
        if not seat.live or self.now >= self.sittings[seat.session].starts:
            return False
        if sitting.state not in open_to or self.now >= sitting.starts:
            return False
        if seat.account and any(
            one.live and one.account == seat.account and one is not seat for one in self.of(session)
        ):
            return False
        if not self._seated(session, seat.account, code, seat=0, wait=wait):
            return False
        self._off(seat, "")
        self._fill(seat.session)
        if by_officer and seat.account:
            self.seats[code].news = "moved"
        return True

    def check_in(self, seat: Seat) -> bool:
        sitting = self.sittings[seat.session]
        if seat.state not in ("booked", "waiting", "absent") or self.now < sitting.starts - 3 * HOUR:
            return False
        return self._mark(seat, "attended")

    def absent(self, seat: Seat) -> bool:
        if seat.state not in ("booked", "attended") or self.now < self.sittings[seat.session].starts:
            return False
        return self._mark(seat, "absent")

    def _mark(self, seat: Seat, state: str) -> bool:
        if self.sittings[seat.session].state not in ("announced", "held"):
            return False
        seat.state, seat.to_call = state, None
        return True

    def _off(self, seat: Seat, news: str) -> None:
        seat.state, seat.seat, seat.to_call = "cancelled", None, None
        seat.news = also(seat.news, news) if news else ""

    def _fill(self, session: int) -> None:
        sitting = self.sittings[session]
        if sitting.state not in ("planned", "announced") or self.now >= sitting.starts:
            return
        waiting, free = self.of(session, "waiting"), self.free(session)
        for seat, given in zip(waiting, free, strict=False):
            seat.state, seat.seat, seat.news = "booked", given, also(seat.news, "seat")
        self.served += 0 < len(free) < len(waiting)

    # sessions

    def announce(self, session: int) -> bool:
        sitting = self.sittings[session]
        late = day_of(self.now) > day_of(sitting.starts) - NOTICE
        if sitting.state != "planned" or self.now >= sitting.starts or (late and sitting.law):
            return False
        sitting.state = "announced"
        return True

    def change(self, session: int, *, starts: int, seats: int, place: str, reason: str) -> bool:
        sitting = self.sittings[session]
        highest = max((one.seat or 0 for one in self.of(session)), default=0)
        ends = starts + sitting.minutes * MINUTE
        if sitting.state not in ("planned", "announced") or self.now >= min(sitting.starts, starts) or seats < highest:
            return False
        for other in self.sittings.values():
            elsewhere = other.id != session and other.host == sitting.host and other.state != "cancelled"
            if elsewhere and starts < other.ends and other.starts < ends:
                return False
        known = sitting.state == "announced" or highest > 0 or bool(self.of(session, "waiting"))
        told = known and (starts, place) != (sitting.starts, sitting.place)
        if told and not reason:
            return False
        moved = starts != sitting.starts
        sitting.starts, sitting.seats, sitting.place = starts, seats, place
        if moved:
            sitting.warned = set()
        for seat in self.of(session, "booked", "waiting"):
            seat.reminded = set() if moved else seat.reminded
            seat.news = also(seat.news, "changed") if told else seat.news
        self._fill(session)
        return True

    def cancel(self, session: int) -> bool:
        sitting = self.sittings[session]
        if sitting.state not in ("planned", "announced"):
            return False
        known = sitting.state == "announced" or bool(self.of(session, "booked", "waiting", "attended", "absent"))
        for seat in self.of(session, "booked", "waiting"):
            called = seat.to_call
            news = seat.news
            self._off(seat, "cancelled")
            seat.to_call, seat.news = called, seat.news if known else news
        sitting.state = "cancelled"
        return True

    def hold(self, session: int, *, sure: bool) -> bool:
        sitting = self.sittings[session]
        if sitting.state != "announced" or self.now < sitting.starts or (self.now < sitting.ends and not sure):
            return False
        for seat in self.of(session, "booked"):
            over = sitting.time_of(seat.seat) + sitting.slot * MINUTE if sitting.slot else sitting.ends
            if self.now < over and self.now < sitting.ends:
                seat.state, seat.seat, seat.news = "cancelled", None, also(seat.news, "ended")
            else:
                seat.state = "absent"
        for seat in self.of(session, "waiting"):
            seat.state = "cancelled"
            self._let_down(seat)
        sitting.state = "held"
        return True

    def write_minutes(self, session: int) -> bool:
        sitting = self.sittings[session]
        if sitting.state not in ("announced", "held", "published"):
            return False
        sitting.summary = True
        return True

    def answer(self, seat: Seat, text: str) -> bool:
        sitting = self.sittings[seat.session]
        if sitting.state not in ("announced", "held", "published"):
            return False
        if text == seat.answer:
            return True
        seat.answer, seat.unread = text, True
        if sitting.state == "published":
            seat.news = also(seat.news, "results")
        return True

    def publish(self, session: int) -> bool:
        sitting = self.sittings[session]
        if sitting.state != "held" or not sitting.summary:
            return False
        sitting.state = "published"
        for seat in self.of(session):
            seat.news = also(seat.news, "results") if seat.unread else seat.news
        return True

    # what is told

    def tell(self) -> bool:
        """All that is new, then reminders where it is not night."""
        for seat in self.seats.values():
            sitting = self.sittings[seat.session]
            if seat.state == "waiting" and sitting.state == "announced" and 0 <= self.now - sitting.starts < 7 * DAY:
                self._let_down(seat)
        for seat in self.seats.values():
            news, seat.news = seat.news, ""
            if spoken := said_of(news, seat):
                self._say(seat, spoken)
        if MORNING <= local(self.now).hour < NIGHT:
            for seat in self.seats.values():
                self._remind(seat)
        return True

    def _let_down(self, seat: Seat) -> None:
        """The session has begun, or is over, and no seat came free: its person hears of it once."""
        if not seat.let_down:
            seat.let_down, seat.news = True, also(seat.news, "unserved")

    def _say(self, seat: Seat, what: str) -> None:
        sitting = self.sittings[seat.session]
        if "results" in what:
            seat.unread = False
        if seat.account is None:
            seat.to_call = self.now
            return
        self.said[seat.code, what] += 1
        if {"moved", "seat", "changed"}.intersection(what.split()):
            left = sitting.time_of(seat.seat) - self.now
            if left <= 3 * HOUR or self.now >= last_call(sitting.time_of(seat.seat)):
                seat.reminded = {"day", "hours"}
            elif left <= DAY + 2 * HOUR:
                seat.reminded = {"day"}

    def _remind(self, seat: Seat) -> None:
        sitting = self.sittings[seat.session]
        at = sitting.time_of(seat.seat)
        if seat.state != "booked" or seat.account is None or sitting.state != "announced" or self.now >= at:
            return
        since = last_call(at)
        if self.now >= since:
            if "hours" not in seat.reminded and seat.since < since:
                self.said[seat.code, "hours"] += 1
                seat.reminded = {"day", "hours"}
        elif self.now >= at - DAY > seat.since and "day" not in seat.reminded:
            self.said[seat.code, "day"] += 1
            seat.reminded.add("day")

    def rounds(self) -> bool:
        """Officers are warned of the clocks; nobody is called about a seat in what has begun since."""
        for sitting in self.sittings.values():
            for what in self._late(sitting):
                if what not in sitting.warned:
                    sitting.warned.add(what)
                    self.warned[sitting.title, what] += 1
        for seat in self.seats.values():
            at = self.sittings[seat.session].time_of(seat.seat)
            if seat.to_call is not None and seat.to_call < at <= self.now:
                seat.to_call = None
        return True

    def _late(self, sitting: Sitting) -> Iterator[str]:
        if sitting.state == "planned" and day_of(self.now) > day_of(sitting.starts) - NOTICE:
            yield "notice_late"
        if sitting.state == "announced" and self.now > sitting.ends + DAY:
            yield "not_closed"
        published = sitting.law and sitting.state in ("announced", "held")
        if published and day_of(self.now) > day_of(sitting.ends) + RESULTS:
            yield "results_late"


def last_call(at: int) -> int:
    """When somebody is reminded for the last time: two hours before; where that is at night, an hour before it."""
    last = at - 2 * HOUR
    hour = local(last).hour
    if MORNING <= hour < NIGHT:
        return last
    evening = day_of(last) - timedelta(days=1 if hour < MORNING else 0)
    return start_of(evening) + (NIGHT - 1) * HOUR
