"""Kept events, tried by several processes at once: each is given up once, and never after it was done."""

from functools import partial

import pytest

from storage import inbox
from storage.inbox import MAX_TRIES, Kept
from storage.store import Store
from storage.vault import Vault
from tests.stores import SampleCommune
from vietnam.time import HOUR


@pytest.fixture
async def kept(store: Store, vault: Vault, commune: SampleCommune, now: int) -> Kept:
    """An event that has failed but for one try, as two processes have both read it."""
    unit, account = commune.commune, commune.telegram
    await store.write(
        lambda tx: inbox.keep(tx, vault, unit_id=unit, channel_account_id=account, chat="1", body=b"{}", now=now)
    )

    async def due() -> Kept:
        (event,) = await store.read(lambda conn: inbox.due(conn, vault, now + HOUR))
        return event

    for _ in range(MAX_TRIES - 1):
        event = await due()
        assert await store.write(partial(inbox.failed, kept=event, fault="Error", now=now))
    return await due()


async def test_two_processes_that_fail_the_last_try_give_up_once(store: Store, kept: Kept, now: int) -> None:
    outcomes = [await store.write(lambda tx: inbox.failed(tx, kept, "Error", now)) for _ in range(2)]
    assert outcomes == [False, True], "whoever is second has nobody to tell"
    assert await store.read(inbox.waiting) == (0, 1)


async def test_what_another_process_has_done_is_not_given_up(store: Store, kept: Kept, now: int) -> None:
    await store.write(lambda tx: inbox.done(tx, kept.id))
    assert await store.write(lambda tx: inbox.failed(tx, kept, "Error", now))
    assert await store.read(inbox.waiting) == (0, 0)
