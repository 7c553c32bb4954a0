"""Counts of released answers, kept so that a month's figures cost the same whatever the number of answers.

A row counts one question of one version, asked in one kind of wave, in one period, unit and channel: invited and open
waves are never added up (DL8). Periods are half-months, "2026-10a" to the
14th and "2026-10b" from the 15th, so that calendar and statutory months are both exact sums; and single days
"2026-10-03", which are dropped when their half-month is 31 days past.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, select, text

from storage.bulk import insert_many
from storage.tables import answers, responses, rollups, survey_versions, waves
from storage.tx import Tx
from surveys.definition import Answer, Survey
from surveys.tally import RESPONSES, Tally, add, tally
from surveys.waves import WaveKind

DAYS_KEPT = 31
"""How long after its end the single days of a half-month are kept."""
_HALF = 15  # the day of the month that the second half begins with
_DAY_LENGTH = len("2026-10-03")

_counts = msgspec.json.Decoder(dict[str, int | float])
_answer = msgspec.json.Decoder(Answer)


class Part(NamedTuple):
    """Where a batch of answers belongs: a village, or the commune where the village was blanked; "" likewise."""

    unit: int
    channel: str


class Cell(NamedTuple):
    """What a tally was read for; question "" counts responses."""

    unit: int
    channel: str
    question: str


def half_of(day: date) -> str:
    """The half-month of a day: "2026-10a" or "2026-10b"."""
    return f"{day:%Y-%m}{'a' if day.day < _HALF else 'b'}"


def cover(first: date, last: date) -> tuple[list[str], list[date]]:
    """The half-months that lie whole between two days (both included), and the single days beside them."""
    halves: list[str] = []
    days: list[date] = []
    day = first
    while day <= last:
        begin, end = _bounds(day)
        if day == begin and end <= last:
            halves.append(half_of(day))
            day = end
        else:
            days.append(day)
        day += timedelta(days=1)
    return halves, days


def _bounds(day: date) -> tuple[date, date]:
    """The first and the last day of a day's half-month."""
    if day.day < _HALF:
        return day.replace(day=1), day.replace(day=_HALF - 1)
    return day.replace(day=_HALF), day.replace(day=monthrange(day.year, day.month)[1])


def bounds(half: str) -> tuple[date, date]:
    """The first and the last day of a half-month by its name."""
    return _bounds(date(int(half[:4]), int(half[5:7]), 1 if half.endswith("a") else _HALF))


def fold(tx: Tx, version: int, day: date, batch: Mapping[Part, Mapping[str, Tally]], kind: str = WaveKind.OPEN) -> None:
    """Add the tallies of a batch of released answers to their half-month and day, in the transaction that stores them.

    `batch` holds what `count` or surveys.tally.fold gave, by part. One SELECT and one upsert, however large it is.
    """
    if tx.postgres:
        # The rows of a new period are not there to be locked yet: whoever counts this version waits here.
        tx.execute(text("SELECT pg_advisory_xact_lock(:version)"), {"version": version})
    periods = (half_of(day), day.isoformat())
    known = {
        (row.period, row.unit_id, row.channel, row.question): row.counts
        for row in tx.execute(
            select(rollups.c.period, rollups.c.unit_id, rollups.c.channel, rollups.c.question, rollups.c.counts).where(
                rollups.c.version_id == version,
                rollups.c.kind == kind,
                rollups.c.period.in_(periods),
                rollups.c.unit_id.in_({part.unit for part in batch}),
                rollups.c.channel.in_({part.channel for part in batch}),
            )
        )
    }
    rows = []
    for period in periods:
        for part, tallies in batch.items():
            for question, counts in tallies.items():
                before = known.get((period, part.unit, part.channel, question))
                total = counts if before is None else add(_counts.decode(before), counts)
                packed = msgspec.json.encode(total).decode()
                rows.append((version, str(kind), period, part.unit, part.channel, question, packed))
    insert_many(tx, rollups, _COLUMNS, rows, replace="counts")


_COLUMNS = ("version_id", "kind", "period", "unit_id", "channel", "question", "counts")


def count(survey: Survey, responses: int, said: Mapping[tuple[str, str | None], int]) -> dict[str, Tally]:
    """Tallies by question of that many responses; `said` counts each stored value ((question, JSON or None) -> times).

    The same as surveys.tally.fold, but every different answer is looked at once only.
    """
    total: dict[str, Tally] = {RESPONSES: {"n": responses}}
    for (question, value), often in said.items():
        total[question] = add(total.get(question, {}), times(survey, question, value, often))
    return total


