"""Flood control: one message a second into a chat with a small burst, 20 a minute into a group, 30 a second in all."""

import math

from tests.fakes.telegram.methods import ApiError

_GROUP_RATE, _GROUP_BURST = 20 / 60, 20.0


class Flood:
    """Two buckets, full at first. `now` is in seconds; whoever comes too early must wait the whole retry_after."""

    def __init__(self, *, chat_per_second: float, chat_burst: int, per_second: float) -> None:
        self._chat_rate, self._chat_burst = chat_per_second, chat_burst
        self._rate = per_second
        self._chats: dict[int, tuple[float, float]] = {}
        self._all = (per_second, 0.0)
        self._until: dict[int, float] = {}

    def take(self, chat: int, now: float) -> None:
        """Count one message, or answer 429 with the seconds to wait."""
        if self._until.get(chat, 0.0) > now:
            self._refuse(chat, self._until[chat] - now, now)
        rate, burst = (self._chat_rate, float(self._chat_burst)) if chat > 0 else (_GROUP_RATE, _GROUP_BURST)
        mine = self._level(self._chats.get(chat, (burst, now)), rate, burst, now)
        everyone = self._level(self._all, self._rate, self._rate, now)
        if mine < 1:
            self._refuse(chat, (1 - mine) / rate, now)
        if everyone < 1:
            self._refuse(chat, (1 - everyone) / self._rate, now)
        self._chats[chat] = (mine - 1, now)
        self._all = (everyone - 1, now)

    @staticmethod
    def _level(bucket: tuple[float, float], rate: float, burst: float, now: float) -> float:
        level, since = bucket
        return min(burst, level + (now - since) * rate)

    def _refuse(self, chat: int, seconds: float, now: float) -> None:
        after = max(1, math.ceil(seconds))
        self._until[chat] = now + after
        raise ApiError(429, f"Too Many Requests: retry after {after}", retry_after=after)
