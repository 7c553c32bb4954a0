"""Every page of the console as every role and as nobody, with rows of the own commune and of another: the table.

Made of the routes themselves: a page that is added is asked here without a line being written. Who may what is
feedback.roles.ALLOWED, which tests/unit/test_feedback_roles.py holds against a copy made by hand.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from feedback.codes import make_code
from feedback.roles import ALLOWED, COMMITTEE_WAVE, FRONT_WAVE, Role, may
from storage.officers import Officer
from storage.vault import Vault
from tests.stores import run_apart
from tests.web.asking import FORM, Answer, Asker
from tests.web.house import look, seeded
from tests.web.two_communes import (
    MARKER,
    NOBODY,
    ROLES,
    Commune,
    Endpoint,
    World,
    areas,
    endpoints,
    officers_of,
    rows_named,
    rows_of,
    settled,
)
from web.console.access import COOKIE, HOME, LOGIN
from web.console.routes import pages

pytestmark = pytest.mark.timeout(600)
ALL = endpoints(list(pages), "/can-bo")
PARTS = areas(ALL)
BEFORE_THE_DOOR = {
    "GET /can-bo/dang-nhap",
    "POST /can-bo/dang-nhap",
    "GET /can-bo/dang-nhap/buoc-hai",
    "POST /can-bo/dang-nhap/buoc-hai",
    "POST /can-bo/dang-xuat",
}
"""Pages that ask for no role: whoever they are for has none yet."""
NOT_SHOWN = {
    "GET /can-bo/dang-nhap/buoc-hai": "whoever has given a password and no more: tests/web/test_second_step_pages.py",
}
"""Page that nobody is shown here -> why, and who shows it."""


@pytest.fixture
def world(sqlite_url: str, vault: Vault, now: int, tmp_path: Path) -> Iterator[World]:
    house = seeded(sqlite_url, vault, now, tmp_path)
    yield settled(house, tmp_path)
    run_apart(house.runtime.close())


Judged = Callable[[Endpoint, str, Officer | None, Answer], str]
"""(page, role, officer, answer) -> what is wrong with the answer, "" where nothing is."""


def walk(world: World, of: list[Endpoint], whose: Commune, judged: Judged, *, mixed: bool = False) -> list[str]:
    """Ask for pages as every role; whatever was not as it should be.

    `mixed`: one row of the address after another is of the other commune, the rest of the own.
    """
    wrong: list[str] = []
    asker, people = Asker(world.house.app), look(world.house, lambda conn: officers_of(conn, world))

    async def all_of() -> None:
        for page in of:
            names = rows_named(page.asked)
            ways: list[dict[str, Commune]] = [{one: world.other} for one in names] if mixed else [{}]
            for but in ways:
                world.go_back()
                wrong.extend(await _asked(asker, people, page, world.fill(page.asked, whose, but), judged))

    asyncio.run(all_of())
    return wrong


async def _asked(asker: Asker, people: dict[str, Officer], page: Endpoint, address: str, judged: Judged) -> list[str]:
    found = []
    for role in ROLES:
        cookies = {} if role == NOBODY else {COOKIE: role}
        answer = await asker.ask(
            page.method, address, cookies=cookies, headers={"content-type": FORM} if page.method == "POST" else {}
        )
        said = judged(page, role, people.get(role), answer)
        if said:
            found.append(f"{page} ({address}) as {role}: {answer.status} {answer.where}: {said}")
    return found


def _with_rows(of: list[Endpoint], *, mixed: bool) -> list[Endpoint]:
    """Pages of a row of somebody's, `mixed`: of more than one, since the others are asked for anyway."""
    return [page for page in of if page.action and len(rows_named(page.asked)) > int(mixed)]


def is_the_door(answer: Answer) -> bool:
    return answer.status == 303 and answer.where.partition("?")[0] == LOGIN


def allowed(page: Endpoint, officer: Officer) -> bool:
    side = FRONT_WAVE if officer.role is Role.FRONT else COMMITTEE_WAVE
    return may(officer.actor(), page.action, officer.unit, village=officer.village, owner=side)


def of_the_other_side(page: Endpoint, officer: Officer) -> bool:
    """Whether the page is of a wave, which here is the Committee's, and the officer the Front's."""
    return "{wave:int}" in page.pattern and officer.role is Role.FRONT


def test_every_page_asks_for_an_action_of_the_table_or_stands_before_the_door() -> None:
    free = {str(page) for page in ALL if not page.action}
    assert free == BEFORE_THE_DOOR
    unknown = {str(page): page.action for page in ALL if page.action and page.action not in ALLOWED}
    assert unknown == {}, "an action nobody is allowed"


def test_every_address_can_be_filled(world: World) -> None:
    missing = []
    for page in ALL:
        for whose in (world.home, world.other):
            try:
                world.fill(page.asked, whose)
            except KeyError as fault:
                missing.append(str(fault))
    assert missing == [], "tests/web/two_communes.py: ROWS, WORDS or VALUES"


