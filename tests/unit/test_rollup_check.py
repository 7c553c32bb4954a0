"""The counts behind every figure are recounted by one command: what differs is found, named and put right."""

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from app.rollup_check import recount
from storage import rollup_check, rollups
from storage.rollup_check import Half
from storage.store import Store
from storage.tables import rollups as rows
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from tests.unit.command_line import Run
from tests.unit.test_storage_rollups import Batch, batch, fill, units
from vietnam.time import start_of

FIRST = date(2026, 10, 3)
GIVEN: list[Batch] = [
    (FIRST + timedelta(days=number), [(0, "webchat", {"chung": 4, "so": 2}), (1, "telegram", {"chung": 5})] * 6)
    for number in (0, 1, 14)
]


@pytest.fixture
def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    house = House(store, store_url, tmp_path, vault, commune, now)
    house.at = start_of(date(2026, 10, 20))
    return house


async def stored(house: House) -> set[Any]:
    return set(await house.runtime.store.read(lambda conn: conn.execute(select(rows)).all()))


async def spoilt(house: House) -> None:
    """One row counts one too many, one is gone, one counts what nobody said."""
    of = rows.c.version_id == house.commune.version
    one = (rows.c.period == "2026-10a") & (rows.c.question == "chung")
    wrong = update(rows).where(of, one).values(counts='{"4":999}')
    await house.runtime.store.write(lambda tx: tx.execute(wrong))
    gone = delete(rows).where(of, rows.c.period == "2026-10b", rows.c.question == "so")
    await house.runtime.store.write(lambda tx: tx.execute(gone))
    ghost = {"version_id": house.commune.version, "kind": "open", "period": "2026-10-02", "unit_id": 7}
    await house.runtime.store.write(
        lambda tx: tx.execute(insert(rows).values(**ghost, channel="webchat", question="chung", counts='{"1":5}'))
    )


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(batch, max_size=4), seed=st.integers(0, 99))
async def test_what_was_released_in_any_way_is_counted_right(
    store: Store, commune: SampleCommune, vault: Vault, batches: list[Batch], seed: int
) -> None:
    await fill(store, vault, commune, batches, Random(seed))
    for half in await store.read(rollup_check.halves):
        assert (await store.read(lambda conn, half=half: rollup_check.look(conn, half, date(2026, 10, 3)))).wrong == []  # type: ignore[misc]  # a default binds what the loop changes


async def test_what_differs_is_found_and_put_right(house: House, vault: Vault) -> None:
    # given counts that are right, and then are not
    await fill(house.runtime.store, vault, house.commune, GIVEN, Random(1))
    before = await stored(house)
    assert (await recount(house.runtime, repair=False)).differences == []
    await spoilt(house)

    # when it is only looked at, every row is named and nothing is changed
    broken = await stored(house)
    found = await recount(house.runtime, repair=False)
    assert {one.period for one in found.differences} == {"2026-10a", "2026-10b", "2026-10-02"}
    assert found.repaired == 0
    assert await stored(house) == broken

    # and when it is put right, all is as it was
    mended = await recount(house.runtime, repair=True)
    assert (mended.differences, mended.repaired) == ([], len(found.differences))
    assert {row[:6] for row in await stored(house)} == {row[:6] for row in before}
    here = units(house.commune)
    span = (FIRST, FIRST + timedelta(days=20))

    def look(conn: Any) -> bool:
        version = house.commune.version
        return rollups.read(conn, version, here, *span) == rollups.recount(conn, version, here, *span)

    assert await house.runtime.store.read(look)


async def test_a_row_that_has_been_counted_on_meanwhile_is_not_written_over(house: House, vault: Vault) -> None:
    await fill(house.runtime.store, vault, house.commune, GIVEN, Random(1))
    await spoilt(house)
    store = house.runtime.store
    half = Half(house.commune.version, "open", "2026-10a")
    seen = await store.read(lambda conn: rollup_check.look(conn, half, date(2026, 10, 20)))
    assert seen.wrong
    onward = update(rows).where(rows.c.period == "2026-10a", rows.c.question == "chung").values(counts='{"4":1000}')
    await store.write(lambda tx: tx.execute(onward))
    mended = await store.write(lambda tx: rollup_check.mend(tx, half, seen.wrong))
    assert mended == len(seen.wrong) - sum(
        one.key.question == "chung" and one.key.period == "2026-10a" for one in seen.wrong
    )


async def test_days_that_were_dropped_in_their_time_are_no_difference(house: House, vault: Vault) -> None:
    await fill(house.runtime.store, vault, house.commune, GIVEN, Random(1))
    house.at = start_of(date(2026, 12, 30))
    version = house.commune.version
    assert (await recount(house.runtime, repair=False)).differences == [], "nor that nobody has dropped them yet"
    dropped = await house.runtime.store.write(lambda tx: rollups.drop_days(tx, date(2026, 12, 30), version))
    assert dropped
    assert (await recount(house.runtime, repair=False)).differences == []


def test_the_command_says_what_differs_and_puts_it_right(config: Path, run: Run) -> None:
    run("officer", "add", "lanhdao", "--name", "Mẫu", "--role", "leader", "--config", config)
    well = run("rollups", "check", "--config", config)
    assert (well.code, "khớp với các phiếu" in well.out) == (0, True)
    with closing(sqlite3.connect(config.with_name("nghedan.db"))) as file:
        survey = '{"id":"a","title":"a","questions":[]}'
        [unit] = file.execute("SELECT id FROM units LIMIT 1").fetchone()
        file.execute("INSERT INTO surveys (id, unit_id, slug, created_at) VALUES (1, ?, 'a', 0)", (unit,))
        names = "id, survey_id, number, unit_id, title, checksum, body, published_at"
        row = (2, 1, 1, unit, "a", "a", survey, 0)
        file.execute(f"INSERT INTO survey_versions ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        file.execute("INSERT INTO rollups VALUES (2, 'open', '2026-10a', 7, 'webchat', '', '{\"n\":3}')")
        file.commit()
    found = run("rollups", "check", "--json", "--config", config)
    told = json.loads(found.out)
    assert found.code == 1
    assert told["differences"] == [
        {"version": 2, "kind": "open", "period": "2026-10a", "unit": 7, "channel": "webchat", "question": ""}
    ]
    assert told["seconds"] >= 0
    assert "3" not in json.dumps(told["differences"]).replace("2026", ""), "counts of few people are nobody's"
    plain = run("rollups", "check", "--config", config)
    assert (plain.code, "--repair" in plain.out) == (1, True)
    mended = run("rollups", "check", "--repair", "--config", config)
    assert (mended.code, "Đã cộng lại 1 dòng" in mended.out) == (0, True)
    assert run("rollups", "check", "--config", config).code == 0
