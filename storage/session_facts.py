"""What a decision about a session needs, read under its lock: the session, a booking, and where the host is."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from feedback.sessions import BookingFacts, BookingState, Host, Meeting, SessionFacts, SessionKind, SessionState, Taken
from storage.tables import bookings, host_busy, session_questions, sessions, units
from storage.tx import Tx
from vietnam.time import DAY, MINUTE, day_of, start_of

_HELD_TIME = (SessionState.PLANNED, SessionState.ANNOUNCED, SessionState.HELD, SessionState.PUBLISHED)


def meeting_of(row: Row[Any]) -> Meeting:
    """What is planned, from a row of `sessions`."""
    return Meeting(
        kind=SessionKind(row.kind),
        host=Host(row.host),
        title=row.title,
        place=row.place,
        starts_at=row.starts_at,
        minutes=(row.ends_at - row.starts_at) // MINUTE,
        seats=row.seats,
        slot_minutes=row.slot_minutes,
        host_name=row.host_name,
        online=row.online,
        village=row.village_id,
        matter=row.matter,
    )


def columns_of(meeting: Meeting) -> dict[str, object]:
    """The columns of `sessions` that say what is planned."""
    return {
        "kind": str(meeting.kind),
        "host": str(meeting.host),
        "host_name": meeting.host_name.strip(),
        "title": meeting.title.strip(),
        "place": meeting.place.strip(),
        "online": meeting.online.strip(),
        "village_id": meeting.village,
        "matter": meeting.matter.strip(),
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "seats": meeting.seats,
        "slot_minutes": meeting.slot_minutes,
    }


def facts_of(tx: Tx, session_id: int) -> SessionFacts | None:
    """A session as it stands now; its row is locked until the commit, and with it every seat."""
    row = tx.execute(select(sessions).where(sessions.c.id == session_id).with_for_update()).one_or_none()
    if row is None:
        return None
    mine = bookings.c.session_id == session_id
    taken = tx.execute(select(bookings.c.seat).where(mine, bookings.c.seat.is_not(None))).scalars()
    waiting = tx.execute(select(bookings.c.id).where(mine, bookings.c.state == BookingState.WAITING)).all()
    open_ones = (session_questions.c.session_id == session_id) & (session_questions.c.answer == "")
    return SessionFacts(
        id=row.id,
        unit=row.unit_id,
        meeting=meeting_of(row),
        state=SessionState(row.state),
        version=row.version,
        taken=frozenset(taken),
        waiting=len(waiting),
        announced_at=row.announced_at,
        held_at=row.held_at,
        unanswered=len(tx.execute(select(session_questions.c.id).where(open_ones)).all()),
        summary=bool(row.summary),
    )


def session_of(conn: Connection, unit_id: int, code: str) -> int | None:
    """The session of a booking by its code."""
    return conn.scalar(select(bookings.c.session_id).where(bookings.c.code == code, bookings.c.unit_id == unit_id))


def hold(tx: Tx, session_ids: list[int]) -> None:
    """Lock sessions until the commit, one after the other."""
    for id in session_ids:
        tx.execute(select(sessions.c.id).where(sessions.c.id == id).with_for_update())


def booking_of(tx: Tx, unit_id: int, code: str) -> tuple[int, BookingFacts] | None:
    """The session of a booking and what is known of it, by its code; None where the commune has none.

    Both rows are locked: the session first, as everywhere.
    """
    session_id = session_of(tx.conn, unit_id, code)
    if session_id is None:
        return None
    hold(tx, [session_id])
    by_code = (bookings.c.code == code) & (bookings.c.unit_id == unit_id)
    row = tx.execute(select(bookings).where(by_code).with_for_update()).one()
    asked = select(session_questions.c.text).where(session_questions.c.booking_id == row.id).limit(1)
    return session_id, BookingFacts(
        id=row.id,
        code=row.code,
        state=BookingState(row.state),
        version=row.version,
        seat=row.seat,
        account=row.account_id,
        channel=row.channel,
        topic=row.topic,
        question=tx.conn.scalar(asked) or "",
        name=row.name,
        phone=row.phone,
        village=row.village_id,
        came_at=row.came_at,
        uid=row.uid,
        sequence=row.sequence,
    )


def hold_calendar(tx: Tx, unit_id: int) -> None:
    """Let nobody else plan for this unit until the commit: no two sessions of a host at once."""
    tx.execute(select(units.c.id).where(units.c.id == unit_id).with_for_update(key_share=True))


def taken(conn: Connection, unit_id: int, host: Host, first: date, last: date) -> tuple[Taken, ...]:
    """Where a host is from one day to another, both included: other sessions, and busy days."""
    since, until = start_of(first) - DAY, start_of(last) + 2 * DAY
    mine = (sessions.c.unit_id == unit_id) & (sessions.c.host == str(host)) & sessions.c.state.in_(_HELD_TIME)
    near = select(sessions).where(mine, sessions.c.starts_at.between(since, until)).order_by(sessions.c.starts_at)
    found = [Taken(row.starts_at, row.ends_at, row.title, row.id) for row in conn.execute(near)]
    days = (host_busy.c.unit_id == unit_id) & (host_busy.c.host == str(host))
    days &= (host_busy.c.last_day >= first.isoformat()) & (host_busy.c.first_day <= last.isoformat())
    for row in conn.execute(select(host_busy).where(days).order_by(host_busy.c.first_day)):
        end = start_of(date.fromisoformat(row.last_day) + timedelta(days=1))
        found.append(Taken(start_of(date.fromisoformat(row.first_day)), end))
    return tuple(found)


def taken_on(conn: Connection, unit_id: int, meeting: Meeting) -> tuple[Taken, ...]:
    """Where the host of a session is on its day."""
    return taken(conn, unit_id, meeting.host, meeting.day, day_of(meeting.ends_at))