@pytest.mark.parametrize("area", PARTS)
def test_each_gets_what_the_table_says_in_the_own_commune(world: World, area: str) -> None:
    def judged(page: Endpoint, _role: str, officer: Officer | None, answer: Answer) -> str:
        if not page.action:
            return "" if answer.status < 500 else "a fault"
        if officer is None:
            return "" if is_the_door(answer) else "nobody is sent to the door"
        if answer.status >= 500 or answer.fault:
            return f"a fault {answer.fault!r}"
        if of_the_other_side(page, officer):
            return "" if answer.status in (200, 403, 404, 422) else "of the other side"
        if allowed(page, officer):
            return "may, and is not let in" if answer.status == 403 or is_the_door(answer) else ""
        first = str(page) == f"GET {HOME}" and answer.status == 303 and not is_the_door(answer)
        return "" if answer.status == 403 or first else "may not"

    shown: set[str] = set()

    def noted(page: Endpoint, role: str, officer: Officer | None, answer: Answer) -> str:
        if answer.status in (200, 303) and not is_the_door(answer):
            shown.add(str(page))
        return judged(page, role, officer, answer)

    wrong = walk(world, PARTS[area], world.home, noted)
    assert wrong == [], "\n".join(wrong)
    hidden = {str(page) for page in PARTS[area] if page.method == "GET"} - shown
    unexpected = "\n".join(sorted(hidden - set(NOT_SHOWN)))
    assert not unexpected, f"nobody was shown it: tests/web/two_communes.py, VALUES\n{unexpected}"


@pytest.mark.parametrize("mixed", [False, True], ids=["all", "one by one"])
@pytest.mark.parametrize("area", PARTS)
def test_nobody_reaches_a_row_of_another_commune(world: World, area: str, *, mixed: bool) -> None:
    before = look(world.house, lambda conn: rows_of(conn, world.other))

    def judged(page: Endpoint, _role: str, officer: Officer | None, answer: Answer) -> str:
        if officer is None:
            return "" if is_the_door(answer) else "nobody is sent to the door"
        if MARKER in answer.text:
            return "a word of the other commune"
        if not allowed(page, officer):
            return "" if answer.status == 403 else "may not"
        if of_the_other_side(page, officer) and answer.status == 403:
            return ""
        return "" if answer.status == 404 else "is not 404"

    wrong = walk(world, _with_rows(PARTS[area], mixed=mixed), world.home if mixed else world.other, judged, mixed=mixed)
    assert wrong == [], "\n".join(wrong)
    assert look(world.house, lambda conn: rows_of(conn, world.other)) == before, "and nothing of it has changed"


SAID = {
    "nothing": (FORM, b""),
    "a form": (FORM, b"seen=1&version=1&text=x&chac=on&ly_do=x&on=2026-11-02"),
    "no form at all": ("multipart/form-data; boundary=x", b"--x\r\nnothing"),
}
"""What is sent with a form about a row that is not there: it makes no difference."""


def nowhere(world: World) -> Commune:
    """Ids and codes that no row has."""
    rows = {table: 4_611_686_018_427_387_000 + number for number, table in enumerate(world.other.rows)}
    codes = {what: make_code("K", 2026, 9_000_001 + number) for number, what in enumerate(world.other.codes)}
    return Commune(0, "", rows, codes)


@pytest.mark.parametrize("area", PARTS)
def test_a_row_of_another_commune_is_answered_like_one_that_is_nowhere(world: World, area: str) -> None:
    asker, people = Asker(world.house.app), look(world.house, lambda conn: officers_of(conn, world))

    async def said_of(page: Endpoint, role: str, whose: Commune, named: str, what: str) -> tuple[int, str, str]:
        kind, body = SAID[what]
        address = world.fill(page.asked, world.home, {named: whose})
        headers = {"content-type": kind} if page.method == "POST" else {}
        answer = await asker.ask(page.method, address, cookies={COOKIE: role}, headers=headers, body=body)
        said, leads = answer.text, answer.where
        for value in (*whose.rows.values(), *whose.codes.values()):
            said, leads = said.replace(str(value), "·"), leads.replace(str(value), "·")
        return answer.status, leads, said

    async def compared() -> list[str]:
        wrong = []
        for page in _with_rows(PARTS[area], mixed=False):
            able = [role for role, officer in people.items() if allowed(page, officer)]
            ways = SAID if page.method == "POST" else ["nothing"]
            for role in able[:2]:
                for named in rows_named(page.asked):
                    for what in ways:
                        theirs = await said_of(page, role, world.other, named, what)
                        if theirs != await said_of(page, role, nowhere(world), named, what):
                            wrong.append(f"{page} as {role}, {named} with {what}: {theirs[0]}")
        return wrong

    assert asyncio.run(compared()) == []


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://elsewhere.example"}],
    ids=lambda headers: "".join(headers.values()),
)
def test_no_form_of_another_site_is_taken_anywhere(world: World, headers: dict[str, str]) -> None:
    asker = Asker(world.house.app)

    async def taken() -> list[str]:
        posts = [page for page in ALL if page.method == "POST"]
        said = {"content-type": FORM, **headers}
        answers = {
            f"{page} as {role}": await asker.ask(
                "POST", world.fill(page.asked, world.home), cookies={COOKIE: role}, headers=said
            )
            for page in posts
            for role in ("reception", "leader", "admin")
        }
        return [name for name, answer in answers.items() if answer.status != 403]

    assert asyncio.run(taken()) == []
