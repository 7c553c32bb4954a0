"""Everything a browser or a platform may ask for, as one application."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount

from web import (
    booking_file,
    calendar,
    chat,
    chat_stream,
    first_run,
    health,
    installed,
    looks,
    maps,
    more,
    oauth,
    openness,
    opinions,
    petitions,
    published,
    recordings,
    rights,
    signing,
    tracking,
    webhooks,
    zalo,
)
from web.body import Unreadable
from web.console import routes as console
from web.console.live import Streams
from web.console.passwords import Door
from web.faults import Faults
from web.headers import Headers
from web.limits import Limits
from web.openness import FigureCache
from web.packing import PackedFiles, PackedPages
from web.page_cache import PageCache
from web.pages import STATIC, Pages, pages_of, wants_json
from web.services import Services


def create_app(services: Services, limits: Limits | None = None) -> Starlette:
    """The whole web side of one process. `limits` are the ordinary ones where none are given."""
    routes: list[BaseRoute] = [
        *health.routes,
        *webhooks.routes(services),
        *oauth.routes,
        *recordings.routes,
        *signing.routes,
        Mount("/static", PackedFiles(directory=STATIC), name="static"),
        *console.routes,
        *first_run.routes,
        # Last: a commune's slug stands at the root of the site.
        *booking_file.routes,
        *opinions.routes,
        *calendar.routes,
        *openness.routes,
        *published.routes,
        *more.routes,
        *rights.routes,
        *petitions.routes,
        *tracking.routes,
        *looks.routes,
        *maps.routes,
        *installed.routes,
        *zalo.routes,
        *chat_stream.routes,
        *chat.routes,
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(PackedPages), Middleware(Headers), Middleware(Faults, page=_refused)],
        exception_handlers={HTTPException: _refused, Unreadable: _refused},
    )
    app.state.services = services
    app.state.pages = Pages(services)
    app.state.limits = limits or Limits()
    app.state.door = Door()
    app.state.streams = Streams()
    app.state.page_cache = PageCache()
    app.state.open_figures = FigureCache()
    return app


async def _refused(request: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else 400 if isinstance(fault, Unreadable) else 500
    headers = getattr(fault, "headers", None)
    if wants_json(request):
        return JSONResponse({"error": str(status)}, status, headers)
    answer = pages_of(request).page(request, "error.html", status=status, code=status)
    answer.headers.update(headers or {})
    return answer
