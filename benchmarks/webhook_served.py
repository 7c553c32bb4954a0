"""`nghedan serve` as it is, with a probe in its event loop: how long the loop let a short nap oversleep.

    python -m benchmarks.webhook_served FILE

Settings come from the environment, as for the command. At SIGTERM it ends as the command does and writes to FILE every
time the loop was late: a JSON list of Late.
"""

import asyncio
import sys
import time
from pathlib import Path

import msgspec
import uvloop

from app.commands.common import opened, settings_of
from app.logs import set_up_logs
from app.serving import listen, serve

_NAP = 0.005
_WORTH_KEEPING = 0.005


class Late(msgspec.Struct, frozen=True):
    """The loop did nothing else for `seconds` from `at` (the machine's monotonic clock).

    `queued` of them its thread was ready and the machine had no processor for it.
    """

    at: float
    seconds: float
    queued: float


def _queued() -> float:
    """Seconds that this thread has waited for a processor so far."""
    return int(Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()[1]) / 1e9


async def _probe(kept: list[Late]) -> None:
    while True:
        began, queued = time.perf_counter(), _queued()
        await asyncio.sleep(_NAP)
        late = time.perf_counter() - began - _NAP
        if late > _WORTH_KEEPING:
            kept.append(Late(began, late, _queued() - queued))


async def _serve(kept: list[Late]) -> None:
    settings = settings_of(None)
    runtime = await opened(settings)
    probing: list[asyncio.Task[None]] = []

    async def ready() -> None:
        probing.append(asyncio.create_task(_probe(kept)))

    await serve(runtime, listen(settings.web.host, settings.web.port), ready=ready)
    for probe in probing:
        probe.cancel()


def main() -> None:
    """Until SIGTERM."""
    set_up_logs()
    kept: list[Late] = []
    uvloop.run(_serve(kept))
    Path(sys.argv[1]).write_bytes(msgspec.json.encode(kept))


if __name__ == "__main__":
    main()
