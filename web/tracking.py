"""Public: what became of a case, by its code; the same that the chat tells whoever has the code."""

import re
from typing import NamedTuple

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from feedback.codes import looks_like_code, read_code
from storage import cases, deliveries
from storage.cases import Brief
from web.pages import pages_of, services_of
from web.visitors import address_of, guest_of

_LONGEST = 60
_SPACES = re.compile(r"\s+")


class Found(NamedTuple):
    """A case, and its id within the store."""

    id: int
    brief: Brief


async def ask(request: Request) -> Response:
    """A form for the code; a code that came with it leads on."""
    guest = await guest_of(request)
    typed = _SPACES.sub("", request.query_params.get("ma", ""))[:_LONGEST]
    code = read_code(typed)
    if code is not None:
        return RedirectResponse(f"/{guest.commune.slug}/tra-cuu/{code}", 303)
    wrong = "mistyped" if looks_like_code(typed) else "none" if typed else ""
    return pages_of(request).page(request, "track.html", commune=guest.commune, case=None, typed=typed, wrong=wrong)


async def one(request: Request) -> Response:
    """State, dates and the answer. Opening it takes the case off the call list: what was to be said has been read."""
    guest = await guest_of(request)
    services = services_of(request)
    page = pages_of(request).page
    if not request.app.state.limits.codes.allows(address_of(request), services.now()):
        return page(request, "track.html", commune=guest.commune, case=None, typed="", wrong="often", status=429)
    typed = request.path_params["code"][:_LONGEST]
    code = read_code(typed)

    def look(conn: Connection) -> Found | None:
        brief = None if code is None else cases.by_code(conn, guest.commune.id, code)
        return None if brief is None else Found(cases.id_of(conn, brief.code), brief)

    found = await services.store.read(look)
    if found is None:
        wrong = "unknown" if code else "mistyped"
        return page(request, "track.html", commune=guest.commune, case=None, typed=typed, wrong=wrong, status=404)
    if request.method == "GET" and found.brief.reply:
        await services.store.write(lambda tx: deliveries.read_by_code(tx, found.id, services.now()))
    return page(request, "track.html", commune=guest.commune, case=found.brief, typed=found.brief.code, wrong="")


routes = [Route("/{slug}/tra-cuu", ask), Route("/{slug}/tra-cuu/{code}", one)]
