"""The figures as plain tables: every published number once, nothing that is withheld, and every word explained."""

import csv
from datetime import date
from io import StringIO
from typing import get_args

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reports.figures import Figures, build
from reports.open_data import COLUMNS, Audience, data_csv, data_json, dictionary_csv
from reports.periods import parse
from reports.plans import plan
from reports.source import CaseLine
from tests.unit.report_source import MemorySource, empty, lively

PLAN = plan("y_tich_2024")
MADE = date(2026, 11, 2)
TITLES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30)
FIGURES = build(lively(), parse("2026-10"), PLAN, sample=False, made_on=MADE)


def lines(raw: bytes) -> list[dict[str, str]]:
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(raw.decode("utf-8-sig"), newline="")))


def value(figures: Figures, audience: Audience = "internal", **wanted: str) -> str:
    (found,) = (
        line["value"]
        for line in lines(data_csv(figures, audience))
        if all(line[name] == word for name, word in wanted.items())
    )
    return found


def test_the_numbers_are_those_of_the_figures() -> None:
    survey = FIGURES.surveys[0]
    overall = survey.overall
    assert overall is not None

    assert value(FIGURES, subject="survey", question="", cut="all", measure="n") == str(survey.responses)
    assert value(FIGURES, question=overall.id, cut="all", measure="n") == str(overall.n)
    assert value(FIGURES, question=overall.id, cut="all", measure="index") == repr(overall.index)
    assert value(FIGURES, subject="cases", cut="all", measure="received") == str(FIGURES.cases.received)
    assert value(FIGURES, subject="dialogues", cut="all", measure="open") == str(FIGURES.dialogues.open)


def test_what_is_withheld_has_its_reason_and_no_value() -> None:
    found = [line for line in lines(data_csv(FIGURES, "internal")) if line["hidden"]]

    assert found
    assert {line["value"] for line in found} == {""}
    assert {line["hidden"] for line in found} <= {"small", "linked"}


def test_every_column_and_word_is_explained() -> None:
    known = {(line["of"], line["name"]) for line in lines(dictionary_csv())}
    used = {
        (column, line[column].split(":")[0])
        for line in lines(data_csv(FIGURES, "internal"))
        for column in ("audience", "subject", "cut", "measure", "hidden")
        if line[column]
    }

    assert {("column", name) for name in COLUMNS} <= known
    assert used <= known


def test_a_month_without_anything_has_its_zeros() -> None:
    nothing = build(empty(), parse("2026-10"), PLAN, sample=False, made_on=MADE)

    assert value(nothing, subject="cases", cut="all", measure="received") == "0"
    assert value(nothing, subject="cases", cut="all", measure="median_days") == ""


@given(title=TITLES | st.sampled_from(["=1+1", "@SUM(A1)", "+84", "-1"]))
def test_no_text_of_a_survey_is_a_formula_or_breaks_the_table(title: str) -> None:
    figures = replace(FIGURES, surveys=(replace(FIGURES.surveys[0], title=title, questions=()),))

    found = lines(data_csv(figures, "internal"))

    assert all(set(line) == set(COLUMNS) for line in found)
    for line in found:
        assert not line["text"].startswith(("=", "+", "@"))


# --- two of them: inside and outside ----------------------------------------------------------------------------------


def case(kind: str, category: str, month: int, n: int) -> list[CaseLine]:
    opened = date(2026, month, 5)
    one = CaseLine(kind=kind, category=category, village=11, opened=opened, answered=opened)
    return [one] * n


def told(figures: Figures, audience: Audience) -> dict[tuple[str, str, str], str]:
    found = lines(data_csv(figures, audience))
    return {(line["subject"], line["cut"], line["measure"]): line["value"] for line in found}


def with_sensitive() -> MemorySource:
    return MemorySource(
        lines=[
            *case("feedback", "roads", 10, 9),
            *case("conduct", "conduct", 10, 2),
            *case("conduct", "conduct", 9, 4),
            *case("feedback", "ethnic_religion", 10, 3),
        ]
    )


def test_inside_cases_are_exact_and_outside_no_number_holds_a_sensitive_one() -> None:
    figures = build(with_sensitive(), parse("2026-10"), PLAN, sample=False, made_on=MADE)
    inside, outside = told(figures, "internal"), told(figures, "public")

    assert (inside["cases", "all", "received"], outside["cases", "all", "received"]) == ("14", "9")
    assert inside["cases", "kind:conduct", "received"] == "2"
    assert inside["cases", "village:thôn Phố Cũ", "received"] == "14"
    assert outside["cases", "village:thôn Phố Cũ", "received"] == "9"
    assert not [key for key in outside if "conduct" in key[1] or "ethnic" in key[1]]


def test_sensitive_cases_are_told_outside_for_a_whole_year_from_five_on() -> None:
    year = build(with_sensitive(), parse("2026-12m"), PLAN, sample=False, made_on=date(2027, 1, 4))
    early = build(with_sensitive(), parse("2026-12m"), PLAN, sample=False, made_on=date(2026, 12, 30))
    outside = told(year, "public")

    assert outside["sensitive", "kind:conduct", "received"] == "6"
    assert outside["sensitive", "category:ethnic_religion", "received"] == ""
    assert outside["cases", "all", "received"] == "9"
    assert not [key for key in told(early, "public") if key[0] == "sensitive"]


def test_both_say_what_they_are_and_json_holds_the_same_as_csv() -> None:
    figures = build(with_sensitive(), parse("2026-Q4"), PLAN, sample=False, made_on=date(2027, 1, 4))
    for audience in get_args(Audience):
        rows = lines(data_csv(figures, audience))
        whole = msgspec.json.decode(data_json(figures, audience))

        assert {row["audience"] for row in rows} == {whole["audience"]} == {audience}
        assert ("công bố" in whole["about"]) is True
        assert [row["value"] for row in rows] == [
            "" if one["value"] is None else repr(one["value"]) for one in whole["rows"]
        ]
        assert {row["measure"].split(":")[0] for row in rows} <= {
            name.removeprefix("measure:") for name in whole["meaning"]
        }
    assert data_json(figures, "public") == data_json(figures, "public")
