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
    last = max((row.last_day for row in rows), default="")
    planned = _planned(conn, unit_id, now, _end_of(date.fromisoformat(last))) if last else []
    return [_busy(row, planned) for row in rows]


def between(conn: Connection, unit_id: int, first: date, last: date) -> list[tuple[str, date, date, str]]:
    """(host, first day, last day, why) of busy days that touch a span of days, in order."""
    touches = (host_busy.c.first_day <= last.isoformat()) & (host_busy.c.last_day >= first.isoformat())
    query = select(host_busy).where(host_busy.c.unit_id == unit_id, touches)
    rows = conn.execute(query.order_by(host_busy.c.first_day, host_busy.c.id))
    return [(row.host, date.fromisoformat(row.first_day), date.fromisoformat(row.last_day), row.note) for row in rows]


def _planned(conn: Connection, unit_id: int, now: int, until: int) -> list[Row[Any]]:
    """What is planned or announced of a unit and begins between two instants, in order."""
    columns = (sessions.c.id, sessions.c.title, sessions.c.host, sessions.c.starts_at, sessions.c.ends_at)
    mine = (sessions.c.unit_id == unit_id) & sessions.c.state.in_(_OPEN)
    query = select(*columns, sessions.c.state).where(mine, sessions.c.starts_at > now, sessions.c.starts_at < until)
    return list(conn.execute(query.order_by(sessions.c.starts_at)))


def _end_of(day: date) -> int:
    return start_of(day + timedelta(days=1))


def _busy(row: Row[Any], planned: list[Row[Any]]) -> BusyDays:
    first, last = date.fromisoformat(row.first_day), date.fromisoformat(row.last_day)
    since, until = start_of(first), _end_of(last)
    hits = tuple(
        Hit(id=one.id, title=one.title, starts_at=one.starts_at, state=one.state)
        for one in planned
        if one.host == row.host and one.starts_at < until and one.ends_at > since
    )
    return BusyDays(id=row.id, host=row.host, first=first, last=last, note=row.note, hits=hits)


def within(conn: Connection, session_ids: list[int]) -> list[int]:
    """Which of these sessions of one unit fall on a day on which their host is busy."""
    if not session_ids:
        return []
    rows = conn.execute(
        select(sessions.c.id, sessions.c.unit_id, sessions.c.host, sessions.c.starts_at)
        .where(sessions.c.id.in_(session_ids))
        .order_by(sessions.c.starts_at)
    ).all()
    if not rows:
        return []
    days = [day_of(row.starts_at) for row in rows]
    away = between(conn, rows[0].unit_id, days[0], days[-1])
    return [
        row.id
        for row, day in zip(rows, days, strict=True)
        if any(host == row.host and first <= day <= last for host, first, last, _ in away)
    ]
