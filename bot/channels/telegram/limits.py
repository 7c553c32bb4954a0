"""How fast we may send: 30 messages a second for the bot, one a second into a chat, 20 a minute into a group. Pure.

The numbers are those of core.telegram.org/bots/faq#broadcasting-to-users; what is said with a 429 goes before them.
"""

import math
from collections import deque

_SECOND = 1000
_FORGET_AT = 10_000
_MADE_UP = 100
"""Milliseconds: messages to many that a busy machine let slip for so long are made up for at once."""
_GROUP_GAP = 3 * _SECOND
_AT_ONCE = 3
"""A 429 names nobody. We never go too fast into one chat, so chats told to wait at the same time mean the bot."""


class Limits:
    """Counts what was let through. Time is an argument, in milliseconds of any clock that never goes back.

    The bot is counted over the last second, exactly. A chat is one number: the time up to which it has been used,
    which may run ahead of now by a small burst. A message to many never uses up a second at its beginning: they leave
    one by one, so that there is soon room for an answer to somebody who writes meanwhile.
    """

    def __init__(self, *, bot_per_second: int = 30, chat_per_second: int = 1, chat_burst: int = 3) -> None:
        self._recent: deque[int] = deque(maxlen=bot_per_second)
        self._gap = _SECOND / chat_per_second
        self._slack = self._gap * (chat_burst - 1)
        self._chats: dict[str, float] = {}
        self._told: deque[tuple[int, str]] = deque(maxlen=_AT_ONCE)
        self._bot_until = 0
        self._step = _SECOND / bot_per_second
        self._next_of_many = 0.0

    def take(self, chat: str, now: int, *, many: bool = False) -> int:
        """Milliseconds to wait before a message to `chat`; 0 means send it now, and it is counted as sent.

        `many`: the message goes to many people, so this one may wait for its turn.
        """
        full = len(self._recent) == self._recent.maxlen
        bot = max(self._recent[0] + _SECOND - now if full else 0, self._bot_until - now)
        step = self._next_of_many - now if many else 0
        wait = math.ceil(max(bot, step, self._chats.get(chat, 0.0) - self._slack - now))
        if wait > 0:
            return wait
        if many:
            self._next_of_many = max(self._next_of_many, now - _MADE_UP) + self._step
        self._recent.append(now)
        gap = _GROUP_GAP if chat.startswith("-") else self._gap
        self._chats[chat] = max(self._chats.get(chat, 0.0), now) + gap
        if len(self._chats) > _FORGET_AT:
            self._chats = {chat: until for chat, until in self._chats.items() if until > now}
        return 0

    def hold(self, chat: str, after: int, now: int) -> None:
        """The platform asked to wait `after` milliseconds: the chat is held, the bot goes on for the others.

        Where it has told several chats so within a second, it means the bot, and everybody is held.
        """
        self._chats[chat] = max(self._chats.get(chat, 0.0), now + after + self._slack)
        self._told.append((now, chat))
        lately = {told for at, told in self._told if now - at < _SECOND}
        if len(lately) == _AT_ONCE:
            self._bot_until = max(self._bot_until, now + after)
