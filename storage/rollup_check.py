"""The counts that figures are made of, held against the released answers themselves, and put right where they differ.

A reader sees one moment of the store, so what is being released meanwhile is in both or in neither. A row is put right
only as it was seen: where a release has changed it since, it is looked at once more.
"""

from datetime import date, timedelta
from math import isclose
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, and_, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.rollups import DAYS_KEPT, bounds, half_of, times
from storage.tables import answers, responses, rollups, survey_versions, waves
from storage.tx import Tx
from surveys.definition import Survey
from surveys.tally import RESPONSES, Tally, add

_HALF_LENGTH = len("2026-10a")
_SUM = "sum"
_counts = msgspec.json.Decoder(dict[str, int | float])


class Half(NamedTuple):
    """A half-month of a version in waves of one kind: what is counted, checked and put right together."""

    version: int
    kind: str
    half: str


class Key(NamedTuple):
    """A row of rollups below its version and kind."""

    period: str
    unit: int
    channel: str
    question: str


class Wrong(NamedTuple):
    """A row that is not what the answers give: as it stands ("" for none) and as it should ("" for none), packed."""

    key: Key
    stands: str
    right: str


class Found(NamedTuple):
    """What a half-month holds: released responses, and the rows that are wrong."""

    responses: int
    wrong: list[Wrong]


def halves(conn: Connection) -> list[Half]:
    """Every half-month of which there are released answers, or counts."""
    counted = select(rollups.c.version_id, rollups.c.kind, rollups.c.period).distinct()
    released = (
        select(waves.c.version_id, waves.c.kind, responses.c.day)
        .join(responses, responses.c.wave_id == waves.c.id)
        .distinct()
    )
    found = {Half(version, kind, _half(period)) for version, kind, period in conn.execute(counted)}
    found |= {Half(version, kind, _half(day)) for version, kind, day in conn.execute(released)}
    return sorted(found)


def _half(period: str) -> str:
    return period if len(period) == _HALF_LENGTH else half_of(date.fromisoformat(period))


def look(conn: Connection, half: Half, today: date) -> Found:
    """Count the answers of a half-month again, and compare."""
    first, last = bounds(half.half)
    days = [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]
    stored = _stored(conn, half, days)
    right = _recounted(conn, half, first, last)
    many = int(sum(said["n"] for key, said in right.items() if key.question == RESPONSES and key.period == half.half))
    dropped = last + timedelta(days=DAYS_KEPT) < today and all(key.period == half.half for key in stored)
    if dropped:
        right = {key: said for key, said in right.items() if key.period == half.half}
    wrong = []
    for key in sorted({*stored, *right}):
        stands, should = stored.get(key, ""), right.get(key, {})
        if not _same(_counts.decode(stands) if stands else {}, should):
            wrong.append(Wrong(key, stands, msgspec.json.encode(should).decode() if should else ""))
    return Found(many, wrong)


def _stored(conn: Connection, half: Half, days: list[str]) -> dict[Key, str]:
    query = select(rollups.c.period, rollups.c.unit_id, rollups.c.channel, rollups.c.question, rollups.c.counts).where(
        rollups.c.version_id == half.version, rollups.c.kind == half.kind, rollups.c.period.in_([half.half, *days])
    )
    return {Key(*row[:4]): row.counts for row in conn.execute(query)}


def _recounted(conn: Connection, half: Half, first: date, last: date) -> dict[Key, Tally]:
    """By single day and for the whole half-month."""
    body = conn.execute(select(survey_versions.c.body).where(survey_versions.c.id == half.version)).scalar_one()
    survey = msgspec.json.decode(body, type=Survey)
    unit = func.coalesce(responses.c.village_id, responses.c.unit_id).label("unit")
    own = select(waves.c.id).where(waves.c.version_id == half.version, waves.c.kind == half.kind)
    mine = (responses.c.wave_id.in_(own), responses.c.day.between(first.isoformat(), last.isoformat()))
    part = (responses.c.day, unit, responses.c.channel)
    total: dict[Key, Tally] = {}
    for day, place, channel, many in conn.execute(select(*part, func.count()).where(*mine).group_by(*part)):
        total[Key(day, place, channel, RESPONSES)] = {"n": many}
    said = (answers.c.question, answers.c.value)
    query = select(*part, *said, func.count()).join(answers, answers.c.response_id == responses.c.id)
    for day, place, channel, question, value, many in conn.execute(query.where(*mine).group_by(*part, *said)):
        key = Key(day, place, channel, question)
        total[key] = add(total.get(key, {}), times(survey, question, value, many))
    for key, counts in list(total.items()):
        whole = key._replace(period=half.half)
        total[whole] = add(total.get(whole, {}), counts)
    return total


def _same(stands: Tally, right: Tally) -> bool:
    """Counts to the last one; a sum of decimals as far as it does not depend on the order of adding."""
    if stands.keys() != right.keys():
        return False
    return all(
        isclose(stands[key], right[key], rel_tol=1e-9, abs_tol=1e-9) if key == _SUM else stands[key] == right[key]
        for key in right
    )


def mend(tx: Tx, half: Half, wrong: list[Wrong]) -> int:
    """Put rows right that still stand as they were seen; how many."""
    if tx.postgres:
        # As in storage.rollups.fold: nobody counts this version meanwhile.
        tx.execute(text("SELECT pg_advisory_xact_lock(:version)"), {"version": half.version})
    return sum(_mend(tx, half, one) for one in wrong)


def _mend(tx: Tx, half: Half, one: Wrong) -> int:
    key = {
        "version_id": half.version,
        "kind": half.kind,
        "period": one.key.period,
        "unit_id": one.key.unit,
        "channel": one.key.channel,
        "question": one.key.question,
    }
    if not one.stands:
        maker = postgres_insert(rollups) if tx.postgres else sqlite_insert(rollups)
        return tx.execute(maker.values(**key, counts=one.right).on_conflict_do_nothing()).rowcount
    same = and_(*(rollups.c[name] == value for name, value in key.items()), rollups.c.counts == one.stands)
    statement = update(rollups).where(same).values(counts=one.right) if one.right else delete(rollups).where(same)
    return tx.execute(statement).rowcount
