"""The report's questions about surveys that no rollup answers; see reports.source.Source."""

from datetime import date

from sqlalchemy import Connection

from reports.source import SampleRow, SampleRows, Served
from storage import raw_figures, served, waves
from storage.figures import CommuneRow
from storage.vault import Vault
from surveys.definition import Kind
from surveys.samples import Stratum


def sample_rows(
    conn: Connection, vault: Vault | None, commune: CommuneRow, version: int, first: date, last: date
) -> SampleRows | None:
    """What came of the invited waves of a version; None where nothing did."""
    scales = [question.id for question in waves.survey_of(conn, version).questions if question.kind is Kind.LIKERT5]
    found = raw_figures.sampled(conn, vault, version, commune, first, last, scales)
    if found is None:
        return None
    return SampleRows(
        waves=found.waves,
        over=found.over,
        elsewhere=found.elsewhere,
        strata=tuple(Stratum(id=id, size=size, invited=drawn, answered=got) for id, size, drawn, got in found.strata),
        rows=tuple(SampleRow(village=row.village, levels=row.levels) for row in found.rows),
    )


def people_served(conn: Connection, unit: int, first: date, last: date) -> list[Served]:
    """What was typed for the months that the days touch."""
    rows = served.of_months(conn, unit, f"{first:%Y-%m}", f"{last:%Y-%m}")
    return [Served(month=row.month, field=row.field, count=row.people) for row in rows]
