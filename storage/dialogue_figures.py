"""Dialogues and receptions as a report counts them: held or not, who came, what was asked and promised; no words."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection, func, select

from feedback.sessions import BookingState, PromiseState, SessionState
from storage.tables import bookings, session_promises, session_questions, sessions
from vietnam.time import day_of, start_of

_HELD = frozenset({SessionState.HELD, SessionState.PUBLISHED})


class SessionRow(NamedTuple):
    """See reports.source.SessionLine; days are local."""

    kind: str
    day: date
    state: Literal["held", "cancelled", "open"]
    visitors: int
    absent: int
    published: bool


class QuestionRow(NamedTuple):
    """See reports.source.QuestionLine."""

    kind: str
    day: date
    answered: date | None


class PromiseRow(NamedTuple):
    """See reports.source.PromiseLine."""

    kind: str
    made: date
    due: date
    ended: date | None
    dropped: bool


def sessions_of(conn: Connection, unit: int, first: date, last: date) -> list[SessionRow]:
    """Sessions of a unit that were to begin between two days, the earliest first.

    `visitors`: whoever had a seat and came, and whoever asked on the spot, as in the register of receptions; a name
    that asks twice in one session is one.
    """
    begin, end = start_of(first), start_of(last + timedelta(days=1))
    mine = (sessions.c.unit_id == unit, sessions.c.starts_at >= begin, sessions.c.starts_at < end)
    columns = (sessions.c.id, sessions.c.kind, sessions.c.state, sessions.c.starts_at, sessions.c.published_at)
    found = conn.execute(select(*columns).where(*mine).order_by(sessions.c.starts_at, sessions.c.id)).all()
    seats = (
        select(bookings.c.session_id, bookings.c.state, func.count())
        .join(sessions, sessions.c.id == bookings.c.session_id)
        .where(*mine)
        .group_by(bookings.c.session_id, bookings.c.state)
    )
    seated = {(session, state): n for session, state, n in conn.execute(seats)}
    questions = session_questions.c
    spot = (
        select(questions.session_id, questions.asker, questions.id)
        .join(sessions, sessions.c.id == questions.session_id)
        .where(*mine, questions.booking_id.is_(None))
    )
    there: dict[int, set[str | int]] = {}
    for row in conn.execute(spot):
        there.setdefault(row.session_id, set()).add(row.asker.strip().casefold() or row.id)
    return [
        SessionRow(
            kind=row.kind,
            day=day_of(row.starts_at),
            state=_state(row.state),
            visitors=seated.get((row.id, BookingState.ATTENDED), 0) + len(there.get(row.id, ())),
            absent=seated.get((row.id, BookingState.ABSENT), 0),
            published=row.published_at is not None and row.published_at < end,
        )
        for row in found
    ]


def _state(state: str) -> Literal["held", "cancelled", "open"]:
    if state in {str(one) for one in _HELD}:
        return "held"
    return "cancelled" if state == SessionState.CANCELLED else "open"


def questions_of(conn: Connection, unit: int, last: date) -> list[QuestionRow]:
    """Questions of a unit's sessions that began by the end of a day and were held; later answers are not there yet."""
    end = start_of(last + timedelta(days=1))
    questions = session_questions.c
    query = (
        select(sessions.c.kind, sessions.c.starts_at, questions.answer, questions.answered_at)
        .join(sessions, sessions.c.id == questions.session_id)
        .where(sessions.c.unit_id == unit, sessions.c.starts_at < end, sessions.c.state.in_(sorted(_HELD)))
        .order_by(sessions.c.starts_at, questions.id)
    )
    return [
        QuestionRow(row.kind, day_of(row.starts_at), _before(row.answered_at if row.answer else None, end))
        for row in conn.execute(query)
    ]


def promises_of(conn: Connection, unit: int, last: date) -> list[PromiseRow]:
    """What was promised in sessions of a unit by the end of a day; what came of it later is not known yet."""
    end = start_of(last + timedelta(days=1))
    promises = session_promises.c
    query = (
        select(sessions.c.kind, promises.made_at, promises.due_day, promises.state, promises.done_at)
        .join(sessions, sessions.c.id == promises.session_id)
        .where(promises.unit_id == unit, promises.made_at < end)
        .order_by(promises.due_day, promises.id)
    )
    found = []
    for row in conn.execute(query):
        ended = _before(row.done_at if row.state != PromiseState.OPEN else None, end)
        dropped = ended is not None and row.state == PromiseState.DROPPED
        due = date.fromisoformat(row.due_day)
        found.append(PromiseRow(row.kind, day_of(row.made_at), due, ended, dropped))
    return found


def _before(at: int | None, end: int) -> date | None:
    return day_of(at) if at is not None and at < end else None
