"""Who a browser is: a random token in a cookie of one commune, of which the store knows only a hash."""

import hashlib
import re
import secrets
from ipaddress import IPv6Address, IPv6Network

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.webchat.parse import Visitor
from storage import reading_chat
from storage.reading_chat import Commune
from web.origin import is_https
from web.pages import services_of

COOKIE = "nghedan"
_LINE = 64
"""Bits of an IPv6 address that one line shares."""
_YEAR = 365 * 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")
_SLUG = re.compile(r"[a-z0-9-]{1,100}")


class Guest(msgspec.Struct, frozen=True, kw_only=True):
    """A browser at a commune's pages. `conversation` is None before its first turn; `known` whether a cookie came."""

    commune: Commune
    token: str
    known: bool
    conversation: int | None

    @property
    def person(self) -> str:
        """The platform id: a hash, so that the store never holds the token."""
        return hashlib.sha256(self.token.encode()).hexdigest()

    @property
    def visitor(self) -> Visitor:
        """As the channel's parse wants it."""
        return Visitor(self.commune.channel_account, self.person)


async def guest_of(request: Request) -> Guest:
    """The guest of a request to /{slug}/...; 404 where no commune has that address."""
    services = services_of(request)
    slug = request.path_params["slug"]
    if not _SLUG.fullmatch(slug):
        raise HTTPException(404)  # PostgreSQL would not even look for a text with NUL in it
    token = request.cookies.get(COOKIE, "")
    known = bool(_TOKEN.fullmatch(token))
    if not known:
        token = secrets.token_hex(16)
    person = hashlib.sha256(token.encode()).hexdigest()

    def look(conn: Connection) -> tuple[Commune | None, int | None]:
        commune = reading_chat.commune(conn, slug)
        if commune is None or not commune.channel_account or not known:
            return commune, None
        return commune, reading_chat.conversation(conn, commune.channel_account, person)

    commune, conversation = await services.store.read(look)
    if commune is None:
        raise HTTPException(404)
    return Guest(commune=commune, token=token, known=known, conversation=conversation)


async def chatting(request: Request) -> Guest:
    """The guest of a chat; 404 where the commune has none on the web."""
    guest = await guest_of(request)
    if not guest.commune.channel_account:
        raise HTTPException(404)
    return guest


def remember(response: Response, request: Request, guest: Guest) -> None:
    """Give the browser its cookie; every visit makes it last another year."""
    response.set_cookie(
        COOKIE,
        guest.token,
        max_age=_YEAR,
        path=f"/{guest.commune.slug}/",
        secure=is_https(request, services_of(request)),
        httponly=True,
        samesite="lax",
    )


def address_of(request: Request) -> str:
    """Where a request comes from, for limits held in memory only; never stored, never logged.

    Of IPv6 only the network: whoever has one line has 2^64 addresses of it, and each would be a new bucket.
    """
    host = request.client.host if request.client else ""
    if ":" not in host:
        return host
    try:
        address = IPv6Address(host)
    except ValueError:
        return host
    return str(address.ipv4_mapped or IPv6Network((int(address), _LINE), strict=False))
