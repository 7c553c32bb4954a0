"""Surveys being written: each has a version, so that nobody writes over what a colleague has just saved.

The Front's drafts are the Front's alone, and the Committee's its own (`storage.survey_sides`): whoever asks for the
other's finds none.
"""

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from feedback.roles import Actor, may, side
from storage import act_rows, survey_sides
from storage.ids import new_id
from storage.tables import officers, survey_drafts
from storage.tx import Tx
from surveys.definition import Survey
from surveys.waves import Owner

MOST = 100
"""Drafts of one side of a commune: whoever has more takes some away first."""


class Changed(Exception):
    """Somebody saved the draft before, or took it away."""


class TooMany(Exception):
    """That side of the commune has MOST drafts."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A survey as it is being written; it is not checked. `by`: who saved it last."""

    id: int
    survey: Survey
    version: int
    by: str
    updated_at: int


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A draft in the list."""

    id: int
    title: str
    by: str
    updated_at: int


def listed(conn: Connection, unit: int, side: Owner) -> list[Listed]:
    """The drafts of one side of a commune, the newest first."""
    query = (
        select(survey_drafts.c.id, survey_drafts.c.title, officers.c.name, survey_drafts.c.updated_at)
        .outerjoin(officers, officers.c.id == survey_drafts.c.officer_id)
        .where(survey_drafts.c.unit_id == unit, survey_sides.of(survey_drafts.c.body, side))
        .order_by(survey_drafts.c.updated_at.desc(), survey_drafts.c.id)
    )
    return [
        Listed(id=row.id, title=row.title, by=row.name or "", updated_at=row.updated_at) for row in conn.execute(query)
    ]


def draft(conn: Connection, unit: int, side: Owner, id: int) -> Draft:
    """A draft of one side of a commune; KeyError."""
    query = (
        select(survey_drafts, officers.c.name)
        .outerjoin(officers, officers.c.id == survey_drafts.c.officer_id)
        .where(survey_drafts.c.id == id, survey_drafts.c.unit_id == unit, survey_sides.of(survey_drafts.c.body, side))
    )
    row = conn.execute(query).one_or_none()
    if row is None:
        raise KeyError(id)
    survey = msgspec.json.decode(row.body, type=Survey)
    return Draft(id=row.id, survey=survey, version=row.version, by=row.name or "", updated_at=row.updated_at)


def begin(tx: Tx, actor: Actor, survey: Survey, now: int) -> int:
    """A new draft; its id, that of the officer's own where it says the same and nothing has been done to it.

    PermissionError, TooMany.
    """
    _allowed(actor)
    mine = (survey_drafts.c.unit_id == actor.unit, survey_sides.of(survey_drafts.c.body, Owner(side(actor))))
    said = _said(actor, survey)
    untouched = (survey_drafts.c.version == 1, survey_drafts.c.officer_id == actor.id)
    there = tx.conn.scalar(select(survey_drafts.c.id).where(*mine, *untouched, survey_drafts.c.body == said["body"]))
    if there is not None:
        return int(there)
    many = select(func.count()).select_from(survey_drafts).where(*mine)
    if (tx.conn.scalar(many) or 0) >= MOST:
        raise TooMany
    id = new_id()
    values = {"unit_id": actor.unit, "version": 1, "officer_id": actor.id or None, "created_at": now}
    tx.execute(insert(survey_drafts).values(id=id, updated_at=now, **values, **said))
    act_rows.record(tx, actor, "begin", thing="survey_draft", thing_id=id, unit=actor.unit, now=now, version=1)
    return id


def save(tx: Tx, actor: Actor, id: int, seen: int, survey: Survey, now: int) -> int:
    """Keep a draft as it is now, where its version is still the one that was `seen`; the new one. Changed."""
    _allowed(actor)
    mine = update(survey_drafts).where(*_mine(actor, id, seen))
    values = {"version": seen + 1, "officer_id": actor.id or None, "updated_at": now}
    if not tx.execute(mine.values(**values, **_said(actor, survey))).rowcount:
        raise Changed
    act_rows.record(tx, actor, "save", thing="survey_draft", thing_id=id, unit=actor.unit, now=now, version=seen + 1)
    return seen + 1


def remove(tx: Tx, actor: Actor, id: int, seen: int, now: int) -> None:
    """Take a draft away. PermissionError, Changed."""
    _allowed(actor)
    if not tx.execute(delete(survey_drafts).where(*_mine(actor, id, seen))).rowcount:
        raise Changed
    act_rows.record(tx, actor, "remove", thing="survey_draft", thing_id=id, unit=actor.unit, now=now, version=seen + 1)


def _allowed(actor: Actor) -> None:
    if not may(actor, "survey.draft", actor.unit, owner=side(actor)):
        raise PermissionError("survey.draft")


def _mine(actor: Actor, id: int, seen: int) -> tuple[ColumnElement[bool], ...]:
    """What finds a draft of the actor's own side, in the version that was seen."""
    here = (survey_drafts.c.id == id, survey_drafts.c.unit_id == actor.unit, survey_drafts.c.version == seen)
    return (*here, survey_sides.of(survey_drafts.c.body, Owner(side(actor))))


def _said(actor: Actor, survey: Survey) -> dict[str, str]:
    survey = msgspec.structs.replace(survey, owner=Owner(side(actor)))
    return {"title": survey.title, "body": msgspec.json.encode(survey).decode()}
