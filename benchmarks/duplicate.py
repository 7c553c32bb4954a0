"""Candidates for the same matter among 200,000 open cases: milliseconds a look-up, and that it goes along its index.

    python -m benchmarks.duplicate [--short] [--json FILE]

`near` is what a turn asks of the store once a report, when text and place are known: both look-ups (the cells around
the point, the newest of the thôn), the words of at most 50 cases, and their scores. Measured where all cases are of one
commune of 144 km2, which no commune will ever see, and where they are of a hundred. The promise is for the 99th of 100.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import Connection, insert, text

from benchmarks.result import Measured, Outcome, hand_over, options
from feedback.nearness import Report, cell_of, words_of
from storage import nearness
from storage.bulk import insert_many
from storage.ids import new_id
from storage.migrate import upgrade
from storage.opening import open_store
from storage.store import Store
from storage.tables import accounts, cases, persons, units
from storage.tx import Tx
from tests.stores import SampleCommune, postgres_server, seed_sample
from vietnam.text import fold

NOON = 1_791_176_400_000
"""2026-10-05 12:00 in Viet Nam."""
_SOUTH, _WEST, _SIDE = 21.56, 106.47, 0.11
"""A commune of about 12 by 11 km."""
_CHUNK = 5_000
_MOST_MS = 20.0
_NAMES = (
    "id", "unit_id", "village_id", "code", "kind", "category", "text", "folded", "state", "account_id", "place",
    "lat", "lon", "cell", "opened_at", "moved_at",
)  # fmt: skip
_SAID = (
    "Cống trước {} bị tắc, nước thải tràn ra đường mấy hôm nay, mùi rất khó chịu",
    "Đèn đường ở {} không sáng đã một tuần, tối đi lại rất nguy hiểm",
    "Đoạn đường qua {} có nhiều ổ gà, trời mưa ngập nước, xe máy hay ngã",
    "Có người đổ rác trộm ở {}, đống rác đã cao, ruồi muỗi nhiều",
)
_WHERE = ("nhà văn hóa", "cổng chợ", "trường tiểu học", "ngã ba cây đa", "trạm y tế", "cầu treo", "bãi đá")


def _report(chance: Random) -> tuple[str, str, float, float]:
    """What somebody writes, where in words, and the point."""
    where = chance.choice(_WHERE)
    point = _SOUTH + chance.random() * _SIDE, _WEST + chance.random() * _SIDE
    return chance.choice(_SAID).format(where), where, *point


def _some(tx: Tx, commune: SampleCommune, owners: list[int], account: int, first: int, count: int) -> None:
    """So many open cases of the communes in turn; half of them of the two fields that others may learn of."""
    chance = Random(first)
    rows = []
    for number in range(first, first + count):
        said, where, lat, lon = _report(chance)
        id = new_id()
        category = ("roads", "environment", "land", "security")[number % 4]
        state = ("new", "received", "in_progress", "waiting", "reopened")[number % 5]
        village = chance.choice(commune.villages)
        at = NOON - chance.randrange(90 * 86_400_000)
        what = (id, owners[number % len(owners)], village, f"D-{id}", "feedback", category, said, fold(said), state)
        rows.append((*what, account, where, lat, lon, cell_of(lat, lon), at, at))
    insert_many(tx, cases, _NAMES, rows)


def _people(tx: Tx, commune: SampleCommune, many: int) -> tuple[list[int], int]:
    """So many communes, the sample one first, and one account."""
    owners = [commune.commune]
    for number in range(1, many):
        id = new_id()
        row = {"id": id, "parent_id": commune.province, "kind": "commune", "name": f"xã {number}"}
        tx.execute(insert(units).values(**row, slug=f"xa-{number}"))
        owners.append(id)
    person, account = new_id(), new_id()
    tx.execute(insert(persons).values(id=person, unit_id=commune.commune, created_at=0))
    values = {"id": account, "person_id": person, "channel_account_id": commune.telegram, "platform_id": "1"}
    tx.execute(insert(accounts).values(**values, created_at=0))
    return owners, account


async def furnish(store: Store, count: int, communes: int) -> SampleCommune:
    """The store with its cases."""
    commune = await store.write(lambda tx: seed_sample(tx, NOON))
    owners, account = await store.write(lambda tx: _people(tx, commune, communes))
    for first in range(0, count, _CHUNK):
        few = min(_CHUNK, count - first)
        await store.write(partial(_some, commune=commune, owners=owners, account=account, first=first, count=few))
    await store.write(lambda tx: tx.execute(text("ANALYZE")))
    return commune


def plan(conn: Connection, query: str, params: dict[str, int]) -> str:
    """How the engine goes about it."""
    explain = "EXPLAIN " if conn.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    return "\n".join(" ".join(map(str, row)) for row in conn.execute(text(explain + query), params))


async def proven(store: Store, commune: SampleCommune) -> None:
    """SystemExit unless both look-ups go along their index and none reads every case."""
    at = nearness.point_params(commune.commune, _SOUTH + _SIDE / 2, _WEST + _SIDE / 2)
    there = {"unit": commune.commune, "village": commune.villages[0]}
    looks = {"ix_cases_near": (nearness.BY_POINT, at), "ix_cases_village": (nearness.BY_VILLAGE, there)}
    for index, (query, params) in looks.items():
        told = await store.read(partial(plan, query=query, params=params))
        if index not in told or "SCAN cases" in told or "Seq Scan" in told:
            raise SystemExit(f"{index} is not used:\n{told}")


def _look(conn: Connection, commune: SampleCommune, chance: Random, rounds: int) -> tuple[list[float], float]:
    """Milliseconds of each look-up, and how many candidates one found on average."""
    took, found = [], 0
    for _ in range(rounds):
        said, where, lat, lon = _report(chance)
        village = chance.choice(commune.villages)
        began = time.perf_counter()
        report = Report(
            category=chance.choice(("roads", "environment")),
            words=words_of(said),
            place=words_of(where),
            point=(lat, lon),
            village=village,
        )
        found += len(nearness.near(conn, commune.commune, report, [1], NOON))
        took.append((time.perf_counter() - began) * 1e3)
    return took, found / rounds


async def measure(url: str, count: int, communes: int, rounds: int) -> tuple[list[float], float]:
    """Everything on a store of its own."""
    store = open_store(url)
    try:
        commune = await furnish(store, count, communes)
        await proven(store, commune)
        await store.read(lambda conn: _look(conn, commune, Random(1), 20))
        return await store.read(lambda conn: _look(conn, commune, Random(2), rounds))
    finally:
        await store.close()


def figures_of(place: str, count: int, took: list[float], found: float) -> list[Measured]:
    """As they are handed over."""
    took = sorted(took)
    where = f"{place}: among {count:,} open cases"
    return [
        Measured(name=f"{where}, 99th of 100", value=took[int(len(took) * 0.99)], unit="ms", most=_MOST_MS),
        Measured(name=f"{where}, median", value=statistics.median(took), unit="ms"),
        Measured(name=f"{where}, candidates found", value=found, unit=""),
    ]


async def on_sqlite(folder: Path, count: int, communes: int, rounds: int) -> list[Measured]:
    """SQLite."""
    url = f"sqlite:///{folder / f'{communes}.db'}"
    upgrade(url)
    place = "SQLite, one commune" if communes == 1 else f"SQLite, {communes} communes"
    return figures_of(place, count, *(await measure(url, count, communes, rounds)))


def main() -> None:
    asked = options("duplicate")
    count, rounds = (20_000, 100) if asked.short else (200_000, 400)
    folder = Path(tempfile.mkdtemp(prefix="nghedan-bench-"))
    try:
        measured = asyncio.run(on_sqlite(folder, count, 1, rounds))
        measured += asyncio.run(on_sqlite(folder, count, 100, rounds))
        with postgres_server(durable=True) as server:
            found = asyncio.run(measure(server.fresh(), count, 1, rounds))
        measured += figures_of("PostgreSQL, one commune", count, *found)
    finally:
        shutil.rmtree(folder)
    details = {"index": "both look-ups go along ix_cases_near and ix_cases_village (EXPLAIN), none reads every case"}
    hand_over(Outcome(name="duplicate", short=asked.short, figures=measured, details=details), asked.json)


if __name__ == "__main__":
    main()
