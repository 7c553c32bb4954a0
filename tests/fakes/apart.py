"""What the fakes share: a world behind a server on 127.0.0.1, in a thread with a loop of its own."""

import asyncio
import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

from aiohttp import web


class Letter(Protocol):
    """A message in a chat."""

    from_bot: bool
    text: str


class Chat(Protocol):
    """What was written between a person and the bot."""

    @property
    def letters(self) -> Sequence[Letter]: ...


class Peopled(Protocol):
    """A world of a fake; `changed` is set and cleared with everything that happens in it."""

    changed: asyncio.Event

    @property
    def chats(self) -> Mapping[Any, Chat]: ...


class Server(Protocol):
    """The fake on the wire; it runs until `end` is set."""

    end: asyncio.Event

    def application(self) -> web.Application: ...


class Postman(Protocol):
    """Brings what people did to a webhook."""

    async def run(self) -> None: ...


T = TypeVar("T")
W = TypeVar("W", bound=Peopled)


class Apart(ABC, Generic[W]):
    """Use as a context manager, from any test, sync or async. `api_base` is where the bot finds it."""

    def __init__(self, name: str, port: int = 0) -> None:
        """`port` 0 takes a free one."""
        self.api_base = ""
        self._port = port
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name=name, daemon=True)

    @abstractmethod
    def _open(self) -> tuple[W, Server, Postman]:
        """A new world, inside the loop."""

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), "the fake did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def do(self, action: Callable[[W], T]) -> T:
        """Run `action` inside the fake's loop and give back its result; whatever it raises is raised here."""

        async def run() -> T:
            return action(self._world)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(30)

    def wait(self, look: Callable[[W], T | None], seconds: float = 30, missed: str = "it never happened") -> T:
        """Wait, blocking this thread, until `look` gives something true; AssertionError when time is up.

        `look` runs in the fake's own loop: it looks at the world it is given, never calls the fake.
        """
        return asyncio.run_coroutine_threadsafe(self._look(look, seconds, missed), self._loop).result(seconds + 10)

    async def until(self, look: Callable[[W], T | None], seconds: float = 30, missed: str = "it never happened") -> T:
        """`wait` for a test with a loop of its own."""
        waiting: Coroutine[Any, Any, T] = self._look(look, seconds, missed)
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(waiting, self._loop))

    async def _look(self, look: Callable[[W], T | None], seconds: float, missed: str) -> T:
        deadline = self._loop.time() + seconds
        while not (found := look(self._world)):
            left = deadline - self._loop.time()
            if left <= 0:
                chats = self._world.chats.values()
                said = [[(one.from_bot, one.text) for one in chat.letters] for chat in chats]
                raise AssertionError(f"{missed} in {seconds} s; the chats: {json.dumps(said, ensure_ascii=False)}")
            try:
                await asyncio.wait_for(self._world.changed.wait(), left)
            except TimeoutError:
                continue
        return found

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._world, server, postman = self._open()
        self._end = server.end
        runner = web.AppRunner(server.application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self._port).start()
        self.api_base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        delivering = asyncio.create_task(postman.run())
        self._ready.set()
        await self._end.wait()
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
        await runner.cleanup()
