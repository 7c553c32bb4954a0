"""A waker reaches whoever waits, in this process and in the others, and never before the commit."""

import asyncio

import pytest

from storage.opening import open_store
from storage.store import Store
from storage.tx import Tx
from storage.wakes import Wakes

PATIENCE = 10.0


async def test_whoever_waits_is_woken_by_its_own_topic_only() -> None:
    wakes = Wakes()
    mine, other = wakes.waiter("chat:1"), wakes.waiter("chat:2")
    wakes.publish(["chat:1"])
    assert mine.done()
    assert not other.done()
    other.cancel()


async def test_what_is_published_between_looking_and_waiting_is_not_missed() -> None:
    wakes = Wakes()
    waiter = wakes.waiter("outbox")
    wakes.publish(["outbox"])
    await asyncio.wait_for(waiter, PATIENCE)


async def test_a_committed_unit_wakes_and_a_failed_one_does_not(store: Store) -> None:
    def fails(tx: Tx) -> None:
        tx.wake("x")
        raise LookupError

    waiter = store.wakes.waiter("x")
    with pytest.raises(LookupError):
        await store.write(fails)
    assert not waiter.done()
    await store.write(lambda tx: tx.wake("x"))
    await asyncio.wait_for(waiter, PATIENCE)


async def test_another_process_is_woken_on_postgresql(postgres_url: str) -> None:
    # Given two stores of one database, as two processes have them, one of which listens
    here, there = open_store(postgres_url), open_store(postgres_url)
    try:
        here.listen()
        # When the other commits a wake, it arrives; asked again until the listening connection stands
        waiter = here.wakes.waiter("queue:1")
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not waiter.done() and asyncio.get_running_loop().time() < deadline:
            await there.write(lambda tx: tx.wake("queue:1"))
            await asyncio.wait([waiter], timeout=0.1)
        assert waiter.done()
    finally:
        await there.close()
        await here.close()
