"""FakeTelegram: a strict Bot API on 127.0.0.1 in a thread of its own, driven from any test, sync or async."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.fakes.telegram.flood import Flood
from tests.fakes.telegram.hook import Delivery, Postman
from tests.fakes.telegram.people import Person, Seen, see
from tests.fakes.telegram.server import Call, Fault, FaultKind, Server
from tests.fakes.telegram.world import Chat, World

T = TypeVar("T")


class FakeTelegram:
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
        self._port = port
        self._user_ids = count(5_000_001)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="fake-telegram", daemon=True)
        self.presses_of: dict[int, list[str]] = {}
        self.api_base = ""

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), "the fake did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._server.end.set)
        self._thread.join(10)

    # People and what they see.

    def user(self, first_name: str = "Lan", *, username: str = "", last_name: str = "") -> Person:
        """A person nobody has met yet: the bot cannot write before they do."""
        user_id = next(self._user_ids)
        user: dict[str, Any] = {"id": user_id, "is_bot": False, "first_name": first_name, "language_code": "vi"}
        user |= {key: value for key, value in (("username", username), ("last_name", last_name)) if value}
        chat = Chat(user)
        self.do(lambda world: world.chats.update({user_id: chat}))
        return Person(self, chat)

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
        """The commands menu as it was set."""
        return self.do(lambda world: list(world.commands))

    # Across the threads.

    def do(self, action: Callable[[World], T]) -> T:
        """Run `action` inside the fake's loop and give back its result; whatever it raises is raised here."""

        async def run() -> T:
            return action(self._world)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    def wait(self, look: Callable[[World], T | None], seconds: float = 10, missed: str = "it never happened") -> T:
        """Wait, blocking this thread, until `look` gives something true; AssertionError when time is up.

        `look` runs in the fake's own loop: it looks at the world it is given, never calls the fake.
        """
        return asyncio.run_coroutine_threadsafe(self._look(look, seconds, missed), self._loop).result(seconds + 10)

    async def until(
        self, look: Callable[[World], T | None], seconds: float = 10, missed: str = "it never happened"
    ) -> T:
        """`wait` for a test with a loop of its own."""
        waiting: Coroutine[Any, Any, T] = self._look(look, seconds, missed)
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(waiting, self._loop))

    async def _look(self, look: Callable[[World], T | None], seconds: float, missed: str) -> T:
        deadline = self._loop.time() + seconds
        while not (found := look(self._world)):
            left = deadline - self._loop.time()
            if left <= 0:
                said = [
                    (letter.from_bot, letter.text) for chat in self._world.chats.values() for letter in chat.letters
                ]
                raise AssertionError(f"{missed} in {seconds} s; the chats: {said}")
            try:
                await asyncio.wait_for(self._world.changed.wait(), left)
            except TimeoutError:
                continue
        return found

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._world = World(plain_http=self._plain_http, callback_seconds=self._callback_seconds)
        self._server = Server(self._world, self.token)
        self._postman = Postman(self._world)
        runner = web.AppRunner(
            self._server.application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self._port)
        await site.start()
        self.api_base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        delivering = asyncio.create_task(self._postman.run())
        self._ready.set()
        await self._server.end.wait()
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        await runner.cleanup()
