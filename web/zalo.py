"""From a poster to Zalo: its links carry no word, so this page shows which one to send there."""

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.webchat import parse
from storage import sources
from web.pages import pages_of, services_of
from web.visitors import guest_of


async def page(request: Request) -> Response:
    """What to send on Zalo for the survey of a poster; 404 where the commune is not on Zalo."""
    guest = await guest_of(request)
    services = services_of(request)
    address = services.way_back("zalo_oa")
    if not address:
        raise HTTPException(404)
    word = parse.source_of(request.query_params.get("n", ""))

    def look(conn: Connection) -> int:
        return sources.known_number(conn, guest.commune.id, word) if word else 0

    number = await services.store.read(look)
    return pages_of(request).page(
        request, "zalo.html", commune=guest.commune, address=address, number=number, word=word
    )


routes = [Route("/{slug}/zalo", page)]
