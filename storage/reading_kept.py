"""What the keeper's page shows of confidential cases; for everybody else it is empty."""

import msgspec
from sqlalchemy import Connection, func, select

from feedback.roles import Actor, may
from feedback.states import OPEN, State
from storage.confidential import READING, kept
from storage.tables import acts, cases

_MOST = 500
_READINGS = 100
_EXCERPT = 160


class KeptRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line; instants are UTC milliseconds, `due_at` None while nobody owes an answer."""

    code: str
    category: str
    excerpt: str
    state: State
    opened_at: int
    due_at: int | None
    news: bool


def kept_cases(conn: Connection, actor: Actor) -> list[KeptRow]:
    """Those of the keeper's unit, what is due first on top; at most 500."""
    if not may(actor, "kept.see", actor.unit):
        return []
    rows = conn.execute(
        select(cases)
        .where(cases.c.unit_id == actor.unit, kept())
        .order_by(cases.c.due_at.is_(None), cases.c.due_at, cases.c.opened_at)
        .limit(_MOST)
    )
    return [
        KeptRow(
            code=row.code,
            category=row.category,
            excerpt=_excerpt(row.text),
            state=State(row.state),
            opened_at=row.opened_at,
            due_at=row.due_at,
            news=bool(row.unheard),
        )
        for row in rows
    ]


def kept_open(conn: Connection, actor: Actor) -> int:
    """How many of them somebody still owes an answer; 0 for everybody but the keeper."""
    if not may(actor, "kept.see", actor.unit):
        return 0
    mine = (cases.c.unit_id == actor.unit) & kept() & cases.c.state.in_(OPEN)
    return conn.scalar(select(func.count()).select_from(cases).where(mine)) or 0


def readings(conn: Connection, actor: Actor, case: int) -> list[tuple[int, int]]:
    """Who (id of an officer) has opened a confidential case, and when; newest first, for the keeper."""
    if not may(actor, "kept.see", actor.unit):
        return []
    query = (
        select(acts.c.actor, acts.c.at)
        .where(acts.c.unit_id == actor.unit, acts.c.thing == READING, acts.c.thing_id == case)
        .order_by(acts.c.version.desc())
        .limit(_READINGS)
    )
    return [(int(row.actor.partition(":")[2] or 0), row.at) for row in conn.execute(query)]


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else line[:_EXCERPT].rsplit(" ", 1)[0] + "…"
