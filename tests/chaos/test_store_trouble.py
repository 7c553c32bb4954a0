"""The store in trouble under a running process: a full disk, a locked file, leases of a process that is dead."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from sqlalchemy import Connection, select

from app import worker
from app.posts import StoredPost
from bot import sender
from bot.channels.base import Address, Capabilities, Outcome, Sent
from bot.channels.telegram.limits import Limits
from bot.conversation.messages import Bubble, Inbound
from storage import jobs
from storage.leases import take_back
from storage.outbox import ROOM
from storage.sqlite import SqliteStore
from storage.tables import cases, conversations, outbox, seen_events
from storage.tables import inbox as kept_events
from storage.tx import Tx
from tests.chaos.aftermath import outbox_rows
from tests.chaos.house import House
from vietnam.time import MINUTE


@dataclass
class Post:
    """A platform that takes everything at once and keeps what it was given, chat by chat."""

    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            max_text=4096, buttons=100, button_bytes=64, edit=True, photo_in=True, pushed=True
        )
    )
    came: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, address: Address, bubble: Bubble) -> Outcome:
        self.came.append((address.chat, bubble.text))
        return Sent(str(len(self.came)))

    async def close(self) -> None:
        return None


# --- a full disk ---


@contextmanager
def full_disk(store: SqliteStore) -> Iterator[None]:
    """The file may not grow by a single page: what SQLite then does is what it does on a full disk (SQLITE_FULL)."""

    def limit(pages: int) -> Callable[[Tx], None]:
        return lambda tx: tx.conn.exec_driver_sql(f"PRAGMA max_page_count={pages}").close()

    store.write_now(limit(1))  # no smaller than it is
    try:
        yield
    finally:
        store.write_now(limit(1_073_741_823))


async def test_on_a_full_disk_nothing_is_done_half_and_nothing_is_lost_that_was_acknowledged(
    sqlite_house: House,
) -> None:
    house = sqlite_house
    assert isinstance(house.store, SqliteStore)
    told = house.events("1", "2", "3", "4", "5", "6", "7", "8")
    acknowledged: set[str] = set()

    # given a disk that is full from the middle of the story on
    await _hear(house, told[: len(told) // 2], acknowledged)
    before = len(acknowledged)
    with full_disk(house.store):
        refused = await _hear(house, told[len(told) // 2 :], acknowledged)
        assert refused, "a full disk must be told to whoever calls"
        seen = await house.count(seen_events)
        kept = await house.count(kept_events)
        assert seen + kept >= len(acknowledged) >= before

    # when there is room again and the platform brings what was not acknowledged
    await _hear(house, [event for event in told if event.dedupe_key not in acknowledged], acknowledged)
    while await worker.take_inbox(house.runtime):
        house.at += MINUTE

    # then all is there once
    assert len(acknowledged) == len(told)
    assert await house.count(seen_events) == len(told)
    assert await house.count(cases) == 16
    assert await house.store.read(_gaps) == []


async def _hear(house: House, told: list[Inbound], acknowledged: set[str]) -> int:
    """Every person's events in order, all persons at once; how many were refused (a person's rest then waits)."""
    persons: dict[str, list[Inbound]] = {}
    for event in told:
        persons.setdefault(event.person, []).append(event)

    async def one(mine: list[Inbound]) -> int:
        for event in mine:
            try:
                await house.runtime.receive(event)
            except Exception:  # noqa: BLE001 - whatever it is: the platform hears no 200
                return 1
            acknowledged.add(event.dedupe_key)
        return 0

    return sum(await asyncio.gather(*(one(mine) for mine in persons.values())))


def _gaps(conn: Connection) -> list[tuple[int, int]]:
    """Neighbours among the numbers of a chat that are neither one apart nor as far as an erased survey makes them."""
    numbered: dict[int, list[int]] = {}
    for chat, seq in conn.execute(select(outbox.c.conversation_id, outbox.c.seq).order_by(outbox.c.seq)):
        numbered.setdefault(chat, [0]).append(seq)
    ends = conn.execute(select(conversations.c.id, conversations.c.last_seq))
    wrong = [(chat, last) for chat, last in ends if numbered.get(chat, [0])[-1] != last]
    for seqs in numbered.values():
        wrong += [pair for pair in pairwise(seqs) if pair[1] - pair[0] not in (1, ROOM + 1)]
    return wrong


async def test_the_sender_outlives_a_full_disk(sqlite_house: House) -> None:
    house = sqlite_house
    assert isinstance(house.store, SqliteStore)
    platform = Post()
    await house.runtime.receive(house.says("1", "menu", 1))

    with full_disk(house.store):
        sending = _sending(house, platform)
        await _until(lambda: bool(platform.came))
    await house.runtime.receive(house.says("2", "menu", 1))

    await _until(lambda: {chat for chat, _ in platform.came} == {"1", "2"})
    house.runtime.stop.set()
    await sending


def _sending(house: House, platform: Post) -> "asyncio.Task[None]":
    post = StoredPost(house.runtime, house.sample.telegram)
    return asyncio.create_task(sender.run(platform, post, Limits(), house.runtime.stop, house.runtime.now))


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.01)


# --- a file that somebody else has locked ---


@pytest.mark.slow
async def test_turns_wait_for_a_locked_file_and_none_is_lost(sqlite_house: House, sqlite_url: str) -> None:
    house = sqlite_house
    told = [event for event in house.events("1", "2", "3", "4") if event.dedupe_key.endswith(("-0", "-1", "-2"))]
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    platform = Post()
    sending = _sending(house, platform)
    try:
        # given another process that holds the file for three seconds
        other.execute("BEGIN IMMEDIATE")
        heard = asyncio.create_task(_hear(house, told, set()))
        await asyncio.wait([heard], timeout=3)
        assert not heard.done(), "nothing is acknowledged that is not committed"
        other.execute("ROLLBACK")

        # then every turn is taken, and its answer sent
        assert await heard == 0
    finally:
        other.close()
    while await worker.take_inbox(house.runtime):
        house.at += MINUTE
    assert await house.count(seen_events) == len(told)
    assert await house.count(kept_events) == 0
    await _until(lambda: len(platform.came) == len(told))
    house.runtime.stop.set()
    await sending
    assert await house.store.read(_gaps) == []


# --- what a killed process had in hand ---


async def test_what_a_killed_process_held_is_free_when_it_comes_back(house: House) -> None:
    # given a message and a job that a process had taken when it was killed
    await house.runtime.receive(house.says("1", "menu", 1))
    post = StoredPost(house.runtime, house.sample.telegram)
    (letter,) = await post.claim(9, MINUTE, 9)
    unit = house.sample.commune
    await house.store.write(lambda tx: jobs.put(tx, unit=unit, kind="photo", key="a", run_at=house.at))
    assert await house.store.write(lambda tx: jobs.claim(tx, house.at, MINUTE, 9))
    assert await post.claim(9, MINUTE, 9) == []

    # when it begins its next life
    await house.store.write(lambda tx: take_back(tx, house.at))

    # then both are taken up at once, and it is known that the message may have arrived
    assert [again.id for again in await post.claim(9, MINUTE, 9)] == [letter.id]
    assert await house.store.write(lambda tx: jobs.claim(tx, house.at, MINUTE, 9))
    rows = await house.store.read(lambda conn: outbox_rows(conn, house.runtime.vault))
    assert [row.uncertain for row in rows["1"]] == [1]
