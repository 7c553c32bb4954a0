"""A job is done once, whoever dies on the way, and given up after three attempts."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import select

from storage import jobs
from storage.jobs import Job
from storage.store import Store
from storage.tables import jobs as rows
from storage.tx import Tx
from tests.stores import SampleCommune
from vietnam.time import MINUTE, SECOND

LEASE = 30 * SECOND


async def ask(store: Store, commune: SampleCommune, key: str, run_at: int) -> bool:
    return await store.write(
        lambda tx: jobs.put(tx, unit=commune.commune, kind="photo", key=key, run_at=run_at, body=b"x")
    )


async def claim(store: Store, now: int, limit: int = 10) -> list[Job]:
    return await store.write(lambda tx: jobs.claim(tx, now, LEASE, limit))


async def test_the_same_job_asked_for_twice_is_one_job(store: Store, commune: SampleCommune, now: int) -> None:
    assert await ask(store, commune, "a", now)
    assert not await ask(store, commune, "a", now)
    assert [job.key for job in await claim(store, now)] == ["a"]


async def test_a_claimed_job_is_claimed_by_nobody_else_until_its_lease_is_over(
    store: Store, commune: SampleCommune, now: int
) -> None:
    # given a job taken by a process that is then killed
    await ask(store, commune, "a", now)
    (first,) = await claim(store, now)
    assert (first.unit, first.kind, first.body, first.tries) == (commune.commune, "photo", b"x", 1)
    # then nobody has it before its lease is over, and somebody has it after
    assert await claim(store, now + LEASE - 1) == []
    (second,) = await claim(store, now + LEASE)
    assert (second.id, second.tries) == (first.id, 2)
    # and the first, should it live after all, cannot end what is the second's now
    assert not await store.write(lambda tx: jobs.done(tx, first))
    assert await store.write(lambda tx: jobs.done(tx, second))
    assert await claim(store, now + 10 * LEASE) == []


async def test_a_job_is_not_taken_before_its_time_and_the_oldest_goes_first(
    store: Store, commune: SampleCommune, now: int
) -> None:
    for key, after in (("late", 2), ("soon", 1), ("later", 99)):
        await ask(store, commune, key, now + after)
    assert await claim(store, now) == []
    assert [job.key for job in await claim(store, now + 2)] == ["soon", "late"]
    assert await store.read(jobs.next_at) == now + 99


async def test_a_failed_job_comes_back_later_and_is_dead_after_three_attempts(
    store: Store, commune: SampleCommune, now: int
) -> None:
    await ask(store, commune, "a", now)
    at = now
    for wait, ends in ((MINUTE, False), (10 * MINUTE, False), (0, True)):
        (job,) = await claim(store, at)
        assert await store.write(partial(jobs.retry, job=job, now=at, fault="OSError")) is ends
        if not ends:
            assert await claim(store, at + wait - 1) == []
        at += wait
    # then it is seen by whoever looks, and runs again only when somebody asks for it
    assert await claim(store, at + 100 * MINUTE) == []
    ((id, kind, fault),) = await store.read(lambda conn: jobs.dead(conn, commune.commune))
    assert (kind, fault) == ("photo", "OSError")
    assert await store.write(lambda tx: jobs.revive(tx, id, at))
    assert [job.tries for job in await claim(store, at)] == [1]


async def test_a_job_that_kills_its_process_each_time_dies_too(store: Store, commune: SampleCommune, now: int) -> None:
    await ask(store, commune, "a", now)
    for attempt in range(3):
        assert len(await claim(store, now + attempt * LEASE)) == 1
    assert await claim(store, now + 3 * LEASE) == []
    assert await store.read(lambda conn: conn.execute(select(rows.c.dead, rows.c.fault)).one()) == (1, "killed")


async def test_many_claimers_never_share_a_job(store: Store, commune: SampleCommune, now: int) -> None:
    def put_many(tx: Tx) -> None:
        for number in range(40):
            jobs.put(tx, unit=commune.commune, kind="photo", key=str(number), run_at=now)

    await store.write(put_many)
    taken = await asyncio.gather(*(claim(store, now, limit=3) for _ in range(16)))
    keys = [job.key for some in taken for job in some]
    assert len(keys) == len(set(keys))
    assert len(keys) + len(await claim(store, now, limit=100)) == 40


async def test_nothing_is_put_when_the_unit_of_work_fails(store: Store, commune: SampleCommune, now: int) -> None:
    def unit(tx: Tx) -> None:
        jobs.put(tx, unit=commune.commune, kind="photo", key="a", run_at=now)
        raise KeyError("a")

    with pytest.raises(KeyError):
        await store.write(unit)
    assert await claim(store, now) == []