def read(
    conn: Connection, version: int, units: Collection[int], first: date, last: date, kind: str = WaveKind.OPEN
) -> dict[Cell, Tally]:
    """Counts of a version in waves of one kind between two days (both included) in these units.

    Whole half-months and the days beside them; where those days are dropped already, a recount of the answers.
    """
    halves, days = cover(first, last)
    if any(_days_gone(conn, version, units, half, kind) for half in {half_of(day) for day in days}):
        return recount(conn, version, units, first, last, kind)
    rows = conn.execute(
        select(rollups.c.unit_id, rollups.c.channel, rollups.c.question, rollups.c.counts).where(
            rollups.c.version_id == version,
            rollups.c.kind == kind,
            rollups.c.period.in_([*halves, *(day.isoformat() for day in days)]),
            rollups.c.unit_id.in_(units),
        )
    )
    return _sum((Cell(unit, channel, question), _counts.decode(counts)) for unit, channel, question, counts in rows)


def _days_gone(conn: Connection, version: int, units: Collection[int], half: str, kind: str) -> bool:
    """Whether a half-month is counted but its days are not any more."""
    begin, end = bounds(half)
    days = [(begin + timedelta(days=number)).isoformat() for number in range((end - begin).days + 1)]
    there = set(
        conn.scalars(
            select(rollups.c.period)
            .where(
                rollups.c.version_id == version,
                rollups.c.kind == kind,
                rollups.c.period.in_([half, *days]),
                rollups.c.unit_id.in_(units),
                rollups.c.question == RESPONSES,
            )
            .distinct()
        )
    )
    return there == {half}


def recount(
    conn: Connection, version: int, units: Collection[int], first: date, last: date, kind: str = WaveKind.OPEN
) -> dict[Cell, Tally]:
    """The same as `read`, from the released answers themselves: the check of the rollups. Slow with many answers."""
    survey = msgspec.json.decode(
        conn.execute(select(survey_versions.c.body).where(survey_versions.c.id == version)).scalar_one(), type=Survey
    )
    unit = func.coalesce(responses.c.village_id, responses.c.unit_id)
    mine = (
        # By wave and day, as the index has them.
        responses.c.wave_id.in_(select(waves.c.id).where(waves.c.version_id == version, waves.c.kind == kind)),
        responses.c.day.between(first.isoformat(), last.isoformat()),
        unit.in_(units),
    )
    counted = conn.execute(select(unit, responses.c.channel, func.count()).where(*mine).group_by(unit, "channel"))
    totals: dict[Cell, Tally] = {Cell(at, channel, RESPONSES): {"n": count} for at, channel, count in counted}
    said = conn.execute(
        select(unit, responses.c.channel, answers.c.question, answers.c.value, func.count())
        .join(answers, answers.c.response_id == responses.c.id)
        .where(*mine)
        .group_by(unit, responses.c.channel, answers.c.question, answers.c.value)
    )
    return _sum(
        [
            *totals.items(),
            *(
                (Cell(at, channel, question), times(survey, question, value, count))
                for at, channel, question, value, count in said
            ),
        ]
    )


def times(survey: Survey, question: str, value: str | None, count: int) -> Tally:
    """The tally of a stored value (JSON, None where it was skipped) that so many gave."""
    answer = None if value is None else _answer.decode(value)
    return {key: number * count for key, number in tally(survey.question(question), answer).items()}


def _sum(tallies: Iterable[tuple[Cell, Tally]]) -> dict[Cell, Tally]:
    total: dict[Cell, Tally] = {}
    for cell, counts in tallies:
        total[cell] = add(total.get(cell, {}), counts)
    return total


def drop_days(tx: Tx, today: date, version: int) -> int:
    """Drop the single days of a version whose half-month ended more than 31 days ago; how many rows went.

    One version a transaction: with a hundred communes the whole table is too long for one.
    """
    latest = today - timedelta(days=DAYS_KEPT + 1)
    begin, end = _bounds(latest)
    cut = latest if latest == end else begin - timedelta(days=1)
    dropped = tx.execute(
        delete(rollups).where(
            rollups.c.version_id == bindparam("version"),
            func.length(rollups.c.period) == _DAY_LENGTH,
            rollups.c.period <= cut.isoformat(),
        ),
        {"version": version},
    )
    return dropped.rowcount
