"""The page behind a short-lived signed address: it takes for a chat what its channel cannot, and leads back to it.

Nothing of the chat is shown here, as whoever has the address sees the page.
"""

import secrets
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.base import LONG_TEXT
from bot.channels.webchat import parse
from bot.conversation.messages import Inbound, InboundKind, Media, Place
from storage import links, maps, reading_chat
from storage.links import Link
from storage.maps import Picture
from storage.reading_chat import Commune
from vietnam.text import clean
from web.body import PHOTO_CAP, Form, Unreadable, read_form
from web.maps import WIDTH, height_of, touched
from web.origin import is_ours
from web.pages import pages_of, services_of
from web.services import PhotoRefused
from web.visitors import address_of

_PLACES = ("place", "scene")
Why = Literal["empty", "long", "odd", "slow", "elsewhere", "photo", "voice"]


class Trouble(NamedTuple):
    """Why nothing was sent on, the status, and the words to keep in the form."""

    why: Why
    status: int = 422
    text: str = ""
    key: str = ""
    """Why a picture or recording was refused, as a wording key."""


class Opened(NamedTuple):
    """An address that holds: whose chat, for which question, and the picture on which a place can be shown."""

    link: Link
    chat: links.Chat
    commune: Commune
    picture: Picture | None = None


async def _opened(request: Request) -> Opened | None:
    services = services_of(request)
    token, slug = request.path_params["token"], request.path_params["slug"]
    link = links.read(services.vault, token, services.now())
    if link is None or link.wants == "data":
        return None  # that one shows, and takes nothing

    def look(conn: Connection) -> Opened | None:
        chat = links.chat_of(conn, link.conversation)
        commune = None if chat is None or chat.slug != slug else reading_chat.commune(conn, slug)
        if chat is None or commune is None:
            return None
        return Opened(link, chat, commune, maps.of(conn, commune.id) if link.wants in _PLACES else None)

    return await services.store.read(look)


async def page(request: Request) -> Response:
    """What is asked for; or that it has been received; or that the address holds no more."""
    found = await _opened(request)
    if found is None:
        return pages_of(request).page(request, "more/over.html", status=410)
    if "xong" in request.query_params:
        return _shown(request, found, "more/done.html")
    return _shown(request, found)


def _shown(
    request: Request, found: Opened, template: str = "more/page.html", trouble: Trouble | None = None
) -> Response:
    services = services_of(request)
    return pages_of(request).page(
        request,
        template,
        status=trouble.status if trouble else 200,
        commune=found.commune,
        wants=found.link.wants,
        channel=found.chat.on.channel,
        back=services.way_back(found.chat.on.channel),
        m=secrets.token_hex(12),
        trouble=trouble,
        most=LONG_TEXT,
        picture=found.picture,
        width=WIDTH,
        height=height_of(found.picture) if found.picture else 0,
        photo_cap=PHOTO_CAP,
    )


async def send(request: Request) -> Response:
    """Take what was sent, as one turn of the chat; the same form again changes nothing."""
    found = await _opened(request)
    if found is None:
        return pages_of(request).page(request, "more/over.html", status=410)
    services, limits = services_of(request), request.app.state.limits
    now = services.now()
    if not is_ours(request, services):
        return _shown(request, found, trouble=Trouble("elsewhere", 403))
    if not (
        limits.session.allows(f"them:{found.link.conversation}", now)
        and limits.address.allows(address_of(request), now)
    ):
        return _shown(request, found, trouble=Trouble("slow", 429))
    try:
        form = await read_form(request, cap=PHOTO_CAP)
    except Unreadable:
        return _shown(request, found, trouble=Trouble("odd", 400))
    read = await _read(request, found, form)
    if isinstance(read, Trouble):
        return _shown(request, found, trouble=read)
    for inbound in read:
        # Each for the question of the page: were the second of two for whatever is asked by then, whoever finds an
        # old page could go on in that person's name. A picture belongs to its case also after the place was taken.
        await services.receive(inbound)
    return RedirectResponse(f"{request.url.path}?xong", 303)


async def _read(request: Request, found: Opened, form: Form) -> list[Inbound] | Trouble:
    words = clean(form["text"].replace("\r\n", "\n"))[0].strip()
    m = parse.client_id(form["m"]) or secrets.token_hex(12)
    if len(words) > LONG_TEXT:
        return Trouble("long", text=words)
    if form.too_big:
        return Trouble("photo", text=words, key="photo.too_big")
    typed = form["place"].strip()
    point = parse.point_of(typed) if typed else touched(form, found.picture) if found.picture else None
    if (typed and point is None) or (point and found.link.wants not in _PLACES):
        return Trouble("odd", text=words)
    # Words beside a place say where it is; beside a picture they are what is written below it.
    beside = "" if form.file or found.link.wants == "place" else words
    read = [] if point is None else [_inbound(request, found, f"{m}l", "location", text=beside, place=point)]
    if form.file:
        kept = await _keep(request, found, form)
        if isinstance(kept, Trouble):
            return kept._replace(text=words)
        voice = form.file_field == "voice"
        media = Media(blob=kept, size=len(form.file), kind="voice" if voice else "photo")
        read.append(_inbound(request, found, m, media.kind, text="" if voice else words, media=(media,)))
    elif words and point is None:
        read.append(_inbound(request, found, m, "text", text=words))
    return read or Trouble("empty")


async def _keep(request: Request, found: Opened, form: Form) -> int | Trouble:
    services = services_of(request)
    if not request.app.state.limits.photos.allows(f"them:{found.link.conversation}", services.now()):
        return Trouble("slow", 429)
    voice = form.file_field == "voice"
    kept = await (services.keep_voice if voice else services.keep_photo)(found.chat.on.unit_id, form.file or b"")
    return Trouble("voice" if voice else "photo", key=kept.key) if isinstance(kept, PhotoRefused) else kept


def _inbound(
    request: Request,
    found: Opened,
    m: str,
    kind: InboundKind,
    *,
    text: str = "",
    media: tuple[Media, ...] = (),
    place: Place | None = None,
) -> Inbound:
    values: dict[str, Any] = {"text": text, "media": media, "place": place, "nonce": found.link.nonce}
    return Inbound(
        channel=found.chat.on.channel,
        channel_account=found.chat.on.id,
        dedupe_key=f"them:{sha256(f'{found.link.conversation}:{m}'.encode()).hexdigest()[:32]}",
        person=found.chat.person,
        kind=kind,
        at=services_of(request).now(),
        **values,
    )


_ADDRESS = "/{slug}/them/{token}"
routes = [Route(_ADDRESS, page), Route(_ADDRESS, send, methods=["POST"])]
