"""Every public page, read by axe-core (WCAG 2.2 A and AA): light and dark, on a telephone and on a screen.

The pages are those of the application's own table of routes: one that is not visited here, and is no file, fails.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import insert

from feedback.acts import Ask, Reply
from feedback.roles import OFFICER, Actor, Role
from storage import maps, threads, waves
from storage.first_runs import STEPS
from storage.tables import first_runs
from surveys.definition import Kind, Privacy, Question, Survey
from tests.stores import run_apart
from tests.unit.test_opinions import opened
from tests.web.axe import SCREEN, clumsy, faults, too_wide
from tests.web.house import House, browser_of, live, outside
from tests.web.issued_reports import answered, issue
from tests.web.test_browser import PHONE
from tests.web.test_more_pages import Zalo
from tests.web.test_more_pages import address as more_address
from tests.web.test_own_data_pages import WORDS, address, told
from tests.web.told_cases import Told
from tests.web.twins import routes
from vietnam.time import DAY, HOUR, start_of

pytestmark = pytest.mark.browser

FILES = re.compile(
    r"/can-bo|/webhook|\.(jpg|pdf|ics|txt|webmanifest|js)$|/(tin|health|ready|metrics|robots\.txt)$|/anh/|/tep/|/\{name\}$|/\{slug\}$"
)
"""The console, which has a test of its own; files; what scripts fetch; an address that only leads on."""
ELSEWHERE = {
    "/nghe/{token}": "a recording",
    "/oauth/{channel}/{account:int}": "for whoever sets up a channel, at the end of a login elsewhere",
}
NOWHERE = "/khong-co/lich"
EDGES = {"north": 21.6, "south": 21.5, "west": 106.4, "east": 106.6}


@pytest.fixture
def town(house: House) -> House:
    """The commune has a picture, a Zalo account, cases of a quarter, an issued report, and asks opinions on a draft."""
    data = BytesIO()
    Image.new("RGB", (640, 320), "#9db98f").save(data, "JPEG")
    unit = house.commune.commune
    blob = run_apart(house.runtime.blobs.put(unit, "image/jpeg", data.getvalue(), width=640, height=320))
    outside(house, lambda tx: maps.put(tx, unit, blob, **EDGES))
    cases = Told(house)
    for day in range(1, 8):
        cases.case(date(2026, 8, day), village=day, answered=date(2026, 8, 20), category=("roads", "land")[day % 2])
    for month in (8, 9, 10):
        answered(house, date(2026, month, 5), content=12, unhappy=8)
        answered(house, date(2026, month, 9), content=9, unhappy=6, village=2)
    house.at = start_of(date(2026, 11, 20)) + 9 * HOUR
    house.services = replace(house.services, way_back=lambda channel: f"https://zalo.me/{channel}")
    return house


def pages(house: House, address_of_site: str) -> dict[str, list[str]]:
    """The addresses of every public page, by route."""
    with browser_of(house) as citizen:
        own = address(told(citizen, *WORDS, "dữ liệu của tôi"))
    cases = Told(house)
    code = cases.case(date(2026, 11, 18), village=1)
    unit = house.commune.commune
    officer = Actor(kind=OFFICER, unit=unit, id=house.commune.officer, role=Role.RECEPTION)
    for act in (Ask("Ngã ba nào ạ?"), Reply("Đã sửa.")):
        run_apart(house.runtime.act(cases.id(code), act, officer))
    house.at = start_of(date(2026, 11, 20)) + 9 * HOUR
    asked = run_apart(opened(house.store, house.commune, house.at))
    place = Survey(
        id="noi", title="Phiếu nơi chốn", privacy=Privacy.CONFIDENTIAL,
        questions=(Question(id="o_dau", kind=Kind.PLACE, text="Ở đâu?"),),
    )  # fmt: skip
    outside(house, lambda tx: waves.publish(tx, unit, place, "told", house.at))
    more = more_address(Zalo(house).writes(start="ks_noi").replace(address_of_site, "http://testserver"))
    thread = threads.address(house.runtime.vault, "/mau", cases.id(code), house.at)
    report = issue(house, "2026-Q3")
    begun = f"/cai-dat-lan-dau/{first_run(house)}"
    return {
        "/": ["/"],
        "/ky/{token}": [f"/ky/{'A' * 48}"],
        "/cai-dat-lan-dau/{token}": [f"{begun}?buoc={step}" for step in STEPS],
        "/{slug}/": ["/mau/", "/xa-khac/"],
        "/{slug}/rieng-tu": ["/mau/rieng-tu"],
        "/{slug}/hien-thi": ["/mau/hien-thi"],
        "/{slug}/ban-do": ["/mau/ban-do"],
        "/{slug}/ngoai-tuyen": ["/mau/ngoai-tuyen"],
        "/{slug}/tra-cuu": ["/mau/tra-cuu", "/mau/tra-cuu?ma=XX"],
        "/{slug}/tra-cuu/{code}": [f"/mau/tra-cuu/{code}"],
        "/{slug}/viec/{token}": [thread],
        "/{slug}/lich": ["/mau/lich"],
        "/{slug}/mau-don/{kind}": ["/mau/mau-don/khieu-nai", "/mau/mau-don/to-cao"],
        "/{slug}/lay-y-kien/{code}": [f"/mau/lay-y-kien/{asked.code}"],
        "/{slug}/zalo": ["/mau/zalo"],
        "/{slug}/du-lieu/{token}": [own],
        "/{slug}/them/{token}": [more],
        "/{slug}/cong-khai": ["/mau/cong-khai", "/mau/cong-khai?ky=2026-Q3", "/mau/cong-khai?ky=2026-10"],
        "/{slug}/ket-qua": ["/mau/ket-qua"],
        "/{slug}/ket-qua/{report:int}": [f"/mau/ket-qua/{report}"],
    }


def status(path: str) -> int:
    """What is there is shown; one address is of nowhere, one of a page to sign that is over."""
    return 404 if path == NOWHERE else 410 if path.startswith("/ky/") else 200


def first_run(house: House) -> str:
    """The token of a setting up that is at its last step."""
    token = "dung-lai"
    values = {"token_hash": sha256(token.encode()).digest(), "step": str(len(STEPS) - 1), "begun_at": house.at}
    row = insert(first_runs).values(unit_id=house.commune.commune, expires_at=house.at + DAY, **values)
    outside(house, lambda tx: tx.execute(row))
    return token


def wanted(house: House) -> set[str]:
    """Every route that is a page for the public."""
    return {one for one in routes(house.app) if not FILES.search(one)} - ELSEWHERE.keys()


@pytest.fixture
def site(town: House) -> Iterator[str]:
    with live(town) as base:
        yield base


@pytest.mark.timeout(300)
def test_every_public_page_can_be_read_by_everybody(chromium: Any, town: House, site: str) -> None:
    known = pages(town, site)
    assert known.keys() == wanted(town)

    wrong: list[str] = []
    # Colours do not hang on the width, nor the layout on colours: each is read both ways once.
    for scheme, size in (("light", SCREEN), ("dark", PHONE)):
        context = chromium.new_context(viewport=size, locale="vi-VN", bypass_csp=True, color_scheme=scheme)
        page = context.new_page()
        for path in [one for paths in known.values() for one in paths] + [NOWHERE]:
            name = f"{scheme} {path}"
            page.set_viewport_size(size)
            answer = page.goto(site + path, wait_until="domcontentloaded")
            wrong += [] if answer.status == status(path) else [f"{name}: {answer.status}"]
            wrong += faults(page, name) + too_wide(page, name, 360, 390, 1366) + clumsy(page, name)
            assert page.get_attribute("html", "lang") == "vi", name
            assert page.title().strip(), name
        context.close()
    assert wrong == [], "\n".join(wrong)


def test_what_is_published_is_found_and_what_is_a_chat_is_not(town: House) -> None:
    """A crawler that opened a chat would begin a conversation."""
    with browser_of(town) as crawler:
        rules = crawler.get("/robots.txt").text.splitlines()
        assert {"Allow: /*/cong-khai$", "Allow: /*/ket-qua$", "Disallow: /"} <= set(rules)
        for path in ("cong-khai", "ket-qua", "lich"):
            page = crawler.get(f"/mau/{path}").text
            assert '<meta name="description"' in page
            assert 'name="robots"' not in page
            for other in ("cong-khai", "ket-qua", "lich", "tra-cuu", "rieng-tu"):
                assert f'href="/mau/{other}"' in page, (path, other)
