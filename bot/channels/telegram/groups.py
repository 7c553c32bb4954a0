"""A group is no place for what concerns one person: whoever calls the bot there is shown the way to the private chat.

Nothing that is said in a group is kept, and nobody is answered by name. What is said there is a courtesy: it goes past
the outbox, once in a while for each group, and what fails is only counted.
"""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from bot.channels.base import Count, Sent
from bot.channels.telegram.in_group import InGroup

SOURCE = "nhom"
"""The word of the link that stands in a group."""
PAUSE = 60_000
"""Milliseconds between two answers in one group."""
MOST = 20
"""Answers of one pause to all groups together: who adds the bot to a hundred groups slows down nobody else."""


class Words(msgspec.Struct, frozen=True):
    """What is said in a group, from the catalogue; `open` stands on the button of the link."""

    private: str
    added: str
    open: str


class Groups:
    """Answers in groups, in the background. `say(chat, text, label, url)` sends; `moved(old, new)` remembers.

    `name` and `id` are the bot's own; it answers nobody before it knows them. The group of the `officers` is not
    greeted: they have asked the bot in themselves.
    """

    def __init__(
        self,
        say: Callable[[str, str, str, str], Awaitable[object]],
        moved: Callable[[str, str], Awaitable[None]],
        words: Words,
        count: Count,
        now: Callable[[], int],
        officers: str = "",
    ) -> None:
        self._officers = officers
        self.name = ""
        self.id = 0
        self._say = say
        self._moved = moved
        self._words = words
        self._count = count
        self._now = now
        self._answered: dict[str, int] = {}
        self._running: set[asyncio.Task[None]] = set()

    def heard(self, event: InGroup) -> None:
        """See to it soon; returns at once."""
        if event.what == "moved":
            self._begin(self._moved(event.chat, event.to))
        elif event.what == "added":
            if self.name and event.chat != self._officers and self._may(event.chat):
                self._begin(self._answer(event.chat, self._words.added))
        elif event.what == "talk" and self._is_called(event) and self._may(event.chat):
            self._begin(self._answer(event.chat, self._words.private))

    async def settle(self) -> None:
        """Wait until everything begun so far has ended."""
        await asyncio.gather(*self._running, return_exceptions=True)

    def _is_called(self, event: InGroup) -> bool:
        if not self.name:
            return False
        return "" in event.names or self.name.lower() in event.names or event.answers == self.id

    def _may(self, chat: str) -> bool:
        now = self._now()
        self._answered = {group: at for group, at in self._answered.items() if now - at < PAUSE}
        if chat in self._answered or len(self._answered) >= MOST:
            return False
        self._answered[chat] = now
        return True

    def _begin(self, doing: Awaitable[None]) -> None:
        task = asyncio.ensure_future(self._counted(doing))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _counted(self, doing: Awaitable[None]) -> None:
        try:
            await doing
        except Exception:  # noqa: BLE001 - a courtesy that fails disturbs nobody
            self._count("telegram.group_failed", 1)

    async def _answer(self, chat: str, text: str) -> None:
        says = await self._say(chat, text, self._words.open, f"https://t.me/{self.name}?start={SOURCE}")
        if not isinstance(says, Sent):
            self._count("telegram.group_failed", 1)
