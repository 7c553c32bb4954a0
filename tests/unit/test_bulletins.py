"""Notices of a commune: to everybody who hears from it, or to a thôn; each person once."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.bulletins import bulletin_round
from feedback.acts import Refusal
from feedback.bulletins import A_DAY, MAX_TEXT, Publish, decide_publish
from feedback.roles import OFFICER, Actor, Role
from storage import bulletins
from storage.store import Store
from storage.tables import units
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import DAY, HOUR

LAN, MAI, TUYET = "p" * 64, "q" * 64, "r" * 64
WATER = "Thứ Sáu cắt nước từ 8 giờ đến 11 giờ."


def leader(unit: int, id: int = 7) -> Actor:
    return Actor(kind=OFFICER, unit=unit, id=id, role=Role.LEADER)


@pytest.mark.parametrize(
    ("act", "who", "today", "why"),
    [
        (Publish(text=" \n"), leader(1), 0, "bulletin.empty"),
        (Publish(text="x" * (MAX_TEXT + 1)), leader(1), 0, "bulletin.long"),
        (Publish(text=WATER, village=99), leader(1), 0, "bulletin.village"),
        (Publish(text=WATER), leader(1), A_DAY, "bulletin.too_often"),
        (Publish(text=WATER), leader(2), 0, "act.not_allowed"),
        (Publish(text=WATER), Actor(kind=OFFICER, unit=1, id=7, role=Role.RECEPTION), 0, "act.not_allowed"),
    ],
)
def test_what_is_wrong_is_said(act: Publish, who: Actor, today: int, why: str) -> None:
    decided = decide_publish(act, who, 1, today=today, villages=frozenset({11}))
    assert isinstance(decided, Refusal)
    assert decided.key == why


@pytest.fixture
def house(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


async def publish(house: House, text: str, village: int | None = None) -> object:
    who = leader(house.commune.commune, house.commune.officer)
    return await house.runtime.store.write(
        lambda tx: bulletins.publish(tx, Publish(text=text, village=village), who, house.at)
    )


async def through(house: House) -> None:
    while await bulletin_round(house.runtime):
        pass


async def read_by(house: House, person: str) -> int:
    """On how many of the person's messages the words stand."""
    return sum(WATER in text for text in await house.heard(person))


async def village(house: House) -> int:
    query = select(units.c.id).where(units.c.kind == "village").order_by(units.c.sort_key).limit(1)
    return await house.runtime.store.read(lambda conn: conn.scalars(query).one())


async def test_everybody_hears_it_once_but_who_will_not(house: House) -> None:
    await house.say(LAN, "xin chào")
    await house.say(MAI, "xin chào", "/dung")
    assert await publish(house, WATER) == WATER
    assert await publish(house, WATER) == WATER  # a second press
    await through(house)
    await through(house)
    assert await read_by(house, LAN) == 1
    assert await read_by(house, MAI) == 0
    sent = await house.runtime.store.read(lambda conn: bulletins.of_unit(conn, house.commune.commune))
    assert [(one.text, one.told, one.done_at) for one in sent] == [(WATER, 1, house.at)]


async def test_a_thon_hears_its_own(house: House) -> None:
    id = await village(house)
    await house.say(LAN, "/thong_bao", "1")
    await house.say(MAI, "/thong_bao", "2")
    await house.say(TUYET, "xin chào")
    await publish(house, WATER, id)
    await through(house)
    assert [await read_by(house, one) for one in (LAN, MAI, TUYET)] == [1, 0, 0]


async def test_nobody_is_woken_at_night_and_what_was_stopped_stays(house: House) -> None:
    await house.say(LAN, "xin chào")
    house.at += 14 * HOUR  # 23 o'clock
    await publish(house, WATER)
    assert not await bulletin_round(house.runtime)
    sent = await house.runtime.store.read(lambda conn: bulletins.of_unit(conn, house.commune.commune))
    who = leader(house.commune.commune, house.commune.officer)
    assert await house.runtime.store.write(lambda tx: bulletins.stop(tx, who, sent[0].id, house.at))
    assert not await house.runtime.store.write(lambda tx: bulletins.stop(tx, who, sent[0].id, house.at))
    house.at += 10 * HOUR
    await through(house)
    assert await read_by(house, LAN) == 0


async def test_no_more_than_three_a_day(house: House) -> None:
    for number in range(A_DAY):
        assert await publish(house, f"{WATER} {number}") == f"{WATER} {number}"
    assert await publish(house, WATER) == Refusal("bulletin.too_often", {"most": A_DAY})
    house.at += DAY
    assert await publish(house, WATER) == WATER
