"""For the head of a village: what of the sessions has come, to be read, passed on and ticked off."""

from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from storage import reading_session_results, reading_sessions, session_sheets
from vietnam.time import day_of
from web.console.access import Desk, signed_in


@signed_in("session.receive")
async def papers(desk: Desk) -> Response:
    """Notices and results for the officer's own village; nobody who asked is named in them."""

    def look(conn: Connection) -> dict[str, Any]:
        found = []
        for session, kind in session_sheets.waiting(conn, desk.officer.village):
            row = reading_sessions.one(conn, desk.unit, session)
            if row is not None:
                results = reading_session_results.of(conn, session) if kind == "results" else None
                found.append((row, kind, results))
        return {"papers": found}

    return await desk.show("console/sessions_received.html", look, today=day_of(desk.services.now()))
