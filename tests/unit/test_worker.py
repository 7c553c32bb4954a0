"""What a process does beside talking, on a real store: reports that are due, kept events, doctor's findings."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.checks import Finding, look
from app.photo_jobs import fetch_photo
from app.runtime import Runtime
from app.settings import PrivacySettings, Settings, Storage
from app.wording import bot_wording
from app.worker import go_round, release, take_jobs
from storage import jobs, tables, units
from storage.blobs import open_blobs
from storage.jobs import Job
from storage.opening import sqlite_path
from storage.store import Store
from storage.tables import channel_accounts, notices, report_files, reports
from storage.vault import Vault, make_key_file
from tests.stores import SampleCommune
from vietnam.calendar import shipped_days
from vietnam.time import DAY, start_of

FIRST_WORKING_DAY = 1_793_588_400_000
"""2026-11-02 07:00 in Viet Nam."""

ONE_PAGE = 32 + 24 + 4096
"""Bytes of SQLite's log with one page in it."""


@pytest.fixture
async def runtime(store: Store, store_url: str, commune: SampleCommune, tmp_path: Path) -> Runtime:
    del commune
    key = tmp_path / "key"
    settings = Settings(storage=Storage(url=store_url), privacy=PrivacySettings(key_file=key))
    vault: Vault = make_key_file(key)
    blobs = open_blobs(store_url, store, tmp_path / "blobs")
    return Runtime(settings, store, vault, bot_wording(), blobs, now=lambda: FIRST_WORKING_DAY)


async def no_photos(runtime: Runtime, job: Job) -> None:
    await fetch_photo(runtime, job, {})


async def test_last_months_report_makes_itself_once_and_the_officer_is_told(runtime: Runtime) -> None:
    # Given the first working day of a month, when the house is walked round twice and all jobs are done
    await go_round(runtime)
    await go_round(runtime)
    while await take_jobs(runtime, no_photos):
        pass
    await go_round(runtime)
    # Then there is one report of last month, with its files, and one notice
    made = await runtime.store.read(lambda conn: conn.execute(select(reports.c.period, reports.c.state)).all())
    assert [tuple(row) for row in made] == [("2026-10", "ready")]
    names = await runtime.store.read(lambda conn: list(conn.scalars(select(report_files.c.name))))
    assert {name.rpartition(".")[2] for name in names} >= {"docx", "pdf", "xlsx"}
    told = await runtime.store.read(lambda conn: list(conn.scalars(select(notices.c.key))))
    assert told == ["notice.report_ready"]


async def test_a_report_that_kills_its_process_is_said_to_have_failed(runtime: Runtime) -> None:
    # Given the job of a report whose process was killed at every try
    await go_round(runtime)
    await take_jobs(runtime, no_photos)
    killed = update(tables.jobs).where(tables.jobs.c.kind == "report").values(tries=jobs.TRIES, lease_until=0)
    await runtime.store.write(lambda tx: tx.execute(killed).rowcount)
    await take_jobs(runtime, no_photos)
    # When the house is walked round, then the officers are told, once
    for _ in range(2):
        await go_round(runtime)
    assert await runtime.store.read(lambda conn: list(conn.scalars(select(reports.c.state)))) == ["failed"]
    told = await runtime.store.read(lambda conn: list(conn.scalars(select(notices.c.key))))
    assert told == ["notice.report_failed"]


async def test_before_the_first_working_day_nothing_is_asked_for(runtime: Runtime) -> None:
    runtime.now = lambda: FIRST_WORKING_DAY - DAY
    await go_round(runtime)
    assert not await take_jobs(runtime, no_photos)


async def findings(runtime: Runtime) -> dict[str, Finding]:
    return {finding.check: finding async for finding in look(runtime)}


async def test_a_doctor_finds_a_healthy_house_well(runtime: Runtime) -> None:
    found = await findings(runtime)
    assert [finding.check for finding in found.values() if not finding.well] == []


@pytest.mark.parametrize(("before", "well"), [(59, True), (16, True), (15, False)])
async def test_a_doctor_warns_of_a_year_without_holidays_and_finds_fault_when_it_is_near(
    runtime: Runtime,
    before: int,
    well: bool,  # noqa: FBT001 - the test names it
) -> None:
    year = max(shipped_days().years) + 1
    runtime.now = lambda: start_of(date(year, 1, 1)) - before * DAY
    found = (await findings(runtime))["days off"]
    assert (found.well, str(year) in found.todo) == (well, True)


async def test_a_doctor_says_where_places_outside_the_commune_are_not_asked_about(runtime: Runtime) -> None:
    assert "only the sea" in (await findings(runtime))["places outside the commune"].found
    named = update(tables.units).where(tables.units.c.kind == "province").values(name="tỉnh Lạng Sơn")
    await runtime.store.write(lambda tx: tx.execute(named))
    assert "only another province" in (await findings(runtime))["places outside the commune"].found
    unit = (await runtime.account(await _webchat(runtime))).unit_id
    await runtime.store.write(lambda tx: units.set_middle(tx, unit, 21.62, 106.53, 15))
    assert (await findings(runtime))["places outside the commune"].found == "asked about"


async def test_a_doctor_says_what_is_wrong_and_what_to_do(runtime: Runtime) -> None:
    # Given a key file others can read, and a job that died
    runtime.settings.privacy.key_file.chmod(0o644)
    unit = (await runtime.account(await _webchat(runtime))).unit_id
    await runtime.store.write(lambda tx: jobs.put(tx, unit=unit, kind="photo", key="x", run_at=0))
    await runtime.store.write(lambda tx: tx.execute(update(tables.jobs).values(dead=1, fault="OSError")).rowcount)
    found = await findings(runtime)
    assert {check for check, finding in found.items() if not finding.well} == {"key file", "jobs"}
    assert "chmod 600" in found["key file"].todo
    assert "photo: OSError" in found["jobs"].found


async def _webchat(runtime: Runtime) -> int:
    found = await runtime.store.read(
        lambda conn: conn.scalar(select(channel_accounts.c.id).where(channel_accounts.c.channel == "webchat"))
    )
    assert found is not None
    return int(found)


async def test_a_round_of_releases_leaves_nothing_to_count_in_the_log_of_sqlite(runtime: Runtime) -> None:
    database = sqlite_path(runtime.settings.storage.url)
    if database is None:
        pytest.skip("PostgreSQL keeps its log as its operator says")
    for _turn in range(10):
        await runtime.store.write(lambda tx: tx.execute(update(reports).values(state="failed")).rowcount)
    log = database.with_name(f"{database.name}-wal")
    assert log.stat().st_size > ONE_PAGE

    await release(runtime)

    assert log.stat().st_size <= ONE_PAGE
