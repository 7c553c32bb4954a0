"""Invitations and reminders on both engines: each person once, whatever is started twice, paused or put back."""

import asyncio
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select, update

from app.waves import WaveRefused, send_some
from bot.conversation.messages import Bubble
from storage import conversations, invitations, outbox
from storage.sending import Pace
from storage.store import Store
from storage.tables import accounts
from storage.tables import conversations as chats
from storage.tables import invitations as invited
from storage.tables import outbox as letters
from storage.tx import Tx
from storage.vault import Vault
from storage.wave_acts import WaveRow
from surveys.waves import Cancel, Close, Pause, Remind, Resume, Send, Sending
from tests.stores import SampleCommune
from tests.unit.waving import NOON, Town, town_of
from vietnam.time import DAY, HOUR, MINUTE, TZ, to_ms


@pytest.fixture
def town(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path) -> Town:
    return town_of(store, store_url, tmp_path, vault, commune)


# --- once each --------------------------------------------------------------------------------------------------------


async def test_invitations_go_to_whoever_has_a_chat_and_the_others_get_paper(town: Town) -> None:
    # given a frame of five households with a chat and three without, all invited
    await town.frame("Hộ", await town.people(5), paper=3)
    wave = await town.open("Hộ")
    assert await town.states(wave) == {"planned": 5, "paper": 3}
    # when they are sent
    await town.act(wave, Send())
    await town.send()
    assert await town.states(wave) == {"queued": 5, "paper": 3}
    assert len(await town.deliver()) == 5
    await town.send()
    # then everybody has one, and the sending is done
    assert await town.states(wave) == {"sent": 5, "paper": 3}
    assert (await town.again(wave)).sending is Sending.DONE
    stand = await town.store.read(lambda conn: invitations.progress(conn, wave.id))
    assert (stand.percent, stand.total, stand.remaining_ms()) == (100, 5, 0)


async def test_a_letter_carries_the_code_of_its_own_row_and_a_way_out(town: Town) -> None:
    await town.frame("Hộ", await town.people(2))
    wave = await town.open("Hộ", closes_at=NOON + 10 * DAY)
    await town.act(wave, Send())
    await town.send()
    vault, unit = town.runtime.vault, town.commune.commune
    rows = await town.store.read(lambda conn: list(conn.execute(select(letters.c.id, letters.c.body))))
    bubbles = [msgspec.json.decode(vault.open(bytes(row.body), outbox.context(row.id)), type=Bubble) for row in rows]
    codes = [bubble.buttons[0].id.removeprefix("go:code.") for bubble in bubbles]
    assert len(set(codes)) == 2
    assert all(code in bubble.text and "15/10/2026" in bubble.text for code, bubble in zip(codes, bubbles, strict=True))
    assert {bubble.buttons[1].id for bubble in bubbles} == {"go:optout"}

    # and the code finds its invitation, typed in any way, but with a slip, or elsewhere, it finds none
    async def find(typed: str, at: int = unit) -> invitations.Found | None:
        return await town.store.read(lambda conn: invitations.find(conn, vault, at, typed, town.at))

    for code in codes:
        for typed in (code, code.lower(), f"mã {code.replace('-', ' ')}"):
            found = await find(typed)
            assert found is not None
            assert (found.wave, found.takes, found.used) == (wave.id, True, False)
            assert found.village in town.commune.villages
        assert await find(("3" if code[0] == "2" else "2") + code[1:]) is None
        assert await find(code, at=1) is None


async def test_an_impatient_start_twice_and_two_workers_at_once_send_nobody_two(town: Town) -> None:
    people = await town.people(120)
    wave = await town.open(code="y-kien")
    await asyncio.gather(town.act(wave, Send()), town.act(wave, Send()))
    await asyncio.gather(*(send_some(town.runtime, wave.id, again=False, pace=Pace(chunk=7)) for _ in range(30)))
    await town.act(wave, Send())
    await town.send()
    went = await town.deliver()
    assert len(went) == len(set(went)) == len(people)
    await town.send()
    assert await town.states(wave) == {"sent": len(people)}


async def test_only_a_window_of_unsent_messages_stands_in_the_outbox(town: Town) -> None:
    await town.people(50)
    wave = await town.open(code="y-kien")
    await town.act(wave, Send())
    pace = Pace(chunk=20, window=30)
    for _ in range(5):
        await send_some(town.runtime, wave.id, again=False, pace=pace)
    assert await town.queued() == 30
    await town.deliver()
    while await send_some(town.runtime, wave.id, again=False, pace=pace):
        pass
    assert await town.queued() == 20


async def test_the_web_chat_shows_its_invitation_at_once(town: Town) -> None:
    await town.people(3, "webchat")
    wave = await town.open(code="y-kien")
    await town.act(wave, Send())
    await town.send()
    assert await town.states(wave) == {"sent": 3}
    last = select(chats.c.last_seq).where(chats.c.channel == "webchat")
    assert await town.store.read(lambda conn: list(conn.scalars(last))) == [1, 1, 1]


