"""What the fake holds: people, chats, messages, files, waiting events. Lives in the fake's own loop, nowhere else."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

PATIENCE = 5.0
"""Seconds an event waits for the next getUpdates: who does not ask in between has lost it."""


class ApiError(Exception):
    """What a method answers instead of a result."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass
class Letter:
    """One message in a chat; `photo` is the address of a picture of the bot's."""

    id: str
    from_bot: bool
    date: int
    text: str = ""
    photo: str = ""
    rev: int = 0


@dataclass
class Chat:
    """A private chat; `met` once the person has written, and only then the bot may."""

    id: str
    name: str
    letters: list[Letter] = field(default_factory=list)
    met: bool = False
    protected: bool = False
    """Children and people with disabilities: whatever they send arrives as `unsupported`."""


@dataclass
class Waiting:
    """An event that is not yet with the bot."""

    event: dict[str, Any]
    at: float
    tries: int = 0


@dataclass
class Hook:
    """The webhook as it is set."""

    url: str = ""
    secret: str = ""
    updated_at: int = 0


class World:
    """All state of one bot. `now` runs with the real clock and can be moved on."""

    def __init__(self, *, plain_http: bool, wrapped: bool) -> None:
        self.plain_http = plain_http
        self.wrapped = wrapped
        self.ahead = 0.0
        self.chats: dict[str, Chat] = {}
        self.files: dict[str, tuple[bytes, str]] = {}
        self.queue: list[Waiting] = []
        self.brought: list[dict[str, Any]] = []
        self.lost: list[dict[str, Any]] = []
        self.held = False
        self.hook = Hook()
        self.hooks_set = 0
        self.quota: int | None = None
        self.polled_at = 0.0
        self.polls = 0
        self.address = ""
        self.changed = asyncio.Event()
        self._ids = count(1)
        self._revisions = count(1)

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead

    def ms(self) -> int:
        """Milliseconds since 1970, as the platform writes dates."""
        return int(self.now() * 1000)

    def stir(self) -> None:
        """Wake whoever waits for something to happen."""
        self.changed.set()
        self.changed = asyncio.Event()

    def chat(self, chat_id: str) -> Chat:
        """The chat a call names; 400 for one the bot has never met."""
        found = self.chats.get(chat_id)
        if found is None or not found.met:
            raise ApiError(400, "Bad Request: chat not found")
        return found

    def add_letter(self, chat: Chat, *, from_bot: bool, text: str = "", photo: str = "") -> Letter:
        """Put a message into a chat."""
        id = f"{next(self._ids):012x}{hash(chat.id) & 0xFFFFFFFF:08x}"
        letter = Letter(id, from_bot, self.ms(), text, photo, next(self._revisions))
        chat.letters.append(letter)
        self.stir()
        return letter

    def add_file(self, content: bytes, ending: str) -> str:
        """Keep a file; the address where it can be fetched without a token."""
        name = f"{next(self._ids):08x}{ending}"
        self.files[name] = (content, ending)
        return f"{self.address}/zdn/{name}"

    def push(self, event_name: str, message: dict[str, Any]) -> None:
        """An event for the bot."""
        self.queue.append(Waiting({"event_name": event_name, "message": message}, self.now()))
        self.stir()

    def message(self, chat: Chat, letter: Letter, content: dict[str, Any]) -> dict[str, Any]:
        """As a message of an event."""
        return {
            "from": {"id": chat.id, "display_name": chat.name, "is_bot": False},
            "chat": {"id": chat.id, "chat_type": "PRIVATE"},
            "message_id": letter.id,
            "date": letter.date,
            **content,
        }

    def body(self, event: dict[str, Any]) -> dict[str, Any]:
        """An event as the webhook brings it: as documented or as captured."""
        return {"ok": True, "result": event} if self.wrapped else event

    def forget(self) -> None:
        """Events that nobody asked for in time are gone."""
        patience = max(self.polled_at, 0.0)
        kept = [one for one in self.queue if self.now() - max(one.at, patience) <= PATIENCE]
        self.lost += [one.event for one in self.queue if one not in kept]
        self.queue = kept
