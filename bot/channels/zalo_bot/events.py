"""The shapes of the Zalo Bot API that we read (bot.zapps.me/docs), as leniently as its documents and captures differ.

The same event comes bare (captured) or wrapped in {"ok": ..., "result": ...} (documented, and by getUpdates); a
picture is in `photo` (documented) or `photo_url` (captured); ids are strings, and numbers are taken too.
"""

from typing import Any

import msgspec

Id = str | int | None


class Person(msgspec.Struct):
    """Who wrote; a private chat has the same id."""

    id: Id = None
    display_name: str | None = None
    name: str | None = None
    is_bot: bool | None = None


class Chat(msgspec.Struct):
    """`chat_type` is PRIVATE or GROUP."""

    id: Id = None
    chat_type: str | None = None


class Message(msgspec.Struct, rename={"sender": "from"}):
    """One message; `date` is UTC milliseconds. Addresses of media need no token and expire."""

    sender: Person | None = None
    chat: Chat | None = None
    message_id: Id = None
    date: int | float | str | None = None
    text: str | None = None
    caption: str | None = None
    photo: str | None = None
    photo_url: str | None = None
    voice_url: str | None = None
    url: str | None = None
    link: str | None = None


class Event(msgspec.Struct):
    """What happened: message.<kind>.received."""

    event_name: str = ""
    message: Message | None = None


class Envelope(msgspec.Struct):
    """Whatever is around an event, or in its place."""

    ok: bool | None = None
    result: Event | None = None
    error_code: int | str | None = None
    description: str | None = None
    event_name: str = ""
    message: Message | None = None


class Answer(msgspec.Struct):
    """What every method answers; `ok` says how it went, whatever the HTTP status."""

    ok: bool
    result: Any = None
    error_code: int | str | None = None
    description: str | None = None


class Hook(msgspec.Struct):
    """The webhook as it is set; `verification` comes with setWebhook."""

    class Verification(msgspec.Struct):
        """Whether our address answered: "webhook.ok", or why not ("webhook.http.403")."""

        ok: bool = False
        outcome: str = ""

    url: str | None = None
    verification: Verification | None = None


class Me(msgspec.Struct):
    """Whose the token is."""

    id: Id = None
    account_name: str = ""
    account_type: str = ""


def number(code: int | str | None) -> int:
    """An error code as a number, 0 where it is none."""
    if isinstance(code, str):
        return int(code) if code.isascii() and code.isdecimal() and len(code) < 10 else 0
    return code or 0