async def test_a_message_that_cannot_be_delivered_is_counted_as_failed(town: Town) -> None:
    await town.people(2)
    wave = await town.open(code="y-kien")
    await town.act(wave, Send())
    await town.send()
    await town.deliver(fails=True)
    await town.send()
    assert await town.states(wave) == {"failed": 2}


async def test_an_answer_to_the_person_goes_before_an_invitation_that_waits_for_the_morning(town: Town) -> None:
    # given an invitation in the outbox, and the night
    (account,) = await town.people(1)
    wave = await town.open(code="y-kien")
    await town.act(wave, Send())
    await town.send()
    town.at = to_ms(datetime(2026, 10, 5, 23, tzinfo=TZ))
    await town.send()
    assert await town.deliver() == []

    # when the person writes and is answered
    def reply(tx: Tx) -> None:
        vault = town.runtime.vault
        chat = conversations.lock_by_account(tx, vault, account, town.at)
        outbox.add(tx, vault, chat, b'{"text":"x"}', at=town.at)
        conversations.save_seq(tx, chat)

    await town.store.write(reply)
    # then the answer goes at once, and the invitation in the morning
    assert len(await town.deliver()) == 1
    assert await town.deliver() == []
    town.at = to_ms(datetime(2026, 10, 6, 7, tzinfo=TZ))
    assert len(await town.deliver()) == 1


async def test_a_broadcast_holds_up_no_answer(town: Town) -> None:
    # given two hundred invitations in the outbox
    people = await town.people(200)
    wave = await town.open(code="y-kien")
    await town.act(wave, Send())
    await town.send()
    vault, on = town.runtime.vault, town.commune.telegram

    # when two of the invited write and are answered, and a third is told of a case
    def said(tx: Tx) -> None:
        for account, lane in zip(people[-3:], (outbox.Lane.REPLY, outbox.Lane.REPLY, outbox.Lane.NOTICE), strict=True):
            chat = conversations.lock_by_account(tx, vault, account, town.at)
            outbox.add(tx, vault, chat, b'{"text":"x"}', at=town.at, lane=lane)
            conversations.save_seq(tx, chat)

    await town.store.write(said)
    # then these three are the first that the sender takes, before any older invitation
    batch = await town.store.write(lambda tx: outbox.claim(tx, vault, on, town.at, lease_ms=60_000, limit=5))
    assert [letter.body == b'{"text":"x"}' for letter in batch] == [True, True, True, False, False]
    assert {letter.platform_id for letter in batch[:2]} == {"telegram-198", "telegram-199"}
    # and where the sender holds enough invitations, it takes no more of them
    for many in (0, 2):
        batch = await town.store.write(lambda tx, many=many: outbox.claim(tx, vault, on, town.at, 60_000, 5, many))  # type: ignore[misc]  # a default binds what the loop changes
        assert [letter.many for letter in batch] == [True] * many


# --- pause, cancel, close ---------------------------------------------------------------------------------------------


async def test_pause_takes_back_what_is_unsent_and_resume_sends_it_once(town: Town) -> None:
    await town.people(10)
    wave = await town.open(code="y-kien")
    await town.act(wave, Send())
    await send_some(town.runtime, wave.id, again=False, pace=Pace(chunk=6))
    # when it is paused, then nothing is in the outbox at once, and nothing comes
    await town.act(wave, Pause())
    assert await town.queued() == 0
    await town.send()
    assert await town.deliver() == []
    assert await town.states(wave) == {"planned": 10}
    with pytest.raises(WaveRefused, match=r"wave\.is_paused"):
        await town.act(wave, Send())
    # when it goes on, everybody gets one
    await town.act(wave, Resume())
    await town.send()
    assert len(set(await town.deliver())) == 10


async def test_cancel_sends_nothing_more_and_asks_nobody_on_paper(town: Town) -> None:
    await town.frame("Hộ", await town.people(4), paper=2)
    wave = await town.open("Hộ")
    await town.act(wave, Send())
    await send_some(town.runtime, wave.id, again=False, pace=Pace(chunk=2))
    await town.act(wave, Cancel())
    assert await town.queued() == 0
    assert await town.states(wave) == {"cancelled": 6}
    await town.act(wave, Cancel())
    with pytest.raises(WaveRefused, match=r"wave\.is_cancelled"):
        await town.act(wave, Close())


# --- whom not to bother -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "quiet"), [(20, False), (21, True), (23, True), (0, True), (6, True), (7, False), (12, False)]
)
async def test_quiet_hours_go_over_midnight(town: Town, hour: int, *, quiet: bool) -> None:
    await town.people(1)
    wave = await town.open(code="y-kien")
    await town.act(wave, Send())
    town.at = to_ms(datetime(2026, 10, 6, hour, tzinfo=TZ))
    await town.send()
    assert (await town.states(wave) == {"planned": 1}) is quiet


