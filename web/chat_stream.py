"""Reading the web chat: by cursor, as a stream of events, and pictures."""

import asyncio
from collections.abc import AsyncGenerator

import msgspec
from prometheus_client import Gauge
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from storage import reading_chat
from web.bubbles import Piece, blobs, files, pieces
from web.downloads import saved
from web.pages import pages_of, services_of
from web.visitors import Guest, chatting

STREAMS = Gauge("nghedan_chat_streams", "Open event streams of the web chat")
HEARTBEAT = 20.0
_GLANCE = 1.0
_NOBODY_YET = 2.0


async def since(request: Request) -> Response:
    """GET tin?sau=SEQ: JSON list of what came after a line, each with its HTML as the page would show it."""
    guest = await chatting(request)
    found = await _after(request, guest, _cursor(request.query_params.get("sau")))
    return Response(
        msgspec.json.encode([_event(request, guest, piece) for piece in found]), media_type="application/json"
    )


async def stream(request: Request) -> Response:
    """GET luong: server-sent events; a browser that comes back says what it saw last."""
    guest = await chatting(request)
    seen = _cursor(request.headers.get("last-event-id") or request.query_params.get("sau"))
    return StreamingResponse(
        _events(request, guest, seen), media_type="text/event-stream", headers={"x-accel-buffering": "no"}
    )


async def _events(request: Request, guest: Guest, seen: int) -> AsyncGenerator[bytes, None]:
    services = services_of(request)
    with STREAMS.track_inprogress():
        yield b"retry: 3000\n\n"
        while not services.closing():
            found = await _after(request, guest, seen)
            for piece in found:
                seen = max(seen, piece.newest)
                body = msgspec.json.encode(_event(request, guest, piece))
                yield b"id: %d\ndata: %b\n\n" % (piece.newest, body)
            if not found:
                yield b": \n\n"
            await _until_newer(request, guest, seen)


async def _until_newer(request: Request, guest: Guest, seen: int) -> None:
    services = services_of(request)
    conversation = await _conversation(request, guest)
    if conversation is None:
        await asyncio.sleep(_NOBODY_YET)
        return
    waiting = asyncio.ensure_future(services.wait(conversation, seen, HEARTBEAT))
    try:
        while not waiting.done() and not services.closing():
            # Looking up every second lets the process end without waiting for a heartbeat.
            await asyncio.wait([waiting], timeout=_GLANCE)
    finally:
        waiting.cancel()


async def _conversation(request: Request, guest: Guest) -> int | None:
    if guest.conversation is not None or not guest.known:
        return guest.conversation
    account, person = guest.commune.channel_account, guest.person
    return await services_of(request).store.read(lambda conn: reading_chat.conversation(conn, account, person))


async def _after(request: Request, guest: Guest, seq: int) -> list[Piece]:
    services = services_of(request)

    def look(conn: Connection) -> list[reading_chat.Line]:
        found = guest.conversation
        if found is None and guest.known:
            found = reading_chat.conversation(conn, guest.commune.channel_account, guest.person)
        return [] if found is None else reading_chat.lines_after(conn, services.vault, found, seq)

    # In the order they came, so that the last id of a broken stream is a place to go on from.
    return sorted(pieces(await services.store.read(look)), key=lambda piece: piece.newest)


def _event(request: Request, guest: Guest, piece: Piece) -> dict[str, object]:
    return {
        "seq": piece.newest,
        "at": piece.seq,
        "kind": piece.kind,
        "day": piece.day,
        "text": piece.text,
        "buttons": [{"id": b.id, "label": b.label, "digit": b.digit} for b in (*piece.choices, *piece.ways)],
        "wants": piece.wants,
        "blob": piece.blob,
        "link": piece.link,
        "html": pages_of(request).text("chat/piece.html", piece=piece, commune=guest.commune, m=""),
    }


def _cursor(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 10 else 0


async def picture(request: Request) -> Response:
    """A picture or recording, to the conversation that shows it and to nobody else."""
    guest = await chatting(request)
    services = services_of(request)
    blob: int = request.path_params["blob"]

    def look(conn: Connection) -> str | None:
        if guest.conversation is None:
            return None
        lines = reading_chat.lines_after(conn, services.vault, guest.conversation, 0)
        return reading_chat.picture_type(conn, blob) if blob in blobs(lines) else None

    media_type = await services.store.read(look)
    data = await services.blob(blob) if media_type else None
    if media_type is None or data is None:
        raise HTTPException(404)
    return Response(data, media_type=media_type)


async def document(request: Request) -> Response:
    """A document that came with a message, to the conversation that it came to and to nobody else: only to be saved."""
    guest = await chatting(request)
    services = services_of(request)
    blob: int = request.path_params["blob"]

    def look(conn: Connection) -> tuple[str, str]:
        if guest.conversation is None:
            return "", ""
        lines = reading_chat.lines_after(conn, services.vault, guest.conversation, 0)
        file = files(lines).get(blob)
        return (file.name, reading_chat.picture_type(conn, blob) or "") if file else ("", "")

    name, media_type = await services.store.read(look)
    data = await services.blob(blob) if media_type else None
    if data is None:
        raise HTTPException(404)
    return saved(data, name, media_type)


routes = [
    Route("/{slug}/tin", since),
    Route("/{slug}/luong", stream),
    Route("/{slug}/anh/{blob:int}", picture),
    Route("/{slug}/tep/{blob:int}", document),
]
