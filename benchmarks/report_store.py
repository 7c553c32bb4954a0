"""A store with the rollups of very many responses, and the figures of a quarter asked of it again and again."""

import time
from datetime import date, timedelta
from functools import partial
from random import Random

from sqlalchemy import Connection

from app.report_source import StoreSource
from benchmarks.figures import sqlite_stores
from benchmarks.figures_month import Place
from benchmarks.report import MADE, PLAN
from reports.figures import Figures, build
from reports.periods import parse
from reports.source import Answered, CaseLine
from storage.opening import open_store
from storage.rollups import Part, fold
from storage.tx import Tx
from storage.waves import publish
from surveys.definition import Kind, Question, Survey
from surveys.ready import ready
from surveys.tally import Tally

PERIOD = parse("2026-Q3")
FIRST, LAST = date(2026, 4, 1), date(2026, 9, 30)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
CASES = 400
FIELDS = ("roads", "environment", "land", "procedures", "social_policy")


class Busy(StoreSource):
    """Survey figures from the store, cases from a list."""

    def __init__(self, conn: Connection, unit: int) -> None:
        super().__init__(conn, unit)
        self.lines, self.timed = some_cases(Random(5), [one.id for one in self.commune().villages])

    def cases(self, first: date, last: date) -> list[CaseLine]:
        return [one for one in self.lines if one.opened <= last and (one.answered is None or one.answered >= first)]

    def answers(self, first: date, last: date) -> list[Answered]:
        return [one for one in self.timed if first <= one.day <= last]


def some_cases(rng: Random, villages: list[int]) -> tuple[list[CaseLine], list[Answered]]:
    lines, timed = [], []
    for _ in range(CASES):
        day = rng.choice(DAYS)
        answered = day + timedelta(days=rng.choice((1, 2, 3, 5, 8, 13, 40)))
        kind, field, village = (
            rng.choice(("feedback", "petition", "dialogue")),
            rng.choice(FIELDS),
            rng.choice(villages),
        )
        done = answered if answered <= LAST else None
        lines.append(CaseLine(kind=kind, category=field, village=village, opened=day, answered=done))
        if done:
            kept = rng.random() < 0.8
            timed.append(
                Answered(
                    kind=kind, category=field, village=village, works="", day=done, in_time=kept, by_first_day=kept
                )
            )
    return lines, timed


# --- filling ----------------------------------------------------------------------------------------------------------


def tally_of(question: Question, n: int, rng: Random) -> Tally:
    """What `n` people say to one question."""
    match question.kind:
        case Kind.LIKERT5:
            keys, weights = list("1234509"), [3, 5, 15, 40, 30, 5, 2 if question.not_applicable else 0]
        case Kind.SINGLE | Kind.MULTIPLE:
            keys = [choice.id for choice in question.choices]
            weights = [len(keys) - at for at in range(len(keys))]
        case Kind.YESNO:
            keys, weights = ["yes", "no"], [3, 1]
        case _:
            return {"n": n}
    left, all, found = n, sum(weights), {}
    for key, weight in zip(keys, weights, strict=True):
        found[key] = min(left, round(n * weight / all) + rng.randint(0, 2))
        left -= found[key]
    found[keys[3 if question.kind is Kind.LIKERT5 else 0]] += left
    return {key: count for key, count in found.items() if count}


def day_of(place: Place, survey: Survey, each: int, rng: Random) -> dict[Part, dict[str, Tally]]:
    """The counts of a day: `each` responses from every village by every channel."""
    return {
        Part(village, channel): {"": {"n": each}, **{one.id: tally_of(one, each, rng) for one in survey.questions}}
        for village, channel in place.parts()
    }


async def fill(place: Place, survey: Survey, count: int, rng: Random) -> int:
    """The rollups of about `count` responses; how many there are."""
    each = max(1, count // (len(DAYS) * len(place.parts())))

    def unit(tx: Tx, day: date) -> None:
        fold(tx, place.version, day, day_of(place, survey, each, rng))

    for day in DAYS:
        await place.store.write(partial(unit, day=day))
    return each * len(DAYS) * len(place.parts())


async def figures_of(count: int, rounds: int) -> tuple[list[tuple[bytes, float]], int]:
    """The figures of every round with the CPU seconds of asking for them, and how many responses there are."""
    rng, survey = Random(4), ready("chinh_quyen_than_thien")
    found: list[tuple[bytes, float]] = []
    with sqlite_stores() as new_url:
        place = Place(open_store(new_url("report")))
        await place.seed()
        await place.store.write(lambda tx: _published(tx, place, survey))
        total = await fill(place, survey, count, Random(3))
        for _ in range(rounds):
            # Some more people, so that no round makes the document of the one before.
            await place.store.write(partial(_some_more, place=place, survey=survey, rng=rng))
            start = time.process_time()
            figures = await place.store.read(lambda conn: _figures(conn, place.unit))
            found.append((figures.encode(), time.process_time() - start))
        await place.store.close()
    return found, total


def _figures(conn: Connection, unit: int) -> Figures:
    return build(Busy(conn, unit), PERIOD, PLAN, sample=False, made_on=MADE)


def _some_more(tx: Tx, place: Place, survey: Survey, rng: Random) -> None:
    fold(tx, place.version, LAST, day_of(place, survey, rng.randint(3, 9), rng))


def _published(tx: Tx, place: Place, survey: Survey) -> None:
    place.version = publish(tx, place.unit, survey, survey.id, 0).version
