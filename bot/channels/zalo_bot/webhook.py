"""The door the Zalo Bot Platform knocks at: the secret first, then the turn, then the 200."""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.channels.base import Count, Receive
from bot.channels.zalo_bot.parse import Ignored, Read, parse

MAX_BODY = 1024 * 1024
"""Bytes; the largest real event is a message of some thousand characters."""

SECRET_HEADER = "x-bot-api-secret-token"  # noqa: S105 - the name of the header
_SECRET = re.compile(r"[A-Za-z0-9_-]{8,256}")


@dataclass(frozen=True, slots=True)
class ZaloBotDoor:
    """One channel account's webhook (see bot.channels.base.Door).

    Where `receive` raises, the 500 asks the platform to bring the event again. `now()` is UTC ms.
    """

    channel_account: int
    secret: str
    receive: Receive
    count: Count
    now: Callable[[], int]
    channel: str = "zalo_bot"
    max_body: int = MAX_BODY

    def __post_init__(self) -> None:
        if not _SECRET.fullmatch(self.secret):
            raise ValueError("the webhook secret must be 8 to 256 characters of A-Z a-z 0-9 _ -")

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether the X-Bot-Api-Secret-Token header is ours, compared in constant time."""
        given = headers.get(SECRET_HEADER, "")
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), self.secret.encode())

    async def handle(self, headers: Mapping[str, str], body: bytes) -> int:
        """The HTTP status to answer with. What can never become readable gets 200: a retry would not help it."""
        if not self.admits(headers):
            if SECRET_HEADER not in headers and headers.get("content-length") == "0":
                # Whether somebody is here at all: nothing was brought, so nothing has to be proved.
                self.count("webhook.probe", 1)
                return 200
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
            self.count("zalo_bot.removed_characters", parsed.removed)
        try:
            await self.receive(parsed.inbound)
        except Exception:  # noqa: BLE001 - neither committed nor kept, for whatever reason: ask for it again
            self.count("webhook.turn_failed", 1)
            return 500
        return 200
