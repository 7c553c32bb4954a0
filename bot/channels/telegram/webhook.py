"""The door Telegram knocks at: the secret first, then the turn, then the 200."""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.channels.base import Count, Receive
from bot.channels.telegram.acknowledge import Acknowledgements
from bot.channels.telegram.in_group import InGroup
from bot.channels.telegram.parse import Read, counted, parse

MAX_BODY = 1024 * 1024
"""Bytes; the largest real update is a message of 4096 characters with its entities, far below."""

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of the header
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class TelegramDoor:
    """One channel account's webhook (see bot.channels.base.Door).

    Where `receive` raises, the 500 makes Telegram bring the update again. `now()` is UTC ms.
    """

    channel_account: int
    secret: str
    receive: Receive
    count: Count
    now: Callable[[], int]
    acknowledgements: Acknowledgements
    in_group: Callable[[InGroup], None] = lambda _event: None
    channel: str = "telegram"
    max_body: int = MAX_BODY

    def __post_init__(self) -> None:
        if not _SECRET.fullmatch(self.secret):
            raise ValueError("the webhook secret must be 1 to 256 characters of A-Z a-z 0-9 _ -")

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether the X-Telegram-Bot-Api-Secret-Token header is ours, compared in constant time."""
        given = headers.get(SECRET_HEADER, "")
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), self.secret.encode())

    async def handle(self, headers: Mapping[str, str], body: bytes) -> int:
        """The HTTP status to answer with. What can never become readable gets 200: a retry would not help it."""
        if not self.admits(headers):
            self.count("webhook.bad_secret", 1)
            return 401
        if len(body) > MAX_BODY:
            self.count("webhook.too_big", 1)
            return 200
        parsed = parse(body, account=self.channel_account, at=self.now())
        if not isinstance(parsed, Read):
            self.count(f"webhook.{counted(parsed)}", 1)
            if isinstance(parsed, InGroup):
                self.in_group(parsed)
            return 200
        if parsed.removed:
            self.count("telegram.removed_characters", parsed.removed)
        try:
            await self.acknowledgements.around(parsed.inbound, self.receive)
        except Exception:  # noqa: BLE001 - neither committed nor kept, for whatever reason: ask for it again
            self.count("webhook.turn_failed", 1)
            return 500
        return 200
