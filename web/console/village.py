"""Trưởng thôn, on a telephone: what there is to do, what was told to the own thôn, and what was published of it."""

from typing import Any, NamedTuple

from sqlalchemy import Connection
from starlette.responses import Response

from reports.survey_figures import VillageFigures
from storage import bulletins, reading_published, reading_sessions, session_sheets
from vietnam.time import DAY
from web.console.access import Desk, signed_in
from web.published import told

VILLAGE = "/can-bo/thon"
_TOLD_FOR, _AHEAD = 60 * DAY, 20
_REPORTS = 8
"""Issued reports that are looked through for the own thôn, the newest first."""


class Result(NamedTuple):
    """What an issued report says of the thôn: of which survey, in which period, beside the whole commune."""

    report: int
    title: str
    period: str
    own: VillageFigures
    whole: VillageFigures


@signed_in("village.see")
async def shown(desk: Desk) -> Response:
    """One page; nobody is named on it."""
    now, village = desk.services.now(), desk.officer.village

    def look(conn: Connection) -> dict[str, Any]:
        ahead, _ = reading_sessions.public(conn, desk.unit, now, now)
        issued = reading_published.issued(conn, desk.unit)[:_REPORTS]
        return {
            "told": bulletins.of_village(conn, desk.unit, village, now - _TOLD_FOR),
            "ahead": ahead[:_AHEAD],
            "papers": len(session_sheets.waiting(conn, village)),
            "results": _results(issued, village),
        }

    return await desk.show("console/village.html", look)


def _results(issued: list[reading_published.Issued], village: int) -> list[Result]:
    """Of each issued report what it says of the own thôn, where its row may be shown."""
    found = []
    for report in issued:
        of = told(report)
        for survey in of.surveys if of is not None else ():
            rows = survey.villages.rows if survey.villages is not None else ()
            own = next((row for row in rows if row.id == village and row.n), None)
            if of is not None and own is not None and survey.villages is not None:
                found.append(Result(report.id, survey.title, of.period.title, own, survey.villages.whole))
    return found
