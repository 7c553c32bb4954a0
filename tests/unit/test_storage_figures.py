"""What a report asks is answered from the store: the counts of the period, and cases without a word of a citizen."""

from datetime import date
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert

from app.report_source import StoreSource
from reports.source import AskedSurvey, CaseLine, Source
from storage import rollups
from storage.ids import new_id
from storage.rollups import Part
from storage.store import Store
from storage.tables import accounts, cases, persons, waves
from storage.tx import Tx
from storage.units import seed_commune
from surveys.tally import Tally
from tests.stores import VILLAGES, SampleCommune
from vietnam.time import start_of

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


async def asking(store: Store, commune: SampleCommune, ask: Any) -> Any:
    def look(conn: Any) -> Any:
        source: Source = StoreSource(conn, commune.commune)
        return ask(source)

    return await store.read(look)


def count(tx: Tx, commune: SampleCommune, day: date, part: Part, level: str, n: int) -> None:
    rollups.fold(tx, commune.version, day, {part: {"": {"n": n}, "chung": {level: n}}})


@pytest.fixture
async def counted(store: Store, commune: SampleCommune) -> SampleCommune:
    """Two villages and the commune itself, in October and around it."""
    first, second = commune.villages[:2]

    def unit(tx: Tx) -> None:
        count(tx, commune, date(2026, 9, 30), Part(first, "webchat"), "1", 100)
        count(tx, commune, date(2026, 10, 1), Part(first, "webchat"), "5", 5)
        count(tx, commune, date(2026, 10, 15), Part(first, "telegram"), "4", 6)
        count(tx, commune, date(2026, 10, 31), Part(second, "webchat"), "5", 7)
        count(tx, commune, date(2026, 10, 31), Part(commune.commune, ""), "3", 8)
        count(tx, commune, date(2026, 11, 1), Part(first, "webchat"), "1", 100)

    await store.write(unit)
    return commune


async def test_the_commune_has_its_province_and_its_villages_in_order(store: Store, commune: SampleCommune) -> None:
    row = await asking(store, commune, lambda source: source.commune())
    assert (row.id, row.name, row.province) == (commune.commune, "xã Mẫu", "tỉnh Mẫu")
    assert {village.name for village in row.villages} == set(VILLAGES)
    assert tuple(village.id for village in row.villages) == commune.villages


async def test_a_month_counts_its_own_days_only(store: Store, counted: SampleCommune) -> None:
    version = counted.version
    first, second = counted.villages[:2]
    assert await asking(store, counted, lambda s: s.responses(version, FIRST, LAST)) == {
        "webchat": 12,
        "telegram": 6,
        "": 8,
    }
    assert await asking(store, counted, lambda s: s.tallies(version, FIRST, LAST)) == {
        "chung": {"3": 8, "4": 6, "5": 12}
    }
    assert await asking(store, counted, lambda s: s.tallies_by_village(version, FIRST, LAST)) == {
        first: {"chung": {"4": 6, "5": 5}},
        second: {"chung": {"5": 7}},
        counted.commune: {"chung": {"3": 8}},
    }


async def test_a_version_is_asked_about_only_where_it_was_answered(store: Store, counted: SampleCommune) -> None:
    expected = AskedSurvey(version=counted.version, survey=counted.survey, kind="open", number=1, checksum="checksum")
    assert await asking(store, counted, lambda s: s.asked(FIRST, LAST)) == [expected]
    assert await asking(store, counted, lambda s: s.asked(date(2026, 8, 1), date(2026, 8, 31))) == []
    # within an answered half-month, but on none of its answered days
    assert await asking(store, counted, lambda s: s.asked(date(2026, 10, 2), date(2026, 10, 5))) == []


async def test_what_invited_and_what_open_waves_gave_stand_apart(store: Store, counted: SampleCommune) -> None:
    # given the same version asked of a random sample as well
    first = counted.villages[0]
    row = {"id": 5, "unit_id": counted.commune, "version_id": counted.version, "kind": "invited", "code": "b"}

    def unit(tx: Tx) -> None:
        tx.execute(insert(waves).values(**row, opens_at=0))
        tallies: dict[str, Tally] = {"": {"n": 9}, "chung": {"2": 9}}
        rollups.fold(tx, counted.version, date(2026, 10, 3), {Part(first, "webchat"): tallies}, "invited")

    await store.write(unit)
    # then it is listed twice, and neither figure knows the other
    listed = await asking(store, counted, lambda s: s.asked(FIRST, LAST))
    assert [(one.version, one.kind) for one in listed] == [(counted.version, "open"), (counted.version, "invited")]
    for kind, n in (("open", {"webchat": 12, "telegram": 6, "": 8}), ("invited", {"webchat": 9})):
        assert await asking(store, counted, lambda s, kind=kind: s.responses(counted.version, FIRST, LAST, kind)) == n
    tallies = await asking(store, counted, lambda s: s.tallies(counted.version, FIRST, LAST, "invited"))
    assert tallies == {"chung": {"2": 9}}


async def test_another_commune_sees_nothing_of_it(store: Store, counted: SampleCommune) -> None:
    other = await store.write(
        lambda tx: seed_commune(
            tx, province="tỉnh Mẫu", commune="xã Khác", village_names=["thôn Mẫu 1"], phone="", contact=""
        )
    )

    def look(conn: Any) -> tuple[object, ...]:
        source = StoreSource(conn, other)
        return source.asked(FIRST, LAST), source.tallies(counted.version, FIRST, LAST), source.cases(FIRST, LAST)

    assert await store.read(look) == ([], {}, [])


async def test_a_unit_that_is_no_commune_has_no_report(store: Store, commune: SampleCommune) -> None:
    with pytest.raises(LookupError):
        await store.read(lambda conn: StoreSource(conn, commune.villages[0]))


async def test_cases_open_at_any_time_of_the_period_are_counted(store: Store, commune: SampleCommune) -> None:
    # given cases opened and answered before, in, across and after the month; instants at the edges of local days
    stretches = {
        "answered before": (start_of(date(2026, 9, 1)), start_of(FIRST) - 1),
        "answered on the first day": (start_of(date(2026, 9, 1)), start_of(FIRST)),
        "opened on the last day": (start_of(date(2026, 11, 1)) - 1, None),
        "opened after": (start_of(date(2026, 11, 1)), None),
        "around": (start_of(date(2026, 9, 1)), start_of(date(2026, 12, 1))),
    }

    def unit(tx: Tx) -> None:
        tx.execute(insert(persons).values(id=1, unit_id=commune.commune, created_at=0))
        tx.execute(
            insert(accounts).values(
                id=2, person_id=1, channel_account_id=commune.webchat, platform_id="x", created_at=0
            )
        )
        for name, (opened, answered) in stretches.items():
            tx.execute(
                insert(cases).values(
                    id=new_id(),
                    unit_id=commune.commune,
                    village_id=commune.villages[0],
                    code=name,
                    kind="feedback",
                    category="roads",
                    text=f"lời của người dân: {name}",
                    state="new" if answered is None else "answered",
                    account_id=2,
                    opened_at=opened,
                    answered_at=answered,
                )
            )

    await store.write(unit)
    found: list[CaseLine] = await asking(store, commune, lambda s: s.cases(FIRST, LAST))
    assert {(line.opened, line.answered) for line in found} == {
        (date(2026, 9, 1), FIRST),
        (LAST, None),
        (date(2026, 9, 1), date(2026, 12, 1)),
    }
    # and no word of a citizen is among them
    assert b"loi" not in msgspec.json.encode(found)
    assert "lời".encode() not in msgspec.json.encode(found)
