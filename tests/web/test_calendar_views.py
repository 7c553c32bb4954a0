"""The calendar of sessions as a month, a week, a day: what is on a day stands there, days off and busy days too."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.web.house import PASSWORD, House, browser_of, live
from tests.web.sessions_at_desk import a_day, planned
from vietnam.calendar import shipped_days
from web.console.sessions_month import VIEWS, days_of, span

DAYS = st.dates(date(2020, 1, 1), date(2099, 12, 31))


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    with browser_of(house) as client:
        client.post("/can-bo/dang-nhap", data={"login": "lanhdao", "password": PASSWORD})
        yield client


def see(client: TestClient, view: str, day: date, **more: str) -> str:
    page = client.get("/can-bo/lich", params={"xem": view, "ngay": day.isoformat(), **more})
    assert page.status_code == 200
    return page.text


def cell(page: str, day: date) -> str:
    """What stands on one day of the page."""
    found = re.search(
        rf'<li class="cell(?:(?!<li class="cell).)*?ngay={day.isoformat()}.*?(?=<li class="cell|</ol>)',
        page,
        re.DOTALL,
    )
    assert found is not None, day
    return found[0]


@pytest.mark.parametrize("view", ["thang", "tuan"])
def test_a_session_stands_on_its_day_and_nowhere_else(house: House, desk: TestClient, view: str) -> None:
    address, day = planned(house, desk), a_day(house, 10, 2)
    page = see(desk, view, day)
    assert page.count(f'href="{address}"') == 1
    assert f'href="{address}"' in cell(page, day)
    assert "07:30" in cell(page, day)
    assert f'href="{address}"' in see(desk, "ngay", day)
    assert f'href="{address}"' not in see(desk, "ngay", day + timedelta(days=1))


def test_one_host_is_seen_alone(house: House, desk: TestClient) -> None:
    address, day = planned(house, desk), a_day(house, 10, 2)
    assert f'href="{address}"' in see(desk, "thang", day, **{"chu-tri": "chairman"})
    assert f'href="{address}"' not in see(desk, "thang", day, **{"chu-tri": "secretary"})


def test_days_off_of_the_country_and_of_the_commune_are_marked(house: House, desk: TestClient) -> None:
    assert "nghỉ" in cell(see(desk, "thang", date(2026, 9, 2)), date(2026, 9, 2))
    own = a_day(house, 20, 1)
    assert "nghỉ" not in cell(see(desk, "tuan", own), own)
    desk.post("/can-bo/ngay-nghi", data={"first": own.isoformat(), "kind": "off"})
    assert "nghỉ" in cell(see(desk, "tuan", own), own)
    saturday = a_day(house, 20, 5)
    desk.post("/can-bo/ngay-nghi", data={"first": saturday.isoformat(), "kind": "work"})
    assert "làm bù" in cell(see(desk, "thang", saturday), saturday)


def test_busy_days_of_a_host_are_on_every_day_they_touch(house: House, desk: TestClient) -> None:
    first = a_day(house, 12, 0)
    form = {
        "chu_tri": "chairman",
        "tu": first.isoformat(),
        "den": (first + timedelta(days=2)).isoformat(),
        "ghi": "Họp",
    }
    desk.post("/can-bo/lich/ngay-ban", data=form)
    page = see(desk, "tuan", first)
    told = ["bận" in cell(page, first + timedelta(days=at)) for at in range(4)]
    assert told == [True, True, True, False]
    assert "Họp" in page


def test_links_lead_to_what_is_beside_it_and_back(house: House, desk: TestClient) -> None:
    for view in VIEWS:
        page = see(desk, view, date(2026, 12, 31))
        after = re.search(rf'href="(/can-bo/lich\?xem={view}[^"]+)" aria-label="[^"]+ sau"', page)
        assert after is not None
        there = desk.get(after[1].replace("&amp;", "&")).text
        before = re.search(r'ngay=([0-9-]+)[^"]*" aria-label="[^"]+ trước"', there)
        assert before is not None
        assert span(view, date.fromisoformat(before[1])) == span(view, date(2026, 12, 31))


@pytest.mark.parametrize("odd", ["", "abc", "2026-13-45", "0001-01-01", "9999-12-31", "\0", "31/12/2026"])
def test_a_day_that_is_none_shows_one_all_the_same(desk: TestClient, odd: str) -> None:
    for view in VIEWS:
        assert desk.get("/can-bo/lich", params={"xem": view, "ngay": odd}).status_code == 200


@given(DAYS, st.sampled_from(VIEWS))
def test_every_span_holds_its_day_and_whole_weeks(day: date, view: str) -> None:
    first, last = span(view, day)
    assert first <= day <= last
    if view != "ngay":
        assert (first.weekday(), last.weekday()) == (0, 6)
    days = days_of(first, last, [], [], shipped_days(), day.month if view == "thang" else 0)
    assert [one.day for one in days] == [first + timedelta(days=at) for at in range(len(days))]
    assert next(one for one in days if one.day == day).inside


@pytest.mark.browser
def test_no_view_is_wider_than_a_phone(house: House, desk: TestClient, chromium: Any) -> None:
    planned(house, desk)
    day = a_day(house, 10, 2)
    with live(house) as base:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, locale="vi-VN")
        page = context.new_page()
        page.goto(f"{base}/can-bo/dang-nhap")
        page.fill("#login", "lanhdao")
        page.fill("#password", PASSWORD)
        page.click("main button")
        for view in VIEWS:
            page.goto(f"{base}/can-bo/lich?xem={view}&ngay={day.isoformat()}")
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide == 0, view
            assert page.locator("text=Tiếp công dân định kỳ").first.is_visible(), view
        context.close()
