"""Cases of a unit as a report counts them: what they are about, and what happened on which day; nobody's words."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, or_, select

from feedback.case_course import Course, Step, course
from feedback.states import OPEN, State
from storage import confidential
from storage.tables import acts, cases, works
from vietnam.time import day_of, start_of

_TELLING = ("receive", "take", "ask", "say", "forward", "hand_up", "reply", "approve", "confirm", "close", "reopen",
            "merge", "part")  # fmt: skip
"""Acts that may change the state, and below the rating: all others say nothing that is counted."""


class CaseRow(NamedTuple):
    """A case without a word of its citizen; local days, None for what has not happened. See reports.source.CaseLine."""

    kind: str
    category: str
    village: int | None
    works: str
    opened: date
    answered: date | None
    reopened: date | None = None
    settled: date | None = None
    away: tuple[tuple[date, date | None], ...] = ()
    done: tuple[tuple[date, date | None, bool], ...] = ()
    rated: tuple[tuple[date, int], ...] = ()


class _Detail(msgspec.Struct):
    after: str | None = None
    stars: int = 0


_detail = msgspec.json.Decoder(_Detail)


def lines(conn: Connection, unit: int, first: date, last: date) -> list[CaseRow]:
    """Cases of a unit opened by `last` that anything may have happened with from `first` on; none confidential.

    Those that are with another authority are among them for as long as they are. What was joined into another case is
    the same matter: that one is counted, this one is not, in no month and in no column.
    """
    begin, end = start_of(first), start_of(last + timedelta(days=1))
    lively = or_(
        cases.c.answered_at.is_(None),
        cases.c.answered_at >= begin,
        cases.c.moved_at >= begin,
        cases.c.state.in_(sorted((*OPEN, State.FORWARDED))),
    )
    mine = (cases.c.unit_id == unit, cases.c.opened_at < end, lively, confidential.visible(), its_own())
    columns = (cases.c.id, cases.c.kind, cases.c.category, cases.c.village_id, cases.c.opened_at, cases.c.answered_at)
    query = select(*columns, cases.c.state, cases.c.moved_at, works.c.name.label("works"))
    query = query.outerjoin(works, works.c.id == cases.c.works_id).where(*mine)
    found = conn.execute(query.order_by(cases.c.opened_at, cases.c.id)).all()
    steps: dict[int, list[Step]] = {}
    told = (
        select(acts.c.thing_id, acts.c.at, acts.c.action, acts.c.detail)
        .join(cases, (cases.c.id == acts.c.thing_id) & (acts.c.thing == "case"))
        .where(*mine, acts.c.action.in_([*_TELLING, "rate"]))
        .order_by(acts.c.thing_id, acts.c.version)
    )
    for row in conn.execute(told):
        said = _detail.decode(row.detail) if row.detail else _Detail()
        step = Step(at=row.at, action=row.action, after=said.after or "", stars=said.stars)
        steps.setdefault(row.thing_id, []).append(step)
    return [_line(row, course(steps.get(row.id, ()))) for row in found]


def its_own() -> ColumnElement[bool]:
    """Of cases: those that are matters of their own; what was joined into another is counted there."""
    return cases.c.merged_into.is_(None)


class JoinedRow(NamedTuple):
    """A message that was joined: what it is about, the day on which it came, and which matter it is."""

    kind: str
    category: str
    opened: date
    into: int


def joined(conn: Connection, unit: int, first: date, last: date) -> list[JoinedRow]:
    """Messages that came between two days and were joined into another case; none confidential.

    With the cases that `lines` counts as received these are all that came.
    """
    days = (cases.c.opened_at >= start_of(first), cases.c.opened_at < start_of(last + timedelta(days=1)))
    query = select(cases.c.kind, cases.c.category, cases.c.opened_at, cases.c.merged_into)
    query = query.where(cases.c.unit_id == unit, *days, confidential.visible(), ~its_own())
    rows = conn.execute(query.order_by(cases.c.opened_at, cases.c.id))
    return [JoinedRow(row.kind, row.category, day_of(row.opened_at), row.merged_into) for row in rows]


def _line(row: Row[*tuple[Any, ...]], went: Course) -> CaseRow:
    again = went.reopened[-1] if went.reopened else None
    after = [at for at in went.answers if again is not None and at >= again]
    away = went.away
    # Rows of before acts were kept.
    if not away and row.state == State.FORWARDED:
        away = ((row.moved_at or row.opened_at, None),)
    return CaseRow(
        kind=row.kind,
        category=row.category,
        village=row.village_id,
        works=row.works or "",
        opened=day_of(row.opened_at),
        answered=_day(row.answered_at),
        reopened=_day(again),
        settled=_day(after[0] if after else None),
        away=tuple((day_of(since), _day(until)) for since, until in away),
        done=tuple((day_of(since), _day(until), said) for since, until, said in went.done),
        rated=tuple((day_of(at), stars) for at, stars in went.rated),
    )


def _day(at: int | None) -> date | None:
    return None if at is None else day_of(at)
