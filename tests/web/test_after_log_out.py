"""The back button after logging out: no page of the console stays in the browser, and asked again it is the door."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.vault import Vault
from tests.stores import run_apart
from tests.web.asking import FORM, Asker
from tests.web.house import seeded
from tests.web.test_role_table import is_the_door
from tests.web.two_communes import ROLES, World, endpoints, settled
from web.console.access import COOKIE, LEAVE
from web.console.routes import pages

pytestmark = pytest.mark.timeout(600)
PAGES = [page for page in endpoints(list(pages), "/can-bo") if page.method == "GET" and page.action]
KEPT = {
    "GET /can-bo/tong-quan/ban-do.jpg": "the picture of the commune, which everybody may see on the public pages",
    "GET /can-bo/dot/{wave:int}/ma.svg": "the code of a link that hangs on every notice board",
}
"""What a browser may keep -> why nobody's data is in it."""


@pytest.fixture
def world(sqlite_url: str, vault: Vault, now: int, tmp_path: Path) -> Iterator[World]:
    house = seeded(sqlite_url, vault, now, tmp_path)
    yield settled(house, tmp_path)
    run_apart(house.runtime.close())


def test_after_logging_out_every_page_is_the_door_and_none_was_kept(world: World) -> None:
    asker = Asker(world.house.app)
    kept: list[str] = []
    seen: dict[str, list[str]] = {}

    async def all_of() -> list[str]:
        for page in PAGES:
            address = world.fill(page.asked, world.home)
            for role in ROLES[:-1]:
                answer = await asker.ask("GET", address, cookies={COOKIE: role})
                if answer.status == 200:
                    seen.setdefault(role, []).append(address)
                    if "no-store" not in answer.headers.get("cache-control", "") and str(page) not in KEPT:
                        kept.append(str(page))
                    break
        still = []
        for role, addresses in seen.items():
            left = await asker.ask("POST", LEAVE, cookies={COOKIE: role}, headers={"content-type": FORM})
            assert left.status == 303
            again = {address: await asker.ask("GET", address, cookies={COOKIE: role}) for address in addresses}
            still += [f"{address} as {role}" for address, answer in again.items() if not is_the_door(answer)]
        return still

    assert asyncio.run(all_of()) == [], "shown to whoever has gone"
    assert kept == [], "kept by the browser"
    assert sum(map(len, seen.values())) > len(PAGES) * 9 // 10, "pages were seen"
