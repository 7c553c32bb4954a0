"""Every form and every address of the web side with whatever may come in it: no fault, no row of another commune.

Made of the routes and of the forms that the pages show: what is added is tried here without a line being written.
BAD_INPUT says of every kind of bad input that issue 7 names where it is tried, for all forms.
"""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import BigInteger, Connection, select

from feedback.roles import may
from storage import threads
from storage.tables import metadata
from storage.vault import Vault
from tests.stores import run_apart
from tests.web.asking import Answer, Asker
from tests.web.forms_on import FoundForm, forms_on
from tests.web.house import look, seeded
from tests.web.nasty import SCRIPT, bodies, questions
from tests.web.two_communes import MARKER, NOBODY, Endpoint, World, areas, endpoints, officers_of, rows_of, settled
from web.app import create_app
from web.console.access import COOKIE
from web.console.routes import pages
from web.limits import Limit, Limits, Rate

BAD_INPUT = {
    "nothing": "nasty.py:ALWAYS; each field alone: filled_forms.py:spoiled",
    "too much": "nasty.py:ALWAYS, a thousand fields; each field alone: filled_forms.py:spoiled",
    "wrong type": "nasty.py:ALWAYS ('no number') and those drawn from WORDS; days and numbers: filled_forms.py:spoiled",
    "HTML": "nasty.py:ALWAYS; no answer holds the script: Tried.send",
    "formulas": "nasty.py:ALWAYS; in what goes out: tests/e2e/test_report_office.py",
    "NUL": "nasty.py:ALWAYS",
    "4-byte emoji": "nasty.py:ALWAYS",
    "RTL marks": "nasty.py:ALWAYS",
    "another unit's id": "nasty.py:ALWAYS, in each field alone, `joined`; in the address: test_role_table.py",
    "a stale version": "test_filled_forms.py:test_a_form_of_an_older_page_changes_nothing",
    "double submit": "test_filled_forms.py:test_a_form_that_is_sent_twice_is_done_once",
    "back button after log-out": "test_after_log_out.py",
    "file named ../../x": "nasty.py:FILES, to every form that takes a file",
    "SVG with script": "nasty.py:FILES, to every form that takes a file",
    "200-megapixel picture": "nasty.py:huge_picture, to every form that takes a file",
    "keeps what the person typed": "test_filled_forms.py:test_what_is_refused_keeps_every_word_that_was_typed",
}
"""Bad input -> where it is tried for all forms (files of tests/web)."""
SECONDS = 20.0
"""What one answer may take at most, on a machine that is busy with other tests."""
MOST = 6
"""Bodies that fill every field of a form alike: some of those there are, drawn for each form."""
pytestmark = pytest.mark.timeout(600)
PARTS = areas(endpoints(list(pages), "/can-bo"))
_OPEN = Rate(1_000_000, 1)


@pytest.fixture
def world(sqlite_url: str, vault: Vault, now: int, tmp_path: Path) -> Iterator[World]:
    house = seeded(sqlite_url, vault, now, tmp_path)
    yield settled(house, tmp_path)
    run_apart(house.runtime.close())


@dataclass
class Tried:
    """One run, and what went wrong."""

    world: World
    wrong: list[str] = field(default_factory=list)
    jar: dict[str, str] = field(default_factory=dict)
    """Cookies of whoever is nobody's officer."""
    asked: int = 0

    def __post_init__(self) -> None:
        limits = Limits(**{name: Limit(_OPEN) for name in Limits.__dataclass_fields__})
        self.asker = Asker(create_app(self.world.house.services, limits))
        self.officers = look(self.world.house, lambda conn: officers_of(conn, self.world))
        self.ids = sorted(str(id) for id in self.world.other.rows.values())

    def who(self, action: str, chance: Random) -> str:
        """Some role that may do this, nobody where none is asked for."""
        able = [role for role, one in self.officers.items() if may(one.actor(), action, one.unit, village=one.village)]
        return chance.choice(able) if able else NOBODY

    async def send(self, method: str, address: str, role: str, what: str, **more: Any) -> Answer:
        """Ask, and judge the answer."""
        began = time.monotonic()
        answer = await self.asker.ask(method, address, cookies={COOKIE: role} if role != NOBODY else self.jar, **more)
        took = time.monotonic() - began
        self.asked += 1
        said = ""
        if answer.status >= 500 or answer.status == 0 or answer.fault:
            said = f"{answer.status} {answer.fault!r}"
        elif took > SECONDS:
            said = f"took {took:.0f} s"
        elif MARKER in answer.text and MARKER not in address:
            said = "a word of the other commune"
        elif SCRIPT in answer.text and "html" in answer.headers.get("content-type", ""):
            said = "a script that somebody sent"
        if said:
            self.wrong.append(f"{method} {address[:120]} as {role} with {what}: {said}")
        return answer


async def shown_forms(tried: Tried, all_pages: list[tuple[Endpoint, str]]) -> dict[str, list[FoundForm]]:
    """Forms of every page that can be got, by where they go, and what pages are asked with, by page."""
    found: dict[str, list[FoundForm]] = {}
    for page, address in all_pages:
        if page.method != "GET":
            continue
        roles = [role for role in tried.officers if page.action] or [NOBODY]
        for role in roles:
            answer = await tried.send("GET", address, role, "nothing")
            if answer.status != 200 or "html" not in answer.headers.get("content-type", ""):
                continue
            for form in forms_on(address, answer.text):
                found.setdefault(f"{form.method} {urlsplit(form.address).path}", []).append(form)
            for query in re.findall(r'href="[^"#]*\?([^"#]+)"', answer.text):
                asked = parse_qsl(query.replace("&amp;", "&"))
                found.setdefault(f"GET {address}", []).append(FoundForm("GET", address, multipart=False, fields=asked))
            if page.action:
                break
    return found


