"""The web chat: the page, sending, and what is said when something cannot be sent."""

import secrets

import msgspec
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.webchat import CAPABILITIES, parse
from bot.channels.webchat.parse import Refused
from bot.conversation.messages import Inbound
from storage import reading_chat
from vietnam.text import clean
from web.body import PHOTO_CAP, Form, Unreadable, read_form
from web.bubbles import pieces
from web.limits import Limits
from web.origin import is_ours
from web.pages import pages_of, services_of, wants_json
from web.services import PhotoRefused
from web.visitors import Guest, address_of, chatting, guest_of, remember

_RECENT = 20
"""Lines among which a pressed button is looked for."""


class Trouble(msgspec.Struct, frozen=True):
    """Why a message was not taken: a name of templates/chat/trouble.html, the status, and the words to keep."""

    name: str
    status: int
    text: str = ""
    length: int = 0


def limits_of(request: Request) -> Limits:
    """The buckets of this process."""
    limits: Limits = request.app.state.limits
    return limits


async def communes(request: Request) -> Response:
    """The front door: which communes listen here."""
    found = await services_of(request).store.read(reading_chat.communes)
    return pages_of(request).page(request, "chat/communes.html", communes=found)


async def page(request: Request) -> Response:
    """The chat. A first visit, or one through a QR code, is a turn of its own: the first question is on the page."""
    guest = await guest_of(request)
    services = services_of(request)
    source = parse.source_of(request.query_params.get("n", ""))
    if not guest.commune.channel_account:
        return await _elsewhere(request, guest, source)
    looks_only = request.method == "HEAD" or "prefetch" in request.headers.get("sec-purpose", "")
    if not looks_only and (guest.conversation is None or source):
        if not limits_of(request).newcomers.allows(address_of(request), services.now()):
            return await _shown(request, guest, Trouble("busy", 429))
        await services.receive(parse.start(guest.visitor, source, at=services.now()))
    if "n" in request.query_params:
        # The address without the code: a reload is no second visit.
        answer: Response = RedirectResponse(f"/{guest.commune.slug}/", 303)
        remember(answer, request, guest)
        return answer
    return await _shown(request, guest)


async def _elsewhere(request: Request, guest: Guest, source: str) -> Response:
    """Where a commune without a chat on the web is reached, and its public pages. `source`: the word of a QR code."""
    services = services_of(request)
    on = await services.store.read(lambda conn: reading_chat.channels(conn, guest.commune.id))
    ways = {channel: address for channel in on if (address := services.way_back(channel))}
    if source and "zalo_oa" in ways:
        ways["zalo_oa"] = f"/{guest.commune.slug}/zalo?n={source}"
    return pages_of(request).page(request, "chat/elsewhere.html", commune=guest.commune, ways=ways)


async def _shown(request: Request, guest: Guest, trouble: Trouble | None = None) -> Response:
    services = services_of(request)

    def look(conn: Connection) -> list[reading_chat.Line]:
        found = reading_chat.conversation(conn, guest.commune.channel_account, guest.person)
        return [] if found is None else reading_chat.lines_after(conn, services.vault, found, 0)

    lines = await services.store.read(look)
    answer = pages_of(request).page(
        request,
        "chat/page.html",
        status=trouble.status if trouble else 200,
        commune=guest.commune,
        pieces=pieces(lines),
        newest=lines[-1].seq if lines else 0,
        m=secrets.token_hex(12),
        trouble=trouble,
        max_text=CAPABILITIES.max_text,
        photo_cap=PHOTO_CAP,
    )
    remember(answer, request, guest)
    return answer


async def send(request: Request) -> Response:
    """One message: words, a press, or a picture. The same client id again changes nothing."""
    guest = await chatting(request)
    trouble = _turned_away(request, guest) or await _take(request, guest)
    if wants_json(request):
        return await _told(request, guest, trouble)
    if trouble is not None:
        return await _shown(request, guest, trouble)
    answer = RedirectResponse(f"/{guest.commune.slug}/#cuoi", 303)
    remember(answer, request, guest)
    return answer


def _turned_away(request: Request, guest: Guest) -> Trouble | None:
    services, limits = services_of(request), limits_of(request)
    if not is_ours(request, services):
        return Trouble("elsewhere", 403)
    if not guest.known:
        return Trouble("cookie", 400)
    now = services.now()
    if not (limits.session.allows(guest.person, now) and limits.address.allows(address_of(request), now)):
        return Trouble("slow", 429)
    if guest.conversation is None and not limits.newcomers.allows(address_of(request), now):
        return Trouble("busy", 429)  # a cookie anybody can make up; each would be a conversation of its own
    return None


