"""Published versions of a commune's surveys, for whoever looks at one before it is asked."""

import msgspec
from sqlalchemy import Connection, exists, select

from storage import survey_sides
from storage.tables import survey_versions, surveys, waves
from storage.waves import survey_of
from surveys.definition import Survey
from surveys.waves import Owner

MOST = 200


class VersionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One version. `asked`: a wave asks it now; `published_at` is UTC milliseconds; `fronts`: the Front asks it."""

    id: int
    code: str
    title: str
    number: int
    published_at: int
    asked: bool
    fronts: bool


def versions(conn: Connection, unit: int, side: Owner, now: int) -> list[VersionRow]:
    """The newest MOST versions of a commune that a side may read, the newest first."""
    asked = exists().where(waves.c.version_id == survey_versions.c.id, waves.c.state == "open")
    query = (
        select(
            survey_versions.c.id,
            surveys.c.slug.label("code"),
            survey_versions.c.title,
            survey_versions.c.number,
            survey_versions.c.published_at,
            asked.label("asked"),
            survey_sides.of(survey_versions.c.body, Owner.FRONT).label("fronts"),
        )
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        .where(survey_versions.c.unit_id == unit, survey_sides.shown_to(side, now))
        .order_by(survey_versions.c.published_at.desc(), survey_versions.c.id)
        .limit(MOST)
    )
    told = ("asked", "fronts")
    return [
        VersionRow(**{**row._mapping, **{name: bool(row._mapping[name]) for name in told}})  # noqa: SLF001 - there is no public way
        for row in conn.execute(query)
    ]


def version(conn: Connection, unit: int, side: Owner, now: int, id: int) -> Survey:
    """The survey of a version; KeyError where the commune has none that this side may read."""
    own = select(survey_versions.c.id).where(
        survey_versions.c.id == id, survey_versions.c.unit_id == unit, survey_sides.shown_to(side, now)
    )
    if conn.scalar(own) is None:
        raise KeyError(id)
    return survey_of(conn, id)
