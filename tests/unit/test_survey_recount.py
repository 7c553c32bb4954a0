"""The survey numbers of a report, counted again from raw rows by arithmetic that shares nothing with the product."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, select, text

from app.report_source import StoreSource
from app.wave_results import results_of
from app.waves import open_wave
from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import plan
from reports.survey_figures import SurveyFigures
from storage import report_rows, responses, served
from storage.participations import of_invitation
from storage.store import Store
from storage.tables import invitations as invited
from storage.tables import participations as tokens
from storage.tables import waves as wave_table
from storage.tx import Tx
from storage.vault import Vault
from storage.wave_acts import wave as wave_by_id
from storage.waves import publish
from surveys.definition import Answer, Choice, Factor, Kind, Question, Survey
from surveys.waves import Opening, WaveKind
from tests.stores import SampleCommune
from tests.unit.waving import Town, town_of
from vietnam.time import start_of

PLAN = plan("y_tich_2024")
SURVEY = Survey(
    id="dem_lai",
    title="Phiếu đếm lại",
    factors=(Factor(id="f", text="Thủ tục"), Factor(id="g", text="Công chức")),
    questions=(
        Question(id="a", kind=Kind.LIKERT5, text="A", factor="f", not_applicable="Không có"),
        Question(id="b", kind=Kind.LIKERT5, text="B", factor="f"),
        Question(id="c", kind=Kind.LIKERT5, text="C", factor="g"),
        Question(id="tot", kind=Kind.LIKERT5, text="Nhìn chung", overall=True),
        Question(
            id="gioi_tinh",
            kind=Kind.SINGLE,
            text="Nam hay nữ?",
            choices=(Choice(id="nam", text="Nam"), Choice(id="nu", text="Nữ")),
        ),
    ),
)
SCALES = ("a", "b", "c", "tot")
AUGUST, NOVEMBER = date(2026, 8, 20), date(2026, 11, 20)
QUARTER = ("2026-10-01", "2026-12-31")


@dataclass(frozen=True)
class Row:
    """A released response as it lies in the store."""

    village: int
    channel: str
    day: str
    said: dict[str, Answer]


@pytest.fixture
def town(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path) -> Town:
    return town_of(store, store_url, tmp_path, vault, commune)


def answers(random: Random, mood: float) -> dict[str, Answer]:
    weights = (1 - mood, 1 - mood, 1, 3 * mood, 2 * mood, 0.2, 0.15)
    said: dict[str, Answer] = {id: random.choices((1, 2, 3, 4, 5, 0, None), weights)[0] for id in SCALES}
    return {**said, "gioi_tinh": random.choices(("nam", "nu", None), (5, 6, 1))[0]}


async def answered(town: Town, wave: int, random: Random, counts: dict[int, int], day: date) -> None:
    """So many sealed answers of each village, released on a day."""

    def unit(tx: Tx) -> None:
        for village, count in counts.items():
            for at in range(count):
                responses.seal(
                    tx,
                    town.runtime.vault,
                    survey=SURVEY,
                    wave=wave,
                    unit=town.commune.commune,
                    village=town.commune.villages[village],
                    channel="webchat" if at % 3 else "telegram",
                    answers=answers(random, 0.9 - 0.2 * village),
                )

    await town.store.write(unit)
    while await town.store.write(
        lambda tx: responses.release(tx, town.runtime.vault, lambda _version: SURVEY, day, random)
    ):
        pass


async def opened(town: Town) -> int:
    """The questionnaire, open to anyone; its wave."""
    found = await town.store.write(lambda tx: publish(tx, town.commune.commune, SURVEY, "sum", town.at))
    return found.wave


async def drawn(town: Town) -> int:
    """An invited wave over three villages that ended within the quarter; its id."""
    await town.frame("Hộ", [], paper=300)
    meant = Opening(code="moi", kind=WaveKind.INVITED, opens_at=town.at, sample=150)
    wave = await open_wave(town.runtime, town.actor, town.commune.commune, SURVEY.id, meant, "Hộ")

    def came(tx: Tx) -> None:
        rows = list(tx.execute(select(invited.c.id).where(invited.c.wave_id == wave.id)).scalars())
        mine = [{"token": of_invitation(town.runtime.vault, wave.id, row), "wave_id": wave.id} for row in rows[:90]]
        tx.execute(tokens.insert(), mine)
        ends = wave_table.update().where(wave_table.c.id == wave.id).values(closes_at=start_of(NOVEMBER))
        tx.execute(ends)

    await town.store.write(came)
    return wave.id


async def reported(town: Town, key: str) -> Figures:
    def look(conn: Connection) -> Figures:
        source = StoreSource(conn, town.commune.commune, town.runtime.vault, [SURVEY.id])
        return build(source, parse(key), PLAN, sample=False, made_on=date(2027, 1, 4))

    return await town.store.read(look)


async def raw(town: Town, wave: int, first: str, last: str) -> list[Row]:
    """The rows themselves, by hand."""
    query = text(
        "SELECT r.id, r.village_id, r.channel, r.day, a.question, a.value FROM responses r"
        " LEFT JOIN answers a ON a.response_id = r.id WHERE r.wave_id = :wave AND r.day >= :first AND r.day <= :last"
    )
    given = {"wave": wave, "first": first, "last": last}
    lines = await town.store.read(lambda conn: [tuple(row) for row in conn.execute(query, given)])
    found: dict[int, Row] = {}
    for id, village, channel, day, question, value in lines:
        row = found.setdefault(id, Row(village, channel, day, {}))
        if value is not None:
            row.said[question] = json.loads(value)
    return list(found.values())


# --- by hand ----------------------------------------------------------------------------------------------------------


def on_scale(rows: list[Row], question: str) -> list[int]:
    return [said for row in rows if isinstance(said := row.said.get(question), int) and 1 <= said <= 5]


def top2(rows: list[Row], question: str) -> float:
    said = on_scale(rows, question)
    return len([one for one in said if one >= 4]) / len(said)


def wilson(share: float, n: float) -> tuple[float, float]:
    z = 1.959963984540054
    centre, spread = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)


def stratified(rows: list[Row], question: str, sizes: dict[int, int]) -> tuple[float, float, float]:
    """The share of the list with its bounds: villages by their size, without replacement."""
    total, share, variance = sum(sizes.values()), 0.0, 0.0
    for village, size in sizes.items():
        said = [float(one >= 4) for one in on_scale([row for row in rows if row.village == village], question)]
        n, part = len(said), sum(said) / len(said)
        share += size / total * part
        variance += (size / total) ** 2 * (1 - n / size) * sum((one - part) ** 2 for one in said) / (n - 1) / n
    return (share, *wilson(share, share * (1 - share) / variance))


def only(figures: Figures) -> SurveyFigures:
    (survey,) = [one for one in figures.surveys if one.id == SURVEY.id]
    return survey


def counted(rows: list[Row], what: Callable[[Row], str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[what(row)] = found.get(what(row), 0) + 1
    return found


# --- the report -------------------------------------------------------------------------------------------------------


async def test_an_open_survey_is_what_its_rows_say_to_the_last_digit(town: Town) -> None:
    # Given a quarter with answers of four villages, the one before it, and the numbers of the counter
    wave, random = await opened(town), Random(11)
    await answered(town, wave, random, {0: 30, 1: 22, 2: 17}, AUGUST)
    await answered(town, wave, random, {0: 41, 1: 28, 2: 19, 3: 15}, NOVEMBER)
    numbers = {"2026-10": {"Đất đai": 300}, "2026-11": {"": 250}, "2026-12": {"": 117}}
    put = partial(served.put, actor=town.actor, unit=town.commune.commune, months=numbers, now=town.at)
    await town.store.write(put)

    survey = only(await reported(town, "2026-Q4"))

    rows, before = await raw(town, wave, *QUARTER), await raw(town, wave, "2026-07-01", "2026-09-30")
    assert (survey.responses, survey.responses_before) == (len(rows), len(before)) == (103, 69)
    assert {one.id: one.n for one in survey.channels} == counted(rows, lambda row: row.channel)
    assert survey.served is not None
    assert (survey.served.size, survey.served.rate) == (667, 103 / 667)
    for question in survey.likert():
        said = on_scale(rows, question.id)
        assert (question.n, question.index) == (len(said), top2(rows, question.id))
        assert question.before is not None
        assert question.before.n == len(on_scale(before, question.id))
        assert question.before.index == top2(before, question.id)
        for level, count in enumerate(question.counts, start=1):
            assert count is None or count == said.count(level)
    assert [one.index for one in survey.factors] == [(top2(rows, "a") + top2(rows, "b")) / 2, top2(rows, "c")]
    assert [one.estimate for one in survey.likert()] == [None] * 4
    check_villages(survey, rows)
    check_cuts(survey, rows)


def check_villages(survey: SurveyFigures, rows: list[Row]) -> None:
    assert survey.villages is not None
    shown = [row for row in survey.villages.rows if row.n]
    assert len(shown) == 4
    for row in shown:
        here = [one for one in rows if one.village == row.id]
        assert (row.n, row.index) == (len(on_scale(here, "tot")), top2(here, "tot"))


def check_cuts(survey: SurveyFigures, rows: list[Row]) -> None:
    found = {(str(cut.way), row.id): (row.n, row.index) for cut in survey.cuts for row in cut.rows if row.n}
    channels = {("channel", id): [row for row in rows if row.channel == id] for id in ("webchat", "telegram")}
    sexes = {("sex", id): [row for row in rows if row.said.get("gioi_tinh") == id] for id in ("nam", "nu")}
    told = {key: (len(on_scale(here, "tot")), top2(here, "tot")) for key, here in (channels | sexes).items()}
    assert found == told


async def test_an_invited_survey_is_what_its_rows_and_its_list_say(town: Town) -> None:
    # Given a list of three villages of a hundred, and samples of it that answered at other rates
    await opened(town)
    wave = await drawn(town)
    await answered(town, wave, Random(12), {0: 45, 1: 25, 2: 20}, date(2026, 11, 5))

    survey = only(await reported(town, "2026-Q4"))

    rows = await raw(town, wave, *QUARTER)
    villages = town.commune.villages[:3]
    assert survey.kind == "invited"
    assert survey.sample is not None
    assert (survey.sample.size, survey.sample.invited, survey.sample.answered) == (300, 150, 90)
    assert survey.sample.rate == 90 / 150
    assert (survey.sample.why, survey.sample.weighted) == ("", True)
    for question in survey.likert():
        assert (question.n, question.index) == (len(on_scale(rows, question.id)), top2(rows, question.id))
        told = stratified(rows, question.id, dict.fromkeys(villages, 100))
        assert question.estimate is not None
        found = (question.estimate.value, question.estimate.low, question.estimate.high)
        assert found == tuple(round(one, 3) for one in told)


async def test_a_wave_that_has_not_ended_by_the_last_day_has_no_interval(town: Town) -> None:
    await opened(town)
    wave = await drawn(town)
    later = wave_table.update().values(closes_at=start_of(date(2027, 2, 1)))
    await town.store.write(lambda tx: tx.execute(later).rowcount)
    await answered(town, wave, Random(12), {0: 45, 1: 25, 2: 20}, date(2026, 11, 5))

    survey = only(await reported(town, "2026-Q4"))

    assert survey.sample is not None
    assert survey.sample.why == "running"
    assert [one.estimate for one in survey.likert()] == [None] * 4


async def test_two_makings_of_one_report_are_the_same_bytes(town: Town) -> None:
    await opened(town)
    wave = await drawn(town)
    await answered(town, wave, Random(13), {0: 30, 1: 25, 2: 20}, date(2026, 11, 5))

    one, two = await reported(town, "2026-Q4"), await reported(town, "2026-Q4")

    assert one.encode() == two.encode()


async def test_the_page_of_a_wave_goes_on_beside_cuts_that_a_report_published(town: Town) -> None:
    # Given a quarter's report with channels and groups, remembered
    wave, random = await opened(town), Random(14)
    await answered(town, wave, random, {0: 41, 1: 28}, NOVEMBER)
    cells = (await reported(town, "2026-Q4")).cells()
    assert {"channel:webchat", "group:gioi_tinh:nam"} <= {cell.cut for cell in cells}
    unit = town.commune.commune
    assert await town.store.write(lambda tx: report_rows.keep_cells(tx, unit, cells, published=0))

    # When somebody opens the page of the wave
    row = await town.store.read(lambda conn: wave_by_id(conn, wave))
    assert row is not None
    shown = await results_of(town.runtime, row)

    # Then it has its figures, and the same report made again has the same
    assert shown.results.n == 69
    assert shown.results.overall is not None
    assert shown.results.overall.n is not None
    assert only(await reported(town, "2026-Q4")).cuts
