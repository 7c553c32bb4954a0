"""How often each page of the console asks the store: the same with three times as many rows, and no more than written.

The table is tests/web/query_counts.toml: page -> statements, those around every page (session, rights, what waits)
included. A page that is added gets its line, and one that asks more often changes it, by

    pytest tests/web/test_query_counts.py --regenerate

and whoever reads the change sees it.
"""

import asyncio
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Index, Text, UniqueConstraint, event
from sqlalchemy.exc import IntegrityError

from feedback.codes import make_code
from feedback.roles import CITIZEN, Actor
from storage import case_search
from storage.act_rows import record
from storage.sqlite import SqliteStore
from storage.tables import metadata
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import run_apart
from tests.web.asking import Asker
from tests.web.house import House, outside, seeded
from tests.web.two_communes import Commune, World, _is_a_thing, _row, endpoints, settled
from web.console.access import COOKIE
from web.console.routes import pages

pytestmark = pytest.mark.timeout(900)
TABLE = Path(__file__).with_name("query_counts.toml")
PAGES = [page for page in endpoints(list(pages), "/can-bo") if page.method == "GET"]
ASKED_BY = ("leader", "reception", "admin", "keeper", "front", "village_head", "specialist", "province", "inspection")
FEW, MANY = 6, 18
"""Rows of each table more than one; even the few are more than what is hidden because it would be somebody's answer."""
ELSEWHERE = {
    "GET /can-bo/dang-nhap": "leads whoever is inside straight to work",
}
STATES = ("new", "received", "in_progress", "waiting", "answered", "closed")


@pytest.fixture
def world(sqlite_url: str, vault: Vault, now: int, tmp_path: Path) -> Iterator[World]:
    house = seeded(sqlite_url, vault, now, tmp_path)
    yield settled(house, tmp_path)
    run_apart(house.runtime.close())


MEANT: dict[str, dict[str, object]] = {
    "waves": {"kind": "open", "state": "closed"},
}
"""What rows of a table must hold to be shown at all, beyond tests/web/two_communes.py:VALUES."""
STAY = {"channel_accounts", "units", "surveys", "survey_versions", "plans", "maps", "register_lines"}
"""Tables whose rows are one a commune, or mean nothing without much more."""
FREE = {"code", "login", "slug", "word", "name", "title", "key", "file", "token", "once", "platform_id", "text"}
"""Columns that may hold any words; the others are known words, and stay."""


def unique_texts(table: Any) -> set[str]:
    """Columns of free words that no two rows may share."""
    found: set[str] = set()
    for one in (*table.constraints, *table.indexes):
        if isinstance(one, UniqueConstraint) or (isinstance(one, Index) and one.unique):
            found |= {column.name for column in one.columns if isinstance(column.type, Text)}
    found |= {column.name for column in table.c if column.unique and isinstance(column.type, Text)}
    return found & FREE


def more(tx: Tx, of: Commune, house: House, first: int, count: int) -> None:
    """So many rows more of everything a commune has; a table whose rows are one a commune stays as it is."""
    citizen = Actor(kind=CITIZEN, unit=of.unit)
    for table in (one for one in metadata.sorted_tables if _is_a_thing(one) and one.name not in STAY):
        for number in range(first, first + count):
            other: dict[str, object] = dict.fromkeys(unique_texts(table), f"{of.word} {number}")
            other |= MEANT.get(table.name, {})
            if "code" in other:
                other["code"] = make_code("M", 2026, number * 7_919)
            if table.name == "cases":
                other["state"] = STATES[number % len(STATES)]
            try:
                with tx.conn.begin_nested():
                    id = _row(tx, of, table, house.at, 1_000 + number, **other)
                    if table.name == "cases":
                        record(tx, citizen, "open", thing="case", thing_id=id, unit=of.unit, now=house.at)
                        record(tx, citizen, "say", thing="case", thing_id=of.rows["cases"], unit=of.unit,
                               now=house.at, text=f"lời {number}")  # fmt: skip
                        case_search.keep(tx, id)
            except IntegrityError:
                continue


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """Every statement that the store is asked while it lasts."""
    assert isinstance(house.store, SqliteStore)
    asked: list[str] = []

    def hear(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    engines = (house.store._readers, house.store._writer)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", hear)


def walked(world: World) -> dict[str, int]:
    """Page -> how often it asks, the second time that it is opened, by whoever of ASKED_BY is shown it first."""
    found: dict[str, int] = {}
    asker = Asker(world.house.app)

    async def all_of() -> None:
        for page in PAGES:
            if str(page) in ELSEWHERE:
                continue
            address = world.fill(page.asked, world.home)
            for role in ASKED_BY:
                answer = await asker.ask("GET", address, cookies={COOKIE: role})
                if answer.status != 200:
                    continue
                # The first look may note that it was looked.
                with counted(world.house) as asked:
                    await asker.ask("GET", address, cookies={COOKIE: role})
                found[str(page)] = len(asked)
                break

    asyncio.run(all_of())
    return found


def test_no_page_asks_once_for_each_row_and_none_more_often_than_written(
    world: World, request: pytest.FixtureRequest
) -> None:
    # given every page with a few rows of everything, and then with three times as many
    outside(world.house, lambda tx: more(tx, world.home, world.house, 0, FEW))
    few = walked(world)
    outside(world.house, lambda tx: more(tx, world.home, world.house, FEW, MANY - FEW))
    many = walked(world)
    if request.config.getoption("--regenerate"):
        lines = [f'"{page}" = {count}' for page, count in sorted(many.items())]
        TABLE.write_text("# Page -> statements (see test_query_counts.py).\n" + "\n".join(lines) + "\n", "utf-8")
    # then it asks as often as before, and as it is written
    assert set(many) == set(few), "rows that a page cannot show"
    grown = {page: (few[page], many[page]) for page in many if page in few and many[page] > few[page]}
    assert grown == {}, "once for each row"
    written = tomllib.loads(TABLE.read_text("utf-8"))
    dearer = {page: (written.get(page), count) for page, count in many.items() if count > written.get(page, 0)}
    assert dearer == {}, "more often than tests/web/query_counts.toml has it"
