"""Every form of the console, filled in well and with one thing wrong: what is typed stays, twice is once.

Made of the forms that the pages show: what is added is tried here without a line being written.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from storage import confidential
from storage.tables import acts, metadata
from storage.vault import Vault
from tests.stores import run_apart
from tests.web.asking import Asker
from tests.web.filled_forms import Shown, filled, send, shown_on, spoiled, stale, word
from tests.web.house import look, seeded
from tests.web.two_communes import World, areas, endpoints, settled
from web.app import create_app
from web.console.routes import pages
from web.limits import Limit, Limits, Rate

pytestmark = pytest.mark.timeout(900)
PARTS = areas(endpoints(list(pages), "/can-bo"))
REFUSED = (400, 409, 413, 422)
NO_VERSION = {
    ("/can-bo/phan-cong", "da_xem"): "the lines that were looked at: only one of them may be written over",
}
"""(where a form goes, field) -> why another value of it is no older page."""
FEWEST = 3
"""Forms that a part of the console has at least."""


@pytest.fixture
def world(sqlite_url: str, vault: Vault, now: int, tmp_path: Path) -> Iterator[World]:
    house = seeded(sqlite_url, vault, now, tmp_path)
    yield settled(house, tmp_path)
    run_apart(house.runtime.close())


def tried(world: World, area: str, one: Callable[[Asker, Shown], Awaitable[list[str]]]) -> list[str]:
    """What is wrong with the forms on the pages of a part, each tried on the store as it was."""
    open_to_all = Limits(**{name: Limit(Rate(1_000_000, 1)) for name in Limits.__dataclass_fields__})
    asker = Asker(create_app(world.house.services, open_to_all))

    async def all_of() -> list[str]:
        wrong, found = [], await shown_on(asker, world, PARTS[area])
        assert len(found) >= FEWEST, "forms were found"
        for shown in found:
            world.go_back()
            wrong += [f"{shown.to} as {shown.role} on {shown.page}: {said}" for said in await one(asker, shown)]
        return wrong

    return asyncio.run(all_of())


def plain(text: str) -> str:
    """Without blanks and capitals: a paper's symbol has no blanks, and what stands above a signature is capitals."""
    return "".join(text.lower().split())


@pytest.mark.parametrize("area", PARTS)
def test_what_is_refused_keeps_every_word_that_was_typed(world: World, area: str) -> None:
    async def kept(asker: Asker, shown: Shown) -> list[str]:
        lost = []
        for name, what, fields in spoiled(shown):
            answer = await send(asker, shown, fields)
            if answer.status == 303:
                world.go_back()
            if answer.status not in REFUSED:
                continue
            said = plain(unescape(answer.text))
            gone = [one for one in shown.free if one != name and plain(word(one)) not in said]
            if gone:
                lost.append(f"{name} {what} ({answer.status}): {', '.join(gone)}")
        return lost

    wrong = tried(world, area, kept)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("area", PARTS)
def test_a_form_of_an_older_page_changes_nothing(world: World, area: str) -> None:
    async def refused(asker: Asker, shown: Shown) -> list[str]:
        wrong = []
        for name in (one for one in shown.versions if (shown.to, one) not in NO_VERSION):
            before = look(world.house, lambda conn: sizes(conn, world))
            answer = await send(asker, shown, stale(filled(shown), name))
            if answer.status == 303 or answer.status >= 500:
                wrong.append(f"{name} stale: {answer.status} {answer.where}")
            elif look(world.house, lambda conn: sizes(conn, world)) != before:
                wrong.append(f"{name} stale: something was written")
            world.go_back()
        return wrong

    wrong = tried(world, area, refused)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("area", PARTS)
def test_a_form_that_is_sent_twice_is_done_once(world: World, area: str) -> None:
    async def once(asker: Asker, shown: Shown) -> list[str]:
        first = await send(asker, shown, filled(shown))
        if first.status != 303:
            return []
        before = look(world.house, lambda conn: sizes(conn, world))
        again = await send(asker, shown, filled(shown))
        after = look(world.house, lambda conn: sizes(conn, world))
        more = {name: after[name] - count for name, count in before.items() if after[name] != count}
        return [f"again {again.status}: {more}"] if more else []

    wrong = tried(world, area, once)
    assert wrong == [], "\n".join(wrong)


def sizes(conn: Connection, world: World) -> dict[str, int]:
    """How many rows each table has of the own commune; acts among them, since whatever is done is one.

    Not that a confidential case was read: whoever is shown its page again has read it again.
    """
    units = [world.home.unit, world.home.rows["villages"]]
    found = {}
    for table in metadata.sorted_tables:
        mine = table.c.get("unit_id")
        if mine is not None:
            counted = select(func.count()).select_from(table).where(mine.in_(units))
            if table is acts:
                counted = counted.where(acts.c.thing != confidential.READING)
            found[table.name] = int(conn.scalar(counted) or 0)
    return found
