"""Public: the sessions to come, how to book, and what came of those that are over. Nobody is named but the host."""

from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feedback.sessions import RECEPTIONS
from storage import reading_session_results, reading_sessions
from vietnam.time import DAY
from web.page_cache import kept
from web.pages import pages_of, services_of
from web.visitors import guest_of

_SHOWN_FOR = 400 * DAY
"""How long results stay on the page: until after the next yearly dialogue."""


@kept()
async def page(request: Request) -> Response:
    """The calendar of a commune."""
    guest = await guest_of(request)
    services = services_of(request)
    now = services.now()

    def look(conn: Connection) -> dict[str, Any]:
        ahead, done = reading_sessions.public(conn, guest.commune.id, now, now - _SHOWN_FOR)
        shown = [row for row in done if row.kind not in RECEPTIONS]
        return {"ahead": ahead, "done": [(row, reading_session_results.of(conn, row.id)) for row in shown]}

    found = await services.store.read(look)
    return pages_of(request).page(request, "calendar.html", commune=guest.commune, **found)


routes = [Route("/{slug}/lich", page)]
