"""Counts of wrong tries as they are stored, on both engines; several at once are all counted."""

import asyncio

import pytest
from sqlalchemy import select

from feedback.roles import Role
from storage import login_tries, officer_access, officer_rows, officers
from storage.login_tries import CALM, KNOWN_FOR, LOCK, LONGEST_WAIT, TRIES, Place, pause
from storage.officer_access import Signs
from storage.officers import Officer
from storage.store import Store
from storage.tables import known_doors
from storage.vault import Vault
from tests.stores import SampleCommune


@pytest.fixture
async def officer(store: Store, commune: SampleCommune, now: int) -> Officer:
    values = {"unit_id": commune.commune, "login": "lan", "name": "Lan", "password_hash": "x", "now": now}
    await store.write(lambda tx: officer_rows.add(tx, **values, role=Role.LEADER))  # type: ignore[arg-type]  # by their names
    found = await store.read(lambda conn: officers.by_login(conn, "lan"))
    assert found is not None
    return found[0]


async def place(store: Store, vault: Vault, officer: Officer, address: str, browser: str = "") -> Place:
    return await store.read(lambda conn: login_tries.place_of(conn, vault, officer.id, "lan", address, browser))


async def wait(store: Store, there: Place, now: int) -> int:
    found = await store.read(lambda conn: login_tries.wait_for(conn, there, now))
    return found.ms if found else 0


async def test_tries_at_once_are_all_counted(store: Store, vault: Vault, officer: Officer, now: int) -> None:
    there = await place(store, vault, officer, "198.51.100.1")
    await asyncio.gather(*(store.write(lambda tx: login_tries.count_failure(tx, there, now)) for _ in range(TRIES)))
    assert await wait(store, there, now) == LOCK
    assert await wait(store, there, now + LOCK) == 0


async def test_a_door_is_known_for_a_while_and_told_by_hashes_alone(
    store: Store, vault: Vault, officer: Officer, now: int
) -> None:
    there = await place(store, vault, officer, "198.51.100.1", "m" * 32)
    other = await place(store, vault, officer, "203.0.113.9")
    for _ in range(CALM):
        await store.write(lambda tx: login_tries.count_failure(tx, other, now))
    assert (there.known, await wait(store, there, now)) == (False, pause(CALM))
    # when the officer comes in, twice at the same moment
    failures = await asyncio.gather(
        *(store.write(lambda tx: login_tries.came_in(tx, officer.id, there, now)) for _ in range(2))
    )
    assert sorted(failures) == [0, CALM]
    again = await place(store, vault, officer, "198.51.100.1", "m" * 32)
    assert (again.known, await wait(store, again, now)) == (True, 0)
    marks = await store.read(lambda conn: list(conn.scalars(select(known_doors.c.mark))))
    assert not any("198.51" in mark or "mmm" in mark for mark in marks)
    # and a door that was not used for long is forgotten at the next log-in elsewhere
    later = await place(store, vault, officer, "14.0.0.9")
    await store.write(lambda tx: login_tries.came_in(tx, officer.id, later, now + KNOWN_FOR + 1))
    assert not (await place(store, vault, officer, "198.51.100.1", "m" * 32)).known


async def test_log_ins_at_once_are_acts_of_their_own(store: Store, officer: Officer, now: int) -> None:
    signs = Signs("Chrome, Windows", "113.160.x.x")
    tokens = [bytes([number]) * 32 for number in range(4)]
    await asyncio.gather(
        *(store.write(lambda tx, token=token: officer_access.begin(tx, token, officer, signs, now)) for token in tokens)  # type: ignore[misc]  # a default binds what the loop changes
    )
    assert len(await store.read(lambda conn: officer_access.sessions(conn, officer.id, now))) == len(tokens)


def test_the_wait_between_two_tries_grows_and_has_an_end() -> None:
    waits = [pause(number) for number in range(200)]
    assert waits == sorted(waits)
    assert (waits[CALM - 1], waits[CALM], waits[-1]) == (0, 1_000, LONGEST_WAIT)
