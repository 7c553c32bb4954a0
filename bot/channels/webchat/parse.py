"""What a browser sent -> Inbound: pure, like the parse of every channel."""

import re
from hashlib import sha256
from typing import Literal

import msgspec

from bot.channels.webchat import CAPABILITIES, CHANNEL
from bot.conversation.messages import Inbound, Media, Place
from vietnam.text import clean

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SOURCE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_POINT = re.compile(r"(-?\d{1,2}(?:\.\d{1,10})?),(-?\d{1,3}(?:\.\d{1,10})?)", re.ASCII)
_MINUTE = 60_000


class Visitor(msgspec.Struct, frozen=True):
    """Whose browser it is: the account row of the commune's web chat, and the hash of the cookie."""

    channel_account: int
    person: str


class Refused(msgspec.Struct, frozen=True):
    """Why nothing was sent on: "empty", "long" (with the length that came) or "odd"."""

    why: Literal["empty", "long", "odd"]
    length: int = 0


def client_id(value: str) -> str:
    """The page's own id of a message, or "" where it is none."""
    return value if _CLIENT_ID.fullmatch(value) else ""


def source_of(value: str) -> str:
    """The word of a QR code, or "" where it cannot be one."""
    return value if _SOURCE.fullmatch(value) else ""


def start(visitor: Visitor, source: str, *, at: int) -> Inbound:
    """A first visit, or a visit through a QR code. The same code again within a minute is the same visit."""
    again = at // _MINUTE if source else "first"
    return _inbound(visitor, f"start:{source}:{again}", "start", at, source=source)


def choice(visitor: Visitor, m: str, value: str, label: str, *, at: int) -> Inbound | Refused:
    """A press of a button; `m` is a `client_id`, `label` what stood on it, for the person's side of the screen."""
    value, _removed = clean(value)
    if not value or len(value.encode()) > CAPABILITIES.button_bytes:
        return Refused("odd")
    return _inbound(visitor, _event(m, "c", value), "choice", at, choice=value, text=label)


def words(visitor: Visitor, m: str, text: str, *, at: int) -> Inbound | Refused:
    """A typed message; refused where it is empty or longer than the channel takes."""
    text, _removed = clean(text.replace("\r\n", "\n"))
    if not text.strip():
        return Refused("empty")
    if len(text) > CAPABILITIES.max_text:
        return Refused("long", len(text))
    return _inbound(visitor, _event(m, "t"), "text", at, text=text.strip())


def photo(visitor: Visitor, m: str, blob: int, size: int, caption: str, *, at: int) -> Inbound:
    """A picture that is already kept; the caption is cut to what the channel takes."""
    text, _removed = clean(caption.replace("\r\n", "\n"))
    text = text.strip()[: CAPABILITIES.max_text]
    return _inbound(visitor, _event(m, "p"), "photo", at, text=text, media=(Media(blob=blob, size=size),))


def voice(visitor: Visitor, m: str, blob: int, size: int, *, at: int) -> Inbound:
    """A recording that is already kept."""
    return _inbound(visitor, _event(m, "v"), "voice", at, media=(Media(blob=blob, size=size, kind="voice"),))


def place(visitor: Visitor, m: str, point: str, *, at: int) -> Inbound | Refused:
    """Where the browser says it is, "latitude,longitude" in degrees; the page's own words for it stand in the chat."""
    found = point_of(point)
    if found is None:
        return Refused("odd")
    text = f"{found.lat:.5f}, {found.lon:.5f}"
    return _inbound(visitor, _event(m, "l"), "location", at, text=text, place=found)


def point_of(text: str) -> Place | None:
    """The point of "latitude,longitude" in degrees; None where it is none on this earth."""
    found = _POINT.fullmatch(text)
    if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        return None
    return Place(lat=float(found[1]), lon=float(found[2]))


def photo_refused(visitor: Visitor, m: str, reason: str, *, at: int) -> Inbound:
    """A picture that was not kept; `reason` is a wording key."""
    return _inbound(visitor, _event(m, "r"), "media_refused", at, media=(Media(reason=reason),))


def _event(m: str, kind: str, value: str = "") -> str:
    """The key of one message; one page may hold several buttons under one `m`, so what was pressed belongs to it.

    Only a digest, which nobody can guess without the random `m`: what was pressed is told by no key, wherever it goes.
    """
    return sha256(f"{m}:{kind}:{value}".encode()).hexdigest()[:32]


def _inbound(
    visitor: Visitor,
    key: str,
    kind: Literal["start", "text", "choice", "photo", "voice", "location", "media_refused"],
    at: int,
    *,
    text: str = "",
    choice: str = "",
    media: tuple[Media, ...] = (),
    place: Place | None = None,
    source: str = "",
) -> Inbound:
    return Inbound(
        channel=CHANNEL,
        channel_account=visitor.channel_account,
        # Seen events are kept by channel account: without the person two browsers could hide each other's messages.
        dedupe_key=f"{visitor.person[:24]}:{key}",
        person=visitor.person,
        kind=kind,
        at=at,
        text=text,
        choice=choice,
        media=media,
        place=place,
        source=source,
    )
