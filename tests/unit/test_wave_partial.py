"""What is left unfinished: handed in as it is when its wave closes or its time is over (DL5)."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app.waves import act, end_wave, expire_round, wave_of, wave_round
from app.worker import take_jobs
from bot.conversation.state import Answering, dump, load
from feedback.roles import SYSTEM, Actor
from storage import conversations as conversation_store
from storage import responses
from storage.store import Store
from storage.tables import conversations, sealed_responses, waves
from storage.tables import responses as released
from storage.tx import Tx
from storage.vault import Vault
from surveys.waves import Cancel, Close
from tests.stores import SampleCommune
from tests.unit.chatting import ALL, House
from vietnam.time import DAY, HOUR, MINUTE

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
    # given five people half way, and somebody who has finished
    half = [sign * 64 for sign in "abcde"]
    for person in half:
        await house.begin(person)
        await house.say(person, *ALL[:3])
    await house.begin(OTHER)
    await house.say(OTHER, *ALL)
    assert await unfinished(house) == 5
    # when the wave is closed, and the end of it comes twice
    await change(house, Close())
    await work(house)
    assert await unfinished(house) == 5
    house.at += house.runtime.ledger.grace
    await work(house)
    await work(house)
    # then the halves are in as partial answers, once, and what is said afterwards changes nothing
    flags = select(released.c.partial).order_by(released.c.partial)
    assert await house.runtime.store.read(lambda conn: list(conn.scalars(flags))) == [0, 1, 1, 1, 1, 1]
    assert await unfinished(house) == 0
    await house.say(half[0], *ALL[3:])
    assert await sealed(house) == []


async def test_whoever_is_answering_at_the_close_may_still_send_for_some_minutes(house: House) -> None:
    # given two people half way, when the wave is closed by hand and the worker has been there
    for person in (ONE, OTHER):
        await house.begin(person)
        await house.say(person, *ALL[:3])
    await change(house, Close())
    await work(house)
    # when one of them finishes within the grace
    house.at += house.runtime.ledger.grace - MINUTE
    await house.say(ONE, *ALL[3:])
    await work(house)
    (whole,) = await sealed(house)
    assert not whole.partial
    # then it counts as whole; what the other one has said counts as partial, which the other one is told
    house.at += MINUTE
    await work(house)
    assert await house.runtime.store.read(lambda conn: conn.scalar(select(func.count()).select_from(released))) == 2
    await house.say(OTHER, *ALL[3:])
    heard = await house.heard(OTHER)
    assert any("vẫn được gửi đi và được tính" in text for text in heard)
    assert not any("chưa được tính" in text for text in heard)


async def test_the_planned_end_gives_the_same_grace_as_a_close_by_hand(house: House) -> None:
    # given somebody half way when the last day ends
    ends = update(waves).where(waves.c.id == house.commune.wave).values(closes_at=house.at + HOUR)
    await house.runtime.store.write(lambda tx: tx.execute(ends).rowcount)
    await house.begin(ONE)
    await house.say(ONE, *ALL[:3])
    house.at += HOUR
    # when the worker's rounds come by at once
    await work(house)
    assert await unfinished(house) == 1
    await house.say(ONE, *ALL[3:])
    # then the whole answer is in
    (one,) = await sealed(house)
    assert not one.partial


async def test_what_an_older_program_left_unfinished_ends_as_well(house: House) -> None:
    # given a chat as a program wrote it that kept no time of its surveys
    await house.begin(ONE)
    await house.say(ONE, *ALL[:3])
    vault, on = house.runtime.vault, await house.runtime.account(house.commune.webchat)

    def age(tx: Tx) -> None:
        chat = conversation_store.lock(tx, vault, on, ONE, house.at)
        state = load(chat.state)
        assert isinstance(state.dialogue, Answering)
        state.dialogue.begun_at = state.dialogue.until = 0
        conversation_store.save(tx, vault, chat, dump(state), house.at + 14 * DAY)

    await house.runtime.store.write(age)
    # when its two weeks are over, then what was said is in
    house.at += 14 * DAY
    assert await expire_round(house.runtime) == 1
    (one,) = await sealed(house)
    assert one.partial
    assert await unfinished(house) == 0


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
    house.at += DAY
    await work(house)
    assert await sealed(house) == []
    await house.say(ONE, *ALL[3:])
    (one,) = await sealed(house)
    assert not one.partial
    assert await house.sealed() == [newer.wave]
