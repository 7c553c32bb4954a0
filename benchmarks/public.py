"""Public pages when a link goes round in a village's group: 200 requests a second at `nghedan serve` on one core.

    python -m benchmarks.public [--short] [--json FILE]

The requests come when they come, whether earlier ones are answered or not, and each is timed from when it was due: a
server that falls behind is seen to. They are for the page "Công khai kết quả" (this year, a quarter, a month), the
calendar and the published results; half of the browsers have the page already and ask whether it still stands. What
the pages cost that nobody has asked for yet is told beside it.
"""

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp

from benchmarks.citizens import open_house
from benchmarks.console_rows import furnish
from benchmarks.result import Measured, Outcome, hand_over, options
from benchmarks.serve import ROOT, answers, environment
from benchmarks.webhook import free_port
from storage.migrate import upgrade

RATE = 200
_MOST_MS = 100.0
_PATHS = ("cong-khai", "cong-khai?ky={year}-Q1", "cong-khai?ky={year}-01", "lich", "ket-qua")
_DEADLINE = 60.0
_SETTLING = 2
"""Seconds of requests that are not counted: connections are opened in them."""


@contextmanager
def on_one_core(folder: Path) -> Iterator[tuple[int, int]]:
    """A served store on one core, and this process on the others where there are any; port and process id."""
    port = free_port()
    cores = os.sched_getaffinity(0)
    first = min(cores)
    os.sched_setaffinity(0, {first})
    command = [sys.executable, "-m", "app.cli", "serve"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(folder, port, {}), stdout=subprocess.DEVNULL)
    os.sched_setaffinity(0, cores - {first} or cores)
    try:
        until = time.monotonic() + _DEADLINE
        while not answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"nghedan serve did not become ready (exit {process.returncode})")
            time.sleep(0.01)
        yield port, process.pid
    finally:
        os.sched_setaffinity(0, cores)
        process.terminate()
        process.wait(_DEADLINE)


async def _fetched(http: aiohttp.ClientSession, path: str, tag: str = "") -> tuple[int, str, int]:
    """Status, tag and bytes of a page."""
    async with http.get(path, headers={"if-none-match": tag} if tag else {}) as answer:
        body = await answer.read()
        return answer.status, answer.headers.get("etag", ""), len(body)


async def _crowd(http: aiohttp.ClientSession, paths: list[str], tags: dict[str, str], seconds: int) -> list[float]:
    """Milliseconds from when each request was due until its answer was there."""
    took: list[float] = []

    async def one(due: float, number: int, *, counted: bool) -> None:
        path = paths[number % len(paths)]
        status, _, _ = await _fetched(http, path, tags[path] if number % 2 else "")
        if status not in {200, 304}:
            raise AssertionError(f"{path}: {status}")
        if counted:
            took.append((time.perf_counter() - due) * 1e3)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as crowd:
        for number in range(RATE * (seconds + _SETTLING)):
            due = began + number / RATE
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            crowd.create_task(one(due, number, counted=number >= RATE * _SETTLING))
    return took


def _cpu(pid: int) -> float:
    """Seconds of a core that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(port: int, pid: int, seconds: int) -> tuple[list[float], dict[str, float], dict[str, int], float]:
    """What the crowd and the first visitor of each page waited (ms), the bytes of each page, the use of the core."""
    year = time.gmtime().tm_year
    paths = [f"/mau/{path.format(year=year)}" for path in _PATHS]
    cold, sizes, tags = {}, {}, {}
    connections = aiohttp.TCPConnector(limit=64)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", connector=connections) as http:
        for path in paths:
            since = time.perf_counter()
            status, tags[path], sizes[path] = await _fetched(http, path)
            cold[path] = (time.perf_counter() - since) * 1e3
            if status != 200:
                raise AssertionError(f"{path}: {status}")
        since = _cpu(pid)
        took = await _crowd(http, paths, tags, seconds)
        return took, cold, sizes, (_cpu(pid) - since) / (seconds + _SETTLING)


async def _furnished(url: str, folder: Path, many: int) -> None:
    runtime = await open_house(url, folder)
    try:
        await furnish(runtime.store, many, 0)
    finally:
        await runtime.close()


def main() -> int:
    """Exit code 0: whether promises are kept is judged by `python -m benchmarks`."""
    asked = options("public")
    many, seconds = (5_000, 5) if asked.short else (100_000, 60)
    folder = Path(tempfile.mkdtemp(prefix="nghedan-bench-"))
    try:
        url = f"sqlite:///{folder / 'nghedan.db'}"
        upgrade(url)
        asyncio.run(_furnished(url, folder, many))
        with on_one_core(folder) as (port, pid):
            took, cold, sizes, busy = asyncio.run(measure(port, pid, seconds))
    finally:
        shutil.rmtree(folder)
    p99 = sorted(took)[int(len(took) * 0.99)]
    figures = [
        Measured(name=f"{RATE}/s on one core: p99", value=p99, unit="ms", most=_MOST_MS),
        Measured(name=f"{RATE}/s on one core: how much of it is used", value=100 * busy, unit="%", most=70.0),
        Measured(name=f"{RATE}/s on one core: median", value=statistics.median(took), unit="ms"),
        Measured(name="the first visitor of the page of a year", value=cold["/mau/cong-khai"], unit="ms"),
        Measured(name="bytes of the page of a year", value=sizes["/mau/cong-khai"] / 1000, unit="kB", most=60.0),
    ]
    details = {"cases": many, "requests": len(took), "worst, ms": max(took), "first visitors, ms": cold, "bytes": sizes}
    hand_over(Outcome(name="public", short=asked.short, figures=figures, details=details), asked.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
