"""Who of a province's communes has figures of a period, in the store: on both engines."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import insert, select, update

from feedback.acts import Refusal
from feedback.roles import OFFICER, SYSTEM, Actor, Role
from storage import submissions
from storage.ids import new_id
from storage.store import Store
from storage.submissions import Taken
from storage.tables import acts, notices, reports, units
from storage.tx import Tx
from storage.units import seed_commune
from tests.stores import SampleCommune
from vietnam.time import DAY

MONTH = "2026-10"
BODY = '{"made_on":"2026-11-0%d"}'


@pytest.fixture
def actor(commune: SampleCommune) -> Actor:
    return Actor(kind=SYSTEM, unit=commune.province)


def sending(
    actor: Actor, commune: str = "xã Xa", *, day: int = 2, sha: str = "a", approved: bool = True
) -> Callable[[Tx], Taken | Refusal]:
    return lambda tx: submissions.receive(
        tx,
        actor,
        commune=commune,
        period=MONTH,
        figures=BODY % day,
        sha256=sha,
        made_on=f"2026-11-0{day}",
        approved=approved,
        now=day,
    )


async def states(store: Store, province: int, period: str = MONTH) -> dict[str, str]:
    found = await store.read(lambda conn: submissions.standings(conn, province, period))
    return {one.name: one.state for one in found}


def report(unit: int, state: str, at: int) -> Callable[[Tx], None]:
    values = {"id": new_id(), "unit_id": unit, "period": MONTH, "state": state, "made_by": "system", "asked_at": at}
    return lambda tx: tx.execute(insert(reports).values(**values, figures=f'{{"at":{at}}}')).close()


async def test_the_furthest_report_counts(store: Store, commune: SampleCommune) -> None:
    assert await states(store, commune.province) == {"xã Mẫu": "none"}
    expected = {"failed": "none", "making": "making", "ready": "draft", "frozen": "approved"}
    for at, (state, seen) in enumerate(expected.items()):
        await store.write(report(commune.commune, state, at))
        assert await states(store, commune.province) == {"xã Mẫu": seen}
    # a draft that is made later does not take back what was signed
    await store.write(report(commune.commune, "ready", 9))
    assert await states(store, commune.province) == {"xã Mẫu": "approved"}
    assert await states(store, commune.province, "2026-09") == {"xã Mẫu": "none"}
    (standing,) = await store.read(lambda conn: submissions.standings(conn, commune.province, MONTH))
    assert await store.read(lambda conn: submissions.figures_of(conn, standing)) == '{"at":3}'


async def test_a_file_is_taken_once_and_replaced_by_a_later_one_only(
    store: Store, commune: SampleCommune, actor: Actor
) -> None:
    assert await store.write(sending(actor)) == "new"
    assert await store.write(sending(actor)) == "same"
    assert await store.write(sending(actor, "  XÃ  XA", day=3, sha="b")) == "replaced"
    assert await store.write(sending(actor, day=2, sha="c")) == "older"
    assert await states(store, commune.province) == {"xã Mẫu": "none", "xã Xa": "file"}
    standing = (await store.read(lambda conn: submissions.standings(conn, commune.province, MONTH)))[1]
    assert await store.read(lambda conn: submissions.figures_of(conn, standing)) == BODY % 3
    done = await store.read(
        lambda conn: conn.scalars(
            select(acts.c.action).where(acts.c.thing == "province").order_by(acts.c.version)
        ).all()
    )
    assert list(done) == ["receive", "replace"]
    # a commune that has sent once is expected in every period
    assert await states(store, commune.province, "2026-11") == {"xã Mẫu": "none", "xã Xa": "none"}


async def test_a_draft_counts_as_none_until_its_leader_stands_behind_it(
    store: Store, commune: SampleCommune, actor: Actor
) -> None:
    await store.write(sending(actor, approved=False))
    assert (await states(store, commune.province))["xã Xa"] == "file_draft"
    assert await store.write(sending(actor, approved=True)) == "replaced"
    assert (await states(store, commune.province))["xã Xa"] == "file"


async def test_a_commune_of_this_store_sends_no_file(store: Store, actor: Actor) -> None:
    refused = await store.write(sending(actor, "xã mẫu"))
    assert isinstance(refused, Refusal)
    assert refused.key == "province.own"


async def test_nobody_else_may(store: Store, commune: SampleCommune) -> None:
    leader = Actor(kind=OFFICER, unit=commune.commune, id=1, role=Role.LEADER)
    admin = Actor(kind=OFFICER, unit=commune.province, id=2, role=Role.ADMIN, province=True)
    for one in (leader, admin):
        assert isinstance(await store.write(sending(one)), Refusal)
        told = await store.write(lambda tx, one=one: submissions.remind(tx, one, period=MONTH, title="tháng 10", now=1))  # type: ignore[misc]  # a default binds what the loop changes
        assert isinstance(told, Refusal)
    assert not await store.write(lambda tx: submissions.expect(tx, leader, ["xã Xa"], 1))
    assert await states(store, commune.province) == {"xã Mẫu": "none"}


async def test_who_is_expected(store: Store, commune: SampleCommune, actor: Actor) -> None:
    await store.write(lambda tx: submissions.expect(tx, actor, ["xã Xa", "phường Gần", "XÃ XA", "xã Mẫu"], 1))
    assert await states(store, commune.province) == {"xã Mẫu": "none", "phường Gần": "none", "XÃ XA": "none"}
    await store.write(lambda tx: submissions.expect(tx, actor, ["phường Gần"], 2))
    assert await store.read(lambda conn: submissions.awaited(conn, commune.province)) == ["phường Gần"]


async def test_a_reminder_reaches_who_owes_once_a_day(store: Store, commune: SampleCommune, actor: Actor) -> None:
    other = await store.write(
        lambda tx: seed_commune(tx, province="tỉnh Mẫu", commune="xã Khác", village_names=[], phone="", contact="")
    )
    await store.write(report(commune.commune, "approved", 1))
    await store.write(lambda tx: submissions.expect(tx, actor, ["xã Xa"], 1))

    async def remind(now: int) -> list[str] | Refusal:
        return await store.write(lambda tx: submissions.remind(tx, actor, period=MONTH, title="tháng 10", now=now))

    # two officers press at the same moment
    both = await asyncio.gather(remind(DAY), remind(DAY + 1))
    assert sorted(both, key=str) == [["xã Khác"], []]
    assert await remind(2 * DAY + 2) == ["xã Khác"]
    rows = await store.read(lambda conn: conn.execute(select(notices.c.unit_id, notices.c.read_at)).all())
    assert [row.unit_id for row in rows] == [other, other]
    # what was not read of the day before is put away: one line is left
    assert sum(row.read_at is None for row in rows) == 1
    told = await store.read(lambda conn: submissions.remindings(conn, commune.province, MONTH))
    assert [one.many for one in told] == [1, 1]


async def test_a_commune_that_is_dissolved_owes_nothing(store: Store, commune: SampleCommune) -> None:
    await store.write(
        lambda tx: tx.execute(update(units).where(units.c.id == commune.commune).values(active=0)).close()
    )
    assert await states(store, commune.province) == {}


async def test_the_reminder_goes_when_the_report_is_approved(
    store: Store, commune: SampleCommune, actor: Actor
) -> None:
    for title in ("tháng 10 năm 2026", "quý III năm 2026"):
        await store.write(lambda tx, title=title: submissions.remind(tx, actor, period=MONTH, title=title, now=1))  # type: ignore[misc]  # a default binds what the loop changes
    await store.write(lambda tx: submissions.done(tx, commune.commune, "tháng 10 năm 2026", 2))
    unread = select(notices.c.params).where(notices.c.read_at.is_(None))
    left = await store.read(lambda conn: conn.scalars(unread).all())
    assert ["quý III" in one for one in left] == [True]
