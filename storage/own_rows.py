"""Whether a row is one of the officer's commune: what an address names is looked for before a form about it is read.

A row of another commune is then answered like one that exists nowhere, whatever the form says.
"""

from sqlalchemy import ColumnElement, Connection, Table, select

from feedback.roles import Actor
from storage import confidential
from storage.tables import (
    blocks,
    bulletins,
    calls,
    canned_replies,
    data_requests,
    dialogue_lists,
    facts,
    host_busy,
    notices,
    officer_accounts,
    outbox,
    oversight_requests,
    reports,
    routing_rules,
    session_promises,
    session_questions,
    sessions,
    survey_drafts,
    unit_days,
    units,
    waves,
    works,
)

TABLES: dict[str, Table] = {
    "asked": data_requests,
    "block": blocks,
    "bulletin": bulletins,
    "busy": host_busy,
    "call": calls,
    "canned": canned_replies,
    "day": unit_days,
    "draft": survey_drafts,
    "fact": facts,
    "letter": outbox,
    "link": officer_accounts,
    "list": dialogue_lists,
    "notice": notices,
    "promise": session_promises,
    "question": session_questions,
    "report": reports,
    "request": oversight_requests,
    "routing": routing_rules,
    "session": sessions,
    "village": units,
    "wave": waves,
    "works": works,
}
"""What a row is called in the addresses of the console -> where its rows are."""


def there(conn: Connection, actor: Actor, called: str, id: int) -> bool:
    """Whether the actor's commune has that row of TABLES; none is there about a case that the actor does not reach."""
    table = TABLES[called]
    return conn.execute(select(table.c.id).where(table.c.id == id, *_own(table, actor))).first() is not None


def of_session(conn: Connection, actor: Actor, question: int, session: int) -> bool:
    """Whether a question was asked in that session of the actor's commune."""
    asked = (session_questions.c.id == question, session_questions.c.session_id == session)
    query = select(session_questions.c.id).where(*asked, *_own(session_questions, actor))
    return conn.execute(query).first() is not None


def _own(table: Table, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    if table is units:
        return (units.c.parent_id == actor.unit, units.c.kind == "village")
    of_unit = table.c.unit_id == actor.unit
    if table is calls:
        return (of_unit, confidential.calling(actor))
    return (of_unit, confidential.letters()) if table is outbox else (of_unit,)
