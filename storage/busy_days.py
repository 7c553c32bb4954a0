"""Days on which a host can be nowhere: written down, taken away, and the sessions that fall on them."""

from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select

from feedback.roles import Actor
from feedback.sessions import Host
from storage import act_rows
from storage.ids import new_id
from storage.tables import host_busy, sessions
from storage.tx import Tx
from vietnam.time import day_of, start_of

_OPEN = ("planned", "announced")


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A session that falls on a busy day of its host; `starts_at` UTC milliseconds."""

    id: int
    title: str
    starts_at: int
    state: str


class BusyDays(msgspec.Struct, frozen=True, kw_only=True):
    """Days, both included, on which a host can be nowhere, and what was planned for them."""

    id: int
    host: str
    first: date
    last: date
    note: str
    hits: tuple[Hit, ...]


def add(tx: Tx, unit_id: int, host: Host, first: date, last: date, note: str, actor: Actor, now: int) -> int:
    """Write days down; the id of the row, that of before where the very same stands there already."""
    days = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    mine = (host_busy.c.unit_id == unit_id) & (host_busy.c.host == str(host))
    same = mine & (host_busy.c.first_day == days["first_day"]) & (host_busy.c.last_day == days["last_day"])
    there = tx.conn.scalar(select(host_busy.c.id).where(same, host_busy.c.note == note).limit(1))
    if there is not None:
        return int(there)
    id = new_id()
    tx.execute(insert(host_busy).values(id=id, unit_id=unit_id, host=str(host), note=note, **days))
    act_rows.record(tx, actor, "busy", thing="host_busy", thing_id=id, unit=unit_id, now=now, first=first, last=last)
    return id


def remove(tx: Tx, unit_id: int, id: int, actor: Actor, now: int) -> bool:
    """Take days away; False where there are none of that id."""
    mine = (host_busy.c.id == id) & (host_busy.c.unit_id == unit_id)
    if tx.execute(host_busy.delete().where(mine)).rowcount != 1:
        return False
    act_rows.record(tx, actor, "free", thing="host_busy", thing_id=id, unit=unit_id, now=now)
    return True


def to_come(conn: Connection, unit_id: int, now: int) -> list[BusyDays]:
    """The days of a unit that are not over, the next first, each with the sessions that fall on it."""
    ahead = (host_busy.c.unit_id == unit_id) & (host_busy.c.last_day >= day_of(now).isoformat())
    rows = conn.execute(select(host_busy).where(ahead).order_by(host_busy.c.first_day, host_busy.c.id)).all()
    return [_busy(conn, row, now) for row in rows]


def between(conn: Connection, unit_id: int, first: date, last: date) -> list[tuple[str, date, date, str]]:
    """(host, first day, last day, why) of busy days that touch a span of days, in order."""
    touches = (host_busy.c.first_day <= last.isoformat()) & (host_busy.c.last_day >= first.isoformat())
    query = select(host_busy).where(host_busy.c.unit_id == unit_id, touches)
    rows = conn.execute(query.order_by(host_busy.c.first_day, host_busy.c.id))
    return [(row.host, date.fromisoformat(row.first_day), date.fromisoformat(row.last_day), row.note) for row in rows]


def _busy(conn: Connection, row: Row[Any], now: int) -> BusyDays:
    first, last = date.fromisoformat(row.first_day), date.fromisoformat(row.last_day)
    until = start_of(last + timedelta(days=1))
    theirs = (sessions.c.unit_id == row.unit_id) & (sessions.c.host == row.host) & sessions.c.state.in_(_OPEN)
    then = (sessions.c.starts_at < until) & (sessions.c.ends_at > start_of(first)) & (sessions.c.starts_at > now)
    columns = (sessions.c.id, sessions.c.title, sessions.c.starts_at, sessions.c.state)
    found = conn.execute(select(*columns).where(theirs, then).order_by(sessions.c.starts_at))
    hits = tuple(Hit(id=one.id, title=one.title, starts_at=one.starts_at, state=one.state) for one in found)
    return BusyDays(id=row.id, host=row.host, first=first, last=last, note=row.note, hits=hits)


def within(conn: Connection, session_ids: list[int]) -> list[int]:
    """Which of these sessions fall on a day on which their host is busy."""
    if not session_ids:
        return []
    rows = conn.execute(
        select(sessions.c.id, sessions.c.unit_id, sessions.c.host, sessions.c.starts_at)
        .where(sessions.c.id.in_(session_ids))
        .order_by(sessions.c.starts_at)
    )
    return [row.id for row in rows.all() if _is_busy(conn, row.unit_id, row.host, day_of(row.starts_at))]


def _is_busy(conn: Connection, unit_id: int, host: str, day: date) -> bool:
    on = day.isoformat()
    mine = (host_busy.c.unit_id == unit_id) & (host_busy.c.host == host)
    mine &= (host_busy.c.first_day <= on) & (host_busy.c.last_day >= on)
    return conn.scalar(select(host_busy.c.id).where(mine).limit(1)) is not None
