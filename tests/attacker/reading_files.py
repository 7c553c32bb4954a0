"""What stands in published files, as claims: so many people said this between two days; and what is kept back."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import BytesIO, StringIO
from typing import Any, NamedTuple

import docx
import openpyxl

from reports.texts import texts
from surveys.definition import Question, Survey
from surveys.disclosing import answers_of

Days = tuple[date, date]
_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
ASIDE = {"no_opinion": "0", "not_applicable": "9"}


class Claim(NamedTuple):
    """`about`: ("key", question, key, ...) counts of these together, ("n", question), ("all",), ("village", name), ...

    `value` None: there is such a number, and it is kept back.
    """

    about: tuple[str, ...]
    days: Days
    value: float | None


def read_files(files: Mapping[str, bytes], survey: Survey) -> list[Claim]:
    """Every claim of every file."""
    found: list[Claim] = []
    for name, body in sorted(files.items()):
        if name.endswith(".csv"):
            found += _lines(csv.DictReader(StringIO(body.decode("utf-8-sig"))))
        elif name.startswith("figures"):
            found += _figures(json.loads(body))
        elif name.endswith(".json"):
            found += _lines({**row, "value": row["value"]} for row in json.loads(body)["rows"])
        elif name.endswith(".xlsx"):
            found += _workbook(body, survey)
        else:
            found += _document(body, survey)
    return found


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[Claim]:
    sizes: dict[tuple[str, str, str, str], float] = {}
    for row in rows:
        if row["subject"] != "survey":
            continue
        value = None if row.get("value") in {"", None} else float(row["value"])
        days = (date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
        question, cut, measure = row.get("question", ""), row["cut"], row["measure"]
        place = (question, cut, row["first"], row["last"])
        if measure == "n" and value is not None:
            sizes[place] = value
        if measure in {"index", "nps"} and value is not None:
            value = value * sizes[place] / (100 if measure == "nps" else 1)
        about = _about(question, cut, measure)
        if about:
            yield Claim(about, days, value)


def _about(question: str, cut: str, measure: str) -> tuple[str, ...]:
    way, _, part = cut.partition(":")
    kind, _, key = measure.partition(":")
    if way == "channel" and not question:
        return ("channel", part)
    if way == "village":
        return {"n": ("village", part), "index": ("village_high", part)}.get(kind, ())
    if way not in {"all", "month"}:
        return ()
    if not question:
        return ("all",) if kind == "n" else ()
    if kind in {"level", "option"}:
        return ("key", question, key)
    if kind in ASIDE:
        return ("key", question, ASIDE[kind])
    return {"n": ("n", question), "index": ("high", question), "nps": ("nps", question)}.get(kind, ())


def _figures(whole: Mapping[str, Any]) -> Iterator[Claim]:
    """The stored figures, with what they tell of the period before."""
    days = (date.fromisoformat(whole["period"]["first"]), date.fromisoformat(whole["until"]))
    before = (date.fromisoformat(whole["before"]["first"]), date.fromisoformat(whole["before"]["last"]))
    for survey in whole["surveys"]:
        yield Claim(("all",), before, survey["responses_before"])
        for one in survey["questions"]:
            yield Claim(("n", one["id"]), days, one["n"])
            for level, count in enumerate(one["counts"], start=1):
                yield Claim(("key", one["id"], str(level)), days, count)
            for option in one["options"]:
                yield Claim(("key", one["id"], option["id"]), days, option["count"])
            if one["before"] is not None:
                yield Claim(("n", one["id"]), before, one["before"]["n"])
                yield Claim(("high", one["id"]), before, one["before"]["n"] * one["before"]["index"])


def _between(text: str) -> Days:
    first, last = (date(int(year), int(month), int(day)) for day, month, year in _DAY.findall(text)[:2])
    return first, last


def _number(text: object) -> float | None:
    if isinstance(text, int | float):
        return float(text)
    bare = str(text or "").replace(".", "").replace(",", ".").removesuffix("%")
    return float(bare) if re.fullmatch(r"\d+(\.\d+)?", bare) else None


def _asked(survey: Survey) -> dict[str, Question]:
    return {question.text: question for question in survey.questions}


def _workbook(body: bytes, survey: Survey) -> Iterator[Claim]:
    book = openpyxl.load_workbook(BytesIO(body))
    sheet = book[texts().say("sheet.questions")]
    days, question = _between(str(sheet.cell(2, 1).value)), ""
    asked = _asked(survey)
    labels: dict[str, str] = {}
    for row in sheet.iter_rows(min_row=5, max_col=6, values_only=True):
        if row[1] in asked:
            one = asked[str(row[1])]
            question, labels = one.id, _labels(one)
            yield Claim(("n", question), days, _number(row[3]))
            if row[5] is not None and _number(row[5]) is not None:
                yield Claim(("high", question), days, (_number(row[5]) or 0) * (_number(row[3]) or 0))
        elif row[2] in labels:
            yield Claim(("key", question, labels[str(row[2])]), days, _number(row[3]))


def _labels(question: Question) -> dict[str, str]:
    """What a choice is called in a table -> its key."""
    say = texts().say
    named = {choice.text: choice.id for choice in question.choices}
    for key in answers_of(question):
        if key.isdecimal() and len(answers_of(question)) == len("12345"):
            named[say(f"level.{key}")] = key
        elif not question.choices:
            named[say(f"option.{key}") if f"option.{key}" in texts() else key] = key
    return named | {say("col.no_opinion"): "0", say("col.not_applicable"): "9"}


def _document(body: bytes, survey: Survey) -> Iterator[Claim]:
    """The tables of questions and of villages in a document."""
    say = texts().say
    made = docx.Document(BytesIO(body))
    said = [paragraph.text for paragraph in made.paragraphs] + [
        cell.text for table in made.tables for row in table.rows for cell in row.cells
    ]
    days = next((_between(text) for text in said if len(_DAY.findall(text)) > 1), None)
    asked = _asked(survey)
    for table in made.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if days is None or say("col.low") not in rows[0]:
            continue
        for row in rows[1:]:
            if row[1] not in asked or _number(row[2]) is None:
                continue
            question = asked[row[1]].id
            yield Claim(("n", question), days, _number(row[2]))
            for keys, text in ((("1", "2"), row[3]), (("3",), row[4]), (("4", "5"), row[5])):
                yield Claim(("key", question, *keys), days, _number(text))
