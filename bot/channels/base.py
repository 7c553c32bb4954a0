"""What every channel declares and answers, whatever its platform."""

from typing import Protocol

import msgspec

from bot.conversation.messages import Bubble


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform can show. `buttons` 0 means a numbered menu; `max_text` counts UTF-16 code units."""

    max_text: int
    buttons: int
    button_bytes: int
    edit: bool
    photo_in: bool
    pushed: bool
    """True where messages are sent to the platform; False where the person's browser reads them (web chat)."""


class Sent(msgspec.Struct, frozen=True):
    """Delivered to the platform; `ref` is its id of the message."""

    ref: str = ""


class Throttled(msgspec.Struct, frozen=True):
    """The platform asks to wait `after` milliseconds; it counts as no try."""

    after: int


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


class Address(msgspec.Struct, frozen=True):
    """Where a message goes: the platform's chat id, and the platform id of a message to edit ("" for a new one)."""

    chat: str
    edits: str = ""


class Channel(Protocol):
    """A platform that messages are pushed to."""

    capabilities: Capabilities

    async def send(self, address: Address, bubble: Bubble) -> Outcome:
        """Send one message. Never raises for what the platform says; programming errors do raise."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...