async def test_the_cool_down_holds_across_surveys_and_then_lets_go(town: Town) -> None:
    # given people whom one wave has invited, and a newcomer
    await town.people(3)
    first = await town.open(code="mot")
    await town.act(first, Send())
    await town.send()
    await town.deliver()
    await town.send()
    await town.people(1, first=9)
    # when another wave invites all, only the newcomer hears of it
    second = await town.open(code="hai")
    await town.act(second, Send())
    await town.send()
    assert await town.states(second) == {"held": 3, "queued": 1}
    # then, a week after the first, the others do
    town.at += 7 * DAY - HOUR
    await town.send()
    assert (await town.states(second))["held"] == 3
    town.at += HOUR
    await town.send()
    assert await town.states(second) == {"queued": 4}


async def test_whoever_opted_out_hears_nothing_until_they_are_back(town: Town) -> None:
    first, second = await town.people(2)
    wave = await town.open(code="y-kien", remind_days=1, remind_times=2)
    await town.act(wave, Send())
    await town.opt_out(first)
    await town.send()
    assert await town.states(wave) == {"held": 1, "queued": 1}
    await town.deliver()
    await town.send()
    # and a reminder neither
    await town.opt_out(second)
    town.at += 3 * DAY
    await town.send()
    assert await town.deliver() == []
    back = update(accounts).where(accounts.c.id == first).values(opted_out_at=None)
    await town.store.write(lambda tx: tx.execute(back).rowcount)
    town.at += DAY
    await town.send()
    assert await town.deliver() == ["telegram-1"]


# --- reminders --------------------------------------------------------------------------------------------------------


async def invited_wave(town: Town, count: int, **opening: object) -> tuple[WaveRow, list[int]]:
    people = await town.people(count)
    await town.frame("Hộ", people)
    wave = await town.open("Hộ", **opening)
    await town.act(wave, Send())
    await town.send()
    await town.deliver()
    await town.send()
    return wave, people


async def test_reminders_go_twice_at_most_and_never_to_whoever_answered(town: Town) -> None:
    # given three invited, of whom one answers
    wave, people = await invited_wave(town, 3, remind_days=3, remind_times=2)
    await town.answer(wave, people[0])
    for expected in (2, 2, 0, 0):
        town.at += 3 * DAY - HOUR
        await town.send()
        assert await town.deliver() == []
        town.at += HOUR
        await town.send()
        assert len(await town.deliver()) == expected
        await town.send()


async def test_a_reminder_that_was_queued_is_taken_back_from_whoever_answers_just_now(town: Town) -> None:
    wave, people = await invited_wave(town, 2, remind_days=3, remind_times=1)
    town.at += 3 * DAY
    await town.send()
    assert await town.queued() == 2
    await town.answer(wave, people[0])
    assert await town.deliver() == ["telegram-2"]


async def test_an_invitation_is_taken_back_from_whoever_came_by_themselves(town: Town) -> None:
    people = await town.people(2)
    wave = await town.open(code="y-kien")
    await town.act(wave, Send())
    await town.send()
    await town.answer(wave, people[1])
    assert await town.deliver() == ["telegram-1"]


async def test_a_reminder_by_hand_reminds_once_however_often_it_is_asked_for(town: Town) -> None:
    wave, _ = await invited_wave(town, 3)
    town.at += DAY + MINUTE
    await town.act(wave, Remind())
    await town.send()
    with pytest.raises(WaveRefused, match=r"wave\.nobody_to_remind"):
        await town.act(wave, Remind())
    assert len(await town.deliver()) == 3
    await town.send()
    assert await town.deliver() == []


async def test_nobody_is_reminded_after_the_close(town: Town) -> None:
    await invited_wave(town, 2, remind_days=3, remind_times=2, closes_at=NOON + 3 * DAY)
    town.at += 3 * DAY
    await town.send()
    assert await town.deliver() == []


async def test_with_the_clock_put_back_nothing_goes_twice(town: Town) -> None:
    wave, _ = await invited_wave(town, 2, remind_days=3, remind_times=2)
    town.at += 3 * DAY
    await town.send()
    assert len(await town.deliver()) == 2
    town.at -= 5 * DAY
    await town.send()
    await town.act(wave, Send())
    await town.send()
    assert await town.deliver() == []


async def test_every_message_of_a_wave_is_in_its_list(town: Town) -> None:
    wave, _ = await invited_wave(town, 4)
    mine = select(func.count()).where(invited.c.wave_id == wave.id, invited.c.outbox_id.is_not(None))
    assert await town.store.read(lambda conn: conn.scalar(mine)) == 4
