"""Survey versions and the waves in which they are asked."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, insert, or_, select, update

from feedback.roles import SYSTEM, Actor
from storage import act_rows
from storage.ids import new_id
from storage.tables import participations, survey_versions, surveys, waves
from storage.tx import Tx
from surveys.definition import Survey
from vietnam.time import DAY

UNDER_WAY = DAY
"""How long a wave that a newer version replaced still takes the answers that were begun in it (SV6)."""


@dataclass(frozen=True, slots=True)
class OpenWave:
    """A wave that takes answers now."""

    id: int
    version: int
    code: str
    title: str


def open_waves(conn: Connection, unit_id: int, now: int) -> list[OpenWave]:
    """Waves of a commune that are open at `now`, oldest first."""
    query = (
        select(waves.c.id, waves.c.version_id, waves.c.code, survey_versions.c.title)
        .join(survey_versions, survey_versions.c.id == waves.c.version_id)
        .where(waves.c.unit_id == unit_id, waves.c.state == "open", waves.c.opens_at <= now)
        .where(or_(waves.c.closes_at.is_(None), waves.c.closes_at > now))
        .order_by(waves.c.opens_at, waves.c.id)
    )
    return [OpenWave(row.id, row.version_id, row.code, row.title) for row in conn.execute(query)]


def takes_answers(conn: Connection, wave_id: int, now: int) -> bool:
    """Whether an answer begun in a wave may still come in: until it closes, be it still offered or not."""
    query = select(waves.c.state, waves.c.closes_at).where(waves.c.id == wave_id, waves.c.opens_at <= now)
    row = conn.execute(query).one_or_none()
    if row is None:
        return False
    return bool(row.state == "open" if row.closes_at is None else row.closes_at > now)


def survey_of(conn: Connection, version_id: int) -> Survey:
    """The frozen survey of a version; KeyError where there is none."""
    body = conn.scalar(select(survey_versions.c.body).where(survey_versions.c.id == version_id))
    if body is None:
        raise KeyError(version_id)
    return msgspec.json.decode(body, type=Survey)


def took_part(conn: Connection, tokens: list[bytes]) -> bool:
    """Whether one of a person's tokens of a wave is in."""
    found = conn.scalar(select(func.count()).select_from(participations).where(participations.c.token.in_(tokens)))
    return bool(found)


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: `closed` is the wave of an older version, offered to nobody any more."""

    version: int
    number: int
    wave: int
    code: str
    new: bool
    closed: int | None


def publish(tx: Tx, unit_id: int, survey: Survey, checksum: str, now: int) -> Published:
    """Freeze a survey as the next version and open it to anyone; the very same text again changes nothing.

    The operator does this at the command line; it stands in the list of acts.
    """
    survey_id = _survey_id(tx, unit_id, survey.id, now)
    newest = tx.execute(
        select(survey_versions.c.id, survey_versions.c.number, survey_versions.c.checksum)
        .where(survey_versions.c.survey_id == survey_id)
        .order_by(survey_versions.c.number.desc())
        .limit(1)
    ).one_or_none()
    current = tx.execute(
        select(waves.c.id, waves.c.version_id, waves.c.code).where(
            waves.c.unit_id == unit_id, waves.c.code == survey.id, waves.c.state == "open"
        )
    ).one_or_none()
    if newest is not None and newest.checksum == checksum and current is not None and current.version_id == newest.id:
        return Published(newest.id, newest.number, current.id, current.code, new=False, closed=None)
    number = 1 if newest is None else newest.number + 1
    version = new_id()
    tx.execute(
        insert(survey_versions).values(
            id=version,
            unit_id=unit_id,
            survey_id=survey_id,
            number=number,
            title=survey.title,
            body=msgspec.json.encode(survey).decode(),
            checksum=checksum,
            published_at=now,
        )
    )
    if current is not None:
        tx.execute(update(waves).where(waves.c.id == current.id).values(state="closed", closes_at=now + UNDER_WAY))
    wave = new_id()
    tx.execute(
        insert(waves).values(id=wave, unit_id=unit_id, version_id=version, kind="open", code=survey.id, opens_at=now)
    )
    actor = Actor(kind=SYSTEM, unit=unit_id)
    act_rows.record(tx, actor, "publish", thing="survey", thing_id=version, unit=unit_id, now=now, checksum=checksum)
    return Published(version, number, wave, survey.id, new=True, closed=None if current is None else current.id)


def _survey_id(tx: Tx, unit_id: int, slug: str, now: int) -> int:
    found = tx.conn.scalar(select(surveys.c.id).where(surveys.c.unit_id == unit_id, surveys.c.slug == slug))
    if found is not None:
        return int(found)
    id = new_id()
    tx.execute(insert(surveys).values(id=id, unit_id=unit_id, slug=slug, created_at=now))
    return id


@dataclass(frozen=True, slots=True)
class Listed:
    """One version as `nghedan survey list` shows it."""

    slug: str
    number: int
    title: str
    published_at: int
    code: str | None
    state: str


def listed(conn: Connection, unit_id: int) -> list[Listed]:
    """Every version of a commune's surveys, with the wave it is asked in."""
    query = (
        select(
            surveys.c.slug,
            survey_versions.c.number,
            survey_versions.c.title,
            survey_versions.c.published_at,
            waves.c.code,
            waves.c.state,
        )
        .join(survey_versions, survey_versions.c.survey_id == surveys.c.id)
        .outerjoin(waves, waves.c.version_id == survey_versions.c.id)
        .where(surveys.c.unit_id == unit_id)
        .order_by(surveys.c.slug, survey_versions.c.number)
    )
    return [Listed(*row) for row in conn.execute(query)]
