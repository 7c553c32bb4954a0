"""Showing a place on the picture of the commune: a touch, the arrow keys, or a plain form without scripts."""

import secrets

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.webchat import parse
from bot.conversation.messages import Place
from storage import maps
from storage.maps import Picture
from web.body import Form, Unreadable, read_form
from web.origin import is_ours
from web.pages import pages_of, services_of
from web.visitors import Guest, address_of, chatting, guest_of

WIDTH = 320
"""Pixels that the picture is wide without scripts: it fits the smallest phone, and a touch can be measured on it."""
_LONGEST = 8


def height_of(picture: Picture) -> int:
    """Pixels that the picture is high beside WIDTH."""
    return max(1, round(WIDTH * picture.height / max(picture.width, 1)))


def touched(form: Form, picture: Picture) -> Place | None:
    """The place that was touched: "pin.x" and "pin.y" of an image button, in pixels of WIDTH; None where none was."""
    x, y = form["pin.x"], form["pin.y"]
    if not all(value.isascii() and value.isdecimal() and len(value) < _LONGEST for value in (x, y)) or (x, y) == (
        "0",
        "0",
    ):
        # The corner is where a press of Enter without a touch lands.
        return None
    width, height = WIDTH, height_of(picture)
    if int(x) > width or int(y) > height:
        return None
    lat, lon = picture.point(int(x) / width, int(y) / height)
    return Place(lat=round(lat, 6), lon=round(lon, 6))


async def _picture(request: Request, guest: Guest) -> Picture:
    def look(conn: Connection) -> Picture | None:
        return maps.of(conn, guest.commune.id)

    found = await services_of(request).store.read(look)
    if found is None:
        raise HTTPException(404)
    return found


async def page(request: Request) -> Response:
    """The picture, to be touched."""
    guest = await chatting(request)
    return _shown(request, guest, await _picture(request, guest))


def _shown(request: Request, guest: Guest, picture: Picture, *, status: int = 200) -> Response:
    return pages_of(request).page(
        request,
        "chat/map.html",
        status=status,
        commune=guest.commune,
        picture=picture,
        width=WIDTH,
        height=height_of(picture),
        m=secrets.token_hex(12),
        missed=status != 200,
    )


async def send(request: Request) -> Response:
    """The touched place, as an event of the visitor's chat."""
    guest = await chatting(request)
    services, limits = services_of(request), request.app.state.limits
    picture = await _picture(request, guest)
    now = services.now()
    if not guest.known or not is_ours(request, services) or not limits.session.allows(guest.person, now):
        return _shown(request, guest, picture, status=403)
    address = address_of(request)
    if not limits.address.allows(address, now) or (
        guest.conversation is None and not limits.newcomers.allows(address, now)
    ):
        return _shown(request, guest, picture, status=429)
    try:
        form = await read_form(request)
    except Unreadable:
        return _shown(request, guest, picture, status=400)
    place = parse.point_of(form["place"]) or touched(form, picture)
    if place is None:
        return _shown(request, guest, picture, status=422)
    m = parse.client_id(form["m"]) or secrets.token_hex(12)
    read = parse.place(guest.visitor, m, f"{place.lat},{place.lon}", at=now)
    if not isinstance(read, parse.Refused):
        await services.receive(read)
    return RedirectResponse(f"/{guest.commune.slug}/#cuoi", 303)


async def image(request: Request) -> Response:
    """The picture itself."""
    guest = await guest_of(request)
    data = await services_of(request).blob(guest.commune.map) if guest.commune.map else None
    if data is None:
        raise HTTPException(404)
    return Response(data, media_type="image/jpeg", headers={"cache-control": "private, max-age=86400"})


routes = [
    Route("/{slug}/ban-do", page, methods=["GET"]),
    Route("/{slug}/ban-do", send, methods=["POST"]),
    Route("/{slug}/ban-do.jpg", image),
]
