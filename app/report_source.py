"""The report's questions (reports/source.py), answered from the store over one read connection."""

from datetime import date

import msgspec
from sqlalchemy import Connection

from reports.source import AskedSurvey, CaseLine, Commune, Tally, Unit
from storage import figures
from storage.rollups import Cell
from surveys.definition import Survey
from surveys.tally import RESPONSES, add
from surveys.waves import WaveKind


class StoreSource:
    """See reports.source.Source. For one commune and one read of the store: what was counted once is kept."""

    def __init__(self, conn: Connection, unit_id: int) -> None:
        self._conn = conn
        self._commune = figures.commune(conn, unit_id)
        self._counts: dict[tuple[int, str, date, date], dict[Cell, Tally]] = {}

    def commune(self) -> Commune:
        """See Source."""
        row = self._commune
        return Commune(
            id=row.id, name=row.name, province=row.province, villages=tuple(Unit(*one) for one in row.villages)
        )

    def asked(self, first: date, last: date) -> list[AskedSurvey]:
        """See Source."""
        return [
            AskedSurvey(
                version=row.version,
                survey=msgspec.json.decode(row.body, type=Survey),
                kind=row.kind,
                number=row.number,
            )
            for row in figures.asked(self._conn, self._commune, first, last)
        ]

    def responses(self, version: int, first: date, last: date, kind: str = WaveKind.OPEN) -> dict[str, int]:
        """See Source."""
        total: dict[str, int] = {}
        for cell, counts in self._read(version, first, last, kind).items():
            if cell.question == RESPONSES:
                total[cell.channel] = total.get(cell.channel, 0) + int(counts["n"])
        return total

    def tallies(self, version: int, first: date, last: date, kind: str = WaveKind.OPEN) -> dict[str, Tally]:
        """See Source."""
        total: dict[str, Tally] = {}
        for cell, counts in self._read(version, first, last, kind).items():
            if cell.question != RESPONSES:
                total[cell.question] = add(total.get(cell.question, {}), counts)
        return total

    def tallies_by_village(
        self, version: int, first: date, last: date, kind: str = WaveKind.OPEN
    ) -> dict[int, dict[str, Tally]]:
        """See Source."""
        total: dict[int, dict[str, Tally]] = {}
        for cell, counts in self._read(version, first, last, kind).items():
            if cell.question != RESPONSES:
                village = total.setdefault(cell.unit, {})
                village[cell.question] = add(village.get(cell.question, {}), counts)
        return total

    def cases(self, first: date, last: date) -> list[CaseLine]:
        """See Source."""
        return [
            CaseLine(
                kind=row.kind,
                category=row.category,
                village=row.village,
                opened=row.opened,
                answered=row.answered,
            )
            for row in figures.open_cases(self._conn, self._commune.id, first, last)
        ]

    def _read(self, version: int, first: date, last: date, kind: str) -> dict[Cell, Tally]:
        key = (version, kind, first, last)
        if key not in self._counts:
            self._counts[key] = figures.counts(self._conn, version, self._commune, first, last, kind)
        return self._counts[key]
