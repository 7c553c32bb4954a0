"""A commune with a month of released responses, and all that a monthly report asks of it (benchmarks/figures.py)."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from random import Random

from sqlalchemy import Connection, insert, text

from app.report_source import StoreSource
from storage import rollups
from storage.rollups import Part
from storage.store import Store
from storage.tables import responses as rows
from storage.tx import Tx
from storage.units import seed_commune, villages
from storage.waves import publish
from surveys.definition import Kind, Question, Survey
from surveys.tally import Tally

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
DAYS = [FIRST + timedelta(days=number) for number in range(31)]
CHANNELS = ("webchat", "telegram")
QUESTIONS = [f"cau_{number}" for number in range(1, 11)]
Keep = Callable[[str, list[dict[str, object]], list[tuple[int, str, str]]], None]
SURVEY = Survey(
    id="do",
    title="Phiếu đo",
    questions=tuple(Question(id=id, kind=Kind.LIKERT5, text=id, overall=id == "cau_1") for id in QUESTIONS),
)


class Place:
    """A seeded commune in an opened store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.unit = self.version = self.wave = 0
        self.villages: list[int] = []

    async def seed(self) -> None:
        def unit(tx: Tx) -> None:
            names = [f"thôn {number}" for number in range(1, 13)]
            self.unit = seed_commune(tx, province="tỉnh Đo", commune="xã Đo", village_names=names, phone="", contact="")
            published = publish(tx, self.unit, SURVEY, "do", 0)
            self.version, self.wave = published.version, published.wave
            self.villages = [village.id for village in villages(tx.conn, self.unit)]

        await self.store.write(unit)

    def parts(self) -> list[tuple[int, str]]:
        return [(village, channel) for village in self.villages for channel in CHANNELS]

    def row(self, id: int, village: int, channel: str, day: date) -> dict[str, object]:
        return {
            "id": id,
            "unit_id": self.unit,
            "wave_id": self.wave,
            "version_id": self.version,
            "village_id": village,
            "channel": channel,
            "day": day.isoformat(),
            "partial": 0,
            "assisted": 0,
        }


async def fill(place: Place, count: int, rng: Random, keep: Keep | None = None) -> None:
    """Released responses spread over the month, in a transaction a day, with the rollups of that day.

    `keep` is shown the raw rows of each day: rows of responses, and (response, question, value) of answers.
    """
    gap = 2**62 // (count + 1)
    id = 0
    left = count
    slots = len(DAYS) * len(place.parts())
    for day in DAYS:
        batch: dict[Part, dict[str, Tally]] = {}
        made: list[dict[str, object]] = []
        said: list[tuple[int, str, str]] = []
        for village, channel in place.parts():
            n = left // slots
            left, slots = left - n, slots - 1
            # Rising random ids: what costs minutes here is only where a row lands in the tree.
            ids = [id := id + rng.randrange(1, gap) for _ in range(n)]
            made += [place.row(one, village, channel, day) for one in ids]
            tallies: dict[str, Tally] = {"": {"n": n}}
            for question in QUESTIONS:
                values = rng.choices("1234509", weights=(3, 5, 15, 40, 30, 5, 2), k=n)
                tallies[question] = dict(Counter(values))
                said += zip(ids, [question] * n, values, strict=True)
            if n:
                batch[Part(village, channel)] = tallies
        said.sort()
        if keep is not None:
            keep(day.isoformat(), made, said)
        await place.store.write(partial(_day, place=place, day=day, made=made, said=said, batch=batch))


def _day(
    tx: Tx,
    place: Place,
    day: date,
    made: list[dict[str, object]],
    said: list[tuple[int, str, str]],
    batch: dict[Part, dict[str, Tally]],
) -> None:
    if made:
        tx.execute(insert(rows), made)
    if tx.postgres and said:
        unnested = text(
            "INSERT INTO answers SELECT * FROM unnest(CAST(:i AS bigint[]), CAST(:q AS text[]), CAST(:v AS text[]))"
        )
        i, q, v = zip(*said, strict=True)
        tx.execute(unnested, {"i": list(i), "q": list(q), "v": list(v)})
    elif said:
        tx.conn.exec_driver_sql("INSERT INTO answers VALUES (?, ?, ?)", said)
    rollups.fold(tx, place.version, day, batch)


def month(conn: Connection, unit: int) -> int:
    """Everything a monthly report asks; the number of responses."""
    source = StoreSource(conn, unit)
    total = 0
    for one in source.asked(FIRST, LAST):
        total += sum(source.responses(one.version, FIRST, LAST).values())
        source.tallies(one.version, FIRST, LAST)
        source.tallies_by_village(one.version, FIRST, LAST)
    source.cases(FIRST, LAST)
    return total
