"""The door Telegram knocks at: the secret first, then the turn, then the 200."""

import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.channels.telegram.acknowledge import Acknowledgements, Count
from bot.channels.telegram.parse import Ignored, Read, parse
from bot.conversation.messages import Inbound

MAX_BODY = 1024 * 1024
"""Bytes; the largest real update is a message of 4096 characters with its entities, far below."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class TelegramDoor:
    """One channel account's webhook.

    `receive` returns when the turn is committed or the event safely kept; it raises only when neither could be done,
    and then the 500 makes Telegram bring the update again. `count(name, by)` adds to a counter, `now()` is UTC ms.
    """

    channel_account: int
    secret: str
    receive: Callable[[Inbound], Awaitable[None]]
    count: Count
    now: Callable[[], int]
    acknowledgements: Acknowledgements | None = None

    def __post_init__(self) -> None:
        if not _SECRET.fullmatch(self.secret):
            raise ValueError("the webhook secret must be 1 to 256 characters of A-Z a-z 0-9 _ -")

    def knows(self, secret_header: str | None) -> bool:
        """Whether the X-Telegram-Bot-Api-Secret-Token header is ours, compared in constant time."""
        return hmac.compare_digest((secret_header or "").encode("utf-8", "surrogatepass"), self.secret.encode())

    async def handle(self, secret_header: str | None, body: bytes) -> int:
        """The HTTP status to answer with. What can never become readable gets 200: a retry would not help it."""
        if not self.knows(secret_header):
            self.count("webhook.bad_secret", 1)
            return 401
        if len(body) > MAX_BODY:
            self.count("webhook.too_big", 1)
            return 200
        parsed = parse(body, account=self.channel_account, at=self.now())
        if not isinstance(parsed, Read):
            self.count(f"webhook.{parsed.why}" if isinstance(parsed, Ignored) else "webhook.unreadable", 1)
            return 200
        if parsed.removed:
            self.count("telegram.removed_characters", parsed.removed)
        try:
            await self.receive(parsed.inbound)
        except Exception:  # noqa: BLE001 - neither committed nor kept, for whatever reason: ask for it again
            self.count("webhook.turn_failed", 1)
            return 500
        if parsed.inbound.callback and self.acknowledgements is not None:
            self.acknowledgements.start(parsed.inbound.callback)
        return 200
