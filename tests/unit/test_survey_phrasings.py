"""The table of phrasings (tests/unit/phrasings): what people type, and what it must be read as."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from surveys.definition import Answer, Kind, Question
from surveys.understanding import SKIP, Misread, from_token, understand

TODAY = "2026-11-25"
SURVEYS = Path(__file__).parents[2] / "surveys"
FOLDER = Path(__file__).parent / "phrasings"


class Row(msgspec.Struct, frozen=True):
    """One typed text at one question, and what comes of it."""

    question: Question
    typed: str
    expected: Answer | Misread


def outcome(read: dict[str, Any]) -> Answer | Misread:
    if read.get("ask") == "skip":
        return SKIP
    if "ask" in read:
        return Misread(read["ask"], tuple(read.get("between", ())))
    return tuple(read["as"]) if isinstance(read["as"], list) else read["as"]


def rows() -> list[Row]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for id, group in tomllib.loads(path.read_text("utf-8")).items():
            reads = group.pop("read")
            question = msgspec.convert({"id": id, **group}, Question)
            found += [Row(question, typed, outcome(read)) for read in reads for typed in read["typed"]]
    return found


ROWS = rows()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.question.id}: {row.typed}")
def test_what_people_type(row: Row) -> None:
    read = understand(row.question, row.typed, today=TODAY)
    assert read == row.expected
    assert type(read) is type(row.expected)


def test_what_it_could_be_can_be_pressed() -> None:
    asked_back = [row for row in ROWS if isinstance(row.expected, Misread) and row.expected.candidates]
    assert len(asked_back) > 50
    for row in asked_back:
        assert isinstance(row.expected, Misread)
        answers = [from_token(row.question, token) for token in row.expected.candidates]
        assert len(answers) in {2, 3}
        assert not any(isinstance(answer, Misread) for answer in answers), row


def test_the_table_is_long_enough_and_says_nothing_twice() -> None:
    assert len(ROWS) >= 300
    twice = [key for key, times in Counter((row.question.id, row.typed) for row in ROWS).items() if times > 1]
    assert twice == []


def test_the_table_has_every_kind_and_every_reason() -> None:
    assert {row.question.kind for row in ROWS} == set(Kind)
    given = {row.expected.reason for row in ROWS if isinstance(row.expected, Misread)}
    assert given == reasons() - {"unknown"}  # a button of another question: nothing that can be typed


def test_every_reason_is_explained_where_it_is_declared() -> None:
    words = set(re.findall(r"\w+", Misread.__doc__ or ""))
    assert reasons() <= words


def reasons() -> set[str]:
    """Every reason that understanding gives for a misreading."""
    read = [path.read_text("utf-8") for path in (*SURVEYS.glob("understanding*.py"), SURVEYS / "options.py")]
    found = {reason for text in read for reason in re.findall(r'Misread\("(\w+)"', text)}
    assert len(found) > 20
    return found
