"""Who waits for what: a waker only says "look again", the truth is always in the store."""

import asyncio


class Wakes:
    """Waiting by topic, within one process and its event loop."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}

    def publish(self, topics: list[str]) -> None:
        """Wake everybody who waits for one of the topics; to be called in the loop."""
        for topic in topics:
            for waiting in self._waiting.pop(topic, ()):
                if not waiting.done():
                    waiting.set_result(None)

    def waiter(self, topic: str) -> "asyncio.Future[None]":
        """A future to be made BEFORE looking, so that nothing published between looking and waiting is missed."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(topic, set()).add(waiting)
        waiting.add_done_callback(lambda done: self._forget(topic, done))
        return waiting

    def _forget(self, topic: str, waiting: "asyncio.Future[None]") -> None:
        left = self._waiting.get(topic)
        if left is not None:
            left.discard(waiting)
            if not left:
                del self._waiting[topic]

    async def wait(self, topic: str, seconds: float) -> None:
        """Return when the topic is published, or after the given time."""
        waiting = self.waiter(topic)
        try:
            await asyncio.wait([waiting], timeout=seconds)
        finally:
            waiting.cancel()
