"""Who has opened the page of a case by what, and the numbers that were handed out on paper for it.

Each is an act beside the case, so that nobody at the desk opens it in the citizen's name without leaving a line. What
stands in the list decides: the newest number that was handed out opens the page once, until its end.
"""

from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.roles import CITIZEN, Actor
from storage import act_rows, confidential, threads
from storage.tables import acts, cases, login_failures
from storage.threads import Public
from storage.tx import Tx
from storage.vault import Vault
from vietnam.phones import read_phone
from vietnam.time import DAY, HOUR

PAGE = "case_page"
"""What these acts are on; their id is that of the case."""
DIGITS = 6
"""Of a number on paper; those of a telephone are storage.threads.DIGITS."""
LIFE = 30 * DAY
"""Milliseconds that a number on paper is good for."""
WRONG, WRONG_SLIP, WRONG_PHONE = 20, 40, 500
"""Wrong tries at one case, from all addresses and in all processes together, in one `WINDOW` from the first of them: of
four digits, of numbers on paper, of whole telephone numbers. Each is counted alone, so that whoever tires out one shuts
nobody out of the others: after 20 the last four digits are not enough any more, and the whole number still is. Of four
digits that is one chance in 250 a day; of a telephone, where its first three are known, one in 10,000."""
WINDOW = 12 * HOUR
How = Literal["link", "digits", "slip"]
_SHOWN = 50


class Opening(NamedTuple):
    """A line: `what` is "open" or "number", `how` one of How, `actor` as in acts; `robot`: a machine looked ahead."""

    what: str
    how: str
    actor: str
    at: int
    robot: bool


class Tried(NamedTuple):
    """What came of digits: "open", "wrong", "often", or "used" with the instant (UTC ms) at which they were.

    "short": too many have guessed at the last four today, so that only the whole number opens it.
    """

    what: Literal["open", "wrong", "often", "short", "used"]
    at: int = 0


def opened(tx: Tx, case: Public, unit: int, how: How, now: int, *, robot: bool = False) -> None:
    """The thread was opened by its citizen, or by whoever had what only they should have."""
    who = Actor(kind=CITIZEN, unit=unit)
    act_rows.record(tx, who, "open", thing=PAGE, thing_id=case.id, unit=unit, now=now, how=how, robot=robot)


def hand_out(tx: Tx, vault: Vault, actor: Actor, case_id: int, number: str, now: int) -> bool:
    """An officer prints a number for somebody without a telephone; the one before it opens nothing any more.

    False where the case has been hidden in between.
    """
    there = _lock(tx, case_id)
    if there:
        sign = _sign(vault, case_id, number)
        act_rows.record(tx, actor, "number", thing=PAGE, thing_id=case_id, unit=actor.unit, now=now, sign=sign)
    return there


def enter(tx: Tx, vault: Vault, case: Public, unit: int, typed: str, now: int, *, again: bool = False) -> Tried:
    """Try the last digits of the telephone, all of it, or a number on paper. Only a wrong try is counted.

    `again`: the browser had the thread open some hours ago, and so may be the one that has used the number; nor is it
    shut out by what others have guessed at the last four digits.
    """
    given, phone = threads.NO_DIGIT.sub("", typed), read_phone(typed) or ""
    if len(given) not in (threads.DIGITS, DIGITS) and not phone:
        return Tried("wrong")  # a slip of the finger: nothing could be guessed so
    if not _lock(tx, case.id):
        return Tried("wrong")
    what, most, shut = ("phone", WRONG_PHONE, Tried("often")) if phone else _KINDS[len(given)]
    place = vault.token(f"case:{what}", case.id).hex()
    if _wrong(tx, place, now) >= most and not (again and what == "digits"):
        return shut
    fits = threads.phone_fits(tx.conn, case.id, phone) if phone else threads.digits_fit(tx.conn, case.id, typed)
    if fits:
        opened(tx, case, unit, "digits", now)
        return Tried("open")
    tried = _number(tx.conn, case.id, _sign(vault, case.id, given), now)
    if tried.what == "open" or (tried.what == "used" and again):
        opened(tx, case, unit, "slip", now)
        return Tried("open")
    _count(tx, place, now)
    return tried


_KINDS = {threads.DIGITS: ("digits", WRONG, Tried("short")), DIGITS: ("slip", WRONG_SLIP, Tried("often"))}
"""By how many digits: under what they are counted, how many wrong ones are heard, and what is said from then on."""


def _number(conn: Connection, case_id: int, sign: str, now: int) -> Tried:
    """Whether the newest number has that sign and has not been used; or when it was."""
    good, used = False, 0
    for one in _rows(conn, case_id):
        detail = msgspec.json.decode(one.detail or "{}", type=dict[str, object])
        if one.action == "number":
            good, used = detail.get("sign") == sign and one.at + LIFE >= now, 0
        elif good and detail.get("how") == "slip" and not used:
            used = one.at
    return Tried("wrong") if not good else Tried("used", used) if used else Tried("open")


def listed(conn: Connection, case_id: int) -> list[Opening]:
    """The lines of a case that the caller has found past what hides it, newest first, at most 50.

    Machines that looked ahead one after the other within an hour are one line here.
    """
    found: list[Opening] = []
    for row in _rows(conn, case_id):
        detail = msgspec.json.decode(row.detail or "{}", type=dict[str, object])
        one = Opening(row.action, str(detail.get("how", "")), row.actor, row.at, bool(detail.get("robot")))
        if not (found and one.robot and found[-1].robot and one.at - found[-1].at < HOUR):
            found.append(one)
    return found[: -_SHOWN - 1 : -1]


class _Row(NamedTuple):
    action: str
    actor: str
    detail: str
    at: int


def _rows(conn: Connection, case_id: int) -> list[_Row]:
    mine = (acts.c.thing == PAGE) & (acts.c.thing_id == case_id)
    query = select(acts.c.action, acts.c.actor, acts.c.detail, acts.c.at).where(mine).order_by(acts.c.version)
    return [_Row(*row) for row in conn.execute(query)]


def _lock(tx: Tx, case_id: int) -> bool:
    """Two browsers with the same number, or a hundred with guesses, come one after the other."""
    mine = select(cases.c.id).where(cases.c.id == case_id, confidential.visible()).with_for_update()
    return tx.execute(mine).scalar() is not None


def _sign(vault: Vault, case_id: int, number: str) -> str:
    return vault.token("case:number", case_id, number).hex()


def _wrong(tx: Tx, place: str, now: int) -> int:
    mine = (login_failures.c.place == place) & (login_failures.c.until > now)
    return tx.conn.scalar(select(login_failures.c.count).where(mine)) or 0


def _count(tx: Tx, place: str, now: int) -> None:
    tx.execute(delete(login_failures).where(login_failures.c.until <= now))
    maker = postgres_insert if tx.postgres else sqlite_insert
    one = maker(login_failures).values(place=place, count=1, until=now + WINDOW)
    more = {"count": login_failures.c.count + 1}
    tx.execute(one.on_conflict_do_update(index_elements=["place"], set_=more))
