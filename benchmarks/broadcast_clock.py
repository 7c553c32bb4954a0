"""A clock that stands still while anything is being done, and else goes at once to when the next thing is due.

So hours of sending take as long as the work in them takes, and what is measured is when things happen, not how fast
this machine is: whoever waits for the limits waits exactly as long, whoever waits for the disk or the fake does not.
"""

import asyncio
import selectors
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


class OwnClock:
    """Seconds since 1970, and how many things are under way. `__call__` may be asked from any thread."""

    def __init__(self) -> None:
        # Apart: as seconds since 1970 a float is too coarse for an event loop to meet its own deadlines.
        self._began = time.time()
        self.at = 0.0
        self.busy = 0

    def __call__(self) -> float:
        return self._began + self.at

    def stands_still_for(self, do: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        """The same call, during which the clock stands still."""

        async def done(*args: Any, **kwargs: Any) -> T:  # noqa: ANN401 - handed on as it came
            self.busy += 1
            try:
                return await do(*args, **kwargs)
            finally:
                self.busy -= 1

        return done


class OwnLoop(asyncio.SelectorEventLoop):
    """An event loop that lives by such a clock."""

    def __init__(self, clock: OwnClock) -> None:
        super().__init__(_Selector(clock))
        self._own = clock

    def time(self) -> float:
        return self._own.at


class _Selector(selectors.DefaultSelector):
    def __init__(self, clock: OwnClock) -> None:
        super().__init__()
        self._own = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not timeout or self._own.busy:
            return super().select(timeout if timeout == 0 else None)
        self._own.at += timeout
        return super().select(0)
