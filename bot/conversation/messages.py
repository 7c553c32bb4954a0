"""What comes in and what goes out, as plain values that every channel shares."""

from typing import Literal

import msgspec

InboundKind = Literal[
    "start",
    "text",
    "choice",
    "photo",
    "location",
    "contact",
    "voice",
    "unsupported",
    "media_ready",
    "media_refused",
    "gone",
]


class Media(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A picture a person sent: the platform's own reference, or the id of a blob already kept."""

    ref: str = ""
    blob: int = 0
    size: int = 0
    reason: str = ""
    """media_refused: why, as a wording key ("photo.not_a_photo", "photo.too_big", "photo.bomb")."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A point a person sent, WGS 84 degrees."""

    lat: float
    lon: float


class Inbound(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event of one person, the same from every channel. Text is already `vietnam.text.clean`.

    `choice` is the id a button carried: "<nonce>:<choice id>", or "go:<command>" which holds at any time.
    `source` is the deep-link word a person came with ("" where unknown); `at` is UTC milliseconds.
    """

    channel: str
    channel_account: int
    dedupe_key: str
    person: str
    kind: InboundKind
    at: int
    text: str = ""
    choice: str = ""
    media: tuple[Media, ...] = ()
    place: Place | None = None
    source: str = ""
    name: str = ""
    handle: str = ""
    callback: str = ""
    """The platform's id of a button press that wants an acknowledgement at once, outside the outbox."""


class Button(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A choice as it is shown: `id` comes back as Inbound.choice, `digit` is what a person may type instead."""

    id: str
    label: str
    digit: str = ""


class Bubble(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message of ours, worded and ready for a channel to render. `wide` asks for one button a row.

    `photo` invites a picture (a channel that can offers its own button); `blob` is a picture that we send.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    wide: bool = True
    photo: bool = False
    blob: int = 0
    link: str = ""


class Own(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the person said, kept only for channels that show the chat themselves (web chat)."""

    text: str = ""
    blob: int = 0
