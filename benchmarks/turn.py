"""A whole turn with a real survey step, sixteen citizens in flight, every commit on the disk.

Ours is `Runtime.receive`: the button press of a citizen is read, checked, answered, sealed, written and committed.
Measured for the web chat (which also keeps the person's own words) and for Telegram (a row to be sent). Its yardsticks
run the same statements on a copy of the same store, in turns with ours, so that a noisy machine is noisy for all;
every ratio is the median of the rounds' ratios.
"""

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from app.runtime import Runtime
from benchmarks import turn_yardsticks as yard
from benchmarks.citizens import IN_FLIGHT, STEPS, Citizen, answer_all, check, copy_store, furnish, open_house
from benchmarks.result import Measured, Outcome, hand_over, options
from benchmarks.turn_yardsticks import Counting, Shape
from storage.sqlite import SqliteStore
from tests.stores import postgres_server

CHANNELS = ("webchat", "telegram")
_AT_LEAST = 4.0
_WANTED = 0.4

Run = Callable[[list[Citizen]], Awaitable[None]]
Rates = dict[str, list[float]]
"""Turns a second of each contestant, round by round."""


async def rate(run: Run, citizens: list[Citizen]) -> float:
    """Turns a second."""
    began = time.perf_counter()
    await run(citizens)
    return len(citizens) * STEPS / (time.perf_counter() - began)


async def rounds(contestants: dict[str, tuple[Run, int]], citizens: list[Citizen], count: int) -> Rates:
    """Rates of every contestant, round by round; each takes its own number of citizens a round, new ones each time."""
    rates: Rates = {name: [] for name in contestants}
    for number in range(count):
        for name, (run, many) in contestants.items():
            rates[name].append(await rate(run, citizens[number * many : (number + 1) * many]))
    return rates


def against(rates: Rates, yardstick: str) -> float:
    """How many times as fast as a yardstick ours is: the median over the rounds."""
    return statistics.median(a / b for a, b in zip(rates["ours"], rates[yardstick], strict=True))


