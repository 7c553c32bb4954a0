"""What every channel declares and answers, whatever its platform."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, Protocol

import msgspec

from bot.conversation.messages import Bubble, Inbound, Wants
from feedback.attaching import Attached
from feedback.replies import MAX_EVIDENCE

LONG_TEXT = 4000
"""Characters that a citizen may write in one go; a channel that takes fewer gets a page for the rest."""

Receive = Callable[[Inbound], Awaitable[None]]
"""Returns when the turn is committed or the event safely kept; raises only when neither could be done."""
Count = Callable[[str, int], None]
"""count(name, by): add to a counter of the day."""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform can show and bring. `buttons` 0 means a numbered menu; `max_text` counts UTF-16 code units."""

    max_text: int
    buttons: int
    button_bytes: int
    edit: bool
    photo_in: bool
    pushed: bool
    """True where messages are sent to the platform; False where the person's browser reads them (web chat)."""
    place_in: Literal["asked", "given", "never"] = "asked"
    """asked: a button of ours brings it; given: it comes when the person thinks of it; never: only by a web link."""
    voice_in: bool = True
    contact_in: bool = False
    """Whether a telephone number can be asked for with a button."""
    link_buttons: bool = False
    """Whether a button can open a web page; else the address stands in the text."""
    pictures: int = 10
    """How many pictures of ours come with one message."""
    files: tuple[str, ...] = ()
    """Endings of documents of ours that come as files; any other is behind the address of a page."""
    file_bytes: int = 0
    """Bytes of the largest of them."""
    max_button_text: int = 64
    """Characters of a button's label."""
    window: int = 0
    """Milliseconds after the person's last word in which messages are taken; 0: for ever."""


def takes_now(capabilities: Capabilities, heard_at: int, now: int) -> bool:
    """Whether a message can be sent to somebody who wrote last at `heard_at`; both UTC milliseconds."""
    return not capabilities.window or now - heard_at < capabilities.window


def brings(capabilities: Capabilities, file: Attached) -> bool:
    """Whether a document comes into the chat itself."""
    return file.name.endswith(capabilities.files) and file.size <= capabilities.file_bytes


def needs_page(capabilities: Capabilities, wants: Wants) -> bool:
    """Whether a question should also offer a page: for what the channel cannot bring, or brings less well.

    A place is more than where somebody stands just now, so a map helps wherever messages are pushed.
    """
    if not capabilities.pushed:
        return False
    match wants:
        case "place" | "scene":
            return True
        case "photo":
            return not capabilities.photo_in
        case "voice":
            return not capabilities.voice_in
        case "web" | "files":
            # A document that cannot be brought into the chat is there, and one that was brought can be had again.
            return True
        case "thread":
            return capabilities.window > 0
        case "evidence":
            return capabilities.window > 0 or capabilities.pictures < MAX_EVIDENCE
        case "words":
            return capabilities.max_text < LONG_TEXT
        case _:
            return False


class Sent(msgspec.Struct, frozen=True):
    """Delivered to the platform; `ref` is its id of the message."""

    ref: str = ""


class Throttled(msgspec.Struct, frozen=True):
    """The platform asks to wait `after` milliseconds; it counts as no try. `uncertain`: a part of it has arrived."""

    after: int
    uncertain: bool = False


class Gone(msgspec.Struct, frozen=True):
    """The person blocked us or the chat no longer exists: nothing more can be sent there."""

    why: str


class WindowClosed(msgspec.Struct, frozen=True):
    """The platform allows no message now; only the person's next word opens it."""

    why: str


class Failed(msgspec.Struct, frozen=True):
    """Not delivered. `retry` says whether another try can help; `uncertain` that it may have arrived all the same."""

    why: str
    retry: bool = True
    uncertain: bool = False


Outcome = Sent | Throttled | Gone | WindowClosed | Failed


def in_doubt(outcome: Outcome) -> Outcome:
    """What came of a message of which some parts had arrived already: another try may bring those again.

    After a throttled part a client goes on from there, but a process that dies meanwhile does not know that.
    """
    return msgspec.structs.replace(outcome, uncertain=True) if isinstance(outcome, Failed | Throttled) else outcome


class Address(msgspec.Struct, frozen=True):
    """Where a message goes: the platform's chat id, and the platform id of a message to edit ("" for a new one).

    `heard_at` is when the person wrote last (UTC ms, 0 where unknown): some platforms take messages only for a while.
    """

    chat: str
    edits: str = ""
    heard_at: int = 0


class Channel(Protocol):
    """A platform that messages are pushed to."""

    capabilities: Capabilities

    async def send(self, address: Address, bubble: Bubble) -> Outcome:
        """Send one message. Never raises for what the platform says; programming errors do raise."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


class Door(Protocol):
    """Where the platform of one channel account brings its events: POST /webhook/{channel}/{account}."""

    @property
    def channel(self) -> str: ...

    @property
    def channel_account(self) -> int: ...

    @property
    def max_body(self) -> int:
        """Bytes of the largest body worth reading."""
        ...

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether the body is worth reading at all, by the headers alone (names in lower case)."""
        ...

    async def handle(self, headers: Mapping[str, str], body: bytes) -> int:
        """The HTTP status to answer with; `body` is cut off just past `max_body`. Never raises."""
        ...
