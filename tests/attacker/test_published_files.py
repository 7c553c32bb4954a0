"""Given every file of a year, nobody can work out a number that was kept back; with no memory, they could."""

import csv
import json
from collections.abc import Iterable
from datetime import date
from io import StringIO

import pytest

from storage.store import Store
from surveys.definition import Kind, Question
from surveys.disclosing import answers_of, outside_of
from surveys.statistics import MINIMUM
from tests.attacker.published_year import PERIODS, YEAR, Year, publish_year
from tests.attacker.reading_files import Claim, Days, read_files
from tests.attacker.solving import System, pieces, within
from tests.stores import SampleCommune

FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
_PROMOTERS, _DETRACTORS = ("9", "10"), tuple(str(score) for score in range(7))

Found = list[tuple[tuple[str, ...], Days, int]]
"""What was kept back and is found all the same, with its number."""


def attack(year: Year) -> tuple[Found, int]:
    """All that can be worked out of small numbers that were kept back, and how many of these there are."""
    claims = within(read_files(year.files, year.survey), FIRST, LAST)
    found: Found = []
    kept_back = 0
    for question in year.survey.questions:
        if answers_of(question):
            some, all = _counts(year, question, claims)
            found, kept_back = found + some, kept_back + all
    for way in ("village", "channel"):
        some, all = _parts(year, way, claims)
        found, kept_back = found + some, kept_back + all
    return found, kept_back


def _counts(year: Year, question: Question, claims: Iterable[Claim]) -> tuple[Found, int]:
    """Levels and choices of one question, and how many answered it."""
    mine = [one for one in claims if one.about[0] == "all" or one.about[1:2] == (question.id,)]
    system = _system(question, mine)
    hidden = {(one.about, one.days) for one in mine if one.value is None and one.about[0] in {"key", "n"}}
    shown = {(one.about, one.days) for one in mine if one.value is not None}
    found: Found = []
    small = 0
    for about, days in sorted(hidden - shown):
        keys = about[2:] if about[0] == "key" else () if question.kind is Kind.MULTIPLE else answers_of(question)
        if len(keys) > 1 and about[0] == "key":
            continue  # a group of levels: what n and the figure tell of it is no secret (docs/decisions/0011)
        tally = year.tally(*days).get(question.id, {})
        truth = int(sum(tally.get(key, 0) for key in keys))
        if not 0 < truth < MINIMUM:
            continue
        small += 1
        told = system.told(system.over(_names(question, keys), days))
        if told is not None:
            assert told == truth
            found.append((about, days, told))
    return found, small


def _names(question: Question, keys: Iterable[str]) -> list[str]:
    """Of several choices each is a question of its own: who made it, and who did not."""
    return [f"n {key}" for key in keys] if question.kind is Kind.MULTIPLE else list(keys)


def _system(question: Question, claims: Iterable[Claim]) -> System:
    claims = list(claims)
    system, answers = System(pieces(one.days for one in claims)), answers_of(question)
    several = question.kind is Kind.MULTIPLE
    sums = [(f"n {choice}", f"not {choice}") for choice in answers] if several else [answers]
    beside = (*outside_of(question), "was not asked")
    for one in claims:
        if one.value is None:
            continue
        of, keys = one.about[0], one.about[2:]
        rows = {
            "all": [system.over((*names, *beside), one.days) for names in sums],
            "n": [system.over(names, one.days) for names in sums],
            "high": [system.over(("4", "5"), one.days)],
            "key": [system.over(_names(question, keys), one.days)],
            "nps": [
                system.over(_PROMOTERS, one.days) | {var: -by for var, by in system.over(_DETRACTORS, one.days).items()}
            ],
        }
        for row in rows[of]:
            system.holds(row, one.value)
    system.solve()
    return system