class Crossings:
    """Counts how often a piece of work goes to another thread, and how often one comes back to the loop."""

    def __init__(self, queue: Any) -> None:  # noqa: ANN401 - SimpleQueue, or none
        self._queue = queue
        self.there = self.back = 0

    def put(self, job: object) -> None:
        """In the place of the writer's queue: there."""
        self.there += 1
        self._queue.put(job)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else the queue is asked
        return getattr(self._queue, name)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Back: every call from another thread into this loop."""
        loop = asyncio.get_running_loop()
        plain = loop.call_soon_threadsafe

        def counted(*args: Any, **kwargs: Any) -> asyncio.Handle:  # noqa: ANN401 - handed on as it came
            self.back += 1
            return plain(*args, **kwargs)

        loop.call_soon_threadsafe = counted  # type: ignore[method-assign, assignment]  # watched from here on
        try:
            yield
        finally:
            loop.call_soon_threadsafe = plain  # type: ignore[method-assign]  # watched from here on


async def counted(original: Path, folder: Path, citizens: list[Citizen]) -> tuple[dict[str, Any], Shape]:
    """What turns of ours and of the yardsticks run, and the sizes of what ours writes; AssertionError if not alike."""
    turns = len(citizens) * STEPS
    counting = {name: Counting() for name in ("ours", "core", "raw")}
    path = copy_store(original, folder / "counted-ours")
    runtime = await open_house(f"sqlite:///{path}", path.parent)
    store = runtime.store
    if not isinstance(store, SqliteStore):
        raise TypeError("the counted store is SQLite")
    await answer_all(runtime, citizens[:1])  # the survey is read once a process
    await store.write(lambda tx: counting["ours"].hook(tx.conn.connection.driver_connection))
    crossings = Crossings(store._queue)  # noqa: SLF001 - the writer's door is what is counted
    store._queue = crossings  # type: ignore[assignment]  # noqa: SLF001 - there is no public way
    async with crossings.watched():
        await answer_all(runtime, citizens[1:])
    there, back = crossings.there, crossings.back
    await runtime.close()
    shape = sizes(path, citizens[0])

    engine = yard.core_engine(copy_store(original, folder / "counted-core"), counting["core"])
    aside = Crossings(None)
    async with aside.watched():
        await yard.in_flight(citizens, lambda citizen, step: yard.core_turn(engine, citizen, step, shape))
    await engine.dispose()
    raw = yard.raw_connection(copy_store(original, folder / "counted-raw"), counting["raw"])
    yard.raw_all(raw, citizens, shape)
    raw.close()

    mine = counting["ours"].a_turn(turns - STEPS)
    same = {name: count.a_turn(turns) for name, count in counting.items() if name != "ours"}
    if any(other != mine for other in same.values()):
        raise AssertionError(f"the yardsticks run other statements: ours {mine}, {same}")
    details = {
        "statements a turn, the same in all": mine,
        "thread hops a turn, ours": max(there, back) / (turns - STEPS),
        "answers that came back to the loop a turn, ours": back / (turns - STEPS),
        "thread hops a turn, Core async": aside.back / turns,
    }
    return details, shape


def sizes(path: Path, citizen: Citizen) -> Shape:
    """Mean sizes of what ours has written while a citizen answered."""
    raw = yard.raw_connection(path)
    state = raw.execute(
        "SELECT length(state) FROM conversations JOIN accounts ON accounts.id = account_id WHERE platform_id = ?",
        (citizen.person,),
    ).fetchone()[0]
    bodies = dict(raw.execute("SELECT state, avg(length(body)) FROM outbox WHERE topic = 1 GROUP BY state"))
    raw.close()
    return Shape(state=state, said=int(bodies.get("read") or bodies["ready"]), own=int(bodies.get("own") or 0))


async def on_sqlite(channel: str, folder: Path, count: int) -> tuple[list[Measured], dict[str, Any]]:
    """Ours, Core async and raw sqlite3 on copies of one store."""
    many = {"ours": 4 * IN_FLIGHT, "core": IN_FLIGHT, "raw": 4 * IN_FLIGHT, "waiting": 4 * IN_FLIGHT}
    original = folder / "nghedan.db"
    runtime = await open_house(f"sqlite:///{original}", folder)
    citizens = await furnish(runtime, channel, count * max(many.values()))
    await runtime.close()
    details, shape = await counted(original, folder, citizens[: 2 * IN_FLIGHT])

    path = copy_store(original, folder / "ours")
    runtime = await open_house(f"sqlite:///{path}", path.parent)
    engine = yard.core_engine(copy_store(original, folder / "core"))
    raw = yard.raw_connection(copy_store(original, folder / "raw"))
    writer = yard.RawWriter(copy_store(original, folder / "waiting"))
    gc.collect()
    gc.freeze()  # as serve does after its start
    rates = await rounds(
        {
            "ours": (ours(runtime), many["ours"]),
            "core": (core(engine, shape), many["core"]),
            "raw": (limit(raw, shape), many["raw"]),
            "waiting": (waiting(writer, shape), many["waiting"]),
        },
        citizens,
        count,
    )
    await check(runtime, citizens)
    await runtime.close()
    await engine.dispose()
    raw.close()
    writer.close()
    figures = [
        Measured(name=f"{channel}: ours / Core async on aiosqlite", value=against(rates, "core"), least=_AT_LEAST),
        Measured(
            name=f"{channel}: ours / raw sqlite3, group commit, 16 waiting",
            value=against(rates, "waiting"),
            wanted=_WANTED,
        ),
        Measured(name=f"{channel}: ours / raw sqlite3, 16 a commit, nobody waiting", value=against(rates, "raw")),
        Measured(name=f"{channel}: thread hops a turn", value=details["thread hops a turn, ours"], unit="", most=1.0),
        Measured(name=f"{channel}: ours", value=statistics.median(rates["ours"]), unit="1/s"),
    ]
    return figures, {**details, "turns a second": rates}


def ours(runtime: Runtime) -> Run:
    """Runtime.receive."""

    async def run(citizens: list[Citizen]) -> None:
        await answer_all(runtime, citizens)

    return run


def core(engine: Any, shape: Shape) -> Run:  # noqa: ANN401 - AsyncEngine
    """SQLAlchemy Core on aiosqlite."""

    async def run(citizens: list[Citizen]) -> None:
        await yard.in_flight(citizens, lambda citizen, step: yard.core_turn(engine, citizen, step, shape))

    return run


def limit(raw: Any, shape: Shape) -> Run:  # noqa: ANN401 - sqlite3.Connection
    """Raw sqlite3."""

    async def run(citizens: list[Citizen]) -> None:
        yard.raw_all(raw, citizens, shape)

    return run


def waiting(writer: yard.RawWriter, shape: Shape) -> Run:
    """Raw sqlite3 behind a queue."""

    async def run(citizens: list[Citizen]) -> None:
        await yard.in_flight(citizens, lambda citizen, step: writer.turn(citizen, step, shape))

    return run


async def on_postgres(folder: Path, count: int) -> tuple[list[Measured], dict[str, Any]]:
    """Ours with 16 connections against one statement a turn by asyncpg, each on its own database of one server."""
    with postgres_server(durable=True) as server:
        url, other = server.fresh(), server.fresh()
        runtime = await open_house(url, folder)
        citizens = await furnish(runtime, "telegram", count * IN_FLIGHT)
        second = await open_house(other, folder)
        theirs = await furnish(second, "telegram", count * IN_FLIGHT)
        await second.close()
        shape = Shape(state=400, said=600, own=0)
        async with asyncpg.create_pool(other, min_size=IN_FLIGHT, max_size=IN_FLIGHT) as pool:

            async def cte(mine: list[Citizen]) -> None:
                place = citizens.index(mine[0])
                await yard.in_flight(
                    theirs[place : place + len(mine)], lambda citizen, step: yard.cte_turn(pool, citizen, step, shape)
                )

            contestants: dict[str, tuple[Run, int]] = {"ours": (ours(runtime), IN_FLIGHT), "cte": (cte, IN_FLIGHT)}
            rates = await rounds(contestants, citizens, count)
        await check(runtime, citizens)
        await runtime.close()
    figures = [
        Measured(name="PostgreSQL, telegram: ours / one CTE a turn by asyncpg", value=against(rates, "cte")),
        Measured(name="PostgreSQL, telegram: ours", value=statistics.median(rates["ours"]), unit="1/s"),
    ]
    return figures, {"turns a second": rates}


async def measure(*, short: bool) -> Outcome:
    """Everything."""
    figures: list[Measured] = []
    details: dict[str, Any] = {}
    for place in (*CHANNELS, "postgresql"):
        with tempfile.TemporaryDirectory(prefix="nghedan-bench-") as folder:
            if place in CHANNELS:
                some, details[place] = await on_sqlite(place, Path(folder), 3 if short else 9)
            else:
                some, details[place] = await on_postgres(Path(folder), 2 if short else 5)
            figures += some
    return Outcome(name="turn", short=short, figures=figures, details=details)


def main() -> int:
    """Exit code 0: whether promises are kept is judged by `python -m benchmarks`."""
    asked = options("turn")
    outcome = uvloop.run(measure(short=asked.short))
    hand_over(outcome, asked.json)
    for place, found in outcome.details.items():
        if counted_ones := found.get("statements a turn, the same in all"):
            sys.stdout.write(f"{place}: the same statements a turn in all, transaction control aside: {counted_ones}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
