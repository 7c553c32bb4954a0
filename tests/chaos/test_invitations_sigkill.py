"""Killed in the middle of inviting, again and again, two at a time: everybody is invited, and nobody twice."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from storage.store import Store
from storage.tables import conversations, invitations, outbox
from storage.vault import make_key_file
from surveys.waves import Send
from tests.chaos.inviting import CHUNK
from tests.stores import SampleCommune
from tests.unit.waving import Town, town_of

ROOT = Path(__file__).parents[2]
PEOPLE = 400
LIVES = 4
_SECONDS = 60


@pytest.fixture
def town(store: Store, store_url: str, commune: SampleCommune, tmp_path: Path) -> Town:
    return town_of(store, store_url, tmp_path, make_key_file(tmp_path / "key"), commune)


async def born(town: Town) -> Process:
    key = town.runtime.settings.privacy.key_file
    words = (town.runtime.settings.storage.url, str(key), str(town.at))
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chaos.inviting", *words, cwd=ROOT, stdout=PIPE
    )


async def hear(child: Process, chunks: int) -> bool:
    """Wait until so many chunks were committed; False where it was done before."""
    assert child.stdout is not None
    async with asyncio.timeout(_SECONDS):
        while chunks:
            line = await child.stdout.readline()
            assert line, "the child has ended by itself"
            if line == b"done\n":
                return False
            chunks -= 1
    return True


async def live(town: Town, chunks: int) -> None:
    """A life that ends while the next chunk is on its way."""
    child = await born(town)
    await hear(child, chunks)
    with suppress(ProcessLookupError):  # it may have come to its end by itself
        child.kill()
    await child.wait()


async def test_nobody_is_invited_twice_and_nobody_forgotten(town: Town) -> None:
    # given a wave whose sending has begun
    await town.people(PEOPLE)
    wave = await town.open(code="y-kien")
    await town.act(wave, Send())
    rng = Random(11)
    # when two processes send it, and both are killed at moments of their own, several times over
    for _ in range(LIVES):
        await asyncio.gather(live(town, rng.randint(1, 4)), live(town, rng.randint(1, 4)))
    before = await town.store.read(lambda conn: conn.scalar(select(func.count()).select_from(outbox)))
    assert 0 < (before or 0) < PEOPLE, "killed too late to say anything"
    # and one is let finish
    last = await born(town)
    await hear(last, PEOPLE // CHUNK * 2)
    await last.wait()
    # then every chat has exactly one message, numbered, and every row knows its own
    letters = await town.store.read(lambda conn: list(conn.execute(select(outbox.c.conversation_id, outbox.c.id))))
    assert Counter(Counter(row.conversation_id for row in letters).values()) == {1: PEOPLE}
    seqs = await town.store.read(lambda conn: set(conn.scalars(select(conversations.c.last_seq))))
    assert seqs == {1}
    known = await town.store.read(lambda conn: set(conn.scalars(select(invitations.c.outbox_id))))
    assert known == {row.id for row in letters}
