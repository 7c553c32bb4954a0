"""Figures of one wave: intervals for a random sample alone, small numbers withheld, and remembered across days."""

from datetime import date
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from app.commands.wave_results import printed
from app.wave_results import NotYet, StillReleasing, results_of
from app.wording import app_wording
from storage import responses
from storage.participations import of_invitation
from storage.store import Store
from storage.tables import invitations as invited
from storage.tables import participations as tokens
from storage.tables import published_cells
from storage.tx import Tx
from storage.vault import Vault
from storage.wave_acts import WaveRow
from storage.wave_acts import wave as wave_by_id
from surveys.waves import Close, Owner, WaveKind
from tests.stores import SampleCommune
from tests.unit.waving import Town, town_of

FIRST, SECOND = date(2026, 10, 6), date(2026, 10, 7)


@pytest.fixture
def town(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path) -> Town:
    return town_of(store, store_url, tmp_path, vault, commune)


async def answer(
    town: Town, wave: WaveRow, levels: list[int], village: int = 0, *, partial: bool = False, assisted: bool = False
) -> None:
    def unit(tx: Tx) -> None:
        for level in levels:
            responses.seal(
                tx,
                town.runtime.vault,
                survey=town.commune.survey,
                wave=wave.id,
                unit=town.commune.commune,
                village=town.commune.villages[village],
                channel="webchat",
                answers={"chung": level},
                partial=partial,
                assisted=assisted,
            )

    await town.store.write(unit)


async def release(town: Town, day: date) -> None:
    survey, rng = town.commune.survey, Random(day.toordinal())
    while await town.store.write(
        lambda tx: responses.release(tx, town.runtime.vault, lambda _version: survey, day, rng)
    ):
        pass


async def came(town: Town, wave: WaveRow, count: int) -> None:
    """So many of the invited have taken part."""
    rows = await town.store.read(
        lambda conn: list(conn.scalars(select(invited.c.id).where(invited.c.wave_id == wave.id).order_by("id")))
    )
    values = [{"token": of_invitation(town.runtime.vault, wave.id, row), "wave_id": wave.id} for row in rows[:count]]
    await town.store.write(lambda tx: tx.execute(tokens.insert(), values).rowcount)


async def the_open_one(town: Town) -> WaveRow:
    found = await town.store.read(lambda conn: wave_by_id(conn, town.commune.wave))
    assert found is not None
    return found


async def test_an_invited_wave_has_intervals_and_a_rate_and_an_open_one_has_not(town: Town) -> None:
    await town.frame("Hộ", [], paper=60)
    chosen = await town.open("Hộ", code="moi", sample=30)
    anyone = await the_open_one(town)
    for wave in (chosen, anyone):
        await answer(town, wave, [5, 5, 4, 4, 3, 2])
    await came(town, chosen, 6)
    await release(town, FIRST)
    one, other = await results_of(town.runtime, chosen), await results_of(town.runtime, anyone)
    assert one.results.invited is not None
    assert (one.results.invited.invited, one.results.invited.size, one.results.invited.rate) == (30, 60, 0.2)
    assert one.results.overall is not None
    assert one.results.overall.share == pytest.approx(4 / 6)
    assert one.results.overall.low is not None
    assert other.kind is WaveKind.OPEN
    assert other.results.invited is None
    assert other.results.overall is not None
    assert other.results.overall.low is None


async def test_partial_and_assisted_answers_are_counted_apart(town: Town) -> None:
    wave = await the_open_one(town)
    await answer(town, wave, [5] * 6)
    await answer(town, wave, [4] * 5, partial=True)
    await answer(town, wave, [3] * 5, assisted=True)
    await release(town, FIRST)
    shown = await results_of(town.runtime, wave)
    assert (shown.results.n, shown.partial, shown.assisted) == (16, 5, 5)


async def test_what_was_shown_once_is_remembered_and_a_few_more_are_not_told(town: Town) -> None:
    # given twelve answers that were shown
    wave = await the_open_one(town)
    await answer(town, wave, [5] * 12)
    await release(town, FIRST)
    first = await results_of(town.runtime, wave)
    assert first.results.overall is not None
    assert first.results.overall.n == 12
    cells = await town.store.read(lambda conn: list(conn.execute(select(published_cells))))
    assert {(row.cut, row.kind, row.n) for row in cells} >= {("all", "open", 12)}
    # when it is asked again, then nothing new is entered
    again = await results_of(town.runtime, wave)
    assert again.results == first.results
    assert len(await town.store.read(lambda conn: list(conn.execute(select(published_cells))))) == len(cells)
    # when five more came the day after, the difference may be known; of three more it may not
    await answer(town, wave, [1] * 5, village=1)
    await release(town, SECOND)
    more = await results_of(town.runtime, wave)
    assert more.results.overall is not None
    assert more.results.overall.n == 17


async def test_other_waves_of_the_same_days_leave_no_village_to_be_told(town: Town) -> None:
    anyone = await the_open_one(town)
    second = await town.open(code="hai")
    await answer(town, anyone, [5] * 9)
    await answer(town, second, [1] * 9)
    await release(town, FIRST)
    shown = await results_of(town.runtime, second)
    assert not shown.alone
    assert shown.results.villages == {}
    assert shown.results.overall is not None
    assert shown.results.overall.share == 0


