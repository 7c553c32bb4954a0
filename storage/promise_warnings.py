"""Promises whose day is near or has passed, and of which nobody has been told yet."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from storage.tables import session_promises
from storage.tx import Tx

SOON, LATE = 1, 2
"""Bits of `warned`."""
_CHUNK = 100
_EXCERPT = 200


class Due(NamedTuple):
    """A promise to be warned of; `text` is its beginning."""

    id: int
    unit: int
    text: str
    owner: str
    due: date


def _waits(today: date, until: date) -> ColumnElement[bool]:
    rows = session_promises.c
    soon = and_(rows.due_day <= until.isoformat(), rows.warned == 0)
    late = and_(rows.due_day < today.isoformat(), rows.warned < LATE)
    return and_(rows.state == "open", or_(soon, late))


def any_due(conn: Connection, today: date, until: date) -> bool:
    """Whether there is one."""
    return conn.scalar(select(session_promises.c.id).where(_waits(today, until)).limit(1)) is not None


def due(tx: Tx, today: date, until: date) -> list[Due]:
    """Open promises due until that day, or late, that were not warned of as such; locked, at most 100."""
    rows = tx.execute(
        select(session_promises)
        .where(_waits(today, until))
        .order_by(session_promises.c.due_day, session_promises.c.id)
        .limit(_CHUNK)
        .with_for_update(skip_locked=True)
    ).all()
    return [Due(row.id, row.unit_id, _short(row.text), row.owner, date.fromisoformat(row.due_day)) for row in rows]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else line[:_EXCERPT].rsplit(" ", 1)[0] + "…"


def warned(tx: Tx, id: int, bits: int) -> None:
    """The officers have been told."""
    tx.execute(update(session_promises).where(session_promises.c.id == id).values(warned=bits))
