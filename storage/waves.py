"""Survey versions and the waves in which they are asked."""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, or_, select, update

from feedback.roles import SYSTEM, Actor
from storage import act_rows, wave_acts
from storage.ids import new_id
from storage.tables import participations, survey_versions, surveys, waves
from storage.tx import Tx
from surveys.definition import Survey
from surveys.waves import Owner, Segment, WaveKind, WaveState
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


def open_waves(conn: Connection, unit_id: int, now: int, *, channel: str = "", language: str = "") -> list[OpenWave]:
    """Waves of a commune that anyone may answer at `now`, oldest first; those of invited people are in no menu.

    `channel` and `language` ("" for Vietnamese) are the chat's own: a wave meant for others is left out.
    """
    query = (
        select(
            waves.c.id,
            waves.c.version_id,
            waves.c.code,
            waves.c.title,
            waves.c.segment,
            survey_versions.c.title.label("survey"),
        )
        .join(survey_versions, survey_versions.c.id == waves.c.version_id)
        .where(waves.c.unit_id == unit_id, waves.c.state == "open", waves.c.opens_at <= now)
        .where(waves.c.kind == WaveKind.OPEN, or_(waves.c.closes_at.is_(None), waves.c.closes_at > now))
        .order_by(waves.c.opens_at, waves.c.id)
    )
    return [
        OpenWave(row.id, row.version_id, row.code, row.title or row.survey)
        for row in conn.execute(query)
        if row.segment == _EVERYBODY or _meant(segment_of(row.segment), channel, language)
    ]


_EVERYBODY = "{}"
_segment = msgspec.json.Decoder(Segment)


def segment_of(stored: str) -> Segment:
    """A segment as it is stored."""
    return _segment.decode(stored)


def _meant(segment: Segment, channel: str, language: str) -> bool:
    spoken = language or "vi"
    return (not channel or not segment.channels or channel in segment.channels) and (
        not segment.languages or spoken in segment.languages
    )


def takes_answers(conn: Connection, wave_id: int, now: int, *, begun: bool = False) -> bool:
    """Whether a wave takes answers: until it closes, be it still offered or not.

    One that was `begun` before comes in until the wave is wound up (`storage.wave_acts.winding_up`): nothing is lost of
    what somebody said in time, however late the worker comes to it.
    """
    query = select(waves.c.state, waves.c.closes_at).where(waves.c.id == wave_id, waves.c.opens_at <= now)
    row = conn.execute(query).one_or_none()
    if row is None:
        return False
    if takes(row.state, row.closes_at, now):
        return True
    ended = row.closes_at is not None and row.state in (WaveState.OPEN, WaveState.CLOSED)
    return begun and ended and (row.state == WaveState.OPEN or wave_acts.winding_up(conn, wave_id))


def takes(state: str, closes_at: int | None, now: int) -> bool:
    """Whether a wave that has begun takes answers; `closes_at` in UTC milliseconds, None without an end."""
    if closes_at is None:
        return state == WaveState.OPEN
    return state in (WaveState.OPEN, WaveState.CLOSED) and closes_at > now


def closes_at(conn: Connection, wave_id: int) -> int | None:
    """When a wave ends or ended (UTC milliseconds), None where it stands open without an end."""
    return conn.scalar(select(waves.c.closes_at).where(waves.c.id == wave_id))


def code_of(conn: Connection, wave_id: int) -> str:
    """A wave's code, "" where there is no such wave."""
    return conn.scalar(select(waves.c.code).where(waves.c.id == wave_id)) or ""


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
    """What publishing did: a `new` version or the one that said the same before, and whether a wave was `opened` of it.

    `closed` is the wave of an older version, offered to nobody any more.
    """

    version: int
    number: int
    wave: int
    code: str
    new: bool
    closed: int | None
    opened: bool = False


