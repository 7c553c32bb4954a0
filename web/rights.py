"""What is kept of a person, shown to that person alone behind a signed address of half an hour that the chat gave."""

import json
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage import conversations, links, reading_chat, rights
from storage.reading_chat import Commune
from web.pages import pages_of, services_of

_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


async def page(request: Request) -> Response:
    """The copy as a page, or (`?tai`) as a JSON file; 410 where the address holds no more."""
    services = services_of(request)
    link = links.read(services.vault, request.path_params["token"], services.now())
    if link is None or link.wants != "data":
        return pages_of(request).page(request, "more/over.html", status=410, data=True)

    def look(conn: Connection) -> tuple[Commune, dict[str, Any]] | None:
        commune = reading_chat.commune(conn, request.path_params["slug"])
        person = rights.person_of(conn, link.conversation, commune.id) if commune else None
        if commune is None or person is None:
            return None
        return commune, rights.held(conn, conversations.accounts_of(conn, person))

    found = await services.store.read(look)
    if found is None:
        return pages_of(request).page(request, "more/over.html", status=410, data=True)
    commune, held = found
    if "tai" in request.query_params:
        whole = {"commune": commune.name} | held
        named = {"Content-Disposition": 'attachment; filename="du-lieu-cua-toi.json"'}
        body = json.dumps(whole, ensure_ascii=False, indent=1)
        return Response(body, media_type="application/json", headers=_PRIVATE | named)
    answer = pages_of(request).page(request, "more/own_data.html", commune=commune, held=held)
    answer.headers.update(_PRIVATE)
    return answer


routes = [Route("/{slug}/du-lieu/{token}", page)]
