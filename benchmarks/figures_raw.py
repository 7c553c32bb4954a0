"""The numbers of a month counted from the raw rows by DuckDB, and the same numbers as the program has them.

DuckDB gets the very rows that went into the store, in tables of its own and all in memory, before any clock runs: what
is measured is its counting, on as many cores as there are. It reads CSV with what it brings along; nothing is fetched.
"""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import duckdb
import msgspec

from app.report_source import StoreSource
from benchmarks.figures_month import FIRST, LAST
from surveys.statistics import satisfaction

_SAME_DAYS = f"r.day BETWEEN '{FIRST}' AND '{LAST}'"
_PEOPLE = f"SELECT channel, count(*) FROM responses r WHERE {_SAME_DAYS} GROUP BY channel"
_EACH = f"""CREATE OR REPLACE TEMP TABLE each AS
    SELECT r.village, a.question, a.value, count(*) AS many
    FROM answers a JOIN responses r ON r.id = a.response WHERE {_SAME_DAYS} GROUP BY r.village, a.question, a.value"""
# Likert as it is stored, JSON of the number; "0" and "9" are no opinion. Top two of five, as surveys.statistics has it.
_SHARES = """SELECT village, question,
    CAST(sum(many) FILTER (value IN ('4', '5')) AS DOUBLE) / sum(many) FILTER (value BETWEEN '1' AND '5')
    FROM each GROUP BY GROUPING SETS ((question), (village, question))"""


class Numbers(msgspec.Struct, frozen=True):
    """By channel how many responded; by question, and by thôn and question, each count; the satisfaction of both."""

    responses: dict[str, int]
    counts: dict[str, dict[str, float]]
    by_village: dict[int, dict[str, dict[str, float]]]
    satisfied: dict[str, float | None]
    satisfied_by_village: dict[tuple[int, str], float | None]


class Rows:
    """The raw rows on their way to DuckDB, in two files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._responses: IO[str] = (folder / "responses.csv").open("w")
        self._answers: IO[str] = (folder / "answers.csv").open("w")

    def add(self, day: str, made: Iterable[dict[str, object]], said: Iterable[tuple[int, str, str]]) -> None:
        """The rows of a day, as the store got them."""
        self._responses.writelines(f"{one['id']},{one['village_id']},{one['channel']},{day}\n" for one in made)
        self._answers.writelines("%d,%s,%s\n" % one for one in said)  # noqa: UP031 - twice as fast, forty million times

    def load(self) -> duckdb.DuckDBPyConnection:
        """A database in memory that holds them."""
        for file in (self._responses, self._answers):
            file.close()
        db = duckdb.connect()
        db.execute("CREATE TABLE responses (id BIGINT, village BIGINT, channel VARCHAR, day VARCHAR)")
        db.execute("CREATE TABLE answers (response BIGINT, question VARCHAR, value VARCHAR)")
        for name in ("responses", "answers"):
            db.execute(f"COPY {name} FROM '{self._folder / name}.csv' (HEADER false)")
        return db


def counted(db: duckdb.DuckDBPyConnection) -> tuple[Numbers, float]:
    """The numbers by DuckDB, and the seconds it took."""
    start = time.perf_counter()
    people = db.execute(_PEOPLE).fetchall()
    db.execute(_EACH)
    each = db.execute("SELECT village, question, value, many FROM each").fetchall()
    shares = db.execute(_SHARES).fetchall()
    counts: dict[str, dict[str, float]] = {}
    by_village: dict[int, dict[str, dict[str, float]]] = {}
    for village, question, value, many in each:
        here = by_village.setdefault(village, {}).setdefault(question, {})
        here[value] = many
        whole = counts.setdefault(question, {})
        whole[value] = whole.get(value, 0) + many
    found = Numbers(
        responses=dict(people),
        counts=counts,
        by_village=by_village,
        satisfied={question: share for village, question, share in shares if village is None},
        satisfied_by_village={(village, question): share for village, question, share in shares if village is not None},
    )
    return found, time.perf_counter() - start


def kept(source: StoreSource, version: int) -> Numbers:
    """The numbers by the program."""
    counts = source.tallies(version, FIRST, LAST)
    by_village = source.tallies_by_village(version, FIRST, LAST)
    return Numbers(
        responses=source.responses(version, FIRST, LAST),
        counts=counts,
        by_village=by_village,
        satisfied={question: satisfaction(said) for question, said in counts.items()},
        satisfied_by_village={
            (village, question): satisfaction(said)
            for village, questions in by_village.items()
            for question, said in questions.items()
        },
    )
