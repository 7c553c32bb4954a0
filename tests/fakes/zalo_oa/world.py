"""What the fake holds: the account, people, messages, tokens, pictures. Lives in the fake's own loop, nowhere else."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

OA_ID, APP_ID = "4318657068771012646", "360846524940903967"
APP_SECRET, OA_SECRET = "app-secret-of-the-fake", "oa-secret-of-the-fake"
NAME = "UBND xã Mẫu"
MINUTE, HOUR, DAY = 60, 3600, 86_400
LIFE, REFRESH_LIFE, CODE_LIFE = 25 * HOUR, 90 * DAY, 10 * MINUTE
PICTURE_LIFE = 7 * DAY
PER_MINUTE = 4000
UPLOADS = 5000


class ApiError(Exception):
    """The OpenAPI says no, with HTTP 200."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass
class Letter:
    """One message in the chat of a person."""

    id: str
    from_bot: bool
    at: float
    text: str = ""
    picture: bytes | None = None
    buttons: list[dict[str, Any]] = field(default_factory=list)
    form: dict[str, str] | None = None
    rev: int = 0


@dataclass
class Chat:
    """One person; `spoke_at` is the last interaction, which opens the windows."""

    id: str
    name: str
    follower: bool = False
    opted_out: bool = False
    spoke_at: float | None = None
    letters: list[Letter] = field(default_factory=list)


@dataclass
class Consent:
    """A code that was given, and what it was given for."""

    challenge: str
    redirect: str
    until: float


class World:
    """All state of one account. `now` runs with the real clock and can be moved on."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.chats: dict[str, Chat] = {}
        self.files: dict[str, tuple[bytes, str]] = {}
        self.pictures: dict[str, tuple[bytes, float]] = {}
        self.uploads = 0
        self.codes: dict[str, Consent] = {}
        self.access: dict[str, float] = {}
        self.refresh: dict[str, float] = {}
        self.spent: set[str] = set()
        self.grants = 0
        self.calls_at: list[float] = []
        self.per_minute = PER_MINUTE
        self.billed = 0
        self.left, self.total = 2000, 2000
        self.changed = asyncio.Event()
        self._ids = count(1)
        self._revisions = count(1)

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead

    def stir(self) -> None:
        """Wake whoever waits for something to happen."""
        self.changed.set()
        self.changed = asyncio.Event()

    def new_id(self, prefix: str = "") -> str:
        """An id of the kind that Zalo gives to messages and pictures."""
        return f"{prefix}{next(self._ids):06x}c0ffee{int(self.now()) % 997:03d}"

    def add(self, chat: Chat, *, from_bot: bool, **content: Any) -> Letter:
        """Put a message into a chat."""
        letter = Letter(self.new_id(), from_bot, self.now(), rev=next(self._revisions), **content)
        chat.letters.append(letter)
        self.stir()
        return letter

    def grant(self) -> dict[str, str]:
        """A new pair; whatever access there was ends at once, which is the strictest reading of the pages."""
        self.grants += 1
        self.access = {f"access-{self.grants}-{'x' * 40}": self.now() + LIFE}
        refresh = f"refresh-{self.grants}-{'y' * 40}"
        self.refresh = {refresh: self.now() + REFRESH_LIFE}
        return {"access_token": next(iter(self.access)), "refresh_token": refresh, "expires_in": str(LIFE)}

    def admit(self, token: str) -> None:
        """Refuse a call without a living access token."""
        until = self.access.get(token)
        if until is None:
            raise ApiError(-216, "Access token is invalid")
        if until <= self.now():
            raise ApiError(-216, "Access token has expired")

    def take(self) -> int:
        """Count a call; how many are left in this minute. -32 where there is none."""
        now = self.now()
        self.calls_at = [at for at in self.calls_at if now - at < MINUTE]
        if len(self.calls_at) >= self.per_minute:
            raise ApiError(-32, "Your application reached limit call api")
        self.calls_at.append(now)
        return self.per_minute - len(self.calls_at)
