"""`nghedan serve` under a clock that runs fast, in a process that is made to be killed.

Run as `python -m tests.soak.hurried`, it reads lives (one JSON line each) on stdin and forks a child for each: what is
imported once need not be imported again for every start. A child is the command line itself, `nghedan serve`; only time
is another: the wall clock, and every pause, time-out and lease with it. What is said goes to stdout, one line a piece:

    born PID · ended PID STATUS
"""

import asyncio
import ctypes
import os
import secrets
import selectors
import signal
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import msgspec
import uvloop

import app.serving  # this and the next are imported before the fork, like everything that takes its time
import app.telegram
import app.zalo_bot
import app.zalo_oa  # noqa: F401 - imported before the clock is changed
import storage.postgres
import storage.sqlite  # noqa: F401 - imported before the clock is changed
from app.cli import main as nghedan
from storage import ids


class Life(msgspec.Struct, frozen=True):
    """What a child is to be: `config` its settings, `log` where it writes.

    Its clock said `begun` (UTC ms) when ours said `since` (ns), runs `rate` times faster than ours, and is `ahead`
    milliseconds of its own further.
    """

    config: str
    log: str
    begun: int
    since: int
    rate: int
    ahead: int

    def now(self, real: int) -> int:
        """Nanoseconds of this clock at a moment of ours."""
        return (self.begun + self.ahead) * 1_000_000 + (real - self.since) * self.rate


class _Selector(selectors.DefaultSelector):
    """Waits as much shorter as the loop's time is faster."""

    def __init__(self, rate: int) -> None:
        super().__init__()
        self._rate = rate

    def select(self, timeout: float | None = None) -> Any:
        return super().select(timeout / self._rate if timeout else timeout)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, rate: int) -> None:
        super().__init__(_Selector(rate))
        self._rate = rate

    def time(self) -> float:
        return super().time() * self._rate


def main() -> None:
    """Fork a child for every life until stdin ends."""
    _die_with_parent()
    for line in sys.stdin.buffer:
        life = msgspec.json.decode(line, type=Life)
        pid = os.fork()
        if pid == 0:
            _die_with_parent()
            _live(life)
        _say(f"born {pid}")
        _, status = os.waitpid(pid, 0)
        _say(f"ended {pid} {os.waitstatus_to_exitcode(status)}")


def _live(life: Life) -> None:
    with Path(life.log).open("ab", 0) as log:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    ids._low = secrets.randbits(21)  # a process of its own would have drawn its own
    real = time.time_ns
    time.time_ns = lambda: life.now(real())

    def run(work: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=lambda: _Loop(life.rate)) as runner:
            runner.run(work)

    setattr(uvloop, "run", run)  # noqa: B010 - another signature; the time of its own loop cannot be changed
    sys.argv = ["nghedan", "serve", "--config", life.config]
    status = 0
    try:
        nghedan()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException as fault:  # noqa: BLE001 - whatever it is, the parent hears of it
        print(f"serve: {fault!r}", file=sys.stderr)
        status = 70
    os._exit(status)


def _die_with_parent() -> None:
    """A test run that is itself killed leaves nobody behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main()