def _parts(year: Year, way: str, claims: Iterable[Claim]) -> tuple[Found, int]:
    """Who answered, by village (the overall question) or by channel (any question)."""
    whole = ("n", "chung") if way == "village" else ("all",)
    mine = [one for one in claims if one.about == whole or one.about[0] == way]
    names = sorted({one.about[1] for one in mine if one.about[0] == way} - {"other"})
    system = System(pieces(one.days for one in mine))
    for one in mine:
        if one.value is not None and one.about[1:] != ("other",):
            parts = (*names, "nobody's") if one.about == whole else one.about[1:]
            system.holds(system.over(parts, one.days), one.value)
    system.solve()
    shown = {(one.about[1], one.days) for one in mine if one.about[0] == way and one.value is not None}
    days = {one.days for one in mine if one.about[0] == way}
    found: Found = []
    small = 0
    for name in names:
        for span in sorted(days):
            truth = _truth(year, way, name, span)
            if (name, span) in shown or not 0 < truth < MINIMUM:
                continue
            small += 1
            told = system.told(system.over((name,), span))
            if told is not None:
                assert told == truth
                found.append(((way, name), span, told))
    return found, small


def _truth(year: Year, way: str, name: str, days: Days) -> int:
    mine = [one for one in year.voices if days[0] <= one.day <= days[1]]
    if way == "channel":
        return len([one for one in mine if one.channel == name])
    place = year.villages.get(name, -1)
    said = [one.answers.get("chung") for one in mine if one.village == place]
    return len([answer for answer in said if answer in {1, 2, 3, 4, 5}])


# --- the year -----------------------------------------------------------------------------------------------------


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """One engine is enough: the figures are the same on both."""
    return sqlite_url


_made: dict[bool, Year] = {}


async def year_of(store: Store, commune: SampleCommune, *, memory: bool = True) -> Year:
    """Made once for all tests of this file."""
    if memory not in _made:
        _made[memory] = await publish_year(store, commune, memory=memory)
    return _made[memory]


async def test_nobody_can_work_out_what_a_years_files_keep_back(store: Store, commune: SampleCommune) -> None:
    year = await year_of(store, commune)

    found, kept_back = attack(year)

    assert kept_back > 100, "there is something to be found"
    assert found == []


async def test_without_memory_the_same_files_give_small_numbers_away(store: Store, commune: SampleCommune) -> None:
    """The attacker is able: each report protected alone is not enough."""
    year = await year_of(store, commune, memory=False)

    found, _ = attack(year)

    assert {about[0] for about, _, _ in found} >= {"key", "village"}
    assert len(found) >= 5


async def test_every_kind_of_file_is_read(store: Store, commune: SampleCommune) -> None:
    """An attacker who overlooks a file proves nothing."""
    year = await year_of(store, commune)
    for ending in (".docx", ".xlsx", ".csv", ".json"):
        some = {name: body for name, body in year.files.items() if name.endswith(ending)}
        assert len(some) >= len(PERIODS)
        claims = read_files(some, year.survey)
        assert len([one for one in claims if one.value is not None]) > 40, ending


async def test_sensitive_cases_are_told_outside_for_the_year_alone(store: Store, commune: SampleCommune) -> None:
    year = await year_of(store, commune)
    outside = {name: body for name, body in year.files.items() if "cong-bo" in name}
    rows = [
        row
        for name, body in outside.items()
        if name.endswith(".csv")
        for row in csv.DictReader(StringIO(body.decode("utf-8-sig")))
    ]

    sensitive = [row for row in rows if "conduct" in row["cut"] or "ethnic_religion" in row["cut"]]
    assert {(row["first"], row["last"]) for row in sensitive} == {(str(FIRST), str(LAST))}
    for row in sensitive:
        group, _, id = row["cut"].partition(":")
        truth = len(year.sensitive[group, id])
        assert row["value"] == ("" if 0 < truth < MINIMUM else str(truth))
    # Nor is one of them in any sum: of every period the parts are the whole.
    for key in {(row["first"], row["last"]) for row in rows if _received(row)}:
        mine = {row["cut"]: int(row["value"]) for row in rows if _received(row) and (row["first"], row["last"]) == key}
        whole = mine.pop("all")
        for group in ("kind", "category", "village"):
            assert sum(n for cut, n in mine.items() if cut.startswith(group)) == whole
    assert all(json.loads(body)["audience"] == "public" for name, body in outside.items() if name.endswith(".json"))


def _received(row: dict[str, str]) -> bool:
    return row["subject"] == "cases" and row["measure"] == "received"
