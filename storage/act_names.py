"""What acts are on, as officers call it: the code of a case, the title of a session, the name of a colleague."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Connection, select

from storage.tables import (
    bookings,
    cases,
    facts,
    frames,
    officers,
    reports,
    session_series,
    sessions,
    survey_versions,
    surveys,
    units,
    waves,
    works,
)

_CODE: tuple[Column[int], Column[Any]] = (cases.c.id, cases.c.code)
_NAMES: dict[str, tuple[Column[int], Column[Any]]] = {
    "case": _CODE,
    "case_reading": _CODE,
    "case_note": _CODE,
    "case_note_erasing": _CODE,
    "case_erasing": _CODE,
    "case_page": _CODE,
    "session": (sessions.c.id, sessions.c.title),
    "session_sheet": (sessions.c.id, sessions.c.title),
    "session_series": (session_series.c.id, session_series.c.title),
    "booking": (bookings.c.id, bookings.c.code),
    "officer": (officers.c.id, officers.c.name),
    "wave": (waves.c.id, waves.c.code),
    "report": (reports.c.id, reports.c.period),
    "place": (units.c.id, units.c.name),
    "works": (works.c.id, works.c.name),
    "fact": (facts.c.id, facts.c.title),
    "frame": (frames.c.id, frames.c.name),
}
"""Thing -> where its id is, and what it is called there."""


def names_of(conn: Connection, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """(thing, id) -> its name. The caller has left out what whoever reads may not know: see `_hidden` in reading_acts.

    Of confidential cases only those are asked for here that the reader keeps.
    """
    by_thing: dict[str, set[int]] = {}
    for thing, id in wanted:
        by_thing.setdefault(thing, set()).add(id)
    found: dict[tuple[str, int], str] = {}
    for thing, ids in by_thing.items():
        if thing == "survey":
            found |= {(thing, id): name for id, name in _surveys(conn, ids)}
        elif thing in _NAMES:
            key, name = _NAMES[thing]
            rows = conn.execute(select(key, name).where(key.in_(ids)))
            found |= {(thing, row[0]): str(row[1] or "") for row in rows}
    return found


def _surveys(conn: Connection, versions: set[int]) -> list[tuple[int, str]]:
    query = (
        select(survey_versions.c.id, surveys.c.slug, survey_versions.c.number)
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        .where(survey_versions.c.id.in_(versions))
    )
    return [(row.id, f"{row.slug} {row.number}") for row in conn.execute(query)]
