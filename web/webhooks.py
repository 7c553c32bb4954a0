"""Where platforms bring their events: POST /webhook/telegram/{account}."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.telegram.webhook import MAX_BODY, TelegramDoor
from web.services import Services

_SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of the header


def routes(services: Services) -> list[Route]:
    """The routes of the webhooks; a channel that is off, or an account that is not ours, is 404."""
    return [telegram_route(lambda: services.telegram)]


def telegram_route(door: Callable[[], TelegramDoor | None]) -> Route:
    """The route of Telegram's webhook; `door` gives the open door or None while Telegram is off."""

    async def telegram(request: Request) -> Response:
        found = door()
        if found is None or request.path_params["account"] != found.channel_account:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        secret = request.headers.get(_SECRET)
        # Nothing of a stranger's body is read, nor kept beyond what the door may look at.
        try:
            body = await _body(request) if found.knows(secret) else b""
        except ClientDisconnect:
            # Nobody is left to hear a status; the update is brought again.
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        return Response(status_code=await found.handle(secret, body))

    return Route("/webhook/telegram/{account:int}", telegram, methods=["POST"])


async def _body(request: Request) -> bytes:
    """The body, cut off just past the limit; the rest is read and dropped so that the answer is still heard."""
    kept = bytearray()
    async for chunk in request.stream():
        if len(kept) <= MAX_BODY:
            kept += chunk[: MAX_BODY + 1 - len(kept)]
    return bytes(kept)
