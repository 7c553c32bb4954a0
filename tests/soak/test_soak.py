"""A soak: everything at once for hours of the program's own clock, calls that fail, a process that is killed.

Four channels talk to one real `nghedan serve`. Each citizen keeps what was acknowledged; in the end the store holds it
exactly once, every answer has come, and where one came again the store had said that it might.
"""

import signal
import time
from pathlib import Path

import pytest

from bot.sender import BATCH
from storage.opening import open_store
from storage.store import Store
from storage.vault import read_key_file
from tests.e2e.serving import Place
from tests.soak.platforms import Fakes, platforms
from tests.soak.reckoning import delivered, left, nothing_lost_nothing_doubled, work
from tests.soak.served import BEGUN, serving, settle
from tests.soak.town import Plan, Soak, figures
from tests.stores import PostgresServer

SHORT = Plan(events=900, kills=3, crowd=12, seed=20261121)
BESIDE = Plan(events=400, kills=2, crowd=10, seed=20261122, mode="polling")
WHOLE = Plan(events=50_000, kills=20, crowd=60, seed=20261123)
"""Of the events that are planned; whoever has begun then also finishes."""
_CALM = 120.0
"""Seconds: a deadline for the last answers, which may wait for another try."""


@pytest.mark.slow
async def test_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    await soaked(SHORT, tmp_path)


@pytest.mark.slow
@pytest.mark.postgres
async def test_nor_on_postgres_with_telegram_asked_instead_of_calling(postgres: PostgresServer, tmp_path: Path) -> None:
    await soaked(BESIDE, tmp_path, postgres.fresh())


@pytest.mark.long
async def test_nothing_is_lost_or_doubled_in_hours(tmp_path: Path) -> None:
    await soaked(WHOLE, tmp_path)


async def soaked(plan: Plan, folder: Path, url: str = "") -> None:
    """A soak and its reckoning; prints what it came to. `url` is of the store, a SQLite file where none is given."""
    with platforms() as fakes:
        place = Place(folder, url=url, **fakes.settings(plan.mode))
        ids = await settle(place, fakes, BEGUN)
        async with serving(place, fakes, plan.rate) as serve:
            begun = time.monotonic()
            soak = Soak(plan, serve, fakes)
            await soak.run()
            store = open_store(place.store_url)
            try:
                await _calm(store)
                print(figures(soak, time.monotonic() - begun))
                assert await serve.ends(signal.SIGTERM) == 0, serve.log.read_text()[-2000:]
                await _reckon(store, soak, fakes, ids)
            finally:
                await store.close()


async def _calm(store: Store) -> None:
    until = time.monotonic() + _CALM
    while open := await store.read(work):
        assert time.monotonic() < until, open[:20]


async def _reckon(store: Store, soak: Soak, fakes: Fakes, ids: dict[str, int]) -> None:
    vault = read_key_file(soak.serve.place.key_file)
    found = await store.read(lambda conn: left(conn, vault))
    nothing_lost_nothing_doubled(found, soak.town, soak.ledger, vault, ids)

    doubts = await store.read(lambda conn: delivered(conn, vault, fakes.by_channel))
    print(doubts)
    assert doubts.silent == []
    assert doubts.missing == []
    # Of a questionnaire handed in nothing is left that could be doubted: there may be no more than failed calls and
    # kills account for.
    assert doubts.again <= soak.mishaps.doubtful + soak.plan.kills * 3 * BATCH
    assert doubts.uncertain > 0, "no call failed in doubt"
