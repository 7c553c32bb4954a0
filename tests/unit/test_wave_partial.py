"""What is left unfinished: handed in as it is when its wave closes or its time is over (DL5)."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.waves import act, end_wave, expire_round, wave_of, wave_round
from app.worker import take_jobs
from feedback.roles import SYSTEM, Actor
from storage import responses
from storage.store import Store
from storage.tables import conversations, sealed_responses
from storage.vault import Vault
from surveys.waves import Cancel, Close
from tests.stores import SampleCommune
from tests.unit.chatting import ALL, House
from vietnam.time import DAY

ONE, OTHER = "p" * 64, "q" * 64


@pytest.fixture
def house(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


async def work(house: House) -> None:
    async def no_photos(*_: object) -> None:
        raise AssertionError("no picture was asked for")

    await wave_round(house.runtime)
    while await take_jobs(house.runtime, no_photos):
        pass


async def change(house: House, wanted: Close | Cancel) -> None:
    wave = await wave_of(house.runtime, house.commune.wave)
    await act(house.runtime, Actor(kind=SYSTEM, unit=house.commune.commune), wave, wanted)


async def sealed(house: House) -> list[responses.Body]:
    """What is in, opened."""
    rows = await house.runtime.store.read(
        lambda conn: list(conn.execute(select(sealed_responses.c.id, sealed_responses.c.body)))
    )
    return [responses._open(house.runtime.vault, [(row.id, bytes(row.body))])[0] for row in rows]


async def unfinished(house: House) -> int:
    some = select(func.count()).where(conversations.c.expires_at.is_not(None))
    return await house.runtime.store.read(lambda conn: conn.scalar(some)) or 0


async def test_a_wave_that_is_closed_while_somebody_answers_takes_what_was_said(house: House) -> None:
    # given somebody half way, and somebody who has finished
    await house.begin(ONE)
    await house.say(ONE, *ALL[:3])
    await house.begin(OTHER)
    await house.say(OTHER, *ALL)
    assert await unfinished(house) == 1
    # when the wave is closed, and the end of it comes twice
    await change(house, Close())
    await work(house)
    await work(house)
    # then the half is in as a partial answer, once, and what is said afterwards changes nothing
    assert sorted(one.partial for one in await sealed(house)) == [False, True]
    assert await unfinished(house) == 0
    await house.say(ONE, *ALL[3:])
    assert len(await sealed(house)) == 2


async def test_an_answer_left_for_two_weeks_is_handed_in_as_it_is(house: House) -> None:
    await house.begin(ONE)
    await house.say(ONE, *ALL[:2])
    house.at += 14 * DAY - 60_000
    assert await expire_round(house.runtime) == 0
    house.at += 60_000
    assert await expire_round(house.runtime) == 1
    assert await expire_round(house.runtime) == 0
    (one,) = await sealed(house)
    assert one.partial
    assert set(one.answers) >= {"chung", "mot"}


async def test_of_a_cancelled_wave_nothing_half_said_is_kept(house: House) -> None:
    await house.begin(ONE)
    await house.say(ONE, *ALL[:3])
    await change(house, Cancel())
    await work(house)
    await work(house)
    assert await sealed(house) == []
    assert await unfinished(house) == 0


async def test_the_end_of_one_wave_leaves_another_that_was_begun_alone(house: House) -> None:
    newer = await house.publish_anew()
    await house.begin(ONE)
    await house.say(ONE, *ALL[:3])
    from storage.jobs import Job

    ended = Job(1, house.commune.commune, "wave-end", str(house.commune.wave), None, 1, 0)
    house.at += 2 * DAY
    await end_wave(house.runtime, ended)
    assert await sealed(house) == []
    await house.say(ONE, *ALL[3:])
    (one,) = await sealed(house)
    assert not one.partial
    assert await house.sealed() == [newer.wave]
