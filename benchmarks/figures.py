"""Figures of a month from the rollups: the same time at four million responses as at a hundred thousand; their upkeep.

    python -m benchmarks.figures [--short] [--json FILE]

`figures`: everything a monthly report asks of the store (commune, versions, counts by channel and village, cases) for a
commune of 12 villages and 2 channels, 10 answers a response. Wanted: at most 1.2 times the time of the small store, and
at most half of what DuckDB takes to count the same numbers from the same raw rows, equal to the last digit; in rounds,
one after the other. Printed beside it: what is counted from raw rows by ourselves (two questions crossed), and the
recount of `nghedan rollups check`.
`upkeep`: releasing sealed responses (open, new ids, insert, count into the rollups, destroy) against the bare insert of
the same completed responses as turns would do it, a unit of work each, 16 in flight. Wanted 0.5, at most 1.2. Printed
beside it: the same release when each group goes as soon as its fifth answer is in, which is the dearest way.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random

from duckdb import DuckDBPyConnection
from sqlalchemy import Connection

from app.report_source import StoreSource
from benchmarks.figures_month import CHANNELS, FIRST, LAST, QUESTIONS, SURVEY, Place, fill, month
from benchmarks.figures_raw import Rows, counted, kept
from benchmarks.result import Measured, Outcome, hand_over, options
from storage import raw_figures, responses, rollup_check
from storage.figures import commune as commune_of
from storage.ids import random_id
from storage.migrate import upgrade
from storage.opening import open_store
from storage.store import Store
from storage.tx import Tx
from storage.vault import Vault
from surveys.definition import Answer
from tests.stores import postgres_server

NewUrl = Callable[[str], str]
"""A name -> the url of a new, migrated store."""
IN_FLIGHT = 16
ROUNDS = 5

# --- figures ----------------------------------------------------------------------------------------------------------


async def once(place: Place, count: int) -> float:
    def look(conn: Connection) -> float:
        start = time.perf_counter()
        total = month(conn, place.unit)
        spent = time.perf_counter() - start
        if total != count:
            raise SystemExit(f"{total} responses in the figures, {count} in the store")
        return spent

    return await place.store.read(look)


async def check(place: Place) -> float:
    """Whether the rollups equal a recount of every half-month; the seconds the recount takes."""

    def look(conn: Connection) -> float:
        start = time.perf_counter()
        if any(rollup_check.look(conn, half, LAST).wrong for half in rollup_check.halves(conn)):
            raise SystemExit("the rollups are not what a recount gives")
        return time.perf_counter() - start

    return await place.store.read(look)


async def crossing(place: Place) -> float:
    """Seconds for two questions crossed, which no rollup keeps."""

    def look(conn: Connection) -> float:
        commune = commune_of(conn, place.unit)
        start = time.perf_counter()
        raw_figures.crossed(conn, place.version, commune, FIRST, LAST, "open", QUESTIONS[1], QUESTIONS[0])
        return time.perf_counter() - start

    return await place.store.read(look)


async def figures(new_url: NewUrl, small: int, large: int, rounds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="nghedan-bench-") as folder:
        raw = Rows(Path(folder))
        places = []
        for name, count in (("small", small), ("large", large)):
            place = Place(open_store(new_url(name)))
            await place.seed()
            await fill(place, count, Random(1), raw.add if count == large else None)
            places.append((place, count))
        duck = raw.load()
    pairs: list[tuple[float, float]] = []
    for _ in range(rounds):  # one after the other, so that a busy moment of the machine meets both
        low, high = [await once(place, count) for place, count in places]
        pairs.append((low, high))
    large_place = places[-1][0]
    against = [(await same(large_place, large, duck)) for _ in range(ROUNDS)]
    duck.close()
    found = {
        "small_ms": statistics.median(low for low, _ in pairs) * 1e3,
        "large_ms": statistics.median(high for _, high in pairs) * 1e3,
        "ratio": statistics.median(high / low for low, high in pairs),
        "duckdb_ms": statistics.median(theirs for _, theirs in against) * 1e3,
        "duckdb_ratio": statistics.median(ours / theirs for ours, theirs in against),
        "crossed_ms": await crossing(large_place) * 1e3,
        "recount_ms": [await check(place) for place, _ in places][-1] * 1e3,
    }
    for place, _ in places:
        await place.store.close()
    return found


async def same(place: Place, count: int, duck: DuckDBPyConnection) -> tuple[float, float]:
    """Seconds for the whole month by the program and for its numbers by DuckDB; SystemExit where one digit differs."""
    ours = await once(place, count)
    theirs, seconds = counted(duck)
    mine = await place.store.read(lambda conn: kept(StoreSource(conn, place.unit), place.version))
    if mine != theirs:
        raise SystemExit("the figures are not what DuckDB counts from the raw rows")
    return ours, seconds


# --- upkeep -----------------------------------------------------------------------------------------------------------


def said_by(rng: Random) -> dict[str, Answer]:
    return {question: rng.randint(1, 5) for question in QUESTIONS}


async def in_flight(work: list[Callable[[Tx], None]], store: Store) -> float:
    """Seconds for all units of work, 16 people waiting at a time."""
    waiting = iter(work)

    async def person() -> None:
        for unit in waiting:
            await store.write(unit)

    start = time.perf_counter()
    await asyncio.gather(*(person() for _ in range(IN_FLIGHT)))
    return time.perf_counter() - start


def bare(place: Place, village: int, channel: str, said: dict[str, Answer]) -> Callable[[Tx], None]:
    """A completed response without any of our care: its row and its ten answers, by the driver's own statements."""

    def unit(tx: Tx) -> None:
        id = random_id()
        one = (id, place.unit, place.wave, place.version, village, channel, "2026-10-03")
        ten = [(id, question, str(value)) for question, value in said.items()]
        if tx.postgres:
            tx.conn.exec_driver_sql("INSERT INTO responses VALUES ($1, $2, $3, $4, $5, $6, $7)", one)
            tx.conn.exec_driver_sql("INSERT INTO answers VALUES ($1, $2, $3)", ten)
        else:
            tx.conn.exec_driver_sql("INSERT INTO responses VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)", one)
            tx.conn.exec_driver_sql("INSERT INTO answers VALUES (?, ?, ?)", ten)

    return unit


