"""Where platforms bring their events: POST /webhook/{channel}/{account}."""

import asyncio
from collections.abc import Callable, Iterable
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.base import Door
from web.services import Services

PATIENCE = 20.0
"""Seconds for one body: a platform brings its few kilobytes in one go, and gives up on us much sooner."""


def routes(services: Services) -> list[Route]:
    """The route of the webhooks; a channel that is off, or an account that is not ours, is 404."""
    return [webhook_route(services.doors)]


def webhook_route(doors: Callable[[], Iterable[Door]], patience: float = PATIENCE) -> Route:
    """The route of every webhook; `doors` gives those that are open now, `patience` is in seconds for a whole body."""

    async def webhook(request: Request) -> Response:
        wanted = (request.path_params["channel"], request.path_params["account"])
        door = next((one for one in doors() if (one.channel, one.channel_account) == wanted), None)
        if door is None:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        # Nothing of a stranger's body is read, nor kept beyond what the door may look at.
        try:
            async with asyncio.timeout(patience):
                body = await _body(request, door.max_body) if door.admits(request.headers) else b""
        except TimeoutError:
            # Whoever writes a byte now and then, or never ends, would hold a connection for as long as they like.
            return Response(status_code=HTTPStatus.REQUEST_TIMEOUT, headers={"connection": "close"})
        except ClientDisconnect:
            # Nobody is left to hear a status; the event is brought again.
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        return Response(status_code=await door.handle(request.headers, body))

    return Route("/webhook/{channel}/{account:int}", webhook, methods=["POST"])


async def _body(request: Request, most: int) -> bytes:
    """The body, cut off just past the limit; the rest is read and dropped so that the answer is still heard."""
    kept = bytearray()
    async for chunk in request.stream():
        if len(kept) <= most:
            kept += chunk[: most + 1 - len(kept)]
    return bytes(kept)