async def test_villages_are_told_after_the_close_and_the_small_with_what_would_betray_it_are_not(town: Town) -> None:
    # given three villages, of which one has seven answers, one twelve, and one three that only the close lets go
    wave = await town.open(code="y-kien")
    for village, n in enumerate((7, 12, 3)):
        await answer(town, wave, [4] * n, village=village)
    await release(town, FIRST)
    running = await results_of(town.runtime, wave)
    assert (running.over, running.results.villages) == (False, {})
    # when it is closed
    await town.act(wave, Close())
    town.at += responses.CLOSING
    await town.gathered()
    survey, rng = town.commune.survey, Random(5)
    await town.store.write(
        lambda tx: responses.close_wave(tx, town.runtime.vault, wave.id, lambda _version: survey, SECOND, rng)
    )
    shown = await results_of(town.runtime, await town.again(wave))
    # then the whole and the large village can be seen, but not what leaves three
    assert shown.over
    seen = {id: one.n for id, one in shown.results.villages.items() if not one.withheld}
    assert set(seen.values()) <= {7, 12}
    told = [shown.results.overall.n if shown.results.overall else 0, *seen.values()]
    assert all((told[0] or 0) - (n or 0) not in (1, 2, 3, 4) for n in told)
    assert (told[0] or 0) - sum(n or 0 for n in seen.values()) not in (1, 2, 3, 4)


async def test_nothing_weighted_is_told_where_the_memory_withholds_a_village(town: Town) -> None:
    # given an invited wave of which the figures were shown
    await town.frame("Hộ", [], paper=60)
    wave = await town.open("Hộ", code="moi", sample=30)
    await answer(town, wave, [5] * 9)
    await answer(town, wave, [4] * 8, village=1)
    await came(town, wave, 17)
    await release(town, FIRST)
    first = await results_of(town.runtime, wave)
    assert first.results.invited is not None
    # when more came since, and beside what is entered as published the difference would be two people
    await answer(town, wave, [1] * 5)
    await release(town, SECOND)
    await town.runtime.store.write(
        lambda tx: tx.execute(published_cells.update().values(n=published_cells.c.n + 3)).rowcount
    )
    second = await results_of(town.runtime, wave)
    assert second.results.overall is not None
    assert second.results.overall.withheld
    assert second.results.invited is not None
    told = (second.results.invited.design_effect, second.results.invited.effective_n, second.results.invited.weighted)
    assert told == (None, None, None)


async def test_sealed_figures_are_told_after_the_close_only(town: Town) -> None:
    wave = await town.open(code="mat-tran", owner=Owner.FRONT)
    await answer(town, wave, [5] * 7)
    with pytest.raises(NotYet):
        await results_of(town.runtime, wave)
    await town.act(wave, Close())
    with pytest.raises(NotYet):
        await results_of(town.runtime, await town.again(wave))
    town.at += responses.CLOSING
    await town.gathered()
    survey, rng = town.commune.survey, Random(3)
    await town.store.write(
        lambda tx: responses.close_wave(tx, town.runtime.vault, wave.id, lambda _version: survey, SECOND, rng)
    )
    shown = await results_of(town.runtime, await town.again(wave))
    assert shown.results.n == 7


async def test_figures_wait_for_the_last_answers_after_the_close(town: Town) -> None:
    # given a wave with answers that are released and three that are too few to be
    wave = await town.open(code="quy-4")
    await answer(town, wave, [5] * 6)
    await release(town, FIRST)
    await answer(town, wave, [4] * 3)
    assert (await results_of(town.runtime, wave)).results.n == 6
    # when it is closed, then it has no figures until these came to rest, however long that takes
    await town.act(wave, Close())
    for passed in (0, responses.CLOSING):
        town.at += passed
        with pytest.raises(StillReleasing):
            await results_of(town.runtime, await town.again(wave))
    await town.gathered()
    with pytest.raises(StillReleasing):
        await results_of(town.runtime, await town.again(wave))
    survey, rng = town.commune.survey, Random(3)
    await town.store.write(
        lambda tx: responses.close_wave(tx, town.runtime.vault, wave.id, lambda _version: survey, SECOND, rng)
    )
    shown = await results_of(town.runtime, await town.again(wave))
    # and three of nine are counted with nothing said, which is told
    assert (shown.results.n, shown.bare) == (9, 3)
    assert any("3 phiếu chỉ được đếm" in line for line in printed(shown, Owner.COMMITTEE, app_wording()))


async def test_fewer_than_five_are_a_number_and_nothing_more(town: Town) -> None:
    wave = await the_open_one(town)
    shown = await results_of(town.runtime, wave)
    assert shown.results.withheld
    assert printed(shown, Owner.COMMITTEE, app_wording())[1] == "Ý kiến tự nguyện, không suy rộng cho toàn xã"


async def test_a_question_that_nobody_answered_has_nothing_to_hide(town: Town) -> None:
    wave = await the_open_one(town)
    await answer(town, wave, [5] * 6)
    await release(town, FIRST)
    shown = await results_of(town.runtime, wave)
    lines = printed(shown, Owner.COMMITTEE, app_wording())
    text = shown.survey.question("mot").text
    assert [line for line in lines if line.startswith(text)] == [f"{text}\t0 ý kiến"]
