"""The figures of a report counted again from the raw rows, by nothing but SQL and plain arithmetic."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from json import loads
from statistics import median
from typing import Any

from sqlalchemy import Connection, text

_HERE = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class Response:
    """One released response: thôn (None where it was blanked), channel, day of release, and its answers."""

    village: int | None
    channel: str
    day: date
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its local days, and whether the first answer came by the promised day."""

    kind: str
    category: str
    village: int | None
    opened: date
    answered: date | None


@dataclass(frozen=True, slots=True)
class Raw:
    """Everything of one commune."""

    responses: list[Response]
    cases: list[Case]

    def between(self, first: date, last: date) -> list[Response]:
        """Responses released on these days."""
        return [one for one in self.responses if first <= one.day <= last]


def raw(conn: Connection, commune: int) -> Raw:
    """Read every row once."""
    said: dict[int, dict[str, Any]] = {}
    for row in conn.execute(text("SELECT response_id, question, value FROM answers")):
        said.setdefault(row.response_id, {})[row.question] = None if row.value is None else loads(row.value)
    responses = [
        Response(row.village_id, row.channel, date.fromisoformat(row.day), said.get(row.id, {}))
        for row in conn.execute(
            text("SELECT id, village_id, channel, day FROM responses WHERE unit_id = :unit"), {"unit": commune}
        )
    ]
    cases = [
        Case(row.kind, row.category, row.village_id, _day(row.opened_at), row.answered_at and _day(row.answered_at))
        for row in conn.execute(
            text("SELECT kind, category, village_id, opened_at, answered_at FROM cases WHERE unit_id = :unit"),
            {"unit": commune},
        )
    ]
    return Raw(responses, cases)


def _day(at: int) -> date:
    return datetime.fromtimestamp(at / 1000, _HERE).date()


def levels(responses: list[Response], question: str) -> Counter[int]:
    """How many gave each level of a satisfaction question, those of 1 to 5 alone."""
    given = (one.answers.get(question) for one in responses)
    return Counter(level for level in given if isinstance(level, int) and 1 <= level <= 5)


def content(found: Counter[int]) -> float | None:
    """The share of levels 4 and 5."""
    n = found.total()
    return (found[4] + found[5]) / n if n else None


def chosen(responses: list[Response], question: str) -> Counter[str]:
    """How many chose each choice of a question with one or several answers."""
    given = [one.answers.get(question) for one in responses]
    several = [one if isinstance(one, list) else [one] for one in given if one is not None]
    return Counter(str(choice) for some in several for choice in some)


def rows(cases: list[Case], key: Callable[[Case], str], first: date, last: date) -> dict[str, tuple[int, int, int]]:
    """Received and answered in these days and open at their end, by any part of a case."""
    found = {}
    for id in {key(one) for one in cases}:
        mine = [one for one in cases if key(one) == id]
        found[id] = (
            sum(first <= one.opened <= last for one in mine),
            sum(one.answered is not None and first <= one.answered <= last for one in mine),
            sum(one.opened <= last and (one.answered is None or one.answered > last) for one in mine),
        )
    return found


def middle(cases: list[Case], first: date, last: date) -> float | None:
    """The median of the days that answers of this time took."""
    took = [(one.answered - one.opened).days for one in cases if one.answered and first <= one.answered <= last]
    return float(median(took)) if took else None
