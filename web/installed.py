"""What makes the chat a thing on a phone's first screen: manifest, service worker, the page without a line."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from web.pages import STATIC, pages_of
from web.visitors import chatting


async def manifest(request: Request) -> Response:
    """Name, colours and icons, for each commune its own."""
    guest = await chatting(request)
    said = pages_of(request).text("chat/manifest.json", commune=guest.commune)
    return Response(said, media_type="application/manifest+json")


async def worker(request: Request) -> Response:
    """The service worker: it stands in the commune's own folder, so that it reaches no other commune's pages."""
    await chatting(request)
    return FileResponse(STATIC / "worker.js", media_type="text/javascript")


async def offline(request: Request) -> Response:
    """What is shown when there is no line; the only page that a phone keeps."""
    guest = await chatting(request)
    return pages_of(request).page(request, "chat/offline.html", commune=guest.commune)


routes = [
    Route("/{slug}/manifest.webmanifest", manifest),
    Route("/{slug}/nen.js", worker),
    Route("/{slug}/ngoai-tuyen", offline),
]