def fullest(forms: list[FoundForm], address: str) -> FoundForm:
    """One form with every field that any of them has."""
    whole = FoundForm("POST", address, multipart=any(one.multipart for one in forms))
    for form in forms:
        whole.fields += [one for one in form.fields if one[0] not in whole.names]
        whole.files += [name for name in form.files if name not in whole.files]
    return whole


async def try_all(tried: Tried, all_pages: list[tuple[Endpoint, str]]) -> None:
    """Send everything everywhere."""
    found = await shown_forms(tried, all_pages)
    for page, address in all_pages:
        chance = Random(str(page))
        role = tried.who(page.action, chance) if page.action else NOBODY
        form = fullest(found.get(f"{page.method} {address}", []), address)
        if page.method == "GET":
            for what, query in questions(form.names, tried.ids, chance, most=MOST):
                await tried.send("GET", f"{address}?{query}", role, what)
            continue
        tried.world.go_back()
        for what, kind, body, breaks in bodies(form, tried.ids, chance, most=MOST):
            headers = {"content-type": kind} if kind else {}
            answer = await tried.send("POST", address, role, what, headers=headers, body=body, breaks_off=breaks)
            if answer.status == 303:
                tried.world.go_back()  # it was taken: the next one finds everything as it was


def joined(conn: Connection, world: World) -> list[str]:
    """Rows of the one commune that point to a row of the other: a form brought an id that it should not have."""
    theirs = set(world.other.rows.values())
    wrong = []
    for table in metadata.sorted_tables:
        mine = table.c.get("unit_id")
        columns = [one for one in table.c if isinstance(one.type, BigInteger) or one.foreign_keys]
        if mine is None or not columns:
            continue
        for row in conn.execute(select(*columns).where(mine == world.home.unit)):
            wrong += [
                f"{table.name}.{column.name}" for column, value in zip(columns, row, strict=True) if value in theirs
            ]
    return wrong


@pytest.mark.parametrize("area", PARTS)
def test_nothing_that_an_officer_sends_is_a_fault_or_reaches_another_commune(world: World, area: str) -> None:
    tried = Tried(world)
    before = look(world.house, lambda conn: rows_of(conn, world.other))
    all_pages = [(page, world.fill(page.pattern, world.home)) for page in PARTS[area]]
    asyncio.run(try_all(tried, all_pages))
    assert tried.asked > 10 * len(all_pages), "forms were found"
    assert tried.wrong == [], "\n".join(tried.wrong)
    assert look(world.house, lambda conn: rows_of(conn, world.other)) == before
    assert look(world.house, lambda conn: joined(conn, world)) == []


def test_where_each_bad_input_is_tried_is_there() -> None:
    here = Path(__file__).parent
    missing = []
    for place in BAD_INPUT.values():
        for file, name in re.findall(r"([\w/]+\.py)(?::(\w+))?", place):
            found = here / file if (here / file).exists() else here.parents[1] / file
            if not found.exists() or name not in found.read_text("utf-8"):
                missing.append(f"{file}:{name}")
    assert missing == []


PUBLIC_WORDS = {"slug": "mau", "kind": "khieu-nai", "channel": "telegram"}


def thread_of(world: World) -> str:
    """What opens the thread of the own case."""
    return threads.make(world.house.runtime.vault, "thread", world.home.rows["cases"], world.house.at + threads.LIFE)


async def come_in(tried: Tried) -> None:
    """A citizen's browser, in which the own case is open."""
    for address in ("/mau/", f"/mau/viec/{thread_of(tried.world)}"):
        answer = await tried.send("GET", address, NOBODY, "nothing")
        name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
        tried.jar[name] = value
    tried.world.keep()


def public(world: World) -> list[tuple[Endpoint, str]]:
    """Every page that is for anybody, with the addresses of the own commune."""
    app = create_app(world.house.services)
    found = [page for page in endpoints(app.routes) if not page.pattern.startswith(("/can-bo", "/static"))]

    def one(name: re.Match[str]) -> str:
        called, _, kind = name.group(1).partition(":")
        if kind == "int":
            return str(world.home.rows.get(f"{called}s", world.house.commune.telegram))
        return {**PUBLIC_WORDS, "token": thread_of(world)}.get(called, world.home.codes["cases"])

    return [(page, re.sub(r"\{([^}]*)\}", one, page.pattern)) for page in found]


def test_nothing_that_anybody_sends_is_a_fault(world: World) -> None:
    tried = Tried(world)
    before = look(world.house, lambda conn: rows_of(conn, world.other))

    async def come_in_and_try() -> None:
        await come_in(tried)
        await try_all(tried, public(world))

    asyncio.run(come_in_and_try())
    assert tried.asked > 400, "pages were found"
    assert tried.wrong == [], "\n".join(tried.wrong)
    assert look(world.house, lambda conn: rows_of(conn, world.other)) == before
