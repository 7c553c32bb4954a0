"""Which posters bring people: dialogues begun, counted by day and place, joined to no answer.

A place counts only once a poster was made for it, so that nobody fills the store with invented words.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, insert, select

from storage import counters as counting
from storage.tables import counters, source_words, survey_versions, surveys, waves
from storage.tx import Tx
from surveys.definition import Privacy, Survey
from surveys.waves import Owner, WaveKind

_HEAD = "source"
_RUNNING = ("open", "planned")


@dataclass(frozen=True, slots=True)
class Asked:
    """A wave that is asked, or will be, and what a poster says of it. `closes_at` in UTC ms."""

    id: int
    version: int
    code: str
    kind: WaveKind
    owner: Owner
    title: str
    privacy: Privacy
    opens_at: int
    closes_at: int | None


def running(conn: Connection, unit: int, code: str) -> Asked | None:
    """The commune's wave of that code, or the newest of the survey of that name; None where none is running."""
    query = (
        select(waves, survey_versions.c.title.label("survey_title"), survey_versions.c.body)
        .join(survey_versions, survey_versions.c.id == waves.c.version_id)
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        .where(waves.c.unit_id == unit, waves.c.state.in_(_RUNNING))
        .where((waves.c.code == code) | (surveys.c.slug == code))
        .order_by(waves.c.code != code, waves.c.opens_at.desc(), waves.c.id.desc())
        .limit(1)
    )
    row = conn.execute(query).one_or_none()
    if row is None:
        return None
    return Asked(
        id=row.id,
        version=row.version_id,
        code=row.code,
        kind=WaveKind(row.kind),
        owner=Owner(row.owner),
        title=row.title or row.survey_title,
        privacy=msgspec.json.decode(row.body, type=Survey).privacy,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
    )


def running_codes(conn: Connection, unit: int) -> list[str]:
    """Codes of the waves that a poster can be made for."""
    mine = select(waves.c.code).where(waves.c.unit_id == unit, waves.c.state.in_(_RUNNING))
    return list(conn.scalars(mine.order_by(waves.c.code)))


def register(tx: Tx, unit: int, code: str, place: str, now: int) -> None:
    """From now on dialogues that begin at this place are counted. `place` is a word of surveys.sources."""
    counting.add(tx, _name(unit, code, place), now, by=0)


def number_of(tx: Tx, unit: int, word: str) -> int:
    """The short number of a poster's word, for where no link can carry it ("KS 12"); the same each time."""
    mine = source_words.c.unit_id == unit
    found: int | None = tx.conn.scalar(select(source_words.c.number).where(mine, source_words.c.word == word))
    if found is None:
        found = int(tx.conn.scalar(select(func.max(source_words.c.number)).where(mine)) or 10) + 1
        tx.execute(insert(source_words).values(unit_id=unit, number=found, word=word))
    return found


def known_number(conn: Connection, unit: int, word: str) -> int:
    """The short number of a word, 0 where no poster was made with it."""
    query = select(source_words.c.number).where(source_words.c.unit_id == unit, source_words.c.word == word)
    return conn.scalar(query) or 0


def word_of(conn: Connection, unit: int, number: int) -> str:
    """The word of a poster by its short number, "" where there is none."""
    query = select(source_words.c.word).where(source_words.c.unit_id == unit, source_words.c.number == number)
    return conn.scalar(query) or ""


def began(tx: Tx, unit: int, code: str, place: str, now: int) -> None:
    """A dialogue began through the poster of a place; a place that no poster was made for is counted under "-"."""
    name = _name(unit, code, place)
    known = tx.conn.scalar(select(counters.c.name).where(counters.c.name == name).limit(1))
    counting.add(tx, name if known else _name(unit, code, "-"), now)


def totals(conn: Connection, unit: int, code: str) -> dict[str, int]:
    """How many dialogues began, by the word of the place ("-": without a poster's word); all days together."""
    head = _name(unit, code, "")
    query = (
        select(counters.c.name, func.sum(counters.c.count))
        .where(counters.c.name >= head, counters.c.name < head + "~")
        .group_by(counters.c.name)
    )
    return {name.removeprefix(head): int(count) for name, count in conn.execute(query)}


def _name(unit: int, code: str, place: str) -> str:
    return f"{_HEAD}.{unit}.{code}.{place}"
