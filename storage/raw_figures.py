"""Figures that no rollup keeps, from the released answers themselves: two questions crossed, and a random sample."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, select

from storage import wave_counts
from storage.figures import CommuneRow
from storage.rollups import times
from storage.tables import answers, responses, survey_versions, waves
from storage.vault import Vault
from surveys.definition import Survey
from surveys.tally import Tally, add
from surveys.waves import Segment, WaveKind
from vietnam.time import start_of

_value = msgspec.json.Decoder(str | int | float | list[str] | None)


class SampleRow(NamedTuple):
    """One response of a random sample: the village that was named, and its answers on the scale (1 to 5)."""

    village: int | None
    levels: dict[str, int]


class SampleRows(NamedTuple):
    """What came of invited waves between two days. Beyond one wave nothing but their number is told.

    `over`: the wave had ended by then; `elsewhere`: answers of it that were released on other days; `strata`: id of the
    village (0: none), rows of the frame, rows invited, invitations answered; [] where the frame is not this unit's.
    """

    waves: int
    over: bool = False
    elsewhere: int = 0
    strata: tuple[tuple[int, int, int, int], ...] = ()
    rows: tuple[SampleRow, ...] = ()


def crossed(
    conn: Connection, version: int, commune: CommuneRow, first: date, last: date, kind: str, question: str, by: str
) -> dict[str, Tally]:
    """Counts of a question by the choice that was made in another, "" where none was, released between two days."""
    body = conn.execute(select(survey_versions.c.body).where(survey_versions.c.id == version)).scalar_one()
    survey = msgspec.json.decode(body, type=Survey)
    said, chose = answers.alias("said"), answers.alias("chose")
    query = (
        select(chose.c.value.label("choice"), said.c.value, func.count().label("times"))
        .select_from(responses)
        .join(said, (said.c.response_id == responses.c.id) & (said.c.question == question))
        .outerjoin(chose, (chose.c.response_id == responses.c.id) & (chose.c.question == by))
        .where(responses.c.wave_id.in_(_waves(version, kind)), *_between(commune, first, last))
        .group_by(chose.c.value, said.c.value)
    )
    total: dict[str, Tally] = {}
    for row in conn.execute(query):
        choice = None if row.choice is None else _value.decode(row.choice)
        id = choice if isinstance(choice, str) else ""
        total[id] = add(total.get(id, {}), times(survey, question, row.value, row.times))
    return total


def sampled(
    conn: Connection,
    vault: Vault | None,
    version: int,
    commune: CommuneRow,
    first: date,
    last: date,
    scales: Collection[str],
) -> SampleRows | None:
    """What came of the invited waves of a version between two days; None where nothing did.

    `scales`: the questions whose answers are wanted. Without `vault` nobody can tell which invitations were answered.
    """
    counted = (
        select(responses.c.wave_id, func.count())
        .where(responses.c.wave_id.in_(_waves(version, WaveKind.INVITED)), *_between(commune, first, last))
        .group_by(responses.c.wave_id)
    )
    found = {wave: int(n) for wave, n in conn.execute(counted)}
    if len(found) != 1:
        return SampleRows(len(found)) if found else None
    ((id, n),) = found.items()
    columns = (waves.c.unit_id, waves.c.frame_id, waves.c.segment, waves.c.closes_at)
    unit, frame, segment, closes = conn.execute(select(*columns).where(waves.c.id == id)).one()
    whole = conn.scalar(select(func.count()).where(responses.c.wave_id == id)) or 0
    return SampleRows(
        waves=1,
        over=closes is not None and closes <= start_of(last + timedelta(days=1)),
        elsewhere=whole - n,
        strata=_strata(conn, vault, id, frame, segment) if unit == commune.id else (),
        rows=_rows(conn, id, commune, first, last, scales),
    )


def _strata(
    conn: Connection, vault: Vault | None, wave: int, frame: int | None, segment: str
) -> tuple[tuple[int, int, int, int], ...]:
    if vault is None or frame is None:
        return ()
    meant = msgspec.json.decode(segment or "{}", type=Segment)
    return tuple(wave_counts.strata(conn, vault, wave, frame, meant))


def _rows(
    conn: Connection, wave: int, commune: CommuneRow, first: date, last: date, scales: Collection[str]
) -> tuple[SampleRow, ...]:
    mine = (responses.c.wave_id == wave, *_between(commune, first, last))
    found = {
        row.id: SampleRow(row.village_id, {})
        for row in conn.execute(select(responses.c.id, responses.c.village_id).where(*mine).order_by(responses.c.id))
    }
    said = (
        select(answers.c.response_id, answers.c.question, answers.c.value)
        .join(responses, responses.c.id == answers.c.response_id)
        .where(*mine, answers.c.question.in_(scales), answers.c.value.in_([str(level) for level in range(1, 6)]))
    )
    for response, question, value in conn.execute(said):
        found[response].levels[question] = int(value)
    return tuple(found.values())


def _waves(version: int, kind: str) -> Select[tuple[int]]:
    return select(waves.c.id).where(waves.c.version_id == version, waves.c.kind == kind)


def _between(commune: CommuneRow, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    places = [commune.id, *(id for id, _ in commune.villages)]
    return (
        responses.c.day.between(first.isoformat(), last.isoformat()),
        func.coalesce(responses.c.village_id, responses.c.unit_id).in_(places),
    )
