"""What is said in a session and kept: questions with their answers, and promises; who is still to hear of them."""

from sqlalchemy import ColumnElement, insert, or_, select, update

from feedback.roles import Actor
from feedback.session_acts import Answer, AskThere, Drop, Keep, Promise, SessionAct
from feedback.sessions import PromiseState, SessionFacts
from storage.ids import new_id
from storage.tables import bookings, session_promises, session_questions
from storage.tx import Tx

THERE = "there"
"""The very same is written already: a form that was sent twice."""


def write(tx: Tx, facts: SessionFacts, act: SessionAct, actor: Actor, now: int) -> str:
    """Write what an act says; "" or why not, as a wording key, or `THERE`. The session is locked."""
    match act:
        case AskThere():
            return _ask(tx, facts, act, actor, now)
        case Answer():
            return _answer(tx, facts, act, actor, now)
        case Promise():
            return _promise(tx, facts, act, now)
        case Keep() | Drop():
            promises = session_promises.c
            mine = (promises.id == act.promise) & (promises.session_id == facts.id)
            state = PromiseState.DONE if isinstance(act, Keep) else PromiseState.DROPPED
            values = {"state": str(state), "note": act.note.strip(), "done_at": now, "version": promises.version + 1}
            over = update(session_promises).where(mine, promises.state == PromiseState.OPEN).values(**values)
            return "" if tx.execute(over).rowcount == 1 else "session.promise_over"
        case _:
            return ""


def untold(session: int) -> ColumnElement[bool]:
    """Bookings of a session whose person has not read an answer, one that was put right, or a promise."""
    questions, promises = session_questions.c, session_promises.c
    mine = (questions.session_id == session) & questions.booking_id.is_not(None)
    unread = (questions.answer != "") & (questions.answers > questions.told_answer)
    answered = select(questions.booking_id).where(mine, unread)
    new = promises.told_at.is_(None) & (promises.state == PromiseState.OPEN)
    promised = select(questions.booking_id).join(session_promises, promises.question_id == questions.id)
    return or_(bookings.c.id.in_(answered), bookings.c.id.in_(promised.where(mine, new)))


def told(tx: Tx, booking: int, now: int) -> None:
    """Whoever has this booking has been sent all that was answered and promised to them."""
    questions, promises = session_questions.c, session_promises.c
    mine = questions.booking_id == booking
    answered = update(session_questions).where(mine, questions.answer != "")
    tx.execute(answered.values(told_at=now, told_answer=questions.answers))
    theirs = promises.question_id.in_(select(questions.id).where(mine))
    tx.execute(update(session_promises).where(theirs, promises.told_at.is_(None)).values(told_at=now))


def _answer(tx: Tx, facts: SessionFacts, act: Answer, actor: Actor, now: int) -> str:
    questions = session_questions.c
    mine = (questions.id == act.question) & (questions.session_id == facts.id)
    known = (questions.answer, questions.answered_by, questions.public, questions.answers)
    row = tx.execute(select(*known).where(mine)).one_or_none()
    if row is None:
        return "session.no_question"
    text, by, public = act.text.strip(), act.by.strip(), act.public.strip()
    if (row.answer, row.answered_by, row.public) == (text, by, public):
        return THERE
    if act.seen is not None and act.seen != row.answers:
        return "session.answer_changed"
    # Another name beneath the same words is nothing that whoever asked would have to hear again.
    times = row.answers + (row.answer != text)
    said = {"answer": text, "answered_by": by, "public": public, "answered_at": now, "answers": times}
    tx.execute(update(session_questions).where(mine).values(**said, officer_id=actor.id or None))
    return ""


def _ask(tx: Tx, facts: SessionFacts, act: AskThere, actor: Actor, now: int) -> str:
    questions = session_questions.c
    if act.once and tx.conn.scalar(select(questions.id).where(_sent(facts, act.once, questions))) is not None:
        return THERE
    if act.booking:
        theirs = (bookings.c.id == act.booking) & (bookings.c.session_id == facts.id)
        if tx.conn.scalar(select(bookings.c.id).where(theirs)) is None:
            return "booking.none"
    tx.execute(
        insert(session_questions).values(
            id=new_id(),
            unit_id=facts.unit,
            session_id=facts.id,
            booking_id=act.booking or None,
            topic=act.topic,
            text=act.text.strip(),
            asker=act.asker.strip(),
            officer_id=actor.id or None,
            once=act.once,
            asked_at=now,
        )
    )
    return ""


def _promise(tx: Tx, facts: SessionFacts, act: Promise, now: int) -> str:
    questions, promises = session_questions.c, session_promises.c
    if act.once and tx.conn.scalar(select(promises.id).where(_sent(facts, act.once, promises))) is not None:
        return THERE
    if act.question:
        theirs = (questions.id == act.question) & (questions.session_id == facts.id)
        if tx.conn.scalar(select(questions.id).where(theirs)) is None:
            return "session.no_question"
    tx.execute(
        insert(session_promises).values(
            id=new_id(),
            unit_id=facts.unit,
            session_id=facts.id,
            question_id=act.question or None,
            text=act.text.strip(),
            officer_id=act.officer or None,
            owner=act.owner.strip(),
            due_day=act.due_day,
            state=str(PromiseState.OPEN),
            once=act.once,
            made_at=now,
        )
    )
    return ""


def _sent(facts: SessionFacts, once: str, rows: object) -> ColumnElement[bool]:
    """The row that the same form has written."""
    found: ColumnElement[bool] = (rows.session_id == facts.id) & (rows.once == once)  # type: ignore[attr-defined]
    return found
