"""Plans, days and the profile of a commune, as they are kept; on both engines."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import select

from feedback.roles import OFFICER, SYSTEM, Actor, Role
from storage import plan_rows, profile_rows, report_rows
from storage.report_rows import OwedRow
from storage.store import Store
from storage.tables import acts, reports
from storage.tx import Tx
from tests.stores import SampleCommune

OWED = OwedRow("a", "Kết quả", "2026-11-23", "2026-11-19")


def program(commune: SampleCommune) -> Actor:
    return Actor(kind=SYSTEM, unit=commune.commune)


def officer(commune: SampleCommune, role: Role) -> Actor:
    return Actor(kind=OFFICER, unit=commune.commune, id=1, role=role)


async def add(store: Store, actor: Actor, slug: str, now: int, first: tuple[str, str, int] | None = None) -> bool:
    return await store.write(lambda tx: plan_rows.put(tx, actor, slug, f"body {slug}", 2026, now, first=first))


async def slugs(store: Store, commune: SampleCommune) -> list[str]:
    return await store.read(lambda conn: [row.slug for row in plan_rows.of_unit(conn, commune.commune)])


async def test_the_plan_worked_by_until_now_stays_the_first(store: Store, commune: SampleCommune, now: int) -> None:
    actor = program(commune)
    assert await add(store, actor, "b", now, ("of_settings", "body", 0))
    assert await add(store, actor, "c", now + 1, ("other", "body", 0))
    assert await slugs(store, commune) == ["of_settings", "b", "c"]
    # the same name takes the new file in, and does not come twice
    newer = "body b, newer"
    assert not await store.write(lambda tx: plan_rows.put(tx, actor, "b", newer, 2026, now + 2, first=None))
    assert await slugs(store, commune) == ["of_settings", "b", "c"]
    # each change is an act; the very same file again is none
    assert not await store.write(lambda tx: plan_rows.put(tx, actor, "b", newer, 2026, now + 3, first=None))
    said = select(acts.c.action).where(acts.c.thing == "plan").order_by(acts.c.id)
    assert await store.read(lambda conn: list(conn.scalars(said))) == ["add", "add", "add", "change"]


async def test_two_at_once_are_both_kept(store: Store, commune: SampleCommune, now: int) -> None:
    actor = program(commune)

    await asyncio.gather(*(add(store, actor, slug, now, ("of_settings", "body", 0)) for slug in ("x", "y", "x")))

    assert sorted(await slugs(store, commune)) == ["of_settings", "x", "y"]


async def test_a_plan_with_a_report_under_way_stays(store: Store, commune: SampleCommune, now: int) -> None:
    actor = program(commune)
    await add(store, actor, "a", now)
    report = await store.write(lambda tx: report_rows.ask(tx, commune.commune, "2026-12m", actor, now, OWED))

    async def remove(slug: str) -> bool:
        return await store.write(lambda tx: plan_rows.remove(tx, actor, slug, now))

    with pytest.raises(plan_rows.InUse):
        await remove("a")
    # once it is issued, the plan may go; the report knows still what it was asked for
    await store.write(lambda tx: tx.execute(reports.update().values(state="frozen")))
    assert await remove("a")
    assert not await remove("a")
    begun = await store.read(lambda conn: report_rows.begun(conn, commune.commune))
    assert begun == [(report, "a", "Kết quả", "2026-12m", "frozen", None)]


async def test_the_months_report_is_another_than_the_plans(store: Store, commune: SampleCommune, now: int) -> None:
    actor, unit = program(commune), commune.commune
    await store.write(lambda tx: report_rows.ask(tx, unit, "2026-12m", actor, now, OWED))

    assert await store.read(lambda conn: report_rows.wants(conn, unit, "2026-12m"))
    assert await store.write(lambda tx: report_rows.asked_for(tx, unit, "a", "Kết quả", "2026-12m"))
    assert not await store.write(lambda tx: report_rows.asked_for(tx, unit, "b", "Kết quả", "2026-12m"))


async def test_a_day_is_entered_changed_and_taken_back(store: Store, commune: SampleCommune, now: int) -> None:
    actor, unit = program(commune), commune.commune

    async def enter(day: date | None) -> dict[str, plan_rows.Entered]:
        await store.write(lambda tx: plan_rows.set_day(tx, actor, "a", "Kết quả", "2026-6m", day, now))
        return await store.read(lambda conn: plan_rows.days(conn, unit))

    assert await enter(date(2026, 6, 10)) == {"a": {("Kết quả", "2026-6m"): date(2026, 6, 10)}}
    assert await enter(date(2026, 6, 12)) == {"a": {("Kết quả", "2026-6m"): date(2026, 6, 12)}}
    assert await enter(None) == {}


async def test_there_is_an_end_to_the_plans_of_one_commune(store: Store, commune: SampleCommune, now: int) -> None:
    actor = program(commune)
    for number in range(plan_rows.MOST):
        await add(store, actor, f"p{number}", now + number)

    with pytest.raises(plan_rows.TooMany):
        await add(store, actor, "one_more", now)
    assert not await add(store, actor, "p3", now)


async def test_the_profile_is_kept_changed_and_forgotten(store: Store, commune: SampleCommune, now: int) -> None:
    actor, unit = program(commune), commune.commune
    for body in ('{"a":1}', '{"a":2}'):
        await store.write(lambda tx, body=body: profile_rows.put(tx, actor, body, now))  # type: ignore[misc]  # a default binds what the loop changes
    assert await store.read(lambda conn: profile_rows.body(conn, unit)) == '{"a":2}'
    assert await store.read(profile_rows.without) == []
    assert await store.write(lambda tx: profile_rows.forget(tx, actor, now))
    assert not await store.write(lambda tx: profile_rows.forget(tx, actor, now))
    assert len(await store.read(profile_rows.without)) == 1


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.RECEPTION, {"day"}),
        (Role.LEADER, {"plan", "day", "profile"}),
        (Role.ADMIN, {"plan", "profile"}),
        (Role.FRONT, set[str]()),
        (Role.VILLAGE_HEAD, set[str]()),
    ],
)
async def test_who_may(store: Store, commune: SampleCommune, now: int, role: Role, may: set[str]) -> None:
    actor = officer(commune, role)

    async def can(work: object) -> bool:
        try:
            await store.write(work)  # type: ignore[arg-type]  # each of them is a unit of work
        except PermissionError:
            return False
        return True

    def set_day(tx: Tx) -> None:
        plan_rows.set_day(tx, actor, "a", "Kết quả", "2026-6m", date(2026, 6, 10), now)

    assert await can(lambda tx: plan_rows.put(tx, actor, "a", "", 0, now, first=None)) == ("plan" in may)
    assert await can(lambda tx: plan_rows.remove(tx, actor, "a", now)) == ("plan" in may)
    assert await can(set_day) == ("day" in may)
    assert await can(lambda tx: profile_rows.put(tx, actor, "{}", now)) == ("profile" in may)
