"""For the head of a village: what of the sessions has come, to be read, passed on and ticked off."""

from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from feedback.sessions import SessionState
from storage import reading_session_results, reading_sessions, session_sheets, units
from vietnam.time import day_of
from web.console.access import Desk, signed_in
from web.console.sessions_papers import bulletin_of


@signed_in("session.receive")
async def papers(desk: Desk) -> Response:
    """Notices and results for the officer's own village; nobody who asked is named in them."""
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        found = []
        commune = units.unit(conn, desk.unit)
        for session, kind, note in session_sheets.waiting(conn, desk.officer.village):
            row = reading_sessions.one(conn, desk.unit, session)
            if row is not None:
                results = reading_session_results.of(conn, session) if kind == "results" else None
                # Only what is still to come is read out, and that it is off.
                open_ones = (SessionState.ANNOUNCED, SessionState.CANCELLED)
                told = kind == "notice" and row.state in open_ones and row.starts_at > now
                aloud = bulletin_of(desk, row, commune) if told else ""
                found.append((row, kind, results, aloud, note == session_sheets.CORRECTED))
        return {"papers": found}

    return await desk.show("console/sessions_received.html", look, today=day_of(now))
