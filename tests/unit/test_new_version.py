"""A second version of a survey while the first is being answered: a conversation stays on the version it began with."""

from datetime import date
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from storage import responses
from storage.store import Store
from storage.tables import jobs
from storage.tables import responses as released
from storage.vault import Vault
from storage.waves import UNDER_WAY
from tests.stores import SampleCommune
from tests.unit.chatting import ALL, House
from vietnam.time import HOUR


@pytest.fixture
def house(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


async def test_an_answer_begun_before_a_new_version_still_counts_for_its_own(house: House) -> None:
    # given somebody half way through, when a new version is published, and the last answers come hours later
    await house.begin("p" * 64)
    await house.say("p" * 64, *ALL[:3])
    newer = await house.publish_anew()
    assert newer.closed == house.commune.wave
    house.at += 3 * HOUR
    await house.say("p" * 64, *ALL[3:])
    # then it is in, in the wave it was begun in
    assert await house.sealed() == [house.commune.wave]
    # and whoever begins now is asked the new version
    await house.begin("q" * 64)
    await house.say("q" * 64, *ALL)
    assert sorted(await house.sealed()) == sorted([house.commune.wave, newer.wave])


async def test_a_replaced_wave_is_settled_once_nobody_can_be_under_way_any_more(house: House) -> None:
    # given an answer of the first version that is in, and one that is still being given
    await house.begin("p" * 64)
    await house.say("p" * 64, *ALL)
    await house.begin("q" * 64)
    await house.publish_anew()
    house.at += UNDER_WAY - HOUR
    assert await house.closing() == []
    # when its time is over and it is wound up, then what comes now is too late, and the rest is released as a number
    house.at += HOUR + responses.CLOSING
    assert await house.closing() == []
    await house.runtime.store.write(lambda tx: tx.execute(jobs.delete()).rowcount)
    await house.say("q" * 64, *ALL)
    assert len(await house.sealed()) == 1
    assert await house.closing() == [house.commune.wave]
    runtime, rng, day = house.runtime, Random(7), date(2026, 10, 4)
    await runtime.store.write(
        lambda tx: responses.close_wave(
            tx, runtime.vault, house.commune.wave, lambda version: runtime.ledger.surveys.get(tx, version), day, rng
        )
    )
    assert await runtime.store.read(lambda conn: conn.scalar(select(func.count()).select_from(released))) == 1
