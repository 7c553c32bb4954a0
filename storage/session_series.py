"""Sessions that repeat: begun, carried on for the months ahead, ended."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from feedback.roles import SYSTEM, Actor
from feedback.session_acts import OpenSeries
from feedback.session_series import AHEAD, LOOK, carried_on, on_day
from feedback.sessions import Host, Meeting, SessionKind, clash
from storage import act_rows, sessions
from storage.ids import new_id
from storage.session_facts import columns_of, hold_calendar, taken
from storage.tables import session_series
from storage.tables import sessions as session_rows
from storage.tx import Tx
from vietnam.calendar import DayTable
from vietnam.time import MINUTE, day_of, local, start_of


def begin(tx: Tx, unit_id: int, act: OpenSeries, actor: Actor, now: int) -> int:
    """Write a new series; its id. `make` makes its sessions."""
    id, first = new_id(), act.first
    columns = columns_of(first)
    del columns["starts_at"], columns["ends_at"]
    tx.execute(
        insert(session_series).values(
            id=id,
            unit_id=unit_id,
            rule=act.rule.upper(),
            first_day=first.day.isoformat(),
            starts=f"{local(first.starts_at):%H:%M}",
            minutes=first.minutes,
            state="open",
            opened_at=now,
            **columns,
        )
    )
    act_rows.record(tx, actor, "open", thing="session_series", thing_id=id, unit=unit_id, now=now, version=1)
    return id


def state_of(conn: Connection, unit_id: int, series_id: int) -> str | None:
    """ "open" or "closed"; None where the commune has no such series."""
    mine = (session_series.c.id == series_id) & (session_series.c.unit_id == unit_id)
    return conn.scalar(select(session_series.c.state).where(mine))


def named(conn: Connection, series_id: int) -> tuple[int, str]:
    """The unit of a series and its title."""
    row = conn.execute(select(session_series.c.unit_id, session_series.c.title).where(session_series.c.id == series_id))
    found = row.one()
    return found.unit_id, found.title


def open_ones(conn: Connection) -> list[int]:
    """Every series of the store that goes on."""
    return list(conn.scalars(select(session_series.c.id).where(session_series.c.state == "open")))


def close(tx: Tx, series_id: int, unit_id: int, reason: str, actor: Actor, now: int) -> bool:
    """End a series; False where it is over already."""
    open_one = (session_series.c.id == series_id) & (session_series.c.state == "open")
    if tx.execute(update(session_series).where(open_one).values(state="closed")).rowcount != 1:
        return False
    act_rows.record(tx, actor, "close", thing="session_series", thing_id=series_id, unit=unit_id, now=now, text=reason)
    return True


def make(tx: Tx, series_id: int, table: DayTable, now: int) -> tuple[int, list[str]]:
    """Make the sessions of a series for the months ahead that are not made yet.

    Gives how many were made, and the days (ISO) on which its host had another session at that hour: there is none
    made then, and the officers are told.
    """
    row = tx.execute(select(session_series).where(session_series.c.id == series_id).with_for_update()).one()
    if row.state != "open":
        return 0, []
    hold_calendar(tx, row.unit_id)
    pattern = _pattern(row)
    today = day_of(now)
    since = max(today, date.fromisoformat(row.first_day))
    if row.made_until:
        since = max(since, date.fromisoformat(row.made_until) + timedelta(days=1))
    until = today + timedelta(days=AHEAD)
    if since > until:
        return 0, []
    late = start_of(since - timedelta(days=LOOK))
    mine = (session_rows.c.series_id == series_id) & (session_rows.c.starts_at >= late)
    given = frozenset(day_of(at) for at in tx.execute(select(session_rows.c.starts_at).where(mine)).scalars())
    elsewhere = taken(tx.conn, row.unit_id, pattern.host, since, until + timedelta(days=2 * LOOK))
    actor = Actor(kind=SYSTEM, unit=row.unit_id)
    days, lost = carried_on(row.rule, pattern, since, until, table, taken=elsewhere, given=given)
    made, clashing = 0, [day.isoformat() for day in lost]
    for day in days:
        meeting = on_day(pattern, day.held)
        if meeting.starts_at <= now:
            continue
        if clash(meeting, elsewhere) is not None:
            clashing.append(day.held.isoformat())
            continue
        sessions.plan(tx, row.unit_id, meeting, actor, now, series=series_id, days=day)
        made += 1
    tx.execute(update(session_series).where(session_series.c.id == series_id).values(made_until=until.isoformat()))
    return made, clashing


def _pattern(row: Row[Any]) -> Meeting:
    first = date.fromisoformat(row.first_day)
    hours, minutes = map(int, row.starts.split(":"))
    return Meeting(
        kind=SessionKind(row.kind),
        host=Host(row.host),
        title=row.title,
        place=row.place,
        starts_at=start_of(first) + (hours * 60 + minutes) * MINUTE,
        minutes=row.minutes,
        seats=row.seats,
        slot_minutes=row.slot_minutes,
        host_name=row.host_name,
        online=row.online,
        village=row.village_id,
        matter=row.matter,
    )
