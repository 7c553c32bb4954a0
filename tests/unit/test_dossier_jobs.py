"""The ZIP of a period as a job: beside the others, tried again after a fault, given back when the process ends."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from app import dossiers
from app.runtime import Runtime
from app.settings import PrivacySettings, Settings, Storage
from app.wording import bot_wording
from app.worker import take_dossiers, take_jobs
from feedback.roles import OFFICER, Actor, Role
from storage import dossiers as rows
from storage import jobs, tables
from storage.blobs import Blobs, open_blobs
from storage.jobs import Job
from storage.store import Store
from storage.vault import make_key_file
from tests.stores import SampleCommune
from tests.unit.test_reading_papers import furnish
from vietnam.time import HOUR


@pytest.fixture
async def runtime(store: Store, store_url: str, now: int, tmp_path: Path) -> Runtime:
    """A runtime over a store of either engine."""
    key = tmp_path / "key"
    settings = Settings(storage=Storage(url=store_url), privacy=PrivacySettings(key_file=key))
    blobs = open_blobs(store_url, store, tmp_path / "blobs")
    return Runtime(settings, store, make_key_file(key), bot_wording(), blobs, now=lambda: now)


@pytest.fixture
def leader(commune: SampleCommune) -> Actor:
    """The leader of the commune."""
    return Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.LEADER)


async def no_photos(_runtime: Runtime, job: Job) -> None:
    raise LookupError(job.kind)


async def waiting(runtime: Runtime) -> list[tuple[str, int]]:
    """Kind and tries of the jobs that are there."""
    query = select(tables.jobs.c.kind, tables.jobs.c.tries)
    return await runtime.store.read(lambda conn: [tuple(row) for row in conn.execute(query)])


async def test_a_zip_is_made_beside_the_other_jobs_and_kept_for_a_day(runtime: Runtime, leader: Actor) -> None:
    # Given a ZIP that was asked for, when the other jobs are done, then it still waits
    id = await dossiers.ask(runtime, leader, "2026-10", names=False)
    assert not await take_jobs(runtime, no_photos)
    # When its own turn comes
    assert await take_dossiers(runtime, no_photos)
    # Then it is there, and nothing points to its bytes, so that they are swept after a day
    found = await runtime.store.read(lambda conn: rows.one(conn, leader.unit, id))
    assert found is not None
    assert (found.state, found.name) == ("ready", "ho-so-kiem-tra-2026-10-khong-ten.zip")
    assert await runtime.store.read(lambda conn: conn.scalar(select(tables.blobs.c.kept))) == 0
    assert await waiting(runtime) == []
    fetched = await dossiers.fetch(runtime, leader, id)
    assert fetched is not None
    assert fetched.data.startswith(b"PK")
    # And a second making would make nothing
    job = Job(1, leader.unit, dossiers.DOSSIER_JOB, str(id), None, 1, 0)
    await dossiers.make(runtime, job)
    assert await runtime.store.read(lambda conn: len(conn.execute(select(tables.blobs.c.id)).all())) == 1


async def test_nobody_else_may_ask_for_it_or_fetch_it(runtime: Runtime, leader: Actor) -> None:
    id = await dossiers.ask(runtime, leader, "2026-10", names=True)
    await take_dossiers(runtime, no_photos)
    for role in (Role.RECEPTION, Role.ADMIN, Role.FRONT, Role.VILLAGE_HEAD):
        other = Actor(kind=OFFICER, unit=leader.unit, id=1, role=role)
        with pytest.raises(PermissionError):
            await dossiers.ask(runtime, other, "2026-10", names=True)
        with pytest.raises(PermissionError):
            await dossiers.fetch(runtime, other, id)
    elsewhere = Actor(kind=OFFICER, unit=leader.unit + 1, id=2, role=Role.LEADER)
    assert await dossiers.fetch(runtime, elsewhere, id) is None


async def test_after_the_last_try_the_page_says_that_it_failed(
    runtime: Runtime, leader: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a child process that cannot make it
    monkeypatch.setattr(dossiers, "MODULE", "reports.no_such_module")
    id = await dossiers.ask(runtime, leader, "2026-10", names=True)
    start = runtime.now()
    # When it was tried as often as jobs are
    for tried in range(jobs.TRIES):
        runtime.now = lambda after=tried: start + after * HOUR  # type: ignore[misc]  # a default binds what the loop changes
        await take_dossiers(runtime, no_photos)
    # Then it has failed, and nobody is told what was in it
    found = await runtime.store.read(lambda conn: rows.one(conn, leader.unit, id))
    assert found is not None
    assert (found.state, found.why) == ("failed", "ReportFailed")


async def test_a_process_that_ends_does_not_wait_and_the_next_one_makes_it(runtime: Runtime, leader: Actor) -> None:
    # Given a process that is to end
    id = await dossiers.ask(runtime, leader, "2026-10", names=True)
    runtime.stop.set()
    # When it has just taken the job, then it lets go of it at once
    assert await take_dossiers(runtime, no_photos)
    assert await waiting(runtime) == [(dossiers.DOSSIER_JOB, 1)]
    # And once the lease is over the next process makes it
    runtime.stop.clear()
    start = runtime.now()
    runtime.now = lambda: start + dossiers.LEASE
    assert await take_dossiers(runtime, no_photos)
    found = await runtime.store.read(lambda conn: rows.one(conn, leader.unit, id))
    assert found is not None
    assert found.state == "ready"


class MarkedMeanwhile:
    """Blobs in the store, but that a case is marked just before the first of them is kept."""

    def __init__(self, blobs: Blobs, runtime: Runtime) -> None:
        self._blobs, self._runtime, self._marked = blobs, runtime, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._blobs, name)

    async def put(self, unit: int, media_type: str, data: bytes, name: str = "") -> int:
        if not self._marked:
            self._marked = True
            mark = update(tables.cases).where(tables.cases.c.code == "M-2").values(confidential=1)
            await self._runtime.store.write(lambda tx: tx.execute(mark))
        return await self._blobs.put(unit, media_type, data, name=name)


async def test_a_case_that_is_marked_while_the_zip_is_made_is_not_in_it(
    runtime: Runtime, commune: SampleCommune, leader: Actor, now: int
) -> None:
    # given two cases, of which one becomes confidential once everything was gathered
    await furnish(runtime.store, commune, now)
    runtime.blobs = MarkedMeanwhile(runtime.blobs, runtime)  # type: ignore[assignment]  # watched from here on
    id = await dossiers.ask(runtime, leader, "2026-10", names=True)
    # when it is made
    with pytest.raises(dossiers.NoLongerOpen):
        await dossiers.make(runtime, Job(1, leader.unit, dossiers.DOSSIER_JOB, str(id), None, 1, 0))
    # then nothing of that making is kept, and the next one is without it
    assert await runtime.store.read(lambda conn: conn.execute(select(tables.blobs.c.id)).all()) == []
    await dossiers.make(runtime, Job(1, leader.unit, dossiers.DOSSIER_JOB, str(id), None, 2, 0))
    made = await dossiers.fetch(runtime, leader, id)
    assert made is not None
    names = "".join(ZipFile(BytesIO(made.data)).namelist())
    assert "M-1" in names
    assert "M-2" not in names
