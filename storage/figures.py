"""What a report asks of the store, as plain values; app/report_source.py puts them into the report's own types."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from storage import rollups
from storage.rollups import Cell
from storage.tables import rollups as rows
from storage.tables import survey_versions, units, waves
from surveys.tally import RESPONSES, Tally
from surveys.waves import WaveKind


class CommuneRow(NamedTuple):
    """A commune and its villages (id, name), in the order of the alphabet."""

    id: int
    name: str
    province: str
    villages: list[tuple[int, str]]


class VersionRow(NamedTuple):
    """A version that was answered in waves of one kind. `body` is JSON of surveys.definition.Survey."""

    version: int
    number: int
    kind: str
    body: str
    checksum: str = ""


def commune(conn: Connection, unit: int) -> CommuneRow:
    """A commune by its id; LookupError where there is none. Villages that are not active any more still count."""
    province = units.alias("province")
    row = conn.execute(
        select(units.c.name, province.c.name.label("province"))
        .outerjoin(province, province.c.id == units.c.parent_id)
        .where(units.c.id == unit, units.c.kind == "commune")
    ).one_or_none()
    if row is None:
        raise LookupError(f"no commune {unit}")
    below = select(units.c.id, units.c.name).where(units.c.parent_id == unit, units.c.kind == "village")
    villages = [(village.id, village.name) for village in conn.execute(below.order_by(units.c.sort_key, units.c.id))]
    return CommuneRow(unit, row.name, row.province or "", villages)


_version = (
    survey_versions.c.id,
    survey_versions.c.number,
    waves.c.kind,
    survey_versions.c.body,
    survey_versions.c.checksum,
)


def asked(conn: Connection, commune: CommuneRow, first: date, last: date) -> list[VersionRow]:
    """Versions with answers of this commune released between two days, oldest first; once for each kind of wave.

    What a random sample said and what whoever liked said stand apart, although they were asked the same (DL8).
    """
    above = select(units.c.parent_id).where(units.c.id == commune.id)
    mine = or_(waves.c.unit_id == commune.id, waves.c.unit_id.in_(above))
    query = select(*_version).where(survey_versions.c.id == waves.c.version_id, mine).distinct()
    ordered = query.add_columns(survey_versions.c.published_at).order_by(
        survey_versions.c.published_at, survey_versions.c.id, waves.c.kind.desc()
    )
    found = [VersionRow(row.id, row.number, row.kind, row.body, row.checksum) for row in conn.execute(ordered)]
    answered = _answered(conn, [row.version for row in found], first, last)
    return [
        row
        for row in found
        if (row.version, row.kind) in answered and _any(conn, row.version, commune, first, last, row.kind)
    ]


def _answered(conn: Connection, versions: list[int], first: date, last: date) -> set[tuple[int, str]]:
    """Versions counted in any half-month that the days touch: spares the closer look at all the others."""
    halves = {rollups.half_of(first + timedelta(days=number)) for number in range((last - first).days + 1)}
    query = select(rows.c.version_id, rows.c.kind).distinct()
    found = conn.execute(query.where(rows.c.version_id.in_(versions), rows.c.period.in_(halves)))
    return {(row.version_id, row.kind) for row in found}


def _any(conn: Connection, version: int, commune: CommuneRow, first: date, last: date, kind: str) -> bool:
    return any(cell.question == RESPONSES for cell in counts(conn, version, commune, first, last, kind))


def counts(
    conn: Connection, version: int, commune: CommuneRow, first: date, last: date, kind: str = WaveKind.OPEN
) -> dict[Cell, Tally]:
    """Counts of a version in one kind of wave between two days, by village (or the commune itself) and channel."""
    return rollups.read(conn, version, _units(commune), first, last, kind)


def _units(commune: CommuneRow) -> Collection[int]:
    return [commune.id, *(id for id, _ in commune.villages)]
