"""How fast we may send: 30 messages a second for the bot, one a second into a chat (channels.md §3). Pure."""

import math
from collections import deque

_SECOND = 1000
_FORGET_AT = 10_000


class Limits:
    """Counts what was let through. Time is an argument, in milliseconds of any clock that never goes back.

    The bot is counted over the last second, exactly. A chat is one number: the time up to which it has been used,
    which may run ahead of now by a small burst.
    """

    def __init__(self, *, bot_per_second: int = 30, chat_per_second: int = 1, chat_burst: int = 3) -> None:
        self._recent: deque[int] = deque(maxlen=bot_per_second)
        self._gap = _SECOND / chat_per_second
        self._slack = self._gap * (chat_burst - 1)
        self._chats: dict[str, float] = {}

    def take(self, chat: str, now: int) -> int:
        """Milliseconds to wait before a message to `chat`; 0 means send it now, and it is counted as sent."""
        full = len(self._recent) == self._recent.maxlen
        bot = self._recent[0] + _SECOND - now if full else 0
        wait = math.ceil(max(bot, self._chats.get(chat, 0.0) - self._slack - now))
        if wait > 0:
            return wait
        self._recent.append(now)
        self._chats[chat] = max(self._chats.get(chat, 0.0), now) + self._gap
        if len(self._chats) > _FORGET_AT:
            self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        return 0

    def hold(self, chat: str, after: int, now: int) -> None:
        """The platform asked to wait `after` milliseconds: the chat is held, the bot goes on for the others."""
        self._chats[chat] = max(self._chats.get(chat, 0.0), now + after + self._slack)
