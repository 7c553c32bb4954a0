"""Phiếu vụ việc: one case on paper, what it is about and what was done; for the desk, never for the citizen."""

from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from storage import merging, officers, reading_hands, units
from web.console import attached, case_work, cases
from web.console.access import Desk, signed_in
from web.console.case_forms import case_of


@signed_in("case.see")
async def sheet(desk: Desk) -> Response:
    """The sheet: no name where the citizen gave none; notes of officers are on it, and it says so."""
    code: str = desk.request.path_params["code"]
    case = await case_of(desk)

    def look(conn: Connection) -> dict[str, Any]:
        names = officers.names(conn, desk.unit)
        spoken = cases.spoken_of(case)
        return {
            "case": case,
            "came_with": attached.by_version(case.files),
            "history": [cases.happened(act, names) for act in case.history],
            "merged": merging.beside(conn, desk.unit, code, desk.actor, desk.services.now(), spoken),
            "hands": reading_hands.of(conn, desk.unit, code),
            "commune": units.unit(conn, desk.unit),
        }

    page = await desk.show("console/case_print.html", look)
    await case_work.seen(desk, case)
    return page
