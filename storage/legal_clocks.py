"""Terms of the law that run beside cases: what somebody asked about their data, and the lines of the register of đơn.

That the leaders, or the keeper, were told of one is an act on its clock: each is told once before its day, once after.
"""

from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, exists, func, literal, select

from feedback.register import Kind
from feedback.roles import SYSTEM, Actor
from storage import act_rows
from storage.tables import acts, data_requests, register_lines
from storage.tx import Tx

Said = Literal["soon", "late"]
Which = Literal["data", "line", "kept"]
"""A request about data, a line of the register, a line of it that the keeper alone may know."""
_MOST = 500


class Term(NamedTuple):
    """A term that is about to end, or has ended; whose it is stands nowhere in it."""

    which: Which
    id: int
    unit: int


def waiting(conn: Connection, unit: int) -> int:
    """How many requests about personal data of a unit nobody has answered yet."""
    mine = (data_requests.c.unit_id == unit) & data_requests.c.done_at.is_(None)
    return conn.scalar(select(func.count()).select_from(data_requests).where(mine)) or 0


def unsaid(conn: Connection, said: Said, now: int, lead: int) -> list[Term]:
    """Terms of which that was not said yet: those that end within `lead` milliseconds, or that have ended; at most 500.

    Each with its unit, the data of persons first.
    """
    found: list[Term] = []
    for which, query in _running(said, now, now + lead).items():
        found += [Term(which, row.id, row.unit_id) for row in conn.execute(query.limit(_MOST))]
    return found[:_MOST]


def say(tx: Tx, term: Term, said: Said, now: int) -> None:
    """That it was told, in the transaction of the telling."""
    system = Actor(kind=SYSTEM, unit=term.unit)
    act_rows.record(tx, system, said, thing=_thing(term.which), thing_id=term.id, unit=term.unit, now=now)


def _running(said: Said, now: int, until: int) -> dict[Which, Select[tuple[int, int]]]:
    secret = register_lines.c.kind == str(Kind.DENUNCIATION)
    data = select(data_requests.c.id, data_requests.c.unit_id).where(data_requests.c.done_at.is_(None))
    lines = select(register_lines.c.id, register_lines.c.unit_id)
    return {
        "data": _of(data, "data", data_requests.c.id, data_requests.c.due_at, said, now, until),
        "line": _of(lines.where(~secret), "line", register_lines.c.id, register_lines.c.due_at, said, now, until),
        "kept": _of(lines.where(secret), "kept", register_lines.c.id, register_lines.c.due_at, said, now, until),
    }


def _of(
    query: Select[tuple[int, int]],
    which: Which,
    id: ColumnElement[int],
    due: ColumnElement[int],
    said: Said,
    now: int,
    until: int,
) -> Select[tuple[int, int]]:
    when = due < now if said == "late" else (due >= now) & (due < until)
    told = exists(
        select(acts.c.id).where(acts.c.thing == literal(_thing(which)), acts.c.thing_id == id, acts.c.action == said)
    )
    return query.where(when, ~told).order_by(due)


def _thing(which: Which) -> str:
    return f"{which}_clock"
