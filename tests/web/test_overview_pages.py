"""The overview: what is to be done today, who holds what is late, promises kept as reports count them, and the map."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import event, select
from starlette.testclient import TestClient

from app.report_source import StoreSource
from feedback.acts import Ask, Take
from feedback.kinds import Kind
from feedback.roles import Role
from storage import maps
from storage.tables import officers
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, browser_of, look, outside
from tests.web.issued_reports import answered, issue
from tests.web.told_cases import Told
from vietnam.time import DAY, HOUR, start_of

ADDRESS = "/can-bo/tong-quan"
TODAY = date(2026, 11, 20)
HERE, THERE = (21.55, 106.5), (21.56, 106.55)


def enter(client: TestClient, login: str) -> None:
    """Log in."""
    assert client.post("/can-bo/dang-nhap", data={"login": login, "password": PASSWORD}).status_code == 200


@pytest.fixture
def told(house: House) -> Told:
    """Two answered in October (one late), and in November one new, one late, one that waits, one about an official."""
    told = Told(house)
    told.case(date(2026, 10, 5), village=1, answered=date(2026, 10, 6))
    told.case(date(2026, 9, 7), village=1, answered=date(2026, 10, 28))
    told.case(date(2026, 11, 2), village=2, category="land", point=HERE)
    told.case(date(2026, 11, 19), village=2, point=THERE)
    waits = told.case(date(2026, 11, 18), village=3)
    told.act(waits, Ask("Ngã ba nào ạ?"), date(2026, 11, 19))
    told.case(date(2026, 11, 17), kind=Kind.CONDUCT, category="conduct", village=4, point=HERE)
    told.case(date(2026, 11, 17), category="ethnic_religion", village=5, point=HERE)
    house.at = start_of(TODAY) + 9 * HOUR
    return told


@pytest.fixture
def leader(told: Told) -> Iterator[TestClient]:
    with browser_of(told.house) as client:
        enter(client, "lanhdao")
        yield client


@pytest.fixture
def desk(told: Told) -> Iterator[TestClient]:
    with browser_of(told.house) as client:
        enter(client, "tiepnhan")
        yield client


def tiles(page: str) -> dict[str, int]:
    """The large numbers by what stands below them."""
    return {name: int(n) for n, name in re.findall(r"<b>(\d+)</b> <span>([^<]+)</span>", page)}


def test_the_first_look_says_what_is_to_be_done_today(leader: TestClient) -> None:
    found = tiles(leader.get(ADDRESS).text)
    assert found["chờ người dân"] == 1
    assert found["quá hạn"] == 1
    assert found["việc mới"] == 4


def test_what_is_about_an_official_is_counted_for_leaders_alone(leader: TestClient, desk: TestClient) -> None:
    assert tiles(leader.get(ADDRESS).text)["việc mới"] - tiles(desk.get(ADDRESS).text)["việc mới"] == 1
    assert "Thái độ" not in desk.get(ADDRESS).text.partition("Theo lĩnh vực")[2].partition("</table>")[0]


def test_who_holds_what_is_late_is_named(told: Told, leader: TestClient) -> None:
    def holders() -> str:
        return leader.get(ADDRESS).text.partition("đang ở ai")[2].partition("</section>")[0]

    assert "Cán bộ tiếp nhận" in holders(), "nobody has taken it: it is the desk's turn"
    told.act(told.made[2], Take(), TODAY, role=Role.RECEPTION)
    name = look(
        told.house, lambda conn: conn.scalar(select(officers.c.name).where(officers.c.id == told.house.commune.officer))
    )
    assert str(name) in holders()


def test_promises_are_counted_as_reports_count_them(told: Told, leader: TestClient) -> None:
    page = leader.get(ADDRESS).text
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    counted = look(told.house, lambda conn: StoreSource(conn, told.house.commune.commune).answers(first, last))
    in_time = len([one for one in counted if one.in_time])
    assert (len(counted), in_time) == (2, 1)
    assert "1/2 (50,0%)" in page
    assert "tháng trước 50,0%" in page


def test_the_map_has_places_of_thirty_days_and_nothing_sensitive(told: Told, leader: TestClient) -> None:
    page = leader.get(ADDRESS).text
    assert "2 việc có vị trí trong 30 ngày" in page
    svg = re.search(r'<svg class="place-sheet".*?</svg>', page, re.DOTALL)
    assert svg
    assert svg[0].count('class="ring"') == 1, "one of them is late"
    told.house.at += 40 * DAY
    enter(leader, "lanhdao")
    assert "chưa có việc nào kèm vị trí" in leader.get(ADDRESS).text


def test_places_stand_on_the_communes_own_picture(told: Told, leader: TestClient) -> None:
    house, data = told.house, BytesIO()
    Image.new("RGB", (640, 320), "#9db98f").save(data, "JPEG")
    unit = house.commune.commune
    blob = run_apart(house.runtime.blobs.put(unit, "image/jpeg", data.getvalue(), width=640, height=320))
    assert leader.get(f"{ADDRESS}/ban-do.jpg").status_code == 404
    outside(house, lambda tx: maps.put(tx, unit, blob, north=21.6, south=21.558, west=106.4, east=106.6))

    page = leader.get(ADDRESS).text

    assert f'href="{ADDRESS}/ban-do.jpg"' in page
    assert "1 việc nằm ngoài bản đồ" in page
    assert leader.get(f"{ADDRESS}/ban-do.jpg").headers["content-type"] == "image/jpeg"


def test_satisfaction_is_that_of_the_newest_report(told: Told, leader: TestClient) -> None:
    assert "Chưa có báo cáo nào" in leader.get(ADDRESS).text
    for month in (9, 10):
        answered(told.house, date(2026, month, 5), content=12, unhappy=8)
    issue(told.house, "2026-10", state="ready")
    page = leader.get(ADDRESS).text
    assert "<strong>60,0%</strong> hài lòng chung (n = 20)" in page
    assert "hai-long-0-t" in page, "a line of two months"


def test_a_month_of_few_answers_is_a_gap_and_no_number(told: Told, leader: TestClient) -> None:
    answered(told.house, date(2026, 9, 5), content=2, unhappy=1)
    for month in (6, 7, 8, 10):
        answered(told.house, date(2026, month, 5), content=12, unhappy=8)
    issue(told.house, "2026-10")
    line = leader.get(ADDRESS).text.partition("hai-long-0-t")[2]
    assert '<th scope="row">9/2026</th><td>…</td>' in line
    assert '<th scope="row">5/2026</th><td>–</td>' in line, "nobody answered: that is no secret"


@pytest.mark.parametrize(("login", "status"), [("quantri", 200), ("xakhac", 200), ("", 303)])
def test_other_officers_see_their_own(told: Told, login: str, status: int) -> None:
    with browser_of(told.house) as client:
        if login:
            enter(client, login)
        answer = client.get(ADDRESS, follow_redirects=False)
        assert answer.status_code == status
        if login == "xakhac":
            assert set(tiles(answer.text).values()) == {0}


def test_as_many_questions_are_asked_of_the_store_whatever_it_holds(told: Told, leader: TestClient) -> None:
    """One case more is no statement more."""

    def asked() -> int:
        statements: list[str] = []

        def heard(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        engine = told.house.store._readers  # type: ignore[attr-defined]  # of SQLite
        event.listen(engine, "before_cursor_execute", heard)
        try:
            leader.get(ADDRESS)
        finally:
            event.remove(engine, "before_cursor_execute", heard)
        return len(statements)

    before = asked()
    for day in range(1, 6):
        told.case(date(2026, 11, day), village=day, point=HERE)
    told.house.at = start_of(TODAY) + 9 * HOUR
    assert asked() == before
