"""What is published of a session: questions with their answers, and promises; nobody who asked is named."""

from datetime import date

import msgspec
from sqlalchemy import Connection, select

from storage.tables import session_promises, session_questions


class Answered(msgspec.Struct, frozen=True):
    """A question by its field, and its answer. The question itself stays with whoever asked: it may name people.

    `public` is how an officer has worded it for everybody, "" where nobody did.
    """

    topic: str
    public: str
    answer: str
    answered_by: str


class Promised(msgspec.Struct, frozen=True):
    """What was promised, and how it stands."""

    text: str
    owner: str
    due: date
    state: str
    note: str


class Results(msgspec.Struct, frozen=True):
    """Of one session."""

    answers: tuple[Answered, ...]
    promises: tuple[Promised, ...]


def of(conn: Connection, session: int) -> Results:
    """The results of a session that is published."""
    questions, promises = session_questions.c, session_promises.c
    said = conn.execute(
        select(questions.topic, questions.public, questions.answer, questions.answered_by)
        .where(questions.session_id == session, questions.answer != "")
        .order_by(questions.asked_at, questions.id)
    )
    made = conn.execute(
        select(promises.text, promises.owner, promises.due_day, promises.state, promises.note)
        .where(promises.session_id == session)
        .order_by(promises.id)
    )
    return Results(
        answers=tuple(Answered(*row) for row in said),
        promises=tuple(
            Promised(row.text, row.owner, date.fromisoformat(row.due_day), row.state, row.note) for row in made
        ),
    )
