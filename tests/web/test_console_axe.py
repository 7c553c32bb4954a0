"""Every page of the console, as every role that may open it: read by axe-core in light and dark, not too wide.

Made of the routes themselves: a page that is added is read, and measured on a telephone, without a line being written.
What looks the same to another role (tests.web.axe.skeleton) is read once.
"""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from feedback.roles import Role
from storage.officers import Officer
from storage.vault import Vault
from tests.stores import run_apart
from tests.web.axe import COLOURS, SCREEN, clumsy, faults, skeleton, too_wide
from tests.web.house import live, look, seeded
from tests.web.test_role_table import NOT_SHOWN, allowed, of_the_other_side
from tests.web.two_communes import NOBODY, Endpoint, World, endpoints, officers_of, settled
from web.console.access import COOKIE
from web.console.routes import pages

pytestmark = pytest.mark.browser
ROLES = (*(str(role) for role in Role), "keeper", "province", NOBODY)
PAGES = [one for one in endpoints(list(pages), "/can-bo") if one.method == "GET" and str(one) not in NOT_SHOWN]
FILES = (
    ".jpg", ".svg", ".toml", ".txt", ".ics", ".xlsx", "/luong", "/tai", "/{name}", "/{ending}", "/{blob:int}",
    "/{dossier:int}",
)  # fmt: skip
"""What ends so is no page but a file or a stream."""


@pytest.fixture
def world(sqlite_url: str, vault: Vault, now: int, tmp_path: Path) -> Iterator[World]:
    house = seeded(sqlite_url, vault, now, tmp_path)
    yield settled(house, tmp_path)
    run_apart(house.runtime.close())


def opens(role: str, officer: Officer | None, page: Endpoint) -> bool:
    """Whether this role is shown that page: before the door nobody, behind it whoever may."""
    if not page.action:
        return role == NOBODY
    return officer is not None and allowed(page, officer) and not of_the_other_side(page, officer)


def visited(
    chromium: Any, address: str, world: World, role: str, seen: set[str], opened: set[str]
) -> tuple[list[str], int]:
    """What is wrong with the pages that a role may open, and how many were read that nobody had read before.

    `opened` are patterns of pages that somebody was shown.
    """
    officer = look(world.house, lambda conn: officers_of(conn, world)).get(role)
    context = chromium.new_context(viewport=SCREEN, locale="vi-VN", bypass_csp=True, reduced_motion="reduce")
    if role != NOBODY:
        context.add_cookies([{"name": COOKIE, "value": role, "url": address}])
    page, wrong, read = context.new_page(), [], 0
    for one in PAGES:
        if one.pattern.endswith(FILES) or not opens(role, officer, one):
            continue
        name = f"{role} {one.pattern}"
        answer = page.goto(
            address + world.fill(one.asked, world.home),
            wait_until="domcontentloaded",
        )
        status = answer.status if answer is not None else 0
        if status == HTTPStatus.NOT_FOUND:
            continue  # a row of somebody else's side: another role is shown it, or the test fails at its end
        if status != HTTPStatus.OK:
            wrong.append(f"{name}: {status}")
            continue
        opened.add(one.pattern)
        marks = skeleton(page)
        if marks in seen:
            continue
        seen.add(marks)
        read += 1
        wrong += faults(page, name)
        if one.pattern not in seen:
            seen.add(one.pattern)
            page.emulate_media(color_scheme="dark")
            wrong += faults(page, f"{name} in the dark", COLOURS)
            page.emulate_media(color_scheme="light")
        wrong += too_wide(page, name, 360, 390) + clumsy(page, name)
    context.close()
    return wrong, read


@pytest.mark.timeout(900)
def test_every_page_of_the_console_can_be_read_by_everybody_who_may_open_it(chromium: Any, world: World) -> None:
    wrong: list[str] = []
    seen: set[str] = set()
    opened: set[str] = set()
    read = 0
    with live(world.house) as address:
        for role in ROLES:
            found, some = visited(chromium, address, world, role, seen, opened)
            wrong, read = wrong + found, read + some

    to_read = {one.pattern for one in PAGES if not one.pattern.endswith(FILES)}
    assert to_read - opened == set(), "nobody was shown it"
    assert read >= len(to_read) * 3 // 4
    assert wrong == [], "\n".join(wrong)
