"""Terms of the law speak up by themselves: before their day, after it, once each, to nobody else; on both engines."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from app.alarms import alarm_round
from app.days_off import wrong_days
from app.legal_round import legal_round
from feedback.notice_readers import FOR_ADMIN, FOR_KEEPER, FOR_LEADER
from storage import act_chain, legal_clocks
from storage.act_chain import Whole
from storage.ids import new_id
from storage.store import Store
from storage.tables import accounts, acts, data_requests, notices, register_lines
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.calendar import shipped_days
from vietnam.time import DAY, day_of

LAN = "w" * 64


@pytest.fixture
async def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    built = House(store, store_url, tmp_path, vault, commune, now)
    await built.say(LAN, "xin chào")
    return built


async def told(house: House) -> list[str]:
    query = select(notices.c.key).order_by(notices.c.at, notices.c.key)
    return await house.runtime.store.read(lambda conn: list(conn.scalars(query)))


async def asks(house: House, due: int) -> int:
    """Somebody asks about their data."""
    account = await house.runtime.store.read(lambda conn: conn.scalar(select(accounts.c.id).limit(1)))
    id = new_id()
    row = {"id": id, "unit_id": house.commune.commune, "account_id": account, "what": "correct"}
    times = {"asked_at": house.at, "reply_by": due, "due_at": due}
    await house.runtime.store.write(lambda tx: tx.execute(insert(data_requests).values(**row, **times)))
    return id


async def files(house: House, kind: str, due: int) -> int:
    """A line of the register of đơn."""
    id = new_id()
    row = {"id": id, "unit_id": house.commune.commune, "kind": kind, "due_at": due, "at": house.at}
    row |= {"received_on": day_of(house.at).isoformat(), "officer_id": house.commune.officer, "deadline": "{}"} | {
        "summary": "Đơn mẫu"
    }
    await house.runtime.store.write(lambda tx: tx.execute(insert(register_lines).values(**row)))
    return id


Owes = Callable[[House, int], Awaitable[int]]
CLOCKS: list[Any] = [
    pytest.param(asks, "data", FOR_LEADER, id="data"),
    pytest.param(lambda house, due: files(house, "complaint", due), "line", FOR_LEADER, id="complaint"),
    pytest.param(lambda house, due: files(house, "denunciation", due), "kept", FOR_KEEPER, id="denunciation"),
]


@pytest.mark.parametrize(("owe", "which", "readers"), CLOCKS)
async def test_a_term_is_spoken_of_once_before_its_day_and_once_after(
    house: House, owe: Owes, which: str, readers: frozenset[str]
) -> None:
    due = house.at + 10 * DAY
    await owe(house, due)
    await legal_round(house.runtime)
    assert await told(house) == []
    for at, said in (
        (due - 2 * DAY, [f"notice.{which}_soon"]),
        (due + 1, [f"notice.{which}_soon", f"notice.{which}_late"]),
    ):
        house.at = at
        for _ in range(3):
            await legal_round(house.runtime)
        assert await told(house) == said
    house.at += 90 * DAY
    await legal_round(house.runtime)
    assert len(await told(house)) == 2
    # to whom it is addressed, and to nobody else
    assert set(await told(house)) <= readers
    assert all(isinstance(one, Whole) for one in await house.runtime.store.read(act_chain.verify))


@pytest.mark.parametrize(("owe", "which", "readers"), CLOCKS)
async def test_what_is_settled_is_spoken_of_no_more(
    house: House, owe: Owes, which: str, readers: frozenset[str]
) -> None:
    assert readers
    due = house.at + DAY
    id = await owe(house, due)
    table, settled = (data_requests, {"done_at": house.at}) if which == "data" else (register_lines, {"due_at": None})
    await house.runtime.store.write(lambda tx: tx.execute(update(table).where(table.c.id == id).values(**settled)))
    house.at = due + 1
    await legal_round(house.runtime)
    assert await told(house) == []


async def test_several_of_one_kind_are_one_notice_and_the_badge_counts_what_waits(house: House) -> None:
    for _ in range(3):
        await asks(house, house.at + DAY)
    unit = house.commune.commune
    await legal_round(house.runtime)
    assert await told(house) == ["notice.data_soon"]
    params = await house.runtime.store.read(lambda conn: conn.scalar(select(notices.c.params)))
    assert params == '{"many":3}'
    assert await house.runtime.store.read(lambda conn: legal_clocks.waiting(conn, unit)) == 3
    kept = await house.runtime.store.read(
        lambda conn: conn.scalar(select(func.count()).where(acts.c.thing == "data_clock"))
    )
    assert kept == 3


DAYS = shipped_days()
LAST = date(max(DAYS.years), 12, 31)


@pytest.mark.parametrize(("today", "well"), [(date(LAST.year, 11, 1), True), (date(LAST.year, 11, 2), False)])
def test_a_year_of_holidays_that_is_missing_is_said_sixty_days_ahead(today: date, well: bool) -> None:  # noqa: FBT001 - a parameter of the test
    said = wrong_days(DAYS, today)
    assert (said == "") is well
    assert well or f"the days off of {LAST.year + 1} are not known" in said


async def test_and_the_administrator_reads_it_on_the_officers_pages_once_a_week(house: House) -> None:
    first = date(LAST.year, 11, 2)
    house.at += (first - day_of(house.at)).days * DAY
    for _ in range(9):
        await alarm_round(house.runtime, [])
        house.at += DAY
    assert (await told(house)).count("alarm.days_off") == 2
    assert "alarm.days_off" in FOR_ADMIN
