"""Cases as the boards of the people read them: what it is about and how far it has come, never who said it."""

from collections.abc import Collection

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from feedback.hiding import hidden
from feedback.roles import Actor
from feedback.states import OPEN, State
from storage import confidential, shown_photos
from storage.case_lines import its_own
from storage.tables import acts, cases, units

PER_PAGE = 50
_EXCERPT = 180
_READ = 260
"""Characters that are looked at for an excerpt."""
_UNTOLD = frozenset({"note", "transcribe", "remind", "read", "draft_reply", "return_draft", "merge", "joined"})
"""What happens among officers, and is no step of the case."""


class Overseen(msgspec.Struct, frozen=True, kw_only=True):
    """A case; `text` and `reply` are without what may be a name, a telephone or an address."""

    code: str
    kind: str
    category: str
    village: str
    state: State
    text: str
    reply: str
    stars: int
    reopened: int
    opened_at: int
    due_at: int | None
    answered_at: int | None


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """One case with its steps, (what, when), and the pictures that an officer has let others see."""

    case: Overseen
    steps: tuple[tuple[str, int], ...]
    photos: tuple[int, ...]


def counts(conn: Connection, by: Actor, now: int) -> dict[str, int]:
    """How many the board reaches: open, late, answered; what was joined into another is that one."""
    row = conn.execute(
        select(
            func.count().filter(cases.c.state.in_(OPEN)).label("open"),
            func.count().filter(cases.c.due_at < now).label("late"),
            func.count().filter(cases.c.state.not_in(OPEN)).label("done"),
        ).where(_mine(by), its_own())
    ).one()
    return {"open": row.open, "late": row.late, "done": row.done}


def listed(conn: Connection, by: Actor, which: str, now: int, page: int) -> tuple[list[Overseen], bool]:
    """A page of the open ("open"), late or answered ("done") ones, and whether there are more."""
    where = {"late": cases.c.due_at < now, "done": cases.c.state.not_in(OPEN)}.get(which, cases.c.state.in_(OPEN))
    order = (cases.c.answered_at.desc(),) if which == "done" else (cases.c.due_at.is_(None), cases.c.due_at)
    rows = _read(conn, (_mine(by), its_own(), where), (*order, cases.c.id), PER_PAGE + 1, (page - 1) * PER_PAGE)
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def one(conn: Connection, by: Actor, code: str) -> Whole | None:
    """A case that the board reaches, by its code."""
    found = _read(conn, (_mine(by), cases.c.code == code), (cases.c.id,), 1, 0, whole=True)
    if not found:
        return None
    id = conn.execute(select(cases.c.id).where(_mine(by), cases.c.code == code)).scalar_one()
    mine = (acts.c.thing == "case") & (acts.c.thing_id == id) & acts.c.action.not_in(_UNTOLD)
    steps = conn.execute(select(acts.c.action, acts.c.at).where(mine).order_by(acts.c.version)).all()
    photos = sorted(shown_photos.of(conn, id))
    return Whole(case=found[0], steps=tuple((row.action, row.at) for row in steps), photos=tuple(photos))


def _mine(by: Actor) -> ColumnElement[bool]:
    return (cases.c.unit_id == by.unit) & confidential.reached(by)


def _read(
    conn: Connection,
    where: Collection[ColumnElement[bool]],
    order: Collection[ColumnElement[object]],
    limit: int,
    offset: int,
    *,
    whole: bool = False,
) -> list[Overseen]:
    query = (
        select(cases, func.coalesce(units.c.name, "").label("village"))
        .outerjoin(units, units.c.id == cases.c.village_id)
        .where(*where)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    return [
        Overseen(
            code=row.code,
            kind=row.kind,
            category=row.category,
            village=row.village,
            state=State(row.state),
            # Cut short afterwards: half of a telephone number is none, and would stay.
            text=hidden(row.text[: None if whole else _READ])[: None if whole else _EXCERPT],
            reply=hidden(row.reply) if whole else "",
            stars=row.stars,
            reopened=row.reopened,
            opened_at=row.opened_at,
            due_at=row.due_at,
            answered_at=row.answered_at,
        )
        for row in conn.execute(query)
    ]
