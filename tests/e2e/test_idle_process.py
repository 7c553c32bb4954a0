"""What an idle `nghedan serve` has imported: nothing that only reports, pictures, migrations or PostgreSQL need.

And what it holds in memory with all four channels on, once people have written to it.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.serving import Place, start
from tests.fakes.telegram import FakeTelegram
from tests.soak.browser import OnTheWeb
from tests.soak.callers import Callers
from tests.soak.lines import Citizen, Ledger
from tests.soak.platforms import Fakes, platforms
from tests.soak.served import settle

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {"docx", "matplotlib", "numpy", "openpyxl", "PIL", "typst", "xlsxwriter"}
NEVER = DOCUMENTS | {"alembic", "asyncpg", "holidays", "icalendar", "pygments", "rich", "vietnam_provinces"}
"""Not even with Telegram: some of these are used, but in a process of their own or for a moment that is asked for."""
ONLY_WITH_TELEGRAM = {"aiogram", "aiohttp"}
SERVE = """
import asyncio, json, sys
import app.cli
from app import worker
from app.commands.common import opened, settings_of
from app.serving import listen, serve

async def main():
    runtime = await opened(settings_of(None), make=True)
    runtime.now = lambda: 1_780_000_000_000  # in May 2026: of this year and the next months the days off are known

    async def ready():
        # Once around everything that it does by itself.
        await worker.take_inbox(runtime)
        await worker.release(runtime)
        await worker.go_round(runtime)
        print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
        runtime.stop.set()

    await serve(runtime, listen("127.0.0.1", 0), ready=ready)

asyncio.run(main())
"""


def modules_of_idle_serve(folder: Path, telegram: FakeTelegram | None = None) -> set[str]:
    """Top-level names of `sys.modules` in a fresh house that is ready, has gone its round, and waits."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("NGHEDAN_")}
    env |= {
        "NGHEDAN_STORAGE__URL": f"sqlite:///{folder}/nghedan.db",
        "NGHEDAN_PRIVACY__KEY_FILE": f"{folder}/nghedan.key",
        "PYTHONPATH": str(ROOT),
    }
    if telegram is not None:
        env |= {"NGHEDAN_TELEGRAM__TOKEN": telegram.token, "NGHEDAN_TELEGRAM__API_BASE": telegram.api_base}
    done = subprocess.run(
        [sys.executable, "-c", SERVE], cwd=folder, env=env, check=True, stdout=subprocess.PIPE, text=True, timeout=100
    )
    return set(json.loads(done.stdout))


def test_without_telegram_it_is_lean(tmp_path: Path) -> None:
    loaded = modules_of_idle_serve(tmp_path)
    assert "starlette" in loaded, "the list is of a process that serves"
    assert loaded & (NEVER | ONLY_WITH_TELEGRAM) == set()


@pytest.mark.slow
def test_with_telegram_only_telegram_is_added(tmp_path: Path) -> None:
    with FakeTelegram() as telegram:
        loaded = modules_of_idle_serve(tmp_path, telegram)
    assert loaded >= ONLY_WITH_TELEGRAM
    assert loaded & NEVER == set()


MOST_MB = 250
"""Of resident memory, with everything on."""
TURNS = 320


@pytest.mark.slow
async def test_with_all_four_channels_at_work_it_stays_within_its_memory(tmp_path: Path) -> None:
    with platforms() as fakes:
        # given a commune with all four channels on
        place = Place(tmp_path, url="", **fakes.settings())
        await settle(place, fakes, time.time_ns() // 1_000_000)
        running = await asyncio.to_thread(start, place)
        try:
            # when some hundred turns have been taken on them
            ledger = await _turns(fakes, place)
            # then it holds no more than was promised
            held = resident(running.process.pid)
        except BaseException:
            running.kill()
            raise
        assert await asyncio.to_thread(running.stop) == 0
    print(f"{held:.0f} MB resident after {ledger.total} turns on four channels")
    assert ledger.total >= TURNS
    assert len(ledger.events) == 4
    assert held < MOST_MB


async def _turns(fakes: Fakes, place: Place) -> Ledger:
    ledger = Ledger()
    callers = Callers(fakes, ledger)
    async with callers.heard(), OnTheWeb(place.url, ledger, lambda: False) as browser:
        crowd = [callers.newcomer(channel, number) for number in range(3) for channel in fakes.by_channel]
        await asyncio.gather(*(_goes_on(citizen) for citizen in (*crowd, browser)))
    return ledger


async def _goes_on(citizen: Citizen) -> None:
    await citizen.starts("menu")
    for text in ("tro giup", "gui phan anh", "2", "Rác ở ngõ chưa ai thu gom", "bo qua", "1", "1") * 5:
        await citizen.says(text)


def resident(pid: int) -> float:
    """Megabytes (of a million bytes) that a process has in memory."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 / 1_000_000 for line in lines if line.startswith("Rss:"))
