"""Bookings whose time of keeping is over: who came with what goes, that a seat was taken stays (docs/decisions/0024).

What was published of a session stays as it was published: the fields of its questions and the answers, without who
asked and in what words.
"""

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, update

from feedback.roles import Actor
from feedback.sessions import PromiseState, SessionState
from storage import act_rows, deliveries
from storage.tables import bookings, calls, data_requests, outbox, session_promises, session_questions, sessions
from storage.tx import Tx

FIGURES = ("before", "after", "session", "seat")
"""What an act on such a booking goes on saying."""


def _due(before: int) -> ColumnElement[bool]:
    """Bookings of sessions that ended before an instant, with anything of a person left in them.

    Not where something that was promised to this person is still to be done, nor while they wait for an answer about
    their own data.
    """
    over = bookings.c.session_id.in_(select(sessions.c.id).where(sessions.c.ends_at < before))
    mine = session_questions.c.booking_id == bookings.c.id
    asked = exists(select(session_questions.c.id).where(mine, session_questions.c.text != ""))
    open_promise = (session_promises.c.question_id == session_questions.c.id) & (
        session_promises.c.state == str(PromiseState.OPEN)
    )
    promised = exists(select(session_promises.c.id).where(open_promise, mine))
    waits = (data_requests.c.account_id == bookings.c.account_id) & data_requests.c.done_at.is_(None)
    left = or_(bookings.c.name != "", bookings.c.phone != "", bookings.c.account_id.is_not(None), asked)
    return over & left & ~promised & ~exists(select(data_requests.c.id).where(waits))


def due(conn: Connection, before: int, limit: int) -> list[tuple[int, int]]:
    """(id, unit) of bookings that are to go now, the oldest first."""
    query = select(bookings.c.id, bookings.c.unit_id).where(_due(before)).order_by(bookings.c.id)
    return [(row.id, row.unit_id) for row in conn.execute(query.limit(limit))]


def count(conn: Connection, before: int) -> int:
    """How many there are, over all communes."""
    return int(conn.scalar(select(func.count()).select_from(bookings).where(_due(before))) or 0)


def forget(tx: Tx, id: int, before: int, actor: Actor, now: int) -> bool:
    """Take out who had a seat and what they asked; False where something has come up since it was looked for."""
    if tx.execute(select(bookings.c.id).where(_due(before), bookings.c.id == id)).first() is None:
        return False
    nobody = {"account_id": None, "name": "", "phone": "", "reason": "", "news": ""}
    tx.execute(update(bookings).where(bookings.c.id == id).values(**nobody, version=bookings.c.version + 1))
    _forget_questions(tx, session_questions.c.booking_id == id)
    open_calls = (calls.c.booking_id == id) & (calls.c.state == deliveries.OPEN)
    tx.execute(update(calls).where(open_calls).values(state="dropped", done_at=now))
    tx.execute(update(outbox).where(outbox.c.booking_id == id, outbox.c.state != "leased").values(body=None))
    act_rows.erase(tx, actor, thing="booking", thing_id=id, unit=actor.unit, now=now, but=FIGURES)
    return True


def _forget_questions(tx: Tx, which: ColumnElement[bool]) -> None:
    """The words of whoever asked; the answer with them, unless it was published for everybody."""
    published = session_questions.c.session_id.in_(
        select(sessions.c.id).where(sessions.c.state == str(SessionState.PUBLISHED))
    )
    tx.execute(update(session_questions).where(which, ~published).values(answer="", answered_by=""))
    tx.execute(update(session_questions).where(which).values(text="", asker=""))


def asked_on_the_spot(conn: Connection, before: int, limit: int) -> list[int]:
    """Questions (ids) of those without a booking, of sessions that ended before an instant, still in their words."""
    over = session_questions.c.session_id.in_(select(sessions.c.id).where(sessions.c.ends_at < before))
    said = or_(session_questions.c.text != "", session_questions.c.asker != "")
    query = select(session_questions.c.id).where(over, said, session_questions.c.booking_id.is_(None))
    return list(conn.scalars(query.limit(limit)))


def forget_asked(tx: Tx, ids: list[int]) -> None:
    """Take the words out of such questions."""
    _forget_questions(tx, session_questions.c.id.in_(ids))
