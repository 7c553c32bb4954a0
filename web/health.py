"""For whoever runs it: is the process up, does the store answer, and figures without personal data."""

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from web.pages import services_of


async def health(_request: Request) -> Response:
    """The process is up."""
    return PlainTextResponse("ok\n")


async def ready(request: Request) -> Response:
    """The store answers, and the process is not about to end."""
    services = services_of(request)
    if services.closing():
        return PlainTextResponse("closing\n", 503)
    try:
        await services.store.read(lambda conn: conn.execute(text("SELECT 1")).scalar())
    except Exception:  # noqa: BLE001 - whatever is wrong with the store, the answer is the same
        return PlainTextResponse("store\n", 503)
    return PlainTextResponse("ok\n")


async def metrics(_request: Request) -> Response:
    """Prometheus text."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def robots(_request: Request) -> Response:
    """Crawlers may list the communes and what is published; a visit to a chat would begin a conversation."""
    shown = "".join(f"Allow: /*/{path}$\n" for path in ("lich", "cong-khai", "ket-qua", "ket-qua/*"))
    return PlainTextResponse(f"User-agent: *\nAllow: /$\n{shown}Allow: /static/\nDisallow: /\n")


routes = [
    Route("/health", health),
    Route("/ready", ready),
    Route("/metrics", metrics),
    Route("/robots.txt", robots),
]
