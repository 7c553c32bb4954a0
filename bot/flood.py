"""How many messages of one chat are answered in a minute; of what comes faster, only how much it was is remembered."""

from dataclasses import dataclass, field

import msgspec

from bot.conversation.messages import Inbound
from vietnam.time import MINUTE

_COUNTED = frozenset(
    {"start", "text", "choice", "photo", "location", "contact", "voice", "unsupported", "unseen", "edited"}
)
"""What a person sends; what platforms and we ourselves report of a chat always goes on."""
_MOST_CHATS = 20_000


@dataclass(slots=True)
class _Minute:
    """Of one chat: when its minute began (UTC milliseconds), how much came in it, and how much was not taken."""

    began: int
    came: int = 0
    missed: int = 0


@dataclass(slots=True)
class Flood:
    """In memory, of one process: with several of them a chat may say that much in each. `most` 0: no limit."""

    most: int
    _chats: dict[tuple[int, str], _Minute] = field(default_factory=dict)

    def taken(self, inbound: Inbound, now: int) -> Inbound | None:
        """The event as it goes on; once in a flood an event that says so instead of it; None where it is dropped.

        The first event after a flood brings along how many were `missed`.
        """
        if not self.most or inbound.kind not in _COUNTED:
            return inbound
        key = (inbound.channel_account, inbound.person)
        chat = self._chats.get(key)
        if chat is None or now - chat.began >= MINUTE:
            if len(self._chats) >= _MOST_CHATS:
                self._forget(now)
            missed = chat.missed if chat else 0
            self._chats[key] = _Minute(now, came=1)
            return msgspec.structs.replace(inbound, missed=missed) if missed else inbound
        chat.came += 1
        if chat.came <= self.most:
            return inbound
        chat.missed += 1
        if chat.missed > 1:
            return None
        return msgspec.structs.replace(
            inbound, kind="flood", text="", choice="", media=(), place=None, source="", album="", nonce=0
        )

    def _forget(self, now: int) -> None:
        """Chats whose minute is over and that lost nothing; of the others the oldest, where they are too many."""
        self._chats = {key: chat for key, chat in self._chats.items() if chat.missed or now - chat.began < MINUTE}
        while len(self._chats) > _MOST_CHATS * 3 // 4:
            self._chats.pop(next(iter(self._chats)))
