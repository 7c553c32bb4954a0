"""Sixty-four citizens answer at once, on SQLite and on PostgreSQL: `python -m benchmarks.crowd`.

None is lost and none "locked" (every conversation is looked at afterwards, and nothing was set aside), and nobody waits
much longer than the others: the 99th percentile of a turn against its median.
"""

import gc
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import func, select

from benchmarks.citizens import STEPS, answer_all, check, furnish, open_house
from benchmarks.result import Measured, Outcome, hand_over, options
from storage.tables import inbox
from tests.stores import postgres_server

CITIZENS = 64
_MOST = 3.0


async def crowd(url: str, folder: Path, waves: int) -> tuple[list[float], int]:
    """Seconds of every turn of that many crowds, one after the other, and how many events were set aside."""
    runtime = await open_house(url, folder)
    citizens = await furnish(runtime, "telegram", (waves + 1) * CITIZENS)
    gc.collect()
    gc.freeze()  # as serve does after its start
    took: list[float] = []
    for wave in range(waves + 1):
        some = await answer_all(runtime, citizens[wave * CITIZENS : (wave + 1) * CITIZENS], CITIZENS)
        took += some if wave else []  # the first crowd warms up statements and connections
    await check(runtime, citizens)
    set_aside = await runtime.store.read(lambda conn: conn.scalar(select(func.count()).select_from(inbox)))
    await runtime.close()
    return took, set_aside or 0


async def measure(*, short: bool) -> Outcome:
    """Both engines."""
    figures: list[Measured] = []
    details: dict[str, Any] = {"citizens": CITIZENS, "turns of each": STEPS}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nghedan-bench-")))
        server = stack.enter_context(postgres_server(durable=True))
        for name, url, waves in (
            ("SQLite", f"sqlite:///{folder}/nghedan.db", 2 if short else 8),
            ("PostgreSQL", server.fresh(), 1 if short else 3),
        ):
            took, set_aside = await crowd(url, folder, waves)
            cuts = statistics.quantiles(took, n=100)
            p50, p99 = statistics.median(took), cuts[98]
            details[name] = {
                "turns": len(took),
                "p50, ms": p50 * 1000,
                "p99, ms": p99 * 1000,
                "worst, ms": max(took) * 1000,
            }
            figures += [
                Measured(name=f"{name}: p99 of a turn / its median", value=p99 / p50, most=_MOST),
                Measured(name=f"{name}: median of a turn", value=p50 * 1000, unit="ms"),
                Measured(name=f"{name}: p99 of a turn", value=p99 * 1000, unit="ms"),
                Measured(name=f"{name}: events lost or set aside", value=set_aside, unit="", most=0),
            ]
    return Outcome(name="crowd", short=short, figures=figures, details=details)


def main() -> int:
    """Exit code 0: whether promises are kept is judged by `python -m benchmarks`."""
    asked = options("crowd")
    hand_over(uvloop.run(measure(short=asked.short)), asked.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
