"""What the pages of waves are made of: versions to ask, what was done to a wave, how far it is."""

import msgspec
from sqlalchemy import Connection, func, select

from storage import audience, officers, survey_sides
from storage.tables import acts, frame_rows, responses, survey_versions, surveys, waves
from surveys.definition import Survey
from surveys.waves import Owner, Segment


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A survey that a wave can be opened of: its newest version."""

    slug: str
    title: str
    number: int
    version: int
    languages: tuple[str, ...]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """One act on a wave. `who` is an officer's name, "" where the program or a command did it; `why` the reason."""

    action: str
    who: str
    at: int
    why: str = ""
    rows: int = 0


class _Detail(msgspec.Struct, frozen=True):
    why: str = ""
    rows: int = 0


_body = msgspec.json.Decoder(Survey)
_detail = msgspec.json.Decoder(_Detail)


def asking(conn: Connection, unit: int, side: Owner) -> list[Asking]:
    """Every survey that a side of a commune may ask, newest versions by title: the Front also the Committee's."""
    newest = (
        select(survey_versions.c.survey_id, func.max(survey_versions.c.number).label("number"))
        .where(survey_versions.c.unit_id == unit)
        .group_by(survey_versions.c.survey_id)
        .subquery()
    )
    query = (
        select(surveys.c.slug, survey_versions)
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        .join(
            newest,
            (newest.c.survey_id == survey_versions.c.survey_id) & (newest.c.number == survey_versions.c.number),
        )
        .order_by(survey_versions.c.title, surveys.c.slug)
    )
    if side is not Owner.FRONT:
        query = query.where(survey_sides.of(survey_versions.c.body, Owner.COMMITTEE))
    return [
        Asking(
            slug=row.slug,
            title=row.title,
            number=row.number,
            version=row.id,
            languages=_body.decode(row.body).languages,
        )
        for row in conn.execute(query)
    ]


def done(conn: Connection, unit: int, wave: int) -> list[Done]:
    """What was done to a wave of a commune, the newest first."""
    named = officers.names(conn, unit)
    query = select(acts.c.action, acts.c.actor, acts.c.at, acts.c.detail).where(
        acts.c.unit_id == unit, acts.c.thing == "wave", acts.c.thing_id == wave
    )
    found = []
    for row in conn.execute(query.order_by(acts.c.version.desc())):
        said = _detail.decode(row.detail or "{}")
        kind, _, id = row.actor.partition(":")
        who = named.get(int(id), "") if kind == "officer" and id.isdecimal() else ""
        found.append(Done(action=row.action, who=who, at=row.at, why=said.why, rows=said.rows))
    return found


def released(conn: Connection, wave: int) -> tuple[int, str]:
    """(answers of a wave that are counted, day of the last release as ISO text, "" before the first)."""
    row = conn.execute(select(func.count(), func.max(responses.c.day)).where(responses.c.wave_id == wave)).one()
    return int(row[0]), row[1] or ""


def alone(conn: Connection, wave: int) -> bool:
    """Whether no other wave asks, or asked, the same version in the same way."""
    here = select(waves.c.version_id, waves.c.kind).where(waves.c.id == wave).subquery()
    same = select(func.count()).select_from(
        waves.join(here, (here.c.version_id == waves.c.version_id) & (here.c.kind == waves.c.kind))
    )
    return (conn.scalar(same) or 0) == 1


def groups(conn: Connection, frame: int) -> list[tuple[str, int]]:
    """The groups that a list names, each with its rows, by name; "" is nobody's group."""
    query = (
        select(frame_rows.c.segment, func.count())
        .where(frame_rows.c.frame_id == frame)
        .group_by(frame_rows.c.segment)
        .order_by(frame_rows.c.segment)
    )
    return [(row[0], int(row[1])) for row in conn.execute(query)]


def sizes(conn: Connection, frame: int, segment: Segment) -> dict[int, int]:
    """Rows of a list that a segment means, by village (0: without one)."""
    return audience.frame_sizes(conn, frame, segment)
