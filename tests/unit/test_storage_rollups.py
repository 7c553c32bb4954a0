"""What is counted as answers are released is what a recount of the answers gives, for any stretch of days."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from storage import responses, rollups
from storage.rollups import Cell, cover, half_of
from storage.store import Store
from storage.tables import answers, sealed_responses
from storage.tables import responses as response_rows
from storage.tables import rollups as rows
from storage.tx import Tx
from storage.vault import Vault
from surveys.definition import Answer
from tests.stores import SampleCommune

YEAR = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(first=YEAR, length=st.integers(0, 120))
def test_halves_and_days_cover_a_stretch_exactly_once(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    halves, days = cover(first, last)
    every = [first + timedelta(days=number) for number in range(length + 1)]
    assert len(halves) == len(set(halves))
    assert sorted([*days, *(day for day in every if half_of(day) in halves)]) == every


@given(year=st.integers(2026, 2030), month=st.integers(2, 12))
def test_calendar_and_statutory_months_need_no_single_day(year: int, month: int) -> None:
    first = date(year, month, 1)
    end = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    assert cover(first, end) == ([half_of(first), half_of(end)], [])
    before = (first - timedelta(days=1)).replace(day=15)
    assert cover(before, first.replace(day=14)) == ([half_of(before), half_of(first)], [])


Batch = tuple[date, list[tuple[int, str, dict[str, Answer]]]]
one_answer = st.fixed_dictionaries(
    {},
    optional={
        "chung": st.sampled_from([None, 0, 1, 2, 3, 4, 5, 9]),
        "mot": st.sampled_from([None, "a", "b"]),
        "nhieu": st.sampled_from([None, (), ("a",), ("b",), ("a", "b")]),
        "so": st.one_of(st.none(), st.integers(-9, 99), st.sampled_from([0.5, 1.25])),
        "gioi_thieu": st.sampled_from([None, *range(11)]),
        "co_khong": st.sampled_from([None, "yes", "no"]),
        "gop_y": st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))),
        "khong_co": st.just("một câu mà phiếu không hỏi"),
    },
)
batch = st.tuples(
    st.dates(date(2026, 9, 1), date(2026, 11, 30)),
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["webchat", "telegram"]), one_answer), max_size=30),
)


async def fill(store: Store, vault: Vault, commune: SampleCommune, batches: list[Batch], rng: Random) -> None:
    """Each batch sealed, and what may be released then, released on its day; at the end the wave is closed."""

    def empty(tx: Tx) -> None:
        for table in (rows, answers, response_rows, sealed_responses):
            tx.execute(delete(table))

    await store.write(empty)
    for day, people in batches:
        for village, channel, said in people:
            await seal(store, vault, commune, said, village=village, channel=channel)
        await release_all(store, vault, commune, day, rng)
    last = max((day for day, _ in batches), default=date(2026, 10, 3))
    await close_all(store, vault, commune, last, rng)


async def seal(
    store: Store,
    vault: Vault,
    commune: SampleCommune,
    said: dict[str, Answer],
    *,
    village: int | None = 0,
    channel: str = "webchat",
) -> None:
    place = None if village is None else commune.villages[village]
    await store.write(
        lambda tx: responses.seal(
            tx,
            vault,
            survey=commune.survey,
            wave=commune.wave,
            unit=commune.commune,
            village=place,
            channel=channel,
            answers=said,
        )
    )


async def release_all(
    store: Store, vault: Vault, commune: SampleCommune, day: date, rng: Random, chunk: int = 12
) -> int:
    total = 0
    while went := await store.write(
        lambda tx: responses.release(tx, vault, lambda _version: commune.survey, day, rng, chunk=chunk)
    ):
        total += went
    return total


async def close_all(store: Store, vault: Vault, commune: SampleCommune, day: date, rng: Random) -> int:
    total = 0
    while went := await store.write(
        lambda tx: responses.close_wave(tx, vault, commune.wave, lambda _version: commune.survey, day, rng, chunk=12)
    ):
        total += went
    return total


def units(commune: SampleCommune) -> list[int]:
    return [commune.commune, *commune.villages]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(batch, max_size=4),
    first=st.dates(date(2026, 8, 20), date(2026, 12, 5)),
    length=st.integers(0, 80),
    seed=st.integers(0, 99),
)
async def test_the_rollups_equal_a_recount(
    store: Store, commune: SampleCommune, vault: Vault, batches: list[Batch], first: date, length: int, seed: int
) -> None:
    # given answers of any kind, released in any batches
    await fill(store, vault, commune, batches, Random(seed))
    last = first + timedelta(days=length)
    # when a stretch of days is read from the rollups and from the answers
    counted = await store.read(lambda conn: rollups.read(conn, commune.version, units(commune), first, last))
    recounted = await store.read(lambda conn: rollups.recount(conn, commune.version, units(commune), first, last))
    # then both say the same
    assert counted == recounted


async def test_days_are_dropped_a_month_after_their_half_and_then_recounted(
    store: Store, commune: SampleCommune, vault: Vault
) -> None:
    # given answers released on two days of one half-month
    rng = Random(1)
    for day in (date(2026, 10, 3), date(2026, 10, 5)):
        for level in (1, 2, 3, 4, 5):
            await seal(store, vault, commune, {"chung": level})
        await release_all(store, vault, commune, day, rng)
    village = commune.villages[0]

    async def periods() -> set[str]:
        return await store.read(lambda conn: set(conn.scalars(select(rows.c.period))))

    async def read(first: date, last: date) -> dict[Cell, dict[str, float]]:
        return await store.read(lambda conn: rollups.read(conn, commune.version, units(commune), first, last))

    # when it is 31 days after the half-month ended, they are still there; the day after, they are gone
    await store.write(lambda tx: rollups.drop_days(tx, date(2026, 11, 14), commune.version))
    assert await periods() == {"2026-10a", "2026-10-03", "2026-10-05"}
    await store.write(lambda tx: rollups.drop_days(tx, date(2026, 11, 15), commune.version))
    assert await periods() == {"2026-10a"}
    # then the month is still read from its halves, and single days from the answers themselves
    assert (await read(date(2026, 10, 1), date(2026, 10, 31)))[Cell(village, "webchat", "")] == {"n": 10}
    assert (await read(date(2026, 10, 4), date(2026, 10, 31)))[Cell(village, "webchat", "")] == {"n": 5}


@pytest.mark.parametrize(
    ("today", "kept"),
    [
        (date(2026, 11, 30), {"2026-10-15", "2026-10-31"}),
        (date(2026, 12, 1), {"2026-10-15", "2026-10-31"}),
        (date(2026, 12, 2), set()),
    ],
)
async def test_the_second_half_is_dropped_by_the_end_of_its_month(
    store: Store, commune: SampleCommune, today: date, kept: set[str]
) -> None:
    def unit(tx: Tx) -> set[str]:
        for day in (date(2026, 10, 15), date(2026, 10, 31)):
            part = rollups.Part(commune.commune, "")
            rollups.fold(tx, commune.version, day, {part: {"": {"n": 5}}})
        rollups.drop_days(tx, today, commune.version)
        return set(tx.execute(select(rows.c.period).where(func.length(rows.c.period) == 10)).scalars())

    assert await store.write(unit) == kept


async def test_counts_stay_whole_numbers(store: Store, commune: SampleCommune) -> None:
    part = rollups.Part(commune.commune, "webchat")

    def unit(tx: Tx) -> None:
        rollups.fold(tx, commune.version, date(2026, 10, 3), {part: {"": {"n": 5}}})

    await store.write(unit)
    await store.write(unit)
    assert await store.read(lambda conn: set(conn.scalars(select(rows.c.counts)))) == {'{"n":10}'}
