"""The annexes of the draft on dân vận as a commune has them: what officers typed, put where the documents take it."""

from functools import lru_cache

from msgspec.structs import replace
from sqlalchemy import Connection

from app.logs import get_logger
from reports.criteria import BadCriteria, Criteria, read
from reports.written import Done, Points, Writing, Written
from storage import sheet_rows
from storage.sheet_rows import ReportPlace

log = get_logger()


@lru_cache(maxsize=64)
def _read(body: str) -> Criteria:
    return read(body)


def criteria_of(conn: Connection, unit: int) -> Criteria | None:
    """The criteria a commune works by; None where it has none, or the program cannot read them any more."""
    body = sheet_rows.criteria(conn, unit)
    if body is None:
        return None
    try:
        return _read(body)
    except BadCriteria:
        log.warning("criteria.unreadable", unit=unit)
        return None


def typed(conn: Connection, place: ReportPlace) -> Written:
    """What was typed into both sheets of a period."""
    points = sheet_rows.rows(conn, place.unit, "", place.period, "criteria")
    return Written(
        targets={
            row: Done(reached=one.done, note=one.note)
            for row, one in sheet_rows.rows(conn, place.unit, place.plan, place.period, "targets").items()
        },
        criteria=criteria_of(conn, place.unit),
        points={row: Points(points=one.done, note=one.note) for row, one in points.items()},
    )


def with_sheets(conn: Connection, report: int, writing: Writing) -> Writing:
    """What officers wrote into a report, with what they typed into its annexes."""
    place = sheet_rows.place_of(conn, report)
    if place is None:
        return writing
    found = typed(conn, place)
    danvan = replace(writing.danvan, targets=found.targets, criteria=found.criteria, points=found.points)
    return replace(writing, danvan=danvan)
