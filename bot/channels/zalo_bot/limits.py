"""How fast we may send. The platform publishes no number and says no time with its 429: both are ours. Pure."""

_FORGET_AT = 10_000
_FIRST = 5_000
_LAST = 3_600_000
"""Milliseconds: a month's messages that are used up look like any other 429, and come back after days."""


class Limits:
    """So many messages a second for the bot, evenly; a chat that was refused waits. Time is in milliseconds."""

    def __init__(self, *, per_second: int = 10) -> None:
        self._gap = 1000 / per_second
        self._used = 0.0
        self._held: dict[str, int] = {}

    def take(self, chat: str, now: int, *, many: bool = False) -> int:
        """Milliseconds to wait before a message to `chat`; 0 means send it now, and it is counted as sent."""
        del many  # whom else a message goes to makes no difference here
        wait = max(self._held.get(chat, 0), int(self._used)) - now
        if wait > 0:
            return wait
        self._used = max(self._used, now) + self._gap
        return 0

    def hold(self, chat: str, after: int, now: int) -> None:
        """The platform refused: the chat waits `after` milliseconds, the others go on."""
        if len(self._held) > _FORGET_AT:
            self._held = {one: until for one, until in self._held.items() if until > now}
        self._held[chat] = now + after


class Pauses:
    """How long a chat waits after a 429: 5 s, twice as long each time in a row, at most an hour."""

    def __init__(self) -> None:
        self._in_a_row: dict[str, int] = {}

    def next(self, chat: str) -> int:
        """Milliseconds to wait now."""
        if len(self._in_a_row) > _FORGET_AT:
            self._in_a_row.clear()
        times = self._in_a_row[chat] = self._in_a_row.get(chat, 0) + 1
        return int(min(_FIRST << min(times - 1, 16), _LAST))

    def over(self, chat: str) -> None:
        """A message went through."""
        self._in_a_row.pop(chat, None)
