"""What stands between a citizen of the soak and the program, platform by platform, and what was acknowledged there."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_oa import FakeZaloOa

T = TypeVar("T")
Heard = Callable[[Hashable, str], Awaitable[None]]
"""heard(key, what): returns when the event of that key was acknowledged."""
PATIENCE = 90.0
"""Seconds: a deadline, never a wait. What takes so long has been lost."""
TICK = 0.004
_PRINTED = re.compile(r"^\d+\. ")


@dataclass
class Ledger:
    """What was acknowledged: so many events of each channel, and the keys under which the store must know them."""

    events: Counter[str] = field(default_factory=Counter)
    keys: dict[str, set[str]] = field(default_factory=dict)
    again: int = 0
    """Events that were brought once more though they had been acknowledged."""

    def took(self, channel: str, key: str) -> None:
        """An event was acknowledged."""
        self.events[channel] += 1
        self.keys.setdefault(channel, set()).add(key)

    @property
    def total(self) -> int:
        """All that came in, what came again included."""
        return sum(self.events.values()) + self.again


class Citizen(Protocol):
    """Somebody on some channel. Whatever they do returns when it was acknowledged."""

    channel: str
    person: str
    sees_pictures_later: bool
    """Whether a picture comes over some time after it was acknowledged."""

    async def starts(self, source: str) -> None: ...
    async def says(self, text: str) -> None: ...
    async def presses(self, label: str) -> None: ...
    async def sends_photo(self, content: bytes) -> None: ...
    async def sends_place(self, lat: float, lon: float) -> bool: ...
    async def fidgets(self) -> None: ...
    async def hears(self, *texts: str) -> str:
        """Which of the texts is said next, after whatever was heard before."""
        ...


async def _until_heard(chat: Any, since: int, texts: tuple[str, ...], who: str) -> tuple[str, int]:
    """Which of the texts stands in a letter of the bot from that place on, and the place after it.

    Looks without asking the fake's loop: a chat only grows.
    """
    until = asyncio.get_running_loop().time() + PATIENCE
    while True:
        for place, letter in enumerate(chat.letters[since:], start=since + 1):
            found = next((text for text in texts if letter.from_bot and text in letter.text), None)
            if found is not None:
                return found, place
        if asyncio.get_running_loop().time() > until:
            said = [(letter.from_bot, letter.text[:80]) for letter in chat.letters[-8:]]
            raise AssertionError(f"{who} never heard any of {texts}: {said}")
        await asyncio.sleep(TICK * 2)


class OnTelegram:
    """A citizen on Telegram."""

    channel = "telegram"
    sees_pictures_later = True

    def __init__(self, fake: FakeTelegram, heard: Heard, ledger: Ledger, name: str) -> None:
        self._person = fake.user(name)
        self._heard, self._ledger = heard, ledger
        self.person = str(self._person.id)
        self._since = 0

    async def _took(self, update: int) -> None:
        await self._heard(update, f"update {update}")
        self._ledger.took(self.channel, f"u{update}")

    async def starts(self, source: str) -> None:
        await self._took(self._person.starts(source))

    async def says(self, text: str) -> None:
        await self._took(self._person.writes(text))

    async def presses(self, label: str) -> None:
        """The button with that label, once it is there."""
        await self._took(await _pressed(self._person._chat, self._person.presses, label, self.person))

    async def sends_photo(self, content: bytes) -> None:
        await self._took(self._person.sends_photo(content))

    async def sends_place(self, lat: float, lon: float) -> bool:
        await self._took(self._person.sends_location(lat, lon))
        return True

    async def fidgets(self) -> None:
        await self._took(self._person.sends_sticker())

    async def hears(self, *texts: str) -> str:
        found, self._since = await _until_heard(self._person._chat, self._since, texts, self.person)
        return found


async def _pressed(chat: Any, press: Callable[[str], T], label: str, who: str) -> T:
    """Wait for a button, then press it."""
    until = asyncio.get_running_loop().time() + PATIENCE
    while not any(_shows(letter, label) for letter in chat.letters[-6:]):
        if asyncio.get_running_loop().time() > until:
            raise AssertionError(f"{who} never saw a button {label!r}")
        await asyncio.sleep(TICK * 2)
    return press(label)


def _shows(letter: Any, label: str) -> bool:
    rows = letter.keyboard if hasattr(letter, "keyboard") else [letter.buttons]
    names = (one.get("text") or one.get("title") for row in rows for one in row)
    return any(label in (name, _PRINTED.sub("", name, count=1)) for name in names)


class OnZaloOa:
    """A citizen who follows the Official Account; what does not fit on buttons is typed."""

    channel = "zalo_oa"
    sees_pictures_later = True

    def __init__(self, fake: FakeZaloOa, heard: Heard, ledger: Ledger, name: str) -> None:
        self._person = fake.user(name)
        self._heard, self._ledger = heard, ledger
        self.person = self._person.id
        self._since = 0

    async def _took(self, body: bytes) -> None:
        await self._heard(body, body.decode())
        found = re.search(rb'"msg_id":"(\w+)"', body)
        self._ledger.took(self.channel, f"m{found[1].decode()}" if found else "")

    async def starts(self, source: str) -> None:
        await self._took(self._person.follows())
        await self.says(source)

    async def says(self, text: str) -> None:
        await self._took(self._person.writes(text))

    async def presses(self, label: str) -> None:
        await self.says(label)

    async def sends_photo(self, content: bytes) -> None:
        await self._took(self._person.sends_photo(content))

    async def sends_place(self, lat: float, lon: float) -> bool:
        await self._took(self._person.sends_location(lat, lon))
        return True

    async def fidgets(self) -> None:
        """Two things at once, which come in any order."""
        await asyncio.gather(self._took(self._person.sends_sticker()), self._took(self._person.sends_sticker()))

    async def hears(self, *texts: str) -> str:
        found, self._since = await _until_heard(self._person._chat, self._since, texts, self.person)
        return found


class OnZaloBot:
    """A citizen in front of a Zalo bot, who has words and pictures only."""

    channel = "zalo_bot"
    sees_pictures_later = True

    def __init__(self, fake: FakeZaloBot, heard: Heard, ledger: Ledger, name: str) -> None:
        self._person = fake.user(name)
        self._heard, self._ledger = heard, ledger
        self.person = self._person.id
        self._since = 0

    async def _took(self, message: str) -> None:
        await self._heard(message, message)
        self._ledger.took(self.channel, f"{self.person}:{message}")

    async def starts(self, source: str) -> None:
        await self.says("xin chao")
        await self.says(source)

    async def says(self, text: str) -> None:
        await self._took(self._person.writes(text))

    async def presses(self, label: str) -> None:
        await self.says(label)

    async def sends_photo(self, content: bytes) -> None:
        await self._took(self._person.sends_photo(content))

    async def sends_place(self, lat: float, lon: float) -> bool:
        """There is no place here: it comes as something that the bot may not see."""
        await self._took(self._person.sends_unsupported())
        return False

    async def fidgets(self) -> None:
        await self._took(self._person.sends_sticker())

    async def hears(self, *texts: str) -> str:
        found, self._since = await _until_heard(self._person._chat, self._since, texts, self.person)
        return found
