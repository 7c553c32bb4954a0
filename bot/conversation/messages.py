"""What comes in and what goes out, as plain values that every channel shares."""

from typing import Literal

import msgspec

from feedback.attaching import Attached

InboundKind = Literal[
    "start",
    "text",
    "choice",
    "photo",
    "location",
    "contact",
    "voice",
    "unsupported",
    "unseen",
    "media_ready",
    "media_refused",
    "edited",
    "gone",
    "back",
    "expire",
    "flood",
]
"""`expire` is ours: an unfinished survey of the conversation has had its time (DL5). unseen: something was written,
and the platform keeps it from us. gone: nothing can be sent to the person any more; back: it can again. edited: a
message that was answered already has been changed to `text`. flood: ours, too much came at once and is not taken."""
MediaKind = Literal["photo", "voice"]
Wants = Literal["", "photo", "voice", "place", "scene", "words", "contact", "web", "thread", "evidence", "files"]
"""What a question invites beside a few words; a channel that can offers its own button for it. scene: a picture or
a place; words: many of them;
web: the whole conversation, as what the person writes here does not reach us; thread: reading an answer again and
answering on the page of a case; evidence: the same, with pictures that belong to the answer; files: with documents."""


class Media(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A picture or voice a person sent: the platform's own reference, or the id of a blob already kept."""

    ref: str = ""
    blob: int = 0
    size: int = 0
    reason: str = ""
    """media_refused: why, as a wording key ("photo.not_a_photo", "voice.too_big", ...)."""
    kind: MediaKind = "photo"


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
    nonce: int = 0
    """The question that a page was opened for, where the answer comes from one; 0: whatever is asked now."""
    album: str = ""
    """The same word for pictures that were sent together, each of them an event of its own."""
    missed: int = 0
    """How many events before this one were not taken, because they came too fast."""
    callback: str = ""
    """The platform's id of a button press that wants an acknowledgement at once, outside the outbox."""
    group: str = ""
    """The group in which a button was pressed; "" in the person's own chat, where all else happens."""


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """What only whoever pressed a button in a group is shown. `loud`: until they have put it away."""

    text: str
    loud: bool = True


class Button(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A choice as it is shown: `id` comes back as Inbound.choice, `digit` is what a person may type instead."""

    id: str
    label: str
    digit: str = ""


class Bubble(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message of ours, worded and ready for a channel to render. `wide` asks for one button a row.

    `wants` invites a picture, a voice or a place; `link` is a page that takes what the channel cannot, with
    `link_label` on its button; `blob` is a picture that we send; `audio` a recording that is played with the text,
    `audio_name` its name with the ending: without it the text still says everything.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    wide: bool = True
    wants: Wants = ""
    blob: int = 0
    link: str = ""
    link_label: str = ""
    copy_of: int = 0
    """The message that could not be delivered in another chat of the same person, which this one repeats."""
    audio: int = 0
    audio_name: str = ""
    pictures: tuple[int, ...] = ()
    """Pictures of ours that belong to the text, as many as the channel shows: the others are behind `link`."""
    files: tuple[Attached, ...] = ()
    """Documents of ours that come with it: the text names them, and where the channel brings none they are behind
    `link`."""
    edits: int = 0
    """The id of an earlier message of ours that this one takes the place of, where the platform can; else it is new."""


class Own(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the person said, kept only for channels that show the chat themselves (web chat).

    `blob` is a picture, or a recording where `voice`.
    """

    text: str = ""
    blob: int = 0
    voice: bool = False
