"""The door Zalo knocks at: the signature first, then the turn, then the 200, all within the 2 s that Zalo waits."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.channels.base import Count, Receive
from bot.channels.zalo_oa.events import Event, decode, id_of
from bot.channels.zalo_oa.parse import DataRequest, Ignored, Parsed, Unreadable, read
from bot.channels.zalo_oa.signature import HEADER, Signing, Variant, mac_in, matching, timestamps_in

MAX_BODY = 1024 * 1024
"""Bytes; a text of 2,000 characters with everything around it takes some twenty thousand."""
OLDEST = 6 * 24 * 60 * 60_000
"""Milliseconds: Zalo retries for about two hours, and what was answered is known for seven days."""
_SECONDS, _MILLISECONDS = 10, 13

log = logging.getLogger(__name__)


async def _nobody(_what: object) -> None:
    """Whoever is not there to be told."""


@dataclass(slots=True)
class ZaloOaDoor:
    """One channel account's webhook (see bot.channels.base.Door).

    Where `receive` raises, the 500 makes Zalo bring the event again. `now()` is UTC ms. `signed(variant)` is told how
    events are signed, once for each way a process sees; `data_request` of a person's request about their data.
    """

    channel_account: int
    signing: Signing
    receive: Receive
    count: Count
    now: Callable[[], int]
    signed: Callable[[Variant], Awaitable[None]] = _nobody
    data_request: Callable[[DataRequest], Awaitable[None]] = _nobody
    data_word: str = "data"
    channel: str = "zalo_oa"
    max_body: int = MAX_BODY
    _seen: set[Variant] = field(default_factory=set)

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether there is a signature at all: whether it is right only the whole body tells."""
        return bool(mac_in(headers.get(HEADER, "")))

    async def handle(self, headers: Mapping[str, str], body: bytes) -> int:
        """The HTTP status to answer with. What can never become readable gets 200: a retry would not help it."""
        mac = mac_in(headers.get(HEADER, ""))
        if not mac:
            self.count("webhook.bad_signature", 1)
            return 401
        if len(body) > MAX_BODY:
            self.count("webhook.too_big", 1)
            return 200
        event = decode(body)
        timestamps = [id_of(event.get("timestamp"))] if event is not None else timestamps_in(body)
        if not await self._is_signed(mac, body, timestamps):
            self.count("webhook.bad_signature", 1)
            return 401
        if any(_age(timestamp, self.now()) > OLDEST for timestamp in timestamps):
            # So old that it may have been answered and forgotten: nobody brings it but who kept a copy.
            self.count("webhook.too_old", 1)
            return 401
        return await self._take(event)

    async def _is_signed(self, mac: str, body: bytes, timestamps: list[str]) -> bool:
        for timestamp in timestamps:
            variant = matching(self.signing, mac, body, timestamp)
            if variant is None:
                continue
            right = variant == Variant(self.signing.signed_first, self.signing.signed_with)
            if variant not in self._seen:
                self._seen.add(variant)
                say = log.info if right else log.error
                say("events are signed with the secret of the %s, %s first", variant.secret, variant.first)
                await self._tell(self.signed(variant))
            return right
        return False

    async def _take(self, event: Event | None) -> int:
        parsed: Parsed = Unreadable("no_json")
        if event is not None:
            oa_id = self.signing.oa_id
            parsed = read(event, account=self.channel_account, oa_id=oa_id, at=self.now(), word=self.data_word)
        match parsed:
            case Unreadable():
                self.count("webhook.unreadable", 1)
                return 200
            case Ignored(why=why):
                self.count(f"webhook.{why}", 1)
                return 200
            case DataRequest():
                self.count("zalo_oa.data_request", 1)
                return 200 if await self._tell(self.data_request(parsed)) else 500
        if parsed.removed:
            self.count("zalo_oa.removed_characters", parsed.removed)
        try:
            for inbound in parsed.inbounds:
                await self.receive(inbound)
        except Exception:  # noqa: BLE001 - neither committed nor kept, for whatever reason: ask for it again
            self.count("webhook.turn_failed", 1)
            return 500
        return 200

    async def _tell(self, telling: Awaitable[None]) -> bool:
        try:
            await telling
        except Exception as fault:  # noqa: BLE001 - the store is in trouble; the door stays open
            log.error("not told: %s", type(fault).__name__)
            return False
        return True


def _age(timestamp: str, now: int) -> int:
    """Milliseconds since then; 0 for a number that is no time as Zalo writes it (examples in its pages are not)."""
    if not timestamp.isascii() or not timestamp.isdecimal():
        return 0
    if len(timestamp) == _MILLISECONDS:
        return now - int(timestamp)
    return now - int(timestamp) * 1000 if len(timestamp) == _SECONDS else 0
