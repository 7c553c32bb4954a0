"""Officers' pages over 100,000 cases: milliseconds at the server for the queue, for searches and for one case.

    python -m benchmarks.console [--short] [--json FILE]

One commune has all of it, which no commune ever will: 100,000 cases of three years with their acts, 1,000,000 answers,
50 officers who each have a session. Every request goes through the whole application (headers, packing, session,
rights, store, template), one after another, as an officer in turn asks; a page counts from the request to its last
byte. Meanwhile citizens write, so that what is remembered of the commune grows old. The yardstick of the same run is
the page of shortcuts, which reads nothing but what stands around every page: the ratio says what the queue itself
costs, whatever the machine.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from random import Random
from urllib.parse import quote

from starlette.types import Message

from app.runtime import Runtime
from app.serving import services_of
from benchmarks.citizens import open_house
from benchmarks.console_rows import NOON, OFFICERS, Place, furnish, happen, rows_of
from benchmarks.result import Measured, Outcome, hand_over, options
from storage.migrate import upgrade
from tests.stores import postgres_server
from vietnam.time import MINUTE
from web.app import create_app
from web.console.access import COOKIE

_MOST_MS = 100.0
_QUEUES = (
    "", "?muc=chua-xong", "?muc=chua-xong&ai=toi", "?muc=chua-xong&han=qua", "?muc=dang-xu-ly", "?muc=da-tra-loi",
    "?muc=da-tra-loi&trang=9", "?muc=tat-ca&xep=moi", "?muc=da-tra-loi&loai=petition", "?muc=chua-xong&ai=chua",
)  # fmt: skip
_SEARCHES = (
    "đường", "duong", "Nông Thị Páo", "nong thi pao cau treo", "rác trộm", "Tuyết", "không có ai", "xã", "cống chợ",
    "Mã Kim Vượng", "trạm y tế bị ngã", "giấy chứng nhận",
)  # fmt: skip
_ACT_EVERY = 25
"""Pages between two acts of citizens, as if each officer opened one a minute and citizens wrote twice in it."""
Ask = Callable[[str], Awaitable[int]]


def _asker(runtime: Runtime, place: Place) -> Ask:
    """Asks for a page as the officers in turn and reads it to its end; gives the status."""
    app = create_app(services_of(runtime))
    turn = 0

    async def ask(path: str) -> int:
        nonlocal turn
        turn += 1
        status = 0
        where, _, query = path.partition("?")
        headers = {"host": "localhost", "accept-encoding": "gzip", "cookie": f"{COOKIE}={place.token(turn % OFFICERS)}"}

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            status = int(message.get("status", status))

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": where, "raw_path": where.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("localhost", 80),
        }  # fmt: skip
        await app(scope, receive, send)
        return status

    return ask


def _pages(place: Place, rounds: int) -> dict[str, Iterator[str]]:
    """By the name of a figure, the addresses that are asked for."""
    chance = Random(7)
    return {
        "queue page": (f"/can-bo/{chance.choice(_QUEUES)}" for _ in range(rounds)),
        "search": (f"/can-bo/?tim={quote(chance.choice(_SEARCHES))}" for _ in range(rounds)),
        "case page": (f"/can-bo/vu-viec/{chance.choice(place.codes)}" for _ in range(rounds)),
        "page of shortcuts": ("/can-bo/phim-tat" for _ in range(rounds)),
    }


async def measure(url: str, folder: Path, many: int, answered: int, rounds: int) -> tuple[dict[str, list[float]], str]:
    """Milliseconds of every page, and what it was measured over."""
    runtime = await open_house(url, folder)
    runtime.now = lambda: NOON + MINUTE
    try:
        place = await furnish(runtime.store, many, answered)
        rows = await runtime.store.read(rows_of)
        ask = _asker(runtime, place)
        for few in _pages(place, 3).values():
            for path in few:
                await ask(path)
        took: dict[str, list[float]] = {}
        for name, paths in _pages(place, rounds).items():
            for number, path in enumerate(paths):
                if number % _ACT_EVERY == 0:
                    await runtime.store.write(lambda tx, number=number: happen(tx, place, number))  # type: ignore[misc]  # a default binds what changes
                began = time.perf_counter()
                status = await ask(path)
                took.setdefault(name, []).append((time.perf_counter() - began) * 1e3)
                if status != 200:
                    raise SystemExit(f"{path}: {status}")
        return took, ", ".join(f"{name} {number:,}" for name, number in rows.items())
    finally:
        await runtime.close()


def figures_of(engine: str, took: dict[str, list[float]]) -> list[Measured]:
    """The promises: 95 of 100 pages under 100 ms."""
    found = []
    base = statistics.median(took.pop("page of shortcuts"))
    for name, all_of_them in took.items():
        inside = sorted(all_of_them)
        worst = inside[int(len(inside) * 0.95)]
        found += [
            Measured(name=f"{engine}: {name}, 95th of 100", value=worst, unit="ms", most=_MOST_MS),
            Measured(name=f"{engine}: {name}, median", value=statistics.median(inside), unit="ms"),
            Measured(name=f"{engine}: {name} / a bare page, medians", value=statistics.median(inside) / base),
        ]  # fmt: skip
    return found


def main() -> None:
    asked = options("console")
    many, answered, rounds = (5_000, 20_000, 60) if asked.short else (100_000, 1_000_000, 300)
    folder = Path(tempfile.mkdtemp(prefix="nghedan-bench-"))
    try:
        url = f"sqlite:///{folder / 'nghedan.db'}"
        upgrade(url)
        took, rows = asyncio.run(measure(url, folder, many, answered, rounds))
        measured = figures_of("SQLite", took)
        with postgres_server(durable=True) as server:
            took, _ = asyncio.run(measure(server.fresh(), folder, many, answered, rounds))
        measured += figures_of("PostgreSQL", took)
    finally:
        shutil.rmtree(folder)
    hand_over(Outcome(name="console", short=asked.short, figures=measured, details={"rows": rows}), asked.json)


if __name__ == "__main__":
    main()
