"""FakeZaloOa: a strict Official Account on 127.0.0.1 in a thread of its own, driven from any test, sync or async."""

from itertools import count
from typing import Any, TypeVar

import aiohttp

from tests.fakes.apart import Apart
from tests.fakes.zalo_oa import oauth
from tests.fakes.zalo_oa.hook import PATIENCE, Delivery, Hook, Postman
from tests.fakes.zalo_oa.people import Person
from tests.fakes.zalo_oa.server import Call, Fault, FaultKind, Server
from tests.fakes.zalo_oa.world import APP_ID, APP_SECRET, OA_ID, OA_SECRET, Chat, World

T = TypeVar("T")
SEND = "/v3.0/oa/message/cs"
TOKEN = "/v4/oa/access_token"


class FakeZaloOa(Apart[World]):
    """Use as a context manager.

    with FakeZaloOa() as fake:
        fake.hook_at(url)                  # as the console of the app has it
        back = fake.consents(address)      # the administrator says yes
        lan = fake.user("Lan")
        lan.follows()
        lan.hears("Ông/Bà")                # or: await lan.will_hear(...)
        lan.presses("Rất hài lòng")
        fake.next_fault(SEND, "drop", carried_out=True)
    """

    oa_id, app_id, app_secret, oa_secret = OA_ID, APP_ID, APP_SECRET, OA_SECRET

    def __init__(self, *, port: int = 0) -> None:
        """`port` 0 takes a free one."""
        super().__init__("fake-zalo-oa", port)
        self._user_ids = count(2512523625412515001)

    @property
    def settings(self) -> dict[str, str]:
        """The section [zalo_oa] for this account."""
        return {
            "oa_id": OA_ID,
            "app_id": APP_ID,
            "app_secret": APP_SECRET,
            "oa_secret": OA_SECRET,
            "api_base": self.api_base,
            "oauth_base": self.api_base,
        }

    def user(self, name: str = "Lan") -> Person:
        """A person on Zalo who does not follow the account yet."""
        chat = Chat(str(next(self._user_ids)), name)
        self.do(lambda world: world.chats.update({chat.id: chat}))
        return Person(self, chat)

    # The console of the app.

    def hook_at(self, url: str, *, patience: float = PATIENCE) -> None:
        """Enter the webhook, and switch it on (again). `patience`: seconds that an answer may take."""

        def enter(world: World) -> None:
            hook = self._postman.hook
            hook.url, hook.on, hook.patience = url, True, patience
            world.stir()

        self.do(enter)

    @property
    def hook(self) -> Hook:
        """The webhook as it stands."""
        return self._postman.hook

    def consents(self, address: str) -> str:
        """The administrator opens the address and says yes: where the browser is led."""
        return self.do(lambda world: oauth.consent(world, address))

    def grants(self) -> dict[str, str]:
        """A pair, as if somebody had logged in."""
        return self.do(lambda world: world.grant())

    # What a test may set and ask.

    def next_fault(
        self,
        path: str,
        kind: FaultKind,
        *,
        status: int = 200,
        code: int = 0,
        message: str = "fault",
        carried_out: bool = False,
        times: int = 1,
    ) -> None:
        """The next calls of `path` go wrong.

        status: an answer with that status, as a gateway's HTML page · hang: no answer until the fake ends · half: the
        answer breaks off · garbage: 200 that is no JSON · slow: -32 with no call remaining · drop: the connection is
        closed · error: `code` and `message`. `carried_out`: the call took effect before that.
        """
        faults = [Fault(path, kind, status, code, message, carried_out) for _ in range(times)]
        self.do(lambda _: self._server.faults.extend(faults))

    def advance(self, seconds: float) -> None:
        """Move the fake's clock on: tokens, windows, the ladder of retries."""

        def move(world: World) -> None:
            world.ahead += seconds
            world.stir()

        self.do(move)

    def hold(self) -> None:
        """Keep events back."""
        self.do(lambda _: setattr(self._postman.hook, "held", True))

    def release(self, *, backwards: bool = False) -> None:
        """Bring what was held, also in the wrong order."""

        def let_go(world: World) -> None:
            if backwards:
                self._postman.hook.waiting.reverse()
            self._postman.hook.held = False
            world.stir()

        self.do(let_go)

    def put(self, event: dict[str, Any]) -> bytes:
        """Queue an event; only inside the fake's loop."""
        return self._postman.put(event)

    def push(self, event: dict[str, Any]) -> bytes:
        """Queue any event, also one no Zalo would send; its body."""
        return self.do(lambda _: self._postman.put(event))

    async def again(self, body: bytes) -> int:
        """Bring a body once more, signed as it was; the status."""
        async with aiohttp.ClientSession() as session:
            return await self._postman.bring(session, body)

    def header(self, body: bytes, *, secret: str = "") -> str:
        """The signature of a body."""
        return self._postman.header(body, secret=secret)

    def calls(self, path: str = "") -> list[Call]:
        """What the bot has asked, oldest first."""
        return self.do(lambda _: [call for call in self._server.log if path in {"", call.path}])

    @property
    def deliveries(self) -> list[Delivery]:
        """Every attempt to bring an event."""
        return self.do(lambda _: list(self._postman.deliveries))

    @property
    def quiet(self) -> bool:
        """Whether every event was brought."""
        return self.do(lambda _: not self._postman.hook.waiting and not self._postman.under_way)

    def _open(self) -> tuple[World, Server, Postman]:
        self._world = World()
        self._server = Server(self._world)
        self._postman = Postman(self._world)
        return self._world, self._server, self._postman
