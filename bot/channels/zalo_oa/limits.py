"""How fast we may send: 4,000 calls a minute for the app (channels.md §2), evenly, and as Zalo says. Pure."""

import math
from collections import deque

_MINUTE = 60_000
_SECOND = 1000
_FORGET_AT = 10_000


class Limits:
    """Counts what was let through. Time is an argument, in milliseconds of any clock that never goes back."""

    def __init__(self, *, per_minute: int = 4000) -> None:
        self._minute: deque[int] = deque(maxlen=per_minute)
        # Evenly: what is spent in the first second of a minute leaves a citizen without an answer for the rest of it.
        self._recent: deque[int] = deque(maxlen=max(math.ceil(per_minute / 60), 1))
        self._until = 0
        self._chats: dict[str, int] = {}

    def take(self, chat: str, now: int, *, many: bool = False) -> int:
        """Milliseconds to wait before a message to `chat`; 0 means send it now, and it is counted as sent."""
        del many  # whom else a message goes to makes no difference here
        waits = [self._until - now, self._chats.get(chat, 0) - now]
        for calls, span in ((self._minute, _MINUTE), (self._recent, _SECOND)):
            if len(calls) == calls.maxlen:
                waits.append(calls[0] + span - now)
        wait = max(waits)
        if wait > 0:
            return wait
        self._minute.append(now)
        self._recent.append(now)
        return 0

    def hold(self, chat: str, after: int, now: int) -> None:
        """Let a chat wait `after` milliseconds; the others go on."""
        if len(self._chats) > _FORGET_AT:
            self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        self._chats[chat] = max(self._chats.get(chat, 0), now + after)

    def remains(self, calls: int, now: int) -> None:
        """Zalo says how many calls are left in this minute (X-RateLimit-Remain): with none left, everybody waits."""
        if calls <= 0:
            self.hold_all(5 * _SECOND, now)

    def hold_all(self, after: int, now: int) -> None:
        """The app's own limit was reached: everybody waits."""
        self._until = max(self._until, now + after)