def sealing(place: Place, vault: Vault, number: int, channel: str, said: dict[str, Answer]) -> Callable[[Tx], None]:
    return lambda tx: responses.seal(
        tx,
        vault,
        survey=SURVEY,
        wave=place.wave,
        unit=place.unit,
        village=place.villages[number],
        channel=channel,
        answers=said,
    )


async def releasing(place: Place, vault: Vault, rng: Random) -> list[float]:
    """Release all there is; the seconds of each chunk."""
    chunks = []
    went = 1
    while went:
        start = time.perf_counter()
        went = await place.store.write(
            lambda tx: responses.release(tx, vault, lambda _version: SURVEY, date(2026, 10, 3), rng)
        )
        chunks.append(time.perf_counter() - start)
    return chunks


async def upkeep(new_url: NewUrl, count: int) -> dict[str, float]:
    """Microseconds a response, and ratios: the median of several rounds, so that a busy moment spoils one only."""
    vault, rng = Vault(bytes(32)), Random(2)
    places = []
    for name in ("bare", "gathered", "by_fives"):
        place = Place(open_store(new_url(name)))
        await place.seed()
        places.append(place)
    plain, gathered, by_fives = places
    rounds: list[tuple[float, float, float]] = []
    longest = 0.0
    for _ in range(ROUNDS):
        people = [(rng.randrange(12), rng.choice(CHANNELS), said_by(rng)) for _ in range(count // ROUNDS)]
        bare_s = await in_flight([bare(plain, plain.villages[v], c, said) for v, c, said in people], plain.store)
        await in_flight([sealing(gathered, vault, v, c, said) for v, c, said in people], gathered.store)
        chunks = await releasing(gathered, vault, rng)
        longest = max(longest, *chunks)
        each_s = 0.0
        for v, c, said in people:
            await by_fives.store.write(sealing(by_fives, vault, v, c, said))
            spent = await releasing(by_fives, vault, rng)
            each_s += sum(spent[:-1])  # the last look found nothing
        rounds.append((bare_s, sum(chunks), each_s))
    for place in places:
        if place is not plain:
            await check(place)
        await place.store.close()
    each = count // ROUNDS
    return {
        "bare_us": statistics.median(one for one, _, _ in rounds) / each * 1e6,
        "release_us": statistics.median(one for _, one, _ in rounds) / each * 1e6,
        "ratio": statistics.median(release / bare for bare, release, _ in rounds),
        "longest_chunk_ms": longest * 1e3,
        "ratio_by_fives": statistics.median(fives / bare for bare, _, fives in rounds),
    }


# --- running ----------------------------------------------------------------------------------------------------------


@contextmanager
def sqlite_stores() -> Iterator[NewUrl]:
    """Urls of new, migrated stores that are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="nghedan-bench-"))

    def new(name: str) -> str:
        url = f"sqlite:///{folder / name}.db"
        upgrade(url)
        return url

    try:
        yield new
    finally:
        shutil.rmtree(folder)


@contextmanager
def postgres_stores() -> Iterator[NewUrl]:
    """The same on a PostgreSQL that lives as long as the block."""
    with postgres_server() as server:
        yield lambda _name: server.fresh()


def figures_in(engine: str, month: dict[str, float], kept: dict[str, float]) -> list[Measured]:
    """What is promised, and beside it what was measured."""
    return [
        Measured(name=f"{engine}: a month at many responses against few", value=month["ratio"], most=1.2),
        Measured(name=f"{engine}: the same numbers against DuckDB from raw", value=month["duckdb_ratio"], most=0.5),
        Measured(name=f"{engine}: the month itself", value=month["large_ms"], unit="ms"),
        Measured(name=f"{engine}: the same by DuckDB", value=month["duckdb_ms"], unit="ms"),
        Measured(name=f"{engine}: two questions crossed, from raw rows", value=month["crossed_ms"], unit="ms"),
        Measured(name=f"{engine}: the recount of the whole month", value=month["recount_ms"], unit="ms"),
        Measured(
            name=f"{engine}: release and rollups against a bare insert", value=kept["ratio"], most=1.2, wanted=0.5
        ),
        Measured(name=f"{engine}: the same, each group as its fifth comes in", value=kept["ratio_by_fives"]),
        Measured(name=f"{engine}: longest chunk of a release", value=kept["longest_chunk_ms"], unit="ms"),
    ]


def main() -> None:
    asked = options("figures")
    few, many, rounds, count = (2_000, 60_000, 20, 1_000) if asked.short else (100_000, 4_000_000, 60, 6_000)
    measured: list[Measured] = []
    details = {}
    for engine, stores in (("SQLite", sqlite_stores), ("PostgreSQL", postgres_stores)):
        with stores() as new_url:
            month = asyncio.run(figures(new_url, few, many, rounds))
            kept = asyncio.run(upkeep(new_url, count))
        measured += figures_in(engine, month, kept)
        details[engine] = {"month": month, "upkeep": kept, "responses": {"few": few, "many": many, "upkeep": count}}
    hand_over(Outcome(name="figures", short=asked.short, figures=measured, details=details), asked.json)


if __name__ == "__main__":
    main()