async def _take(request: Request, guest: Guest) -> Trouble | None:
    try:
        form = await read_form(request, cap=PHOTO_CAP)
    except Unreadable:
        return Trouble("odd", 400)
    if removed := sum(clean(form[name])[1] for name in ("text", "choice")):
        services_of(request).count("webchat.removed_characters", removed)
    m = parse.client_id(form["m"]) or secrets.token_hex(12)
    now = services_of(request).now()
    if form.too_big or form["too_big"] == "1":
        read: Inbound | Refused | Trouble = parse.photo_refused(guest.visitor, m, "photo.too_big", at=now)
    elif form.file is not None:
        read = await (_voice if form.file_field == "voice" else _photo)(request, guest, m, form)
    elif form["place"]:
        read = parse.place(guest.visitor, m, form["place"], at=now)
    elif form["choice"]:
        label = await _label(request, guest, form["choice"])
        read = parse.choice(guest.visitor, m, form["choice"], label, at=now)
    else:
        read = parse.words(guest.visitor, m, form["text"], at=now)
    if isinstance(read, Refused):
        return Trouble(read.why, 422, form["text"], read.length)
    if isinstance(read, Trouble):
        return read
    await services_of(request).receive(read)
    return None


async def _label(request: Request, guest: Guest, pressed: str) -> str:
    """What stands on a button of the newest messages, as it was shown; the browser's own word is not taken for it."""
    services = services_of(request)

    def look(conn: Connection) -> list[reading_chat.Line]:
        if guest.conversation is None:
            return []
        newest = reading_chat.last_seq(conn, guest.conversation)
        return reading_chat.lines_after(conn, services.vault, guest.conversation, newest - _RECENT)

    for piece in reversed(pieces(await services.store.read(look))):
        for button in (*piece.choices, *piece.ways):
            if button.id == pressed:
                return button.label
    return pages_of(request).text("chat/command.html", pressed=pressed).strip()


async def _photo(request: Request, guest: Guest, m: str, form: Form) -> Inbound | Trouble:
    services = services_of(request)
    if not limits_of(request).photos.allows(guest.person, services.now()):
        return Trouble("slow", 429, form["text"])
    data = form.file or b""
    kept = await services.keep_photo(guest.commune.id, data)
    if isinstance(kept, PhotoRefused):
        return parse.photo_refused(guest.visitor, m, kept.key, at=services.now())
    return parse.photo(guest.visitor, m, kept, len(data), form["text"], at=services.now())


async def _voice(request: Request, guest: Guest, m: str, form: Form) -> Inbound | Trouble:
    services = services_of(request)
    if not limits_of(request).photos.allows(guest.person, services.now()):
        return Trouble("slow", 429)
    data = form.file or b""
    kept = await services.keep_voice(guest.commune.id, data)
    if isinstance(kept, PhotoRefused):
        return parse.photo_refused(guest.visitor, m, kept.key, at=services.now())
    return parse.voice(guest.visitor, m, kept, len(data), at=services.now())


async def _told(request: Request, guest: Guest, trouble: Trouble | None) -> Response:
    if trouble is not None:
        said = pages_of(request).text("chat/trouble.html", trouble=trouble, max_text=CAPABILITIES.max_text)
        return JSONResponse({"error": trouble.name, "text": " ".join(said.split())}, trouble.status)

    def look(conn: Connection) -> int:
        found = reading_chat.conversation(conn, guest.commune.channel_account, guest.person)
        return 0 if found is None else reading_chat.last_seq(conn, found)

    return JSONResponse({"seq": await services_of(request).store.read(look)})


async def privacy(request: Request) -> Response:
    """The whole notice about personal data."""
    guest = await guest_of(request)
    return pages_of(request).page(request, "chat/privacy.html", commune=guest.commune)


async def slash(request: Request) -> Response:
    """/{slug} -> /{slug}/, with the word of a QR code kept."""
    guest = await guest_of(request)
    source = parse.source_of(request.query_params.get("n", ""))
    return RedirectResponse(f"/{guest.commune.slug}/" + (f"?n={source}" if source else ""), 308)


routes = [
    Route("/", communes),
    Route("/{slug}", slash),
    Route("/{slug}/", page),
    Route("/{slug}/gui", send, methods=["POST"]),
    Route("/{slug}/rieng-tu", privacy),
]
