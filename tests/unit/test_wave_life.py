"""A wave from its opening to its end on both engines: samples, refusals, two at once, partial answers, schedules."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.waves import WaveRefused, draw_up, sample_of, wave_round
from app.worker import release, take_jobs
from storage import participations, responses, wave_acts
from storage.store import Store
from storage.tables import invitations as invited
from storage.tables import jobs, sealed_responses, waves
from storage.tables import responses as released
from storage.tables import rollups as counts
from storage.tx import Tx
from storage.vault import Vault
from storage.waves import open_waves, publish, takes_answers
from surveys.waves import Cancel, Close, FrameKind, Owner, Per, Repeat, Segment, Send, WaveKind, WaveState
from tests.stores import SampleCommune, sample_survey
from tests.unit.waving import NOON, Town, town_of
from vietnam.time import DAY, HOUR, TZ, day_of, start_of, to_ms


@pytest.fixture
def town(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path) -> Town:
    return town_of(store, store_url, tmp_path, vault, commune)


async def work(town: Town) -> None:
    """What the worker does until nothing is due."""

    async def no_photos(*_: object) -> None:
        raise AssertionError("no picture was asked for")

    await wave_round(town.runtime)
    while await take_jobs(town.runtime, no_photos):
        pass


async def answered(town: Town, wave: wave_acts.WaveRow, levels: list[int]) -> None:
    """Sealed answers of a wave, as turns write them."""

    def unit(tx: Tx) -> None:
        for level in levels:
            responses.seal(
                tx,
                town.runtime.vault,
                survey=town.commune.survey,
                wave=wave.id,
                unit=town.commune.commune,
                village=town.commune.villages[0],
                channel="webchat",
                answers={"chung": level},
            )

    await town.store.write(unit)


# --- opening ----------------------------------------------------------------------------------------------------------


async def test_a_sample_is_drawn_by_village_and_can_be_drawn_again(town: Town) -> None:
    await town.frame("Hộ", [], paper=60)
    wave = await town.open("Hộ", sample=12, seed="hạt giống")
    rows = select(invited.c.frame_row_id, invited.c.village_id).where(invited.c.wave_id == wave.id)
    drawn = await town.store.read(lambda conn: {tuple(row) for row in conn.execute(rows)})
    assert len(drawn) == 12
    assert sorted([village for _, village in drawn].count(v) for v in {v for _, v in drawn}) == [4, 4, 4]
    # the recorded seed gives the very same rows; another gives others
    again = await town.store.read(lambda conn: {(one.row, one.village) for one in sample_of(conn, wave)})
    assert again == drawn
    other = await town.open("Hộ", code="dot-2", sample=12, seed="hạt khác")
    assert await town.store.read(lambda conn: {(one.row, one.village) for one in sample_of(conn, other)}) != drawn
    assert (wave.seed, wave.sample, wave.population) == ("hạt giống", 12, 60)


async def test_a_seed_is_made_where_none_is_named(town: Town) -> None:
    await town.frame("Hộ", [], paper=9)
    assert len((await town.open("Hộ")).seed) == 16


REFUSALS = {
    "wave.no_frame": {"frame": "Không có"},
    "wave.segment_empty": {"frame": "Hộ", "segment": Segment(groups=("hộ nghèo",))},
    "wave.sample_too_large": {"frame": "Hộ", "sample": 10},
    "wave.population_small": {"frame": "Hộ", "population": 8},
    "wave.no_households": {"frame": "Người", "per": Per.HOUSEHOLD},
    "wave.only_invited": {"per": Per.HOUSEHOLD},
    "wave.groups_of_list": {"segment": Segment(groups=("hộ nghèo",))},
    "wave.needs_frame": {"kind": WaveKind.INVITED},
    "wave.to_before_from": {"opens_at": NOON, "closes_at": NOON - HOUR},
    "wave.code_taken": {"code": "mau"},
    "wave.too_many_reminders": {"remind_times": 3, "remind_days": 1},
}


@pytest.mark.parametrize(("key", "opening"), REFUSALS.items())
async def test_what_cannot_be_opened_is_refused_by_its_reason(town: Town, key: str, opening: dict[str, Any]) -> None:
    await town.frame("Hộ", [], paper=9)
    await town.frame("Người", [], paper=9, kind=FrameKind.PERSON)
    with pytest.raises(WaveRefused) as refused:
        await town.open(**opening)
    assert refused.value.refusal.key == key
    assert await town.store.read(lambda conn: len(wave_acts.listed(conn, town.commune.commune))) == 1


async def test_an_open_wave_draws_from_no_list(town: Town) -> None:
    # given somebody who names a list and forgets the kind
    await town.frame("Hộ", [], paper=9)
    with pytest.raises(WaveRefused, match=r"wave\.only_invited"):
        await town.open("Hộ", kind=WaveKind.OPEN)


async def test_two_waves_of_a_survey_stand_open_at_once_and_only_the_open_one_is_in_the_menu(town: Town) -> None:
    await town.frame("Hộ", [], paper=9)
    chosen = await town.open("Hộ", code="mau-moi")
    found = await town.store.read(lambda conn: open_waves(conn, town.commune.commune, town.at))
    assert [wave.id for wave in found] == [town.commune.wave]
    assert await town.store.read(lambda conn: takes_answers(conn, chosen.id, town.at))


async def test_a_wave_for_some_channels_is_offered_there_only(town: Town) -> None:
    await town.open(code="web", segment=Segment(channels=("webchat",), languages=("tay",)))
    unit = town.commune.commune

    async def codes(channel: str, language: str) -> list[str]:
        return await town.store.read(
            lambda conn: [one.code for one in open_waves(conn, unit, town.at, channel=channel, language=language)]
        )

    assert await codes("webchat", "tay") == ["mau", "web"]
    assert await codes("telegram", "tay") == ["mau"]
    assert await codes("webchat", "") == ["mau"]


async def test_a_killed_opening_is_finished_by_whoever_comes_next(town: Town) -> None:
    # given a wave of which only some rows were drawn when its process died
    await town.frame("Hộ", [], paper=40)
    wave = await town.open("Hộ", sample=20, seed="x")
    whole = await town.states(wave)

    def back(tx: Tx) -> None:
        some = select(invited.c.id).where(invited.c.wave_id == wave.id).limit(13)
        tx.execute(invited.delete().where(invited.c.id.in_(some)))
        tx.execute(waves.update().where(waves.c.id == wave.id).values(state="planned"))

    await town.store.write(back)
    # when two others go on at once, then everybody stands there once
    await asyncio.gather(draw_up(town.runtime, wave.id), wave_round(town.runtime))
    assert await town.states(wave) == whole
    assert (await town.again(wave)).state is WaveState.OPEN


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_a_wave_closes_by_itself_and_its_remainder_is_released(town: Town) -> None:
    wave = await town.open(code="y-kien", closes_at=NOON + DAY)
    await answered(town, wave, [5, 5, 4])
    town.at += DAY
    await work(town)
    assert (await town.again(wave)).state is WaveState.CLOSED
    assert not await town.store.read(lambda conn: takes_answers(conn, wave.id, town.at))
    # what was begun is let in for some minutes, then what is there goes as a number, without waiting for a round
    assert await town.store.read(lambda conn: takes_answers(conn, wave.id, town.at, begun=True))
    town.at += town.runtime.ledger.grace - 1
    await work(town)
    assert not await release(town.runtime)
    town.at += 1
    await work(town)
    assert await town.store.read(lambda conn: conn.scalar(select(func.count()).select_from(released))) == 3
    assert not await town.store.read(lambda conn: takes_answers(conn, wave.id, town.at, begun=True))


async def test_what_was_begun_is_waited_for_where_the_machine_was_off_at_the_close(town: Town) -> None:
    # given a wave whose end went by while nothing ran, with answers that are sealed
    wave = await town.open(code="y-kien", closes_at=NOON + DAY)
    await answered(town, wave, [5, 5, 4, 4, 3])
    town.at += 3 * DAY
    # then it still takes what was begun, and nothing of it is released before that was gathered
    assert await town.store.read(lambda conn: takes_answers(conn, wave.id, town.at, begun=True))
    assert not await town.store.read(lambda conn: takes_answers(conn, wave.id, town.at))
    assert await town.store.read(lambda conn: responses.closing(conn, town.at)) == []
    await work(town)
    assert await town.store.read(lambda conn: takes_answers(conn, wave.id, town.at, begun=True))
    town.at += town.runtime.ledger.grace
    await work(town)
    assert await town.store.read(lambda conn: conn.scalar(select(func.count()).select_from(released))) == 5
    assert not await town.store.read(lambda conn: takes_answers(conn, wave.id, town.at, begun=True))


async def test_what_comes_in_behind_the_release_is_looked_for(town: Town) -> None:
    wave = await town.open(code="y-kien", closes_at=NOON + DAY)
    town.at += 2 * DAY
    await work(town)
    town.at += town.runtime.ledger.grace
    await work(town)
    await answered(town, wave, [5])
    assert await release(town.runtime)
    assert await town.store.read(lambda conn: conn.scalar(select(func.count()).select_from(released))) == 1


async def test_the_wave_of_a_new_version_ends_when_the_one_before_was_to_end(town: Town) -> None:
    wave = await town.open(code="mau-2", closes_at=NOON + DAY)
    unit = town.commune.commune
    change = waves.update().where(waves.c.id == town.commune.wave)
    await town.store.write(lambda tx: tx.execute(change.values(closes_at=wave.closes_at)).rowcount)
    newer = await town.store.write(lambda tx: publish(tx, unit, sample_survey(), "another checksum", town.at))
    asked = select(jobs.c.run_at).where(jobs.c.kind == wave_acts.END_JOB, jobs.c.key == str(newer.wave))
    assert await town.store.read(lambda conn: conn.scalar(asked)) == wave.closes_at


async def test_a_sealed_wave_shows_nothing_before_its_close(town: Town) -> None:
    wave = await town.open(code="kin", sealed=True)
    front = await town.open(code="mat-tran", owner=Owner.FRONT)
    assert front.sealed
    await answered(town, wave, [5] * 8)
    await answered(town, front, [5] * 8)
    assert not await release(town.runtime)
    await town.act(wave, Close())
    await work(town)
    town.at += town.runtime.ledger.grace
    await work(town)
    counted = await town.store.read(lambda conn: set(conn.scalars(select(released.c.wave_id))))
    assert counted == {wave.id}


async def test_cancelling_destroys_what_nobody_has_counted(town: Town) -> None:
    wave = await town.open(code="y-kien", sealed=True)
    await answered(town, wave, [5] * 8)
    await town.act(wave, Cancel())
    assert await town.store.read(lambda conn: conn.scalar(select(func.count()).select_from(sealed_responses))) == 0
    # an answer whose turn was under way at that moment does not survive the next round
    await answered(town, wave, [5])
    await work(town)
    assert await town.store.read(lambda conn: conn.scalar(select(func.count()).select_from(sealed_responses))) == 0
    assert not await town.store.read(lambda conn: takes_answers(conn, wave.id, town.at, begun=True))


async def test_invited_and_open_answers_are_counted_apart(town: Town) -> None:
    await town.frame("Hộ", [], paper=9)
    chosen = await town.open("Hộ", code="mau-moi")
    anyone = await town.again(await wave_of_sample(town))
    await answered(town, chosen, [1] * 6)
    await answered(town, anyone, [5] * 7)
    while await release(town.runtime):
        pass
    query = select(counts.c.kind, counts.c.counts).where(
        counts.c.question == "chung", func.length(counts.c.period) == 8
    )
    found = await town.store.read(lambda conn: {row.kind: row.counts for row in conn.execute(query)})
    assert found == {"invited": '{"1":6}', "open": '{"5":7}'}


async def wave_of_sample(town: Town) -> wave_acts.WaveRow:
    found = await town.store.read(lambda conn: wave_acts.wave(conn, town.commune.wave))
    assert found is not None
    return found


# --- schedules --------------------------------------------------------------------------------------------------------


async def test_a_monthly_wave_is_followed_on_the_first_once_by_however_many(town: Town) -> None:
    # given a monthly wave from the 5th to the 20th of October, that is being sent
    await town.people(3)
    ends = to_ms(datetime(2026, 10, 21, tzinfo=TZ))
    wave = await town.open(code="thang", repeat=Repeat.MONTHLY, closes_at=ends, remind_days=2, remind_times=1)
    await town.act(wave, Send())
    town.at = to_ms(datetime(2026, 10, 31, 23, tzinfo=TZ))
    await work(town)
    assert [state for state, _ in await town.all_of("thang")] == ["closed"]
    # when the first of November comes, to two processes at once and again
    town.at = to_ms(datetime(2026, 11, 1, 8, tzinfo=TZ))
    await asyncio.gather(wave_round(town.runtime), wave_round(town.runtime))
    await work(town)
    # then one wave follows, the same in all but its time, and is sent as well
    first = to_ms(datetime(2026, 11, 1, tzinfo=TZ))
    assert await town.all_of("thang") == [("closed", NOON), ("open", first)]
    newest = await town.store.read(lambda conn: wave_acts.by_code(conn, town.commune.commune, "thang"))
    assert newest is not None
    assert (newest.follows, newest.remind_days, newest.repeat) == (wave.id, 2, Repeat.MONTHLY)
    assert newest.closes_at == to_ms(datetime(2026, 11, 21, tzinfo=TZ))
    assert await town.states(newest) == {"planned": 3}


async def test_a_schedule_asks_the_newest_version(town: Town) -> None:
    wave = await town.open(code="thang", repeat=Repeat.MONTHLY)
    newer = await town.store.write(
        lambda tx: publish(tx, town.commune.commune, sample_survey(), "another checksum", town.at)
    )
    town.at += 30 * DAY
    await work(town)
    newest = await town.store.read(lambda conn: wave_acts.by_code(conn, town.commune.commune, "thang"))
    assert newest is not None
    assert (newest.version, newest.follows) == (newer.version, wave.id)
    assert (await town.again(wave)).state is WaveState.CLOSED


async def test_tokens_of_a_code_and_of_an_account_are_never_the_same(town: Town) -> None:
    vault = town.runtime.vault
    assert participations.of_account(vault, 1, 2) != participations.of_invitation(vault, 1, 2)


@pytest.mark.parametrize(
    ("last_day", "ends"),
    [
        # to the last of a month: always to the last
        (date(2026, 10, 31), ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]),
        # to the 30th: February has none, and March has it again
        (date(2026, 10, 30), ["2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28", "2027-03-30"]),
        (date(2026, 10, 20), ["2026-11-20", "2026-12-20", "2027-01-20", "2027-02-20", "2027-03-20"]),
    ],
)
async def test_a_schedule_ends_on_the_same_day_of_every_month(town: Town, last_day: date, ends: list[str]) -> None:
    closes = start_of(last_day + timedelta(days=1))
    await town.open(code="thang", repeat=Repeat.MONTHLY, closes_at=closes)
    found = []
    for first in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)):
        town.at = start_of(first) + HOUR
        await work(town)
        newest = await town.store.read(lambda conn: wave_acts.by_code(conn, town.commune.commune, "thang"))
        assert newest is not None
        assert newest.closes_at is not None
        found.append(day_of(newest.closes_at - 1).isoformat())
    assert found == ends


async def test_a_close_by_hand_changes_nothing_of_the_next_month(town: Town) -> None:
    # given two schedules, one to the 25th and one without an end, both closed by hand on the 10th
    for code, closes in (("hai-lam", start_of(date(2026, 10, 26))), ("mai", None)):
        wave = await town.open(code=code, repeat=Repeat.MONTHLY, closes_at=closes)
        town.at = start_of(date(2026, 10, 10)) + HOUR
        await town.act(wave, Close())
        town.at = NOON
    town.at = start_of(date(2026, 11, 1)) + HOUR
    await work(town)
    for code, ends in (("hai-lam", start_of(date(2026, 11, 26))), ("mai", None)):
        newest = await town.store.read(lambda conn: wave_acts.by_code(conn, town.commune.commune, code))  # noqa: B023 - called at once
        assert newest is not None
        assert (newest.state, newest.closes_at) == (WaveState.OPEN, ends)


async def test_a_schedule_is_stopped_after_its_newest_wave_was_closed(town: Town) -> None:
    wave = await town.open(code="thang", repeat=Repeat.MONTHLY)
    await town.act(wave, Close())
    await town.act(wave, Cancel())
    with pytest.raises(WaveRefused, match=r"wave\.is_closed"):
        await town.act(wave, Cancel())
    town.at = start_of(date(2026, 11, 2))
    await work(town)
    assert [state for state, _ in await town.all_of("thang")] == ["closed"]
