"""The fake of Telegram in a process of its own, which notes when each message came and refuses what comes too fast.

    python -m benchmarks.broadcast_fake FIRST COUNT PER_SECOND

It knows COUNT chats from the id FIRST on. It says a Where on stdout, and a Noted once stdin is closed.
"""

import sys
import time
from collections import deque
from collections.abc import Callable

import msgspec

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.flood import Flood
from tests.fakes.telegram.methods import ApiError
from tests.fakes.telegram.world import Chat, World

_REMEMBERED = 100


class Where(msgspec.Struct, frozen=True):
    """Where the fake listens."""

    api_base: str
    token: str


class Noted(msgspec.Struct, frozen=True):
    """The messages that were taken, as (chat, when by the fake's clock), and how many were answered with a 429."""

    taken: list[tuple[int, float]]
    refused: int


class Noting(Flood):
    """The fake's own flood control, with a notebook."""

    def __init__(self, per_second: float) -> None:
        super().__init__(chat_per_second=1, chat_burst=5, per_second=per_second)
        self.taken: list[tuple[int, float]] = []
        self.refused = 0

    def take(self, chat: int, now: float) -> None:
        try:
            super().take(chat, now)
        except ApiError:
            self.refused += 1
            raise
        self.taken.append((chat, now))


def furnish(fake: FakeTelegram, chats: range, per_second: int, clock: Callable[[], float] = time.time) -> Noting:
    """Let the fake know these chats, live by that clock (seconds since 1970), and note what comes."""
    flood = Noting(per_second)

    def set_up(world: World) -> None:
        world.flood = flood
        world.now = clock  # type: ignore[method-assign]  # watched from here on
        for id in chats:
            world.chats[id] = Chat({"id": id, "is_bot": False, "first_name": "Lan"}, met=True)
        fake._server.log = deque(maxlen=_REMEMBERED)  # type: ignore[assignment]  # noqa: SLF001 - there is no public way

    fake.do(set_up)
    return flood


def main() -> None:
    """Until stdin is closed."""
    first, many, per_second = (int(word) for word in sys.argv[1:])
    with FakeTelegram() as fake:
        flood = furnish(fake, range(first, first + many), per_second)
        sys.stdout.buffer.write(msgspec.json.encode(Where(fake.api_base, fake.token)) + b"\n")
        sys.stdout.flush()
        sys.stdin.read()
    sys.stdout.buffer.write(msgspec.json.encode(Noted(flood.taken, flood.refused)))


if __name__ == "__main__":
    main()
