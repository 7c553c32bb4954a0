"""Two invited waves side by side, as `nghedan wave results CODE --before CODE2` tells them."""

from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import update

from app.commands.wave_changes import printed, refused
from app.wave_changes import Compared, NotComparable, compared, pair
from app.waves import open_wave
from app.wording import app_wording
from storage import responses
from storage.store import Store
from storage.tables import waves
from storage.vault import Vault
from storage.wave_acts import WaveRow
from storage.waves import publish
from surveys.waves import Close, Opening, Per, Segment, WaveKind
from tests.stores import SampleCommune
from tests.unit.test_wave_results import answer, came
from tests.unit.waving import Town, town_of

DAY = 24 * 3_600_000


@pytest.fixture
async def town(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path) -> Town:
    made = town_of(store, store_url, tmp_path, vault, commune)
    await made.frame("Hộ", [], paper=300)
    return made


async def asked(town: Town, code: str, levels: list[int], day: date, **opening: Any) -> WaveRow:
    """An invited wave that so many answered, closed and released on a day; a month passes."""
    wave = await town.open("Hộ", code=code, **({"sample": 120} | opening))
    await answer(town, wave, levels)
    await came(town, wave, len(levels))
    await town.act(wave, Close())
    town.at += responses.CLOSING
    await town.gathered()
    survey, rng = town.commune.survey, Random(day.toordinal())
    await town.store.write(
        lambda tx: responses.close_wave(tx, town.runtime.vault, wave.id, lambda _version: survey, day, rng)
    )
    town.at += 30 * DAY
    return await town.again(wave)


async def between(town: Town, code: str, before: str) -> Compared:
    unit = town.commune.commune
    two = await town.store.read(lambda conn: pair(conn, unit, code, before, town.runtime.now()))
    return await compared(town.runtime, two)


async def why(town: Town, code: str, before: str) -> tuple[str, str]:
    """Why two waves are refused, and what is said of it."""
    with pytest.raises(NotComparable) as caught:
        await between(town, code, before)
    return caught.value.why, refused(caught.value, app_wording()).lines[0]


LOW, HIGH = [5] * 30 + [2] * 30, [5] * 57 + [1] * 5


async def test_two_waves_stand_side_by_side_with_the_change_and_its_interval(town: Town) -> None:
    await asked(town, "truoc", LOW, date(2026, 10, 6))
    await asked(town, "sau", HIGH, date(2026, 11, 6))

    found = await between(town, "sau", "truoc")

    overall = next(one for one in found.changes if one.overall)
    assert overall.before == 0.5
    assert overall.after == pytest.approx(57 / 62)
    assert overall.statement == "rose"
    assert (found.before.code, found.after.code) == ("truoc", "sau")
    said = printed(found, app_wording())
    assert "Đợt trước" in said[0]
    line = next(line for line in said if line.startswith(overall.text))
    assert "\t50,0 % (60 ý kiến)\t91,9 % (62 ý kiến)\ttăng 41,9 điểm phần trăm (+" in line
    # and a question that nobody was asked is a mark, and no number
    assert all("nan" not in text and "inf" not in text for text in said)
    assert msgspec.json.decode(msgspec.json.encode(found))["changes"][0]["statement"]


async def test_the_last_two_of_a_monthly_wave_by_their_one_code(town: Town) -> None:
    # given two months of a schedule, which have one code
    first = await asked(town, "thang", LOW, date(2026, 10, 6))
    assert await why(town, "thang", "thang") == (
        "same",
        "Mã thang mới có một đợt đã đóng: chưa có đợt trước để so.",
    )
    second = await asked(town, "thang-2", HIGH, date(2026, 11, 6))
    third = await town.open("Hộ", code="thang-3", sample=60)  # the one that runs is not taken
    same = update(waves).where(waves.c.id.in_([second.id, third.id])).values(code="thang")
    await town.store.write(lambda tx: tx.execute(same).rowcount)
    unit = town.commune.commune
    found = await town.store.read(lambda conn: pair(conn, unit, "thang", "thang", town.runtime.now()))
    assert (found.before.id, found.after.id) == (first.id, second.id)


async def test_what_cannot_be_compared_is_refused_with_words(town: Town) -> None:
    await asked(town, "truoc", LOW, date(2026, 10, 6))
    await asked(town, "sau", HIGH, date(2026, 11, 6))
    await asked(town, "ho", HIGH, date(2026, 12, 6), per=Per.HOUSEHOLD)
    await asked(
        town, "thon", [5] * 9, date(2027, 1, 6), segment=Segment(villages=(town.commune.villages[0],)), sample=60
    )
    await town.open("Hộ", code="dang-mo", sample=60)
    await town.open(code="ai-cung-duoc")

    told = {
        await why(town, code, before)
        for code, before in (
            ("truoc", "sau"),
            ("ho", "sau"),
            ("thon", "sau"),
            ("dang-mo", "sau"),
            ("ai-cung-duoc", "sau"),
            ("sau", "khong-co"),
        )
    }

    assert {reason for reason, _ in told} == {"order", "per", "segment", "running", "open", "unknown"}
    assert all(words and not words.startswith("changes.") for _, words in told)


async def test_other_questionnaires_are_refused(town: Town) -> None:
    # given a wave of another survey, and one of a later version in which every measured question has new words
    await asked(town, "truoc", LOW, date(2026, 10, 6))
    ours, unit = town.commune.survey, town.commune.commune
    reworded = [replace(one, text=f"{one.text} (mới)") for one in ours.questions]
    for survey, code in ((replace(ours, id="khac"), "khac-1"), (replace(ours, questions=tuple(reworded)), "moi-1")):
        put = partial(publish, unit_id=unit, survey=survey, checksum=code, now=town.at, opens=False)
        await town.store.write(put)
        opening = Opening(code=code, kind=WaveKind.INVITED, opens_at=town.at, sample=60)
        wave = await open_wave(town.runtime, town.actor, unit, survey.id, opening, "Hộ")
        await town.act(wave, Close())
        await town.gathered()
        town.at += 30 * DAY

    assert (await why(town, "khac-1", "truoc"))[0] == "questionnaire"
    assert (await why(town, "moi-1", "truoc"))[0] == "asked"
