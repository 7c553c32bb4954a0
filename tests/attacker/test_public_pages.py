"""The public pages of a year beside its published files: they tell nothing that the files of issued reports do not.

What the files together give away is judged in test_published_files.py; a page that only repeats them adds nothing.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from html import unescape
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient

from storage.ids import new_id
from storage.tables import reports
from storage.tx import Tx
from storage.vault import Vault
from surveys.definition import Kind
from surveys.disclosing import answers_of
from tests.attacker.published_year import PERIODS, YEAR, Year, publish_year
from tests.attacker.reading_files import Claim, Days, read_files
from tests.stores import run_apart
from tests.web.house import House, browser_of, outside, seeded
from vietnam.time import start_of

_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_TABLE = re.compile(r"<caption>(.*?)</caption>.*?</table>", re.DOTALL)
_BAR = re.compile(r'<th scope="row">(.*?)</th>.*?<td class="bar-text">(.*?)</td>', re.DOTALL)
_SIZE = re.compile(r"^(.*) \(n = ([\d.]+)\)$", re.DOTALL)
_ROW = re.compile(r'<tr><th scope="row">([^<]*)</th>((?:<td>.*?</td>)+)</tr>')
_CHANNELS = {"Trang web": "webchat", "Telegram": "telegram", "Zalo Bot": "zalo_bot"}


class Town(NamedTuple):
    """A year of which every report was issued, and somebody who opens its pages afterwards."""

    house: House
    year: Year
    reports: Mapping[str, int]
    anybody: TestClient


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Made once: a year is long."""
    folder: Path = tmp_path_factory.mktemp("year")
    house = seeded(_migrated(folder), Vault(b"k" * 32), start_of(date(YEAR + 1, 2, 1)), folder)
    year = run_apart(publish_year(house.store, house.commune))
    issued = {key: outside(house, lambda tx, key=key: _issue(tx, house, year, key)) for key, _ in PERIODS}  # type: ignore[misc]  # a default binds what the loop changes
    with browser_of(house) as anybody:
        yield Town(house, year, issued, anybody)
    run_apart(house.runtime.close())


def _migrated(folder: Path) -> str:
    from storage.migrate import upgrade

    url = f"sqlite:///{folder / 'nghedan.db'}"
    upgrade(url)
    return url


def _issue(tx: Tx, house: House, year: Year, key: str) -> int:
    id, figures = new_id(), year.files[f"figures-{key.replace('..', '_')}.json"].decode()
    values = {"period": key, "state": "frozen", "version": 1, "asked_at": 1, "made_at": 1, "frozen_at": 1}
    tx.execute(insert(reports).values(id=id, unit_id=house.commune.commune, figures=figures, **values))
    return id


def number(text: str) -> float | None:
    """A figure as a page shows it; None for "…"."""
    bare = re.sub(r"<.*?>|\(.*\)", "", text).strip().replace(".", "").replace(",", ".").removesuffix("%")
    return float(bare) if re.fullmatch(r"-?\d+(\.\d+)?", bare) else None


def claims_of(page: str, year: Year) -> list[Claim]:
    """What a page of results says; shares are made the numbers of people that they can only be."""
    texts = {question.text: question for question in year.survey.questions}
    first, last = (date(int(y), int(m), int(d)) for d, m, y in _DAY.findall(page.partition("số liệu từ")[2])[:2])
    days: Days = (first, last)
    reach = re.search(r"n = ([\d.]+) phiếu \((.*?)\)", page)
    assert reach
    found = [Claim(("all",), days, number(reach[1]))]
    for part in reach[2].split("; "):
        name, _, n = part.partition(": ")
        found.append(Claim(("channel", _CHANNELS.get(name, "other")), days, number(n)))
    for table in _TABLE.finditer(page):
        rows = [(unescape(label), number(text)) for label, text in _BAR.findall(table[0])]
        asked = _SIZE.match(unescape(table[1]))
        if asked:
            question, n = texts[asked[1]], number(asked[2]) or 0
            found.append(Claim(("n", question.id), days, n))
            keys = answers_of(question)
            for key, (_, share) in zip(keys, rows, strict=True):
                value = None if share is None else float(round(share * n / 100))
                found.append(Claim(("key", question.id, key), days, value))
            continue
        for label, share in rows:
            sized = _SIZE.match(label)
            if sized and sized[1] in texts and share is not None:
                n = number(sized[2]) or 0
                found.append(Claim(("n", texts[sized[1]].id), days, n))
                found.append(Claim(("high", texts[sized[1]].id), days, float(round(share * n / 100))))
    return found


