"""What is typed into the annexes, in a real store: kept by line, one act, and nobody's work overwritten."""

import msgspec
import pytest
from sqlalchemy import insert, select

from app.report_sheets import criteria_of, with_sheets
from feedback.roles import OFFICER, Actor, Role
from reports.criteria import template
from reports.places import writing_of
from reports.plans import plan
from reports.written import Done, Points
from storage import sheet_rows
from storage.ids import new_id
from storage.sheet_rows import Typed
from storage.store import Store
from storage.tables import acts, reports
from storage.tx import Tx
from tests.stores import SampleCommune

PLACE = ("mau", "2026-9m")


@pytest.fixture
def clerk(commune: SampleCommune) -> Actor:
    return Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.LEADER)


async def put(store: Store, by: Actor, *typed: Typed, now: int) -> tuple[int, list[str]]:
    return await store.write(lambda tx: sheet_rows.put(tx, by, *PLACE, "targets", typed, now))


async def test_lines_are_kept_in_one_act_and_an_empty_one_goes(store: Store, clerk: Actor) -> None:
    first, second = Typed(row="a", done="42/50", note=""), Typed(row="b", done="2", note="theo sổ")
    assert await put(store, clerk, first, second, Typed(row="c", done="", note=""), now=10) == (2, [])

    assert await put(store, clerk, Typed(row="a", done="", note="", seen=10), now=20) == (1, [])

    left = await store.read(lambda conn: sheet_rows.rows(conn, clerk.unit, *PLACE, "targets"))
    assert {id: (row.done, row.note) for id, row in left.items()} == {"b": ("2", "theo sổ")}
    said = await store.read(lambda conn: conn.scalars(select(acts.c.detail).where(acts.c.thing == "sheet")).all())
    assert [msgspec.json.decode(one)["rows"] for one in said] == [{"a": "42/50", "b": "2"}, {"a": ""}]


async def test_what_somebody_else_typed_meanwhile_stays(store: Store, clerk: Actor) -> None:
    await put(store, clerk, Typed(row="a", done="42/50", note=""), now=10)

    assert await put(store, clerk, Typed(row="a", done="50/50", note="", seen=0), now=20) == (0, ["a"])
    assert await put(store, clerk, Typed(row="a", done="43/50", note="", seen=10), now=5) == (1, [])

    rows = await store.read(lambda conn: sheet_rows.rows(conn, clerk.unit, *PLACE, "targets"))
    assert (rows["a"].done, rows["a"].typed_at) == ("43/50", 11)


async def test_who_may_not_write_writes_nothing(store: Store, clerk: Actor) -> None:
    admin = msgspec.structs.replace(clerk, role=Role.ADMIN)
    reception = msgspec.structs.replace(clerk, role=Role.RECEPTION)

    with pytest.raises(PermissionError):
        await put(store, admin, Typed(row="a", done="1", note=""), now=10)
    with pytest.raises(PermissionError):
        await store.write(lambda tx: sheet_rows.put_criteria(tx, reception, template(), 10))


async def test_a_report_gets_what_was_typed_for_its_plan_and_period(
    store: Store, commune: SampleCommune, clerk: Actor, now: int
) -> None:
    def prepare(tx: Tx) -> int:
        sheet_rows.put_criteria(tx, clerk, template(), now)
        sheet_rows.put(tx, clerk, *PLACE, "targets", [Typed(row="t", done="42/50", note="sổ")], now)
        sheet_rows.put(tx, clerk, "", "2026-9m", "criteria", [Typed(row="c", done="7,5", note="")], now)
        sheet_rows.put(tx, clerk, "mau", "2026-12m", "targets", [Typed(row="t", done="kỳ khác", note="")], now)
        id = new_id()
        values = {"id": id, "unit_id": commune.commune, "period": "2026-9m", "state": "ready", "made_by": "system"}
        tx.execute(insert(reports).values(**values, asked_at=now, figures='{"plan": "mau"}'))
        return id

    report = await store.write(prepare)
    found = await store.read(lambda conn: with_sheets(conn, report, writing_of({}, {}, plan("mau"), agreed=False)))

    assert found.danvan.targets == {"t": Done(reached="42/50", note="sổ")}
    assert found.danvan.points == {"c": Points(points="7,5")}
    assert found.danvan.criteria is not None
    assert found.danvan.criteria.points == 100


async def test_criteria_can_be_taken_away_and_never_break_a_report(store: Store, clerk: Actor) -> None:
    await store.write(lambda tx: sheet_rows.put_criteria(tx, clerk, "title = ", 10))
    assert await store.read(lambda conn: criteria_of(conn, clerk.unit)) is None

    await store.write(lambda tx: sheet_rows.put_criteria(tx, clerk, "", 20))
    assert await store.read(lambda conn: sheet_rows.criteria(conn, clerk.unit)) is None
