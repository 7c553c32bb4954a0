"""What an idle `nghedan serve` has imported: nothing that only reports, pictures, migrations or PostgreSQL need."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.telegram import FakeTelegram

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
    runtime.now = lambda: 1_795_140_000_000  # in 2026, a year whose days off are in the table

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
