"""Waves as officers and schedules change them; storage/waves.py is what a conversation asks about them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, or_, select, update

from feedback.roles import SYSTEM, Actor
from storage import act_rows, jobs, survey_sides
from storage.ids import new_id
from storage.tables import (
    frames,
    invitations,
    survey_versions,
    surveys,
    waves,
)
from storage.tx import Tx
from surveys.waves import (
    Change,
    Opening,
    Owner,
    Per,
    Repeat,
    Segment,
    Sending,
    Wave,
    WaveKind,
    WaveState,
)
from vietnam.time import day_of

END_JOB = "wave-end"
"""Takes back what a wave that is over still had to send, and asks for the next one."""
RELEASE_JOB = "wave-release"
"""Some minutes later: gathers what was left unfinished in it as partial answers, and releases its remainder."""


@dataclass(frozen=True, slots=True)
class WaveRow:
    """A wave as officers see it. `title` is the survey's own where the wave has none, `own_title` "" then.

    `sample` is how many are drawn of its frame; `ends_day` as `ends_day()` says, 0 where it has no end of its own.
    """

    id: int
    unit: int
    version: int
    number: int
    slug: str
    code: str
    title: str
    own_title: str
    kind: WaveKind
    state: WaveState
    owner: Owner
    per: Per
    sealed: bool
    segment: Segment
    frame: int | None
    frame_name: str
    seed: str
    sample: int
    population: int
    sending: Sending
    opens_at: int
    closes_at: int | None
    remind_days: int
    remind_times: int
    repeat: Repeat
    ends_day: int
    follows: int | None


_ROW = (
    select(
        waves,
        survey_versions.c.number,
        survey_versions.c.title.label("survey"),
        surveys.c.slug,
        func.coalesce(frames.c.name, "").label("frame_name"),
    )
    .join(survey_versions, survey_versions.c.id == waves.c.version_id)
    .join(surveys, surveys.c.id == survey_versions.c.survey_id)
    .outerjoin(frames, frames.c.id == waves.c.frame_id)
)


def _row(row: Row[Any]) -> WaveRow:
    return WaveRow(
        id=row.id,
        unit=row.unit_id,
        version=row.version_id,
        number=row.number,
        slug=row.slug,
        code=row.code,
        title=row.title or row.survey,
        own_title=row.title,
        kind=WaveKind(row.kind),
        state=WaveState(row.state),
        owner=Owner(row.owner),
        per=Per(row.per),
        sealed=bool(row.sealed),
        segment=msgspec.json.decode(row.segment, type=Segment),
        frame=row.frame_id,
        frame_name=row.frame_name,
        seed=row.seed,
        sample=row.sample,
        population=row.population,
        sending=Sending(row.sending),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        remind_days=row.remind_days,
        remind_times=row.remind_times,
        repeat=Repeat(row.repeat),
        ends_day=row.ends_day,
        follows=row.follows,
    )


def listed(conn: Connection, unit_id: int) -> list[WaveRow]:
    """Every wave of a commune, newest first."""
    query = _ROW.where(waves.c.unit_id == unit_id).order_by(waves.c.opens_at.desc(), waves.c.id.desc())
    return [_row(row) for row in conn.execute(query)]


def by_code(conn: Connection, unit_id: int, code: str) -> WaveRow | None:
    """The wave of a code: the one that stands open or is planned, else the newest of those that did."""
    standing = waves.c.state.in_([WaveState.OPEN, WaveState.PLANNED])
    query = _ROW.where(waves.c.unit_id == unit_id, waves.c.code == code)
    row = conn.execute(query.order_by(standing.desc(), waves.c.opens_at.desc(), waves.c.id.desc()).limit(1)).first()
    return None if row is None else _row(row)


def wave(conn: Connection, id: int) -> WaveRow | None:
    """A wave by its id."""
    row = conn.execute(_ROW.where(waves.c.id == id)).one_or_none()
    return None if row is None else _row(row)


def newest_version(
    conn: Connection, unit_id: int, slug: str, *, asked_by: Owner = Owner.FRONT
) -> tuple[int, str] | None:
    """Id and title of the newest version of a survey; None where it was never published.

    Nor is there one to be asked by the People's Committee where the survey is the Front's.
    """
    if asked_by is Owner.COMMITTEE and survey_sides.owner_of(conn, unit_id, slug) is Owner.FRONT:
        return None
    row = conn.execute(
        select(survey_versions.c.id, survey_versions.c.title)
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        .where(surveys.c.unit_id == unit_id, surveys.c.slug == slug)
        .order_by(survey_versions.c.number.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.id, row.title)


def code_taken(conn: Connection, unit_id: int, code: str) -> bool:
    """Whether a wave of the commune stands open, or is about to, under that code."""
    standing = waves.c.state.in_([WaveState.OPEN, WaveState.PLANNED])
    return (
        conn.execute(
            select(waves.c.id).where(waves.c.unit_id == unit_id, waves.c.code == code, standing).limit(1)
        ).first()
        is not None
    )


# --- changes ----------------------------------------------------------------------------------------------------------


def add(
    tx: Tx,
    actor: Actor,
    unit_id: int,
    version: int,
    opening: Opening,
    now: int,
    *,
    frame: int | None = None,
    listed: int = 0,
) -> int:
    """A new wave in the state "planned": nobody is asked before `begin`. Its id. `listed`: rows the segment means.

    Only `begin` can tell whether another wave of the same code came to stand open meanwhile (IntegrityError).
    """
    id = new_id()
    values = {
        name: str(value)
        for name, value in (
            ("kind", opening.kind),
            ("owner", opening.owner),
            ("per", opening.per),
            ("repeat", opening.repeat),
        )
    }
    tx.execute(
        insert(waves).values(
            id=id,
            unit_id=unit_id,
            version_id=version,
            code=opening.code,
            title=opening.title,
            state=WaveState.PLANNED,
            opens_at=opening.opens_at,
            closes_at=opening.closes_at,
            # What the Front asks is its own affair until the end.
            sealed=int(opening.sealed or opening.owner is Owner.FRONT),
            segment=msgspec.json.encode(opening.segment).decode(),
            frame_id=frame,
            seed=opening.seed,
            sample=opening.sample or listed,
            population=opening.population or listed,
            remind_days=opening.remind_days,
            remind_times=opening.remind_times,
            ends_day=0 if opening.closes_at is None else ends_day(opening.closes_at),
            **values,
        )
    )
    act_rows.record(tx, actor, "open", thing="wave", thing_id=id, unit=unit_id, now=now, code=opening.code)
    if opening.closes_at is not None:
        end_at(tx, unit_id, id, opening.closes_at)
    return id


def begin(tx: Tx, id: int) -> bool:
    """From planned to open; False where it was not planned any more. It takes answers from its `opens_at` on."""
    planned = update(waves).where(waves.c.id == id, waves.c.state == WaveState.PLANNED)
    return bool(tx.execute(planned.values(state=WaveState.OPEN)).rowcount)


def facts(tx: Tx, id: int) -> Wave | None:
    """What surveys.waves.decide is given, the wave locked until the transaction ends."""
    row = tx.execute(
        select(waves.c.kind, waves.c.state, waves.c.sending, waves.c.opens_at, waves.c.closes_at, waves.c.repeat)
        .where(waves.c.id == id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    some = tx.execute(select(invitations.c.id).where(invitations.c.wave_id == id).limit(1)).first()
    return Wave(
        kind=WaveKind(row.kind),
        state=WaveState(row.state),
        sending=Sending(row.sending),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        invited=int(some is not None),
        repeats=row.repeat != Repeat.NEVER,
    )


def change(tx: Tx, actor: Actor, unit_id: int, id: int, action: str, made: Change, now: int, *, why: str = "") -> None:
    """Write what an act made of a wave, in the transaction that read its facts; over it goes to the worker.

    `why`: the reason that was given, which stands in the list of acts.
    """
    values: dict[str, object] = {
        name: value for name, value in (("state", made.state), ("sending", made.sending)) if value is not None
    }
    if made.closes_at is not None:
        values["closes_at"] = made.closes_at
        end_at(tx, unit_id, id, made.closes_at)
    if made.stops:
        values["repeat"] = Repeat.NEVER
    if values:
        tx.execute(update(waves).where(waves.c.id == id).values(**values))
    said: dict[str, Any] = {"why": why} if why else {}
    act_rows.record(tx, actor, action, thing="wave", thing_id=id, unit=unit_id, now=now, **said)
    tx.wake("waves")


def ends_day(closes_at: int) -> int:
    """The day of the month that a wave closing at an instant ends with: 31 stands for the last of any month.

    The waves that follow it in a schedule end with the same, also after a month without it, or a close by hand.
    """
    last = day_of(closes_at - 1)
    return last.day if (last + timedelta(days=1)).day > 1 else 31


def end_at(tx: Tx, unit_id: int, id: int, at: int) -> None:
    """Have the worker wind a wave up at an instant, or sooner where that was said before."""
    if not jobs.put(tx, unit=unit_id, kind=END_JOB, key=str(id), run_at=at):
        jobs.sooner(tx, kind=END_JOB, key=str(id), run_at=at)


def release_at(tx: Tx, unit_id: int, id: int, at: int) -> None:
    """Have the worker gather and release a wave that is over at an instant."""
    jobs.put(tx, unit=unit_id, kind=RELEASE_JOB, key=str(id), run_at=at)


def winding_up(conn: Connection, id: int) -> bool:
    """Whether what was begun in a wave that is over is still to be gathered: one of its two jobs has not been done."""
    return any(jobs.waits(conn, kind, str(id)) for kind in (END_JOB, RELEASE_JOB))


def is_over(conn: Connection, now: int) -> bool:
    """Whether a wave stands open whose time is over."""
    ended = select(waves.c.id).where(waves.c.state == WaveState.OPEN, waves.c.closes_at <= now)
    return conn.execute(ended.limit(1)).first() is not None


def over(tx: Tx, now: int) -> int:
    """Close every wave whose time is over, its winding up being asked for; how many."""
    ended = tx.execute(
        select(waves.c.id, waves.c.unit_id)
        .where(waves.c.state == WaveState.OPEN, waves.c.closes_at <= now)
        .with_for_update(skip_locked=True)
    ).all()
    for row in ended:
        actor = Actor(kind=SYSTEM, unit=row.unit_id)
        tx.execute(update(waves).where(waves.c.id == row.id).values(state=WaveState.CLOSED))
        act_rows.record(tx, actor, "close", thing="wave", thing_id=row.id, unit=row.unit_id, now=now)
        end_at(tx, row.unit_id, row.id, now)
    return len(ended)


def follow(tx: Tx, id: int, opens_at: int, closes_at: int | None, seed: str, now: int) -> int | None:
    """The next wave of a schedule in place of this one, the same in everything but its time; its id.

    None where another process was faster: the row of the one before decides, in its own transaction.
    """
    before = tx.execute(
        select(waves).where(waves.c.id == id, waves.c.repeat != Repeat.NEVER).with_for_update()
    ).one_or_none()
    if before is None:
        return None
    # The schedule goes with the newest; whoever comes second finds none here.
    old = update(waves).where(waves.c.id == id)
    tx.execute(old.values(repeat=Repeat.NEVER))
    if before.state == WaveState.OPEN:
        end = opens_at if before.closes_at is None else min(opens_at, before.closes_at)
        tx.execute(old.values(state=WaveState.CLOSED, closes_at=end))
        end_at(tx, before.unit_id, id, end)
    next_id = new_id()
    kept = dict(before._mapping)  # noqa: SLF001 - SQLAlchemy's own public name
    kept |= {
        "id": next_id,
        "version_id": newest_of(tx, before.version_id),
        "state": WaveState.PLANNED,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "sending": Sending.NONE,
        "seed": seed,
        "follows": id,
    }
    tx.execute(insert(waves).values(**kept))
    actor = Actor(kind=SYSTEM, unit=before.unit_id)
    act_rows.record(tx, actor, "open", thing="wave", thing_id=next_id, unit=before.unit_id, now=now, code=before.code)
    if closes_at is not None:
        end_at(tx, before.unit_id, next_id, closes_at)
    return next_id


def newest_of(tx: Tx, version: int) -> int:
    """The newest version of the same survey: a schedule asks what is valid by then."""
    same = select(survey_versions.c.survey_id).where(survey_versions.c.id == version).scalar_subquery()
    query = select(survey_versions.c.id).where(survey_versions.c.survey_id == same)
    return int(tx.execute(query.order_by(survey_versions.c.number.desc()).limit(1)).scalar_one())


def monthly(conn: Connection, unit_id: int | None = None) -> list[WaveRow]:
    """The newest wave of every monthly schedule."""
    going = or_(waves.c.state == WaveState.OPEN, waves.c.state == WaveState.CLOSED)
    query = _ROW.where(waves.c.repeat == Repeat.MONTHLY, going)
    if unit_id is not None:
        query = query.where(waves.c.unit_id == unit_id)
    return [_row(row) for row in conn.execute(query)]


def planned(conn: Connection) -> list[int]:
    """Waves whose list was not drawn to its end: a process died, or one is at it."""
    return list(conn.scalars(select(waves.c.id).where(waves.c.state == WaveState.PLANNED)))