def exact(claims: Iterable[Claim]) -> set[tuple[tuple[str, ...], Days, float | None]]:
    return {(about, days, value if value is None else round(value, 6)) for about, days, value in claims}


def test_a_page_of_results_says_what_the_published_file_says_and_no_more(town: Town) -> None:
    outside_files = {name: body for name, body in town.year.files.items() if "cong-bo" in name and ".csv" in name}
    told = exact(read_files(outside_files, town.year.survey))
    said: set[tuple[tuple[str, ...], Days, float | None]] = set()

    for report in town.reports.values():
        said |= exact(claims_of(town.anybody.get(f"/mau/ket-qua/{report}").text, town.year))

    assert len([one for one in said if one[2] is not None]) > 100, "an attacker who reads nothing proves nothing"
    assert {one[0][0] for one in said} >= {"all", "n", "high", "key", "channel"}
    assert said - told == set()


def test_what_is_withheld_in_a_file_stands_on_no_page(town: Town) -> None:
    kinds = {Kind.SINGLE, Kind.MULTIPLE, Kind.YESNO}
    some = [question.id for question in town.year.survey.questions if question.kind in kinds]
    hidden = 0
    for key, report in town.reports.items():
        file = town.year.files[f"so-lieu-cong-bo-{key.replace('..', '_')}.csv"]
        gone = {
            (claim.about, claim.days) for claim in read_files({"a.csv": file}, town.year.survey)
            if claim.value is None and claim.about[0] == "key" and claim.about[1] in some
        }  # fmt: skip
        page = town.anybody.get(f"/mau/ket-qua/{report}").text
        shown = {(about, days) for about, days, value in claims_of(page, town.year) if value is not None}
        hidden += len(gone)
        assert not gone & shown
    assert hidden > 10


def cells(page: str) -> dict[str, list[float]]:
    """The tables of the openness page: received, answered, in time, due, open."""
    found = {}
    for name, row in _ROW.findall(page):
        parts = re.findall(r"<td>(.*?)</td>", row)
        if len(parts) < 4:
            continue  # the months of the chart
        received, answered, kept, still_open = parts
        in_time, _, due = re.sub(r"<small>.*", "", kept).strip().partition("/")
        values = [number(received), number(answered), number(in_time) or 0, number(due) or 0, number(still_open)]
        found[unescape(name)] = [value or 0 for value in values]
    return found


@pytest.mark.parametrize("key", [key for key, _ in PERIODS if ".." not in key and not key.endswith(("-6m", "-9m"))])
def test_the_openness_page_of_a_period_says_what_its_published_file_says(town: Town, key: str) -> None:
    body = town.year.files[f"so-lieu-cong-bo-{key}.csv"].decode("utf-8-sig")
    file = {
        (row["subject"], row["cut"], row["measure"]): float(row["value"] or 0)
        for row in csv.DictReader(StringIO(body)) if row["subject"] in {"cases", "all_cases"}
    }  # fmt: skip
    page = town.anybody.get(f"/mau/cong-khai?ky={key}").text
    found = cells(page)

    def in_file(cut: str) -> list[float]:
        counts = [file.get(("cases", cut, name), 0) for name in ("received", "answered", "open")]
        return [
            *counts[:2],
            file.get(("all_cases", cut, "in_time"), 0),
            file.get(("all_cases", cut, "due_answers"), 0),
            counts[2],
        ]

    say = town.house.services.say
    assert found.pop("Cộng") == in_file("all")
    for category in ("roads", "land"):
        assert found.pop(say(f"category.{category}"), in_file(f"category:{category}")) == in_file(
            f"category:{category}"
        )
    villages = {name: row for name, row in found.items() if name.startswith("thôn")}
    assert all(row == in_file(f"village:{name}") for name, row in villages.items())
    assert bool(villages) is not (key[5:].isdecimal()), "villages by quarter and year alone"
    assert found.keys() == villages.keys()
    assert ("Công khai riêng" in page) is key.endswith("12m")
