"""The queue of cases: which are wanted, in which order, how many there are, and what one line of it shows."""

from typing import Any, Literal

import msgspec
from sqlalchemy import Case, ColumnElement, Connection, ScalarSelect, Select, case, false, func, select

from feedback.roles import Actor, Role
from feedback.states import OPEN, State
from storage import case_search, confidential, replies
from storage.tables import case_blobs, cases, officers, units
from vietnam.search_words import marked, search_words

PAGE = 30
MOST_COUNTED = 1_000
"""How many are counted before it is said that there are more."""
_EXCERPT = 160
_BEFORE_HIT = 60
Sort = Literal["due", "newest", "longest"]
Said = tuple[tuple[str, bool], ...]
DONE = (State.ANSWERED, State.CLOSED)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases, in which order; what is "" or 0 or False asks for nothing.

    `holder` is an officer's id; `mine` whose turn it is or who has taken it; `free` nobody's yet; `news`: the citizen
    has said something since an officer last did.
    """

    states: tuple[State, ...]
    kind: str = ""
    category: str = ""
    village: int = 0
    holder: int = 0
    mine: bool = False
    free: bool = False
    late: bool = False
    news: bool = False
    channel: str = ""
    helped: bool = False
    search: str = ""
    sort: Sort = "due"


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the queue; instants are UTC milliseconds."""

    code: str
    kind: str
    category: str
    village: str
    excerpt: Said
    """The beginning of the text, or the part around what was searched for: pieces, each with whether it was found."""
    state: State
    officer: str
    opened_at: int
    answered_at: int | None
    photo: bool
    due_at: int | None
    """None while nobody owes an answer, or while the citizen is asked something."""
    news: bool
    turn: str = ""
    """The officer whose turn it is, "" where that is a role."""
    turn_role: str = ""
    mine: bool = False
    helped: bool = False
    """An officer has entered it for somebody."""
    reply: Said = ()
    """The part of the answer in which something was found, where the text has nothing of it."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the queue. `many` is counted up to MOST_COUNTED + 1."""

    rows: tuple[QueueRow, ...]
    many: int


_village = units.alias("village")
_turn = officers.alias("turn")


def queue(conn: Connection, unit: int, wanted: Wanted, *, now: int, by: Actor, page: int = 1) -> Found:
    """A page of the cases of the unit that this officer reaches; `now` decides what is late."""
    mine = select(cases.c.id).where(*_where(conn, unit, wanted, now, by))
    # Ids alone first: the count stops early, and only the rows of the page have their words read.
    ids = list(conn.execute(_ordered(mine, wanted, now, by).limit(MOST_COUNTED + 1)).scalars())
    many, order = len(ids), ids[(page - 1) * PAGE : page * PAGE]
    if not order:
        return Found(rows=(), many=many)
    rows = {row.id: row for row in conn.execute(_lines(by).where(cases.c.id.in_(order), confidential.reached(by)))}
    words = frozenset(search_words(wanted.search))
    return Found(rows=tuple(_row(rows[id], words) for id in order), many=many)


def holders(conn: Connection, unit: int) -> list[tuple[int, str]]:
    """Officers (id, name) of a unit who may hold cases, by name."""
    roles = [str(role) for role in (Role.RECEPTION, Role.LEADER, Role.SPECIALIST)]
    there = (officers.c.unit_id == unit) & (officers.c.active == 1) & officers.c.role.in_(roles)
    rows = conn.execute(select(officers.c.id, officers.c.name).where(there).order_by(officers.c.name))
    return [(row.id, row.name) for row in rows]


def _where(conn: Connection, unit: int, wanted: Wanted, now: int, by: Actor) -> list[ColumnElement[bool]]:
    where = [cases.c.unit_id == unit, confidential.reached(by)]
    if len(wanted.states) < len(State):
        where.append(cases.c.state.in_([str(state) for state in wanted.states]))
    equal = {
        "kind": wanted.kind, "category": wanted.category, "village_id": wanted.village, "channel": wanted.channel,
    }  # fmt: skip
    where += [cases.c[name] == value for name, value in equal.items() if value]
    if wanted.holder:
        where.append(_held_by(wanted.holder))
    if wanted.mine:
        where.append(_held_by(by.id) | _of_role(by))
    if wanted.free:
        where += [cases.c.assigned_id.is_(None), cases.c.officer_id.is_(None)]
    if wanted.late:
        where.append(cases.c.due_at < now)
    if wanted.news:
        where.append(cases.c.unheard == 1)
    if wanted.helped:
        where.append(cases.c.helper_id.is_not(None))
    if wanted.search:
        of = {"kind": wanted.kind, "category": wanted.category, "village": wanted.village}
        found = case_search.finds(conn, wanted.search, unit, **of)
        where.append(false() if found is None else found)
    return where