def publish(
    tx: Tx, unit_id: int, survey: Survey, checksum: str, now: int, *, opens: bool = True, by: Actor | None = None
) -> Published:
    """Freeze a survey as the next version and open it to anyone; the very same text again is the version it was.

    With `opens` False nothing opens (`wave` is 0) and what stands open stays: for a survey asked by invitation alone.
    Where the text is the newest version's and no wave of everybody asks that version, a wave opens on it and no other
    version is made.

    `by` is the officer who does so, None for the operator at the command line; it stands in the list of acts.
    """
    survey_id = _survey_id(tx, unit_id, survey.id, now)
    newest = tx.execute(
        select(survey_versions.c.id, survey_versions.c.number, survey_versions.c.checksum)
        .where(survey_versions.c.survey_id == survey_id)
        .order_by(survey_versions.c.number.desc())
        .limit(1)
    ).one_or_none()
    current = tx.execute(
        select(waves).where(
            waves.c.unit_id == unit_id,
            waves.c.code == survey.id,
            waves.c.state == "open",
            waves.c.kind == WaveKind.OPEN,
        )
    ).one_or_none()
    same = newest is not None and newest.checksum == checksum
    if newest is not None and same and (not opens or (current is not None and current.version_id == newest.id)):
        wave, code = (current.id, current.code) if opens and current is not None else (0, survey.id)
        return Published(newest.id, newest.number, wave, code, new=False, closed=None)
    if newest is not None and same:
        version, number = int(newest.id), int(newest.number)
    else:
        number = 1 if newest is None else newest.number + 1
        version = _add_version(tx, unit_id, survey_id, number, survey, checksum, now, by)
    if not opens:
        return Published(version, number, 0, survey.id, new=True, closed=None)
    wave = _opened(tx, unit_id, survey, version, current, now)
    if same:
        # No version says that it was opened: the wave says so itself.
        actor = by or Actor(kind=SYSTEM, unit=unit_id)
        act_rows.record(tx, actor, "open", thing="wave", thing_id=wave, unit=unit_id, now=now, code=survey.id)
    closed = None if current is None else current.id
    return Published(version, number, wave, survey.id, new=not same, closed=closed, opened=True)


def _add_version(
    tx: Tx, unit_id: int, survey_id: int, number: int, survey: Survey, checksum: str, now: int, by: Actor | None
) -> int:
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
    actor = by or Actor(kind=SYSTEM, unit=unit_id)
    act_rows.record(tx, actor, "publish", thing="survey", thing_id=version, unit=unit_id, now=now, checksum=checksum)
    return version


def _opened(tx: Tx, unit_id: int, survey: Survey, version: int, current: Row[Any] | None, now: int) -> int:
    """A wave that anyone may answer, in the place of the one that stood open."""
    if current is not None:
        end = now + UNDER_WAY if current.closes_at is None else min(current.closes_at, now + UNDER_WAY)
        tx.execute(update(waves).where(waves.c.id == current.id).values(state="closed", closes_at=end))
        wave_acts.end_at(tx, unit_id, current.id, end)
        kept = {name: getattr(current, name) for name in _KEPT}
    else:
        # What the Front asks is sealed until its close, however it was opened.
        kept = {"owner": survey.owner, "sealed": int(survey.owner is Owner.FRONT)}
    wave = new_id()
    new = {"id": wave, "unit_id": unit_id, "version_id": version, "kind": "open", "code": survey.id, "opens_at": now}
    tx.execute(insert(waves).values(**new, **kept, follows=None if current is None else current.id))
    if kept.get("closes_at") is not None:
        wave_acts.end_at(tx, unit_id, wave, kept["closes_at"])
    return wave


def newest(conn: Connection, unit_id: int, slug: str) -> tuple[int, str]:
    """Number and checksum of the newest version of a survey; (0, "") where it was never published."""
    row = conn.execute(
        select(survey_versions.c.number, survey_versions.c.checksum)
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        .where(surveys.c.unit_id == unit_id, surveys.c.slug == slug)
        .order_by(survey_versions.c.number.desc())
        .limit(1)
    ).first()
    return (0, "") if row is None else (int(row.number), str(row.checksum))


_KEPT = ("title", "owner", "per", "sealed", "segment", "closes_at", "remind_days", "remind_times", "repeat", "ends_day")
"""What the wave of a new version takes over from the one before it."""


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
