"""Published versions of a commune's surveys, for whoever looks at one before it is asked."""

import msgspec
from sqlalchemy import Connection, exists, select

from storage.tables import survey_versions, surveys, waves
from storage.waves import survey_of
from surveys.definition import Survey

MOST = 200


class VersionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One version. `asked`: a wave asks it now; `published_at` is UTC milliseconds."""

    id: int
    code: str
    title: str
    number: int
    published_at: int
    asked: bool


def versions(conn: Connection, unit: int) -> list[VersionRow]:
    """The newest MOST versions of a commune, the newest first."""
    asked = exists().where(waves.c.version_id == survey_versions.c.id, waves.c.state == "open")
    query = (
        select(
            survey_versions.c.id,
            surveys.c.slug.label("code"),
            survey_versions.c.title,
            survey_versions.c.number,
            survey_versions.c.published_at,
            asked.label("asked"),
        )
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        .where(survey_versions.c.unit_id == unit)
        .order_by(survey_versions.c.published_at.desc(), survey_versions.c.id)
        .limit(MOST)
    )
    return [VersionRow(**{**row._mapping, "asked": bool(row.asked)}) for row in conn.execute(query)]  # noqa: SLF001 - there is no public way


def version(conn: Connection, unit: int, id: int) -> Survey:
    """The survey of a version; KeyError where the commune has no such version."""
    own = select(survey_versions.c.id).where(survey_versions.c.id == id, survey_versions.c.unit_id == unit)
    if conn.scalar(own) is None:
        raise KeyError(id)
    return survey_of(conn, id)
