"""What an officer is to be told in chat: which cases are new, near their day or late, drafts that wait or came back.

Never a word of the citizen, never who it is; what is confidential, or goes past the desk, is told to nobody here.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, select

from feedback.reach import PAST_THE_DESK
from feedback.roles import Actor, Role, may
from feedback.states import OPEN, State
from storage import confidential
from storage.replies import RETURNED, WAITING, draft_of
from storage.tables import cases, officers, units
from vietnam.time import DAY

_MOST = 20
"""Of one sort in one look: what is more comes with the next look."""
_MOST_MISSED = 200
_FRESH = DAY
"""What happened longer ago than this is no news; an officer who links an account hears nothing of before."""
_LATE_FOR = 3 * DAY


class CaseNews(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `what`: new, given, soon, late, draft, returned; `key` is the same as long as it is the same news."""

    what: str
    key: str
    code: str
    kind: str
    village: str
    due_at: int | None


_COLUMNS: tuple[ColumnElement[Any], ...] = (
    cases.c.id,
    cases.c.code,
    cases.c.kind,
    units.c.name.label("village"),
    cases.c.due_at,
    cases.c.reopened,
    cases.c.assigned_id,
    cases.c.assigned_at,
    cases.c.draft,
)


def news(conn: Connection, by: Actor, since: int, now: int, soon: int) -> list[CaseNews]:
    """What there is to tell this officer. `since`: nothing of before (UTC ms); `soon`: milliseconds before a day."""
    return _found(conn, by, _Look(max(since, now - _FRESH), now - _LATE_FOR, now, now + soon, _MOST))


def missed(conn: Connection, by: Actor, since: int, now: int, soon: int) -> list[CaseNews]:
    """The same for whoever could not be told for a while, as it stands now: of whatever age, and all that is late."""
    return _found(conn, by, _Look(since, 0, now, now + soon, _MOST_MISSED))


class _Look(NamedTuple):
    """How far a look goes: news since, days since, what is past, days until (UTC ms); how many of one sort."""

    since: int
    late_since: int
    now: int
    until: int
    most: int


def _found(conn: Connection, by: Actor, look: _Look) -> list[CaseNews]:
    found: list[CaseNews] = []
    if may(by, "case.take", by.unit):
        found += _new(conn, by, look)
        found += _timed(conn, by, look)
    if may(by, "case.approve", by.unit):
        waits = _open_to(by, look).where(cases.c.draft_state == WAITING)
        found += [one for row in conn.execute(waits) for one in _draft(row, "draft", look.since)]
    sent_back = (cases.c.draft_state == RETURNED) & cases.c.state.in_(OPEN)
    back = _open_to(by, look).where(sent_back, cases.c.moved_at >= look.since)
    found += [one for row in conn.execute(back) for one in _draft(row, "returned", look.since, writer=by.id)]
    return found


def _open_to(by: Actor, look: _Look) -> Select[Any]:
    """Cases of the officer's unit that a chat may be told of."""
    return (
        select(*_COLUMNS)
        .outerjoin(units, units.c.id == cases.c.village_id)
        .where(cases.c.unit_id == by.unit, confidential.reached(by), cases.c.kind.not_in(PAST_THE_DESK))
        .limit(look.most)
    )


def _new(conn: Connection, by: Actor, look: _Look) -> list[CaseNews]:
    """What nobody has in hand yet and is not another's turn, and what was given to this officer."""
    mine = cases.c.assigned_id == by.id
    free = cases.c.assigned_id.is_(None) & _turn_of(by) & cases.c.state.in_((State.NEW, State.REOPENED))
    given = mine & cases.c.state.in_((State.NEW, State.REOPENED, State.RECEIVED))
    query = _open_to(by, look).where(cases.c.moved_at >= look.since, free | given).order_by(cases.c.opened_at)
    return [
        _line(row, "given", f"given:{row.id}:{row.assigned_at}")
        if row.assigned_id == by.id
        else _line(row, "new", f"new:{row.id}:{row.reopened}")
        for row in conn.execute(query)
    ]


def _turn_of(by: Actor) -> ColumnElement[bool]:
    """Of cases that nobody in particular has: it is the turn of this officer's role, or of no role and so the desk's.

    A leader hears of the day in one line, and not of every case that comes.
    """
    role = str(by.role or "-")
    return cases.c.assigned_role.in_([role] if by.role is Role.LEADER else [role, ""])


def _timed(conn: Connection, by: Actor, look: _Look) -> Iterator[CaseNews]:
    """Days that are near or past, of what this officer holds or nobody does."""
    holder = func.coalesce(cases.c.assigned_id, cases.c.officer_id)
    near = (cases.c.due_at > look.late_since) & (cases.c.due_at <= look.until)
    mine = (holder == by.id) | (holder.is_(None) & _turn_of(by))
    for row in conn.execute(_open_to(by, look).where(near, mine).order_by(cases.c.due_at)):
        what = "late" if row.due_at < look.now else "soon"
        yield _line(row, what, f"{what}:{row.id}:{row.due_at}")


def _draft(row: object, what: str, since: int, writer: int = 0) -> Iterator[CaseNews]:
    draft = draft_of(getattr(row, "draft", ""))
    if draft is not None and (draft.at >= since or what == "returned") and writer in (0, draft.by):
        yield _line(row, what, f"{what}:{getattr(row, 'id', 0)}:{draft.at}")


def _line(row: object, what: str, key: str) -> CaseNews:
    shown = {name: getattr(row, name) for name in ("code", "kind", "due_at")}
    return CaseNews(what=what, key=key, village=getattr(row, "village", None) or "", **shown)


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """How a case stands, for whoever presses a button about it. `holder` is a name, `at` when it was taken (UTC ms)."""

    id: int
    code: str
    state: State
    version: int
    draft: str
    """ "waiting", "returned" or "" for none."""
    holder_id: int
    holder: str
    at: int
    due_at: int | None


def fate(conn: Connection, by: Actor, code: str) -> Fate | None:
    """A case that a chat may speak of to this officer; None for all others."""
    row = conn.execute(
        select(
            cases.c.id,
            cases.c.code,
            cases.c.state,
            cases.c.version,
            cases.c.draft_state,
            cases.c.officer_id,
            officers.c.name,
            cases.c.taken_at,
            cases.c.due_at,
        )
        .outerjoin(officers, officers.c.id == cases.c.officer_id)
        .where(
            cases.c.unit_id == by.unit,
            cases.c.code == code,
            confidential.reached(by),
            cases.c.kind.not_in(PAST_THE_DESK),
        )
    ).one_or_none()
    if row is None:
        return None
    return Fate(
        id=row.id,
        code=row.code,
        state=State(row.state),
        version=row.version,
        draft=row.draft_state,
        holder_id=row.officer_id or 0,
        holder=row.name or "",
        at=row.taken_at or 0,
        due_at=row.due_at,
    )
