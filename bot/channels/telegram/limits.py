"""How fast we may send: 30 messages a second for the bot, one a second into a chat (channels.md §3). Pure."""

from collections.abc import Iterator

_SECOND = 1000
_FORGET_AT = 10_000


class Limits:
    """Counts what was let through. Time is an argument, in milliseconds of any clock that never goes back.

    Each line (the bot, a chat) is a clock that may run ahead of now by a burst: no queue, no timer, one number.
    """

    def __init__(self, *, bot_per_second: int = 30, chat_per_second: int = 1, chat_burst: int = 3) -> None:
        self._bot_gap = _SECOND / bot_per_second
        self._bot_slack = _SECOND - self._bot_gap
        self._chat_gap = _SECOND / chat_per_second
        self._chat_slack = self._chat_gap * (chat_burst - 1)
        self._bot = 0.0
        self._chats: dict[str, float] = {}

    def take(self, chat: str, now: int) -> int:
        """Milliseconds to wait before a message to `chat`; 0 means send it now, and it is counted as sent."""
        wait = max(self._bot - self._bot_slack, self._chats.get(chat, 0.0) - self._chat_slack) - now
        if wait > 0:
            return max(round(wait + 0.5), 1)
        self._bot = max(self._bot, now) + self._bot_gap
        self._chats[chat] = max(self._chats.get(chat, 0.0), now) + self._chat_gap
        if len(self._chats) > _FORGET_AT:
            self._chats = dict(self._still_counting(now))
        return 0

    def hold(self, chat: str, after: int, now: int) -> None:
        """The platform asked to wait `after` milliseconds: the chat is held, the bot goes on for the others."""
        self._chats[chat] = max(self._chats.get(chat, 0.0), now + after + self._chat_slack)

    def _still_counting(self, now: int) -> Iterator[tuple[str, float]]:
        return ((chat, until) for chat, until in self._chats.items() if until > now)