def _held_by(officer: int) -> ColumnElement[bool]:
    # Not as one value of two: each of the two has its index.
    return (cases.c.assigned_id == officer) | (cases.c.assigned_id.is_(None) & (cases.c.officer_id == officer))


def _of_role(by: Actor) -> ColumnElement[bool]:
    """Reception is a counter where everything lies: only the leaders' own is theirs as a role."""
    return cases.c.assigned_role == str(by.role) if by.role is Role.LEADER else false()


def _is_turn_of(by: Actor) -> Case[int]:
    return case(((cases.c.assigned_id == by.id) | _of_role(by), 1), else_=0)


def _ordered(query: "Select[Any]", wanted: Wanted, now: int, by: Actor) -> "Select[Any]":
    """By default: one's own first, then what is due first; leaders have what is late before all else.

    What is answered already, and all there is without a search, goes by its newest act.
    """
    if wanted.sort == "newest":
        return query.order_by(cases.c.opened_at.desc(), cases.c.id.desc())
    if wanted.sort == "longest":
        return query.order_by(cases.c.opened_at, cases.c.id)
    if set(wanted.states) == set(DONE) or (len(wanted.states) == len(State) and not wanted.search):
        return query.order_by(cases.c.moved_at.desc(), cases.c.id.desc())
    due = (cases.c.due_at.is_(None), cases.c.due_at)
    is_late = case((cases.c.due_at < now, 1), else_=0).desc()
    first = (is_late,) if by.role is Role.LEADER else ()
    own = () if len(wanted.states) == len(State) else (_is_turn_of(by).desc(),)
    is_open = case((cases.c.state.in_([str(state) for state in OPEN]), 0), else_=1)
    return query.order_by(*first, is_open, *own, *due, cases.c.opened_at, cases.c.id)


def _sent_photos() -> ScalarSelect[int]:
    mine = (case_blobs.c.case_id == cases.c.id) & (case_blobs.c.sent_by == replies.CITIZEN)
    return select(func.count()).where(mine).correlate(cases).scalar_subquery()


def _lines(by: Actor) -> "Select[Any]":
    """What the lines show; the caller says of which cases."""
    return (
        select(
            cases.c.id,
            cases.c.code,
            cases.c.kind,
            cases.c.category,
            cases.c.text,
            cases.c.transcript,
            cases.c.reply,
            cases.c.state,
            cases.c.opened_at,
            cases.c.answered_at,
            cases.c.unheard,
            cases.c.due_at,
            cases.c.helper_id,
            func.coalesce(_village.c.name, "").label("village"),
            func.coalesce(officers.c.name, "").label("officer"),
            _sent_photos().label("photos"),
            func.coalesce(_turn.c.name, "").label("turn"),
            cases.c.assigned_role.label("turn_role"),
            _is_turn_of(by).label("mine"),
        )
        .outerjoin(_village, _village.c.id == cases.c.village_id)
        .outerjoin(officers, officers.c.id == cases.c.officer_id)
        .outerjoin(_turn, _turn.c.id == cases.c.assigned_id)
    )


def _row(row: Any, words: frozenset[str]) -> QueueRow:  # noqa: ANN401 - a row of `_lines`
    excerpt = _excerpt(f"{row.text} {row.transcript}", words)
    in_reply: Said = ()
    if words and not any(hit for _, hit in excerpt):
        in_reply = _excerpt(row.reply, words)
    same = ("code", "kind", "category", "village", "officer", "opened_at", "answered_at", "due_at", "turn", "turn_role")
    return QueueRow(
        **{name: getattr(row, name) for name in same},
        state=State(row.state),
        excerpt=excerpt,
        reply=in_reply if any(hit for _, hit in in_reply) else (),
        photo=bool(row.photos),
        news=bool(row.unheard),
        mine=bool(row.mine),
        helped=row.helper_id is not None,
    )


def _excerpt(text: str, words: frozenset[str]) -> Said:
    """At most `_EXCERPT` characters, of the beginning or around the first word that was searched for."""
    plain = " ".join(text.split())
    if len(plain) <= _EXCERPT:
        return tuple(marked(plain, words))
    before = 0
    for piece, hit in marked(plain, words):
        if hit:
            break
        before += len(piece)
    start = 0
    if before < len(plain) and before > _EXCERPT - _BEFORE_HIT:
        start = plain.find(" ", max(0, before - _BEFORE_HIT)) + 1
    part = plain[start : start + _EXCERPT]
    if start + _EXCERPT < len(plain):
        part = part.rsplit(" ", 1)[0] + "…"
    return tuple(marked(f"…{part}" if start else part, words))
