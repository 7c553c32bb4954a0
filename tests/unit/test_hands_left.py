"""Cases that nobody sees to: untouched, left behind by whoever went, gone elsewhere without a word; on both engines."""

import pytest
from sqlalchemy import update

from app.case_hands import hands_round
from feedback.acts import Apologise, Ask, Decision, Forward, Receive, Take, Tell
from feedback.roles import CITIZEN, SYSTEM, Actor
from storage.tables import cases, officers
from tests.unit.chatting import House
from tests.unit.test_handing import LAMP, LAN, house, of, officer, standing, steps, told
from vietnam.time import DAY

__all__ = ["house"]


async def test_an_apology_and_a_word_of_the_citizen_are_no_sign_that_anybody_sees_to_it(house: House) -> None:
    store, land = house.runtime.store, await officer(house, "diachinh")
    await house.say(LAN, *LAMP)
    row = await store.read(standing)
    line = {"assigned_id": land, "assigned_role": "", "assigned_at": house.at}
    await store.write(lambda tx: tx.execute(update(cases).values(**line)))
    # given two days of nothing, then an apology and a word of the citizen
    house.at += 2 * DAY
    unit = house.commune.commune
    assert isinstance(await house.runtime.act(row["id"], Apologise(), Actor(kind=SYSTEM, unit=unit)), Decision)
    assert isinstance(await house.runtime.act(row["id"], Tell("Vẫn hỏng ạ."), Actor(kind=CITIZEN, unit=unit)), Decision)
    # when the third day is over
    house.at += DAY + 1
    await hands_round(house.runtime)
    # then it comes back, and not three days after the last word
    assert (await store.read(standing))["assigned_role"] == "reception"


async def test_what_an_officer_did_counts_as_seen_to(house: House) -> None:
    store, land = house.runtime.store, await officer(house, "diachinh")
    await house.say(LAN, *LAMP)
    row = await store.read(standing)
    await store.write(lambda tx: tx.execute(update(cases).values(assigned_id=land, assigned_role="")))
    house.at += 2 * DAY
    assert isinstance(await house.runtime.act(row["id"], Receive(), of(house, land)), Decision)
    house.at += 2 * DAY
    await hands_round(house.runtime)
    assert (await store.read(standing))["assigned_id"] == land


@pytest.mark.parametrize("gone", ["switched off", "another role"])
@pytest.mark.parametrize("asked", [False, True])
async def test_what_somebody_holds_who_is_not_there_any_more_comes_back_at_once(
    house: House,
    gone: str,
    asked: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    store, land = house.runtime.store, await officer(house, "diachinh")
    await house.say(LAN, *LAMP)
    row = await store.read(standing)
    await house.runtime.act(row["id"], Take(), of(house, land))
    if asked:
        await house.runtime.act(row["id"], Ask("Ở đâu ạ?"), of(house, land))
    # as long as they are there it stays
    house.at += 10 * DAY
    await hands_round(house.runtime)
    assert (await store.read(standing))["assigned_id"] == land
    # when they leave
    left = {"active": 0} if gone == "switched off" else {"role": "front"}
    await store.write(lambda tx: tx.execute(update(officers).where(officers.c.id == land).values(**left)))
    await hands_round(house.runtime)
    await hands_round(house.runtime)
    # then somebody else may take it, in the very next round
    after = await store.read(standing)
    assert (after["assigned_id"], after["assigned_role"]) == (None, "reception")
    assert after["state"] == ("waiting" if asked else "received")
    assert (await store.read(steps)).count(("return", "system")) == 1
    assert (await store.read(told)).count("notice.cases_left") == 1
    if not asked:
        outcome = await house.runtime.act(row["id"], Take(), of(house, house.commune.officer))
        assert isinstance(outcome, Decision)


async def test_what_went_elsewhere_is_asked_after_and_comes_back(house: House) -> None:
    store, clerk = house.runtime.store, of(house, house.commune.officer)
    await house.say(LAN, *LAMP)
    row = await store.read(standing)
    sent = Forward("Sở Xây dựng", "Xin chờ trả lời.", contact="0205 000 000")
    assert isinstance(await house.runtime.act(row["id"], sent, clerk), Decision)
    house.at += 14 * DAY
    await hands_round(house.runtime)
    assert "notice.outcomes_due" not in await store.read(told)
    # somebody is reminded, three times
    for _ in range(6):
        house.at += 15 * DAY + 1
        await hands_round(house.runtime)
        await hands_round(house.runtime)
    assert (await store.read(told)).count("notice.outcomes_due") == 3
    # it may go to the right one, which counts anew, and be taken back, with a clock
    assert isinstance(await house.runtime.act(row["id"], Forward("Sở Y tế"), clerk), Decision)
    house.at += 15 * DAY + 1
    await hands_round(house.runtime)
    assert (await store.read(told)).count("notice.outcomes_due") == 4
    assert (await store.read(standing))["due_at"] is None
    assert isinstance(await house.runtime.act(row["id"], Take(), clerk), Decision)
    after = await store.read(standing)
    assert after["state"] == "in_progress"
    assert after["due_at"] > house.at
