"""Years of which a commune has said that all days off are entered: nothing of them is guessed by the law any more."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from feedback.acts import Refusal
from feedback.roles import Actor, may
from storage import act_rows, confidential, unit_days
from storage.tables import cases, unit_years, units
from storage.tables import unit_days as days
from storage.tx import Tx
from vietnam.day_lines import ListedDay
from vietnam.time import start_of


def declared(conn: Connection, unit: int) -> Mapping[int, int]:
    """The years that a commune has declared complete -> when (UTC ms)."""
    mine = select(unit_years.c.year, unit_years.c.at).where(unit_years.c.unit_id == unit)
    return {row.year: row.at for row in conn.execute(mine.order_by(unit_years.c.year))}


def declare(tx: Tx, actor: Actor, year: int, listed: Sequence[ListedDay], now: int) -> Refusal | None:
    """All days off and days worked of a year are these: what was entered of it before and is not among them goes.

    What is promised already keeps its day. Whether the program knows that year itself is asked before.
    """
    if not may(actor, "days.edit", actor.unit):
        return Refusal("act.not_allowed")
    tx.execute(select(units.c.id).where(units.c.id == actor.unit).with_for_update())
    if year in declared(tx.conn, actor.unit):
        return Refusal("days.year_already", {"year": year})
    wanted = {one.day: one for one in listed}
    kept: set[date] = set()
    for row in unit_days.own_days(tx.conn, actor.unit):
        if row.day.year != year:
            continue
        there = wanted.get(row.day)
        if there is not None and there.works is (row.kind == "work"):
            kept.add(row.day)
        else:
            tx.execute(delete(days).where(days.c.id == row.id))
    for one in listed:
        if one.day not in kept:
            unit_days.put(tx, actor, one.day, "work" if one.works else "off", one.note, now)
    tx.execute(insert(unit_years).values(unit_id=actor.unit, year=year, officer_id=actor.id or None, at=now))
    _record(tx, actor, "year_whole", now, year=year, days=len(wanted))
    return None


def take_back(tx: Tx, actor: Actor, year: int, now: int) -> Refusal | None:
    """It was declared too early. Its days stay entered; what is not entered is taken from the law again.

    Only while nobody has been promised a day of that year since.
    """
    if not may(actor, "days.edit", actor.unit):
        return Refusal("act.not_allowed")
    tx.execute(select(units.c.id).where(units.c.id == actor.unit).with_for_update())
    at = declared(tx.conn, actor.unit).get(year)
    if at is None:
        return Refusal("days.year_gone", {"year": year})
    if promised(tx.conn, actor.unit, year, at):
        return Refusal("days.year_promised", {"year": year})
    tx.execute(delete(unit_years).where(unit_years.c.unit_id == actor.unit, unit_years.c.year == year))
    _record(tx, actor, "year_back", now, year=year)
    return None


def promised(conn: Connection, unit: int, year: int, since: int) -> bool:
    """Whether an answer is owed on a day of the year to somebody whose case was moved since then.

    What only the keeper sees is left out: that such a case is there would else be told by the refusal.
    """
    first, after = start_of(date(year, 1, 1)), start_of(date(year + 1, 1, 1))
    owed = (cases.c.unit_id == unit) & (cases.c.due_at >= first) & (cases.c.due_at < after)
    since_then = (cases.c.opened_at >= since) | (cases.c.moved_at >= since)
    found = select(cases.c.id).where(owed, since_then, confidential.visible()).limit(1)
    return conn.execute(found).first() is not None


def _record(tx: Tx, actor: Actor, action: str, now: int, **said: Any) -> None:  # noqa: ANN401 - what the act says
    act_rows.record(tx, actor, action, thing="days", thing_id=actor.unit, unit=actor.unit, now=now, **said)
