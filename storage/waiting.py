"""Answers that wait for a leader's signature, whole, as the list that a leader signs from shows them."""

import msgspec
from sqlalchemy import ColumnElement, Connection, select

from feedback.replies import Draft
from feedback.roles import Actor
from storage import confidential
from storage.replies import WAITING, draft_of
from storage.tables import cases, officers, units

_MOST = 50
"""Drafts of one page: a page of more would be long, and what is signed comes off it."""
_EXCERPT = 160


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that waits. `version` is that of its case: what was seen is what is signed.

    `asked` is the beginning of what the citizen said, instants are UTC milliseconds.
    """

    id: int
    code: str
    kind: str
    category: str
    village: str
    version: int
    asked: str
    draft: Draft
    officer: str
    due_at: int | None


_village = units.alias("village_of_draft")


def waiting(conn: Connection, unit: int, by: Actor) -> list[Waiting]:
    """Drafts that wait for a signature, whoever is promised an answer first on top; the first of them."""
    return _read(conn, cases.c.unit_id == unit, by)


def one(conn: Connection, case_id: int, by: Actor) -> Waiting | None:
    """The draft of one case, None where it waits no more or this officer does not reach it."""
    found = _read(conn, (cases.c.id == case_id) & (cases.c.unit_id == by.unit), by)
    return found[0] if found else None


def _read(conn: Connection, mine: ColumnElement[bool], by: Actor) -> list[Waiting]:
    rows = conn.execute(
        select(
            cases.c.id,
            cases.c.code,
            cases.c.kind,
            cases.c.category,
            cases.c.version,
            cases.c.text,
            cases.c.draft,
            cases.c.due_at,
            _village.c.name.label("village"),
        )
        .outerjoin(_village, _village.c.id == cases.c.village_id)
        .where(mine, cases.c.draft_state == WAITING, confidential.reached(by))
        .order_by(cases.c.due_at.is_(None), cases.c.due_at, cases.c.moved_at)
        .limit(_MOST)
    ).all()
    drafts = {row.id: draft for row in rows if (draft := draft_of(row.draft)) is not None}
    writers = select(officers.c.id, officers.c.name).where(officers.c.id.in_({one.by for one in drafts.values()}))
    names: dict[int, str] = {row.id: row.name for row in conn.execute(writers)} if drafts else {}
    return [
        Waiting(
            **{name: getattr(row, name) for name in ("id", "code", "kind", "category", "version", "due_at")},
            village=row.village or "",
            asked=_beginning(row.text),
            draft=drafts[row.id],
            officer=names.get(drafts[row.id].by, ""),
        )
        for row in rows
        if row.id in drafts
    ]


def _beginning(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _EXCERPT else flat[:_EXCERPT].rsplit(" ", 1)[0] + "…"
