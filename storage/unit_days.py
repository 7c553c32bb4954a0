"""A commune's own days off and days worked, laid over the table that the program and the settings know."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Text, cast, delete, insert, literal, select, union_all

from feedback.acts import Refusal
from feedback.office import Office
from feedback.roles import Actor, may
from storage import act_rows
from storage.ids import new_id
from storage.tables import officers, unit_days, unit_years, units
from storage.tx import Tx
from vietnam.calendar import DayTable, is_working_day, over

DayKind = Literal["off", "work"]
LONGEST_NOTE = 200
MOST_AT_ONCE = 31
"""Days in a row that one form may enter."""
_MOST = 400


class UnitDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day that a commune has entered: off, or worked all the same; by whom, "" where nobody knows any more."""

    id: int
    day: date
    kind: DayKind
    note: str
    by: str
    at: int


def own_days(conn: Connection, unit: int) -> list[UnitDay]:
    """What a commune has entered, in order; at most 400."""
    rows = conn.execute(
        select(unit_days, officers.c.name.label("by"))
        .outerjoin(officers, officers.c.id == unit_days.c.officer_id)
        .where(unit_days.c.unit_id == unit)
        .order_by(unit_days.c.day)
        .limit(_MOST)
    )
    return [
        UnitDay(id=r.id, day=date.fromisoformat(r.day), kind=r.kind, note=r.note, by=r.by or "", at=r.at) for r in rows
    ]


def table_of(conn: Connection, unit: int, table: DayTable) -> DayTable:
    """The table that a commune's promises are counted by; `table` itself where it has entered nothing.

    Looked up whenever a term is begun: what an officer enters holds for the next case in every process.
    """
    entered = select(unit_days.c.day, unit_days.c.kind).where(unit_days.c.unit_id == unit)
    whole = select(cast(unit_years.c.year, Text), literal("year")).where(unit_years.c.unit_id == unit)
    rows = conn.execute(union_all(entered, whole)).all()
    if not rows:
        return table
    of: dict[str, frozenset[str]] = {
        kind: frozenset(row.day for row in rows if row.kind == kind) for kind in ("off", "work", "year")
    }
    return _laid(table, of["off"], of["work"], of["year"])


@lru_cache(maxsize=256)
def _laid(table: DayTable, off: frozenset[str], worked: frozenset[str], years: frozenset[str]) -> DayTable:
    """The same table for the same days: what is known of its years is kept by table."""
    own = DayTable(
        years=frozenset(map(int, years)),
        off=frozenset(map(date.fromisoformat, off)),
        working=frozenset(map(date.fromisoformat, worked)),
    )
    return over(table, own)


def office_of(conn: Connection, unit: int, office: Office) -> Office:
    """The office with a commune's own days."""
    table = table_of(conn, unit, office.table)
    return office if table is office.table else msgspec.structs.replace(office, table=table)


def add(
    tx: Tx, actor: Actor, *, first: date, last: date, kind: DayKind, note: str, table: DayTable, now: int
) -> int | Refusal:
    """Enter days, both ends included; how many are new. Of days off those that are no working days stay out.

    Days of the past are entered too: a term that runs today may have begun before them.
    """
    if not may(actor, "days.edit", actor.unit):
        return Refusal("act.not_allowed")
    span = (last - first).days + 1
    if not 1 <= span <= MOST_AT_ONCE:
        return Refusal("days.span", {"most": MOST_AT_ONCE})
    tx.execute(select(units.c.id).where(units.c.id == actor.unit).with_for_update())
    known = table_of(tx.conn, actor.unit, table)
    days = [first + timedelta(days=at) for at in range(span)]
    wanted = [day for day in days if is_working_day(day, known) is (kind == "off")]
    if not wanted:
        return Refusal("days.so_already" if kind == "off" else "days.worked_already")
    for day in wanted:
        put(tx, actor, day, kind, note, now)
    said: dict[str, Any] = {"first": wanted[0].isoformat(), "last": wanted[-1].isoformat(), "days": len(wanted)}
    act_rows.record(tx, actor, f"day_{kind}", thing="days", thing_id=actor.unit, unit=actor.unit, now=now, **said)
    return len(wanted)


def put(tx: Tx, actor: Actor, day: date, kind: DayKind, note: str, now: int) -> None:
    """One day, in place of what was entered for it before; the act is kept by whoever asks."""
    same = (unit_days.c.unit_id == actor.unit) & (unit_days.c.day == day.isoformat())
    tx.execute(delete(unit_days).where(same))
    values = {"kind": kind, "note": note, "officer_id": actor.id or None, "at": now}
    tx.execute(insert(unit_days).values(id=new_id(), unit_id=actor.unit, day=day.isoformat(), **values))


def take_back(tx: Tx, actor: Actor, id: int, now: int) -> Refusal | None:
    """A day was entered by mistake: it is again what the program knows of it."""
    if not may(actor, "days.edit", actor.unit):
        return Refusal("act.not_allowed")
    mine = (unit_days.c.id == id) & (unit_days.c.unit_id == actor.unit)
    gone = tx.execute(delete(unit_days).where(mine).returning(unit_days.c.day)).scalar()
    if gone is None:
        return Refusal("days.gone")
    act_rows.record(tx, actor, "day_back", thing="days", thing_id=actor.unit, unit=actor.unit, now=now, first=gone)
    return None
