"""FakeTelegram: a strict Bot API on 127.0.0.1 in a thread of its own, driven from any test, sync or async."""

from itertools import count
from typing import Any, TypeVar

from tests.fakes.apart import Apart
from tests.fakes.telegram.flood import Flood
from tests.fakes.telegram.groups import Group
from tests.fakes.telegram.hook import Delivery, Postman
from tests.fakes.telegram.people import Person, Seen, see
from tests.fakes.telegram.server import Call, Fault, FaultKind, Server
from tests.fakes.telegram.world import Chat, World

T = TypeVar("T")


class FakeTelegram(Apart[World]):
    """Use as a context manager.

    with FakeTelegram() as fake:
        lan = fake.user("Lan")
        lan.starts("ks12")                 # the bot under test runs with fake.token and fake.api_base
        lan.hears("Ông/Bà")                # or: await lan.will_hear(...)
        lan.presses("Rất hài lòng")
        lan.hears("Cảm ơn")                # newer than what was heard before; `sees` looks at the whole chat
        fake.next_fault("sendMessage", "drop", carried_out=True)
    """

    token = "123456:fake-token_for-tests"

    def __init__(self, *, plain_http: bool = True, callback_seconds: float = 15, port: int = 0) -> None:
        """`plain_http` accepts a webhook on this machine without TLS; `port` 0 takes a free one."""
        self._plain_http = plain_http
        self._callback_seconds = callback_seconds
        super().__init__("fake-telegram", port)
        self._user_ids = count(5_000_001)
        self.presses_of: dict[int, list[str]] = {}

    # People and what they see.

    def user(self, first_name: str = "Lan", *, username: str = "", last_name: str = "") -> Person:
        """A person nobody has met yet: the bot cannot write before they do."""
        user_id = next(self._user_ids)
        user: dict[str, Any] = {"id": user_id, "is_bot": False, "first_name": first_name, "language_code": "vi"}
        user |= {key: value for key, value in (("username", username), ("last_name", last_name)) if value}
        chat = Chat(user)
        self.do(lambda world: world.chats.update({user_id: chat}))
        return Person(self, chat)

    def group(self, title: str = "Tổ một cửa", *, forum: bool = False, rights: bool = True) -> Group:
        """A group without the bot; as a `forum` it has topics, which the bot may open where it has the `rights`."""
        return Group(self, -1_001_000_000_000 - next(self._user_ids), title, forum=forum, rights=rights)

    def messages(self, chat: int) -> list[Seen]:
        """A chat as the person sees it, edits applied, oldest first."""
        return self.do(lambda world: [see(world, letter) for letter in world.chats[chat].letters])

    # What a test may set and ask.

    def next_fault(
        self,
        method: str,
        kind: FaultKind,
        *,
        status: int = 502,
        retry_after: int = 1,
        carried_out: bool = False,
        times: int = 1,
    ) -> None:
        """The next calls of `method` go wrong.

        status: an answer with that status (5xx as a gateway's HTML page) · hang: no answer until the fake ends ·
        half: the answer breaks off · garbage: 200 that is no JSON · flood: 429 with `retry_after` seconds ·
        drop: the connection is closed. `carried_out`: the call took effect before that.
        """
        faults = [Fault(method, kind, status, retry_after, carried_out) for _ in range(times)]
        self.do(lambda _: self._server.faults.extend(faults))

    def flood(self, *, chat_per_second: float = 1, chat_burst: int = 5, per_second: float = 30) -> None:
        """Set flood control anew; the numbers given here are the ones at start."""
        flood = Flood(chat_per_second=chat_per_second, chat_burst=chat_burst, per_second=per_second)
        self.do(lambda world: setattr(world, "flood", flood))

    def advance(self, seconds: float) -> None:
        """Move the fake's clock on (flood control, age of presses, dates)."""
        self.do(lambda world: setattr(world, "ahead", world.ahead + seconds))

    def push(self, kind: str, payload: dict[str, Any]) -> int:
        """Queue any update, also one no Telegram would send; its update_id."""
        return self.do(lambda world: world.push(kind, payload))

    def calls(self, method: str = "") -> list[Call]:
        """What the bot has asked, oldest first."""
        return self.do(lambda _: [call for call in self._server.log if method in {"", call.method}])

    async def will_be_called(self, method: str, times: int = 1, seconds: float = 10) -> None:
        """Wait until the bot has called `method` so often since the start; a call is counted when it is answered."""

        def often_enough(_: World) -> bool:
            return sum(call.method == method for call in self._server.log) >= times

        await self.until(often_enough, seconds, f"{method} was not called {times} times")

    @property
    def deliveries(self) -> list[Delivery]:
        """Every attempt to bring an update to the webhook."""
        return self.do(lambda _: list(self._postman.deliveries))

    @property
    def pending(self) -> list[int]:
        """The update_ids that are not acknowledged yet."""
        return self.do(lambda world: [update["update_id"] for update in world.updates])

    @property
    def commands(self) -> list[dict[str, str]]:
        """The commands menu of everywhere."""
        return self.commands_of("default")

    def commands_of(self, scope: str, language: str = "") -> list[dict[str, str]]:
        """The commands menu of a scope ("default", "all_group_chats"), for a language or for all the others."""
        return self.do(lambda world: list(world.commands.get(f"{scope}/{language}", [])))

    def _open(self) -> tuple[World, Server, Postman]:
        self._world = World(plain_http=self._plain_http, callback_seconds=self._callback_seconds)
        self._server = Server(self._world, self.token)
        self._postman = Postman(self._world)
        return self._world, self._server, self._postman
