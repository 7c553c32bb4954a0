"""FakeZaloBot: a strict Zalo Bot API on 127.0.0.1 in a thread of its own, driven from any test, sync or async."""

from itertools import count
from typing import Any, Self, TypeVar

from tests.fakes.apart import Apart
from tests.fakes.zalo_bot.hook import Delivery, Postman
from tests.fakes.zalo_bot.people import Person
from tests.fakes.zalo_bot.server import Call, Fault, FaultKind, Server
from tests.fakes.zalo_bot.world import Chat, Waiting, World

T = TypeVar("T")


class FakeZaloBot(Apart[World]):
    """Use as a context manager.

    with FakeZaloBot() as fake:
        lan = fake.user("Lan")
        lan.writes("Xin chào")             # the bot under test runs with fake.token and fake.api_base
        lan.hears("Ông/Bà")                # or: await lan.will_hear(...)
        fake.next_fault("sendMessage", "drop", carried_out=True)
    """

    token = "12345689:abc-xyz_for-tests"

    def __init__(self, *, plain_http: bool = True, wrapped: bool = True, statuses: bool = True) -> None:
        """`plain_http` accepts a webhook on this machine without TLS.

        `wrapped`: webhook bodies as documented, else bare as captured. `statuses`: errors are HTTP statuses too.
        """
        super().__init__("fake-zalo-bot")
        self._made = (plain_http, wrapped)
        self.statuses = statuses
        self._ids = count(0x6EDE9AFA66B88FE6D6A9)

    def __enter__(self) -> Self:
        super().__enter__()
        self.do(lambda world: setattr(world, "address", self.api_base))
        return self

    # What a test may set and ask.

    def user(self, name: str = "Lan") -> Person:
        """A person nobody has met yet: the bot cannot write before they do."""
        chat = Chat(f"{next(self._ids):020x}", name)
        self.do(lambda world: world.chats.update({chat.id: chat}))
        return Person(self, chat)

    def next_fault(
        self, method: str, kind: FaultKind, *, code: int = 502, carried_out: bool = False, times: int = 1
    ) -> None:
        """The next calls of `method` go wrong.

        code: the envelope says ok: false with that code · status: a gateway's HTML page with that status · hang: no
        answer until the fake ends · half: the answer breaks off · garbage: 200 that is no JSON · drop: the connection
        is closed. `carried_out`: the call took effect before that.
        """
        faults = [Fault(method, kind, code, carried_out) for _ in range(times)]
        self.do(lambda _: self._server.faults.extend(faults))

    def advance(self, seconds: float) -> None:
        """Move the fake's clock on: dates, and how long an event has waited to be asked for."""
        self.do(lambda world: setattr(world, "ahead", world.ahead + seconds))

    def push(self, event: dict[str, Any]) -> None:
        """Queue any event, also one the platform would not send."""

        def queue(world: World) -> None:
            world.queue.append(Waiting(event, world.now()))
            world.stir()

        self.do(queue)

    def hold(self) -> None:
        """Nothing is brought from now on: an outage on the platform's side."""
        self.do(lambda world: setattr(world, "held", True))

    def release(self, *, backwards: bool = False, times: int = 1) -> None:
        """What was held is brought, in the wrong order or several times where a test wants that."""

        def let_go(world: World) -> None:
            order = list(reversed(world.queue)) if backwards else list(world.queue)
            world.queue = [Waiting(one.event, world.now()) for _ in range(times) for one in order]
            world.held = False
            world.stir()

        self.do(let_go)

    def replay(self) -> None:
        """Everything that was ever brought is brought once more."""

        def again(world: World) -> None:
            world.queue += [Waiting(event, world.now()) for event in world.brought]
            world.stir()

        self.do(again)

    def month_of(self, messages: int | None) -> None:
        """So many messages may still be sent; None for as many as one likes."""
        self.do(lambda world: setattr(world, "quota", messages))

    def calls(self, method: str = "") -> list[Call]:
        """What the bot has asked, oldest first."""
        return self.do(lambda _: [call for call in self._server.log if method in {"", call.method}])

    @property
    def deliveries(self) -> list[Delivery]:
        """Every attempt to bring an event to the webhook."""
        return self.do(lambda _: list(self._postman.deliveries))

    @property
    def waiting(self) -> int:
        """How many events are not with the bot yet."""
        return self.do(lambda world: len(world.queue))

    @property
    def lost(self) -> list[dict[str, Any]]:
        """Events that nobody took in time."""
        return self.do(lambda world: list(world.lost))

    def _open(self) -> tuple[World, Server, Postman]:
        plain_http, wrapped = self._made
        self._world = World(plain_http=plain_http, wrapped=wrapped)
        self._postman = Postman(self._world)
        self._server = Server(self._world, self._postman, self.token, statuses=self.statuses)
        return self._world, self._server, self._postman
