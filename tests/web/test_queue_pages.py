"""The queue answers at one look: filters, order, pages, search, and what the address keeps of it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from urllib.parse import quote

import pytest
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from feedback.codes import make_code
from storage import case_search
from storage.ids import new_id
from storage.tables import cases, officers
from storage.tx import Tx
from tests.unit.test_case_search import account
from tests.web.house import House, browser_of, outside
from tests.web.test_officers_pages import enter
from vietnam.time import DAY, HOUR
from web.console.queue import FILTERS

CODE = re.compile(r'<b class="code">([^<]+)</b>')


@contextmanager
def desk_of(house: House, login: str) -> Iterator[TestClient]:
    with browser_of(house) as client:
        enter(client, login)
        yield client


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    """Reception."""
    with desk_of(house, "tiepnhan") as client:
        yield client


@pytest.fixture
def leader(house: House) -> Iterator[TestClient]:
    with desk_of(house, "lanhdao") as client:
        yield client


def officer(house: House, login: str) -> int:
    query = select(officers.c.id).where(officers.c.login == login)
    return int(outside(house, lambda tx: tx.execute(query).scalar_one()))


def bring(house: House, *made: Mapping[str, object]) -> list[str]:
    """Cases as they stand, one for each of these; their codes, XM-2026-AAAAAA-<n> from 2."""
    codes = []

    def write(tx: Tx) -> None:
        whose = account(tx, house.commune)
        for number, values in enumerate(made, start=2):
            id = new_id()
            row: dict[str, object] = {
                "id": id, "unit_id": house.commune.commune, "code": f"XM-2026-AAAA{number:02d}-2", "kind": "feedback",
                "category": "roads", "text": f"Việc số {number}", "state": "new", "channel": "webchat",
                "opened_at": house.at - DAY, "moved_at": house.at - DAY, "account_id": whose,
            }  # fmt: skip
            tx.execute(insert(cases).values(**{**row, **values}))
            case_search.keep(tx, id)
            codes.append(str({**row, **values}["code"]))

    outside(house, write)
    return codes


def shown(client: TestClient, query: str) -> list[str]:
    answer = client.get(f"/can-bo/{query}")
    assert answer.status_code == 200, query
    return CODE.findall(answer.text)


def test_every_filter_shows_its_own_and_stands_as_a_chip_that_can_be_taken_off(house: House, desk: TestClient) -> None:
    mine, village = officer(house, "tiepnhan"), house.commune.villages[4]
    other = officer(house, "lanhdao")
    codes = bring(
        house,
        {"kind": "petition"},
        {"category": "land"},
        {"village_id": village},
        {"assigned_id": mine, "state": "in_progress"},
        {"officer_id": other, "state": "in_progress", "due_at": house.at - HOUR},
        {"unheard": 1, "officer_id": other},
        {"channel": "paper", "helper_id": other, "officer_id": other},
    )
    asked = {
        "loai=petition": [codes[0]],
        "linh-vuc=land": [codes[1]],
        f"thon={village}": [codes[2]],
        "ai=toi": [codes[3]],
        f"ai={other}": codes[4:],
        "ai=chua": codes[:3],
        "han=qua": [codes[4]],
        "nhan=1": [codes[5]],
        "kenh=paper": [codes[6]],
        "ho=1": [codes[6]],
        f"ai={other}&ho=1": [codes[6]],
        "loai=petition&linh-vuc=land": [],
    }
    for query, expected in asked.items():
        assert sorted(shown(desk, f"?muc=chua-xong&{query}")) == expected, query
        page = desk.get(f"/can-bo/?muc=chua-xong&{query}").text
        chips = re.search(r'<ul class="chips".*?</ul>', page, re.DOTALL)
        assert chips is not None, query
        links = [unescape(link) for link in re.findall(r'<a href="([^"]+)"', chips.group())]
        assert len(links) == query.count("=")
        # Each chip leads to the same without it.
        parts = sorted(query.split("&"), key=lambda one: FILTERS.index(one.split("=")[0]))
        for part, link in zip(parts, links, strict=True):
            assert part not in link
            assert all(rest in link for rest in query.split("&") if rest != part)


def test_what_is_late_is_one_link_away(house: House, desk: TestClient) -> None:
    late, _, _ = bring(house, {"due_at": house.at - 1}, {"due_at": house.at + DAY}, {"state": "closed"})
    page = desk.get("/can-bo/").text
    link = re.search(r'<a class="late" href="([^"]+)"><strong>1 việc quá hạn', page)
    assert link is not None
    assert CODE.findall(desk.get(unescape(link.group(1))).text) == [late]


def test_the_order_is_by_deadline_unless_another_is_asked_for(house: House, desk: TestClient) -> None:
    codes = bring(
        house,
        {"due_at": house.at + 3 * DAY, "opened_at": house.at - 3 * DAY},
        {"due_at": house.at + DAY, "opened_at": house.at - 2 * DAY},
        {"due_at": None, "opened_at": house.at - 9 * DAY},
    )
    first, second, third = codes
    assert shown(desk, "?muc=moi") == [second, first, third]
    assert shown(desk, "?muc=moi&xep=moi") == [second, first, third]
    assert shown(desk, "?muc=moi&xep=lau") == [third, first, second]


def test_each_role_begins_with_its_own(house: House, desk: TestClient, leader: TestClient) -> None:
    late, new, working = bring(
        house,
        {"due_at": house.at - DAY, "state": "in_progress"},
        {"due_at": house.at + DAY, "assigned_role": "leader"},
        {"due_at": house.at + 2 * DAY, "state": "received"},
    )
    assert shown(leader, "") == [late, new, working], "all that is open, what is late before all else"
    assert shown(desk, "") == [new]


def test_pages_of_thirty_with_their_count(house: House, desk: TestClient) -> None:
    bring(house, *({"opened_at": house.at - number} for number in range(65)))
    page = desk.get("/can-bo/?muc=moi")
    assert len(CODE.findall(page.text)) == 30
    assert "65 việc, đang xem 1 đến 30" in page.text
    assert "Trang 1/3" in page.text
    following = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert following is not None
    second = desk.get(unescape(following.group(1))).text
    assert "đang xem 31 đến 60" in second
    assert not set(CODE.findall(page.text)) & set(CODE.findall(second))
    assert "Về trang đầu" in desk.get("/can-bo/?muc=moi&trang=9").text


def test_a_search_goes_through_every_state_and_marks_what_it_found(house: House, desk: TestClient) -> None:
    new, closed = bring(
        house, {"text": "Cầu <b>treo</b> gãy ván"}, {"text": "Cầu treo đã sửa", "state": "closed", "answered_at": 1}
    )
    page = desk.get("/can-bo/?tim=CAU+TREO").text
    assert sorted(CODE.findall(page)) == [new, closed]
    assert "<mark>Cầu treo</mark> đã sửa" in page
    assert "<mark>Cầu</mark> &lt;b&gt;<mark>treo</mark>&lt;/b&gt;" in page
    assert shown(desk, "?tim=cau+treo&muc=moi") == [new]
    assert shown(desk, "?tim=cau+treo&loai=petition") == []


def test_a_code_leads_straight_to_its_case(house: House, desk: TestClient) -> None:
    code = make_code("XM", 2026, 12_345)
    bring(house, {"code": code})
    bare, spaced = code.replace("-", ""), code.replace("-", " ")
    for typed in (code, bare, code.lower(), f"mã {code}", f"  {spaced} "):
        answer = desk.get("/can-bo/", params={"tim": typed}, follow_redirects=False)
        assert (answer.status_code, answer.headers.get("location")) == (303, f"/can-bo/vu-viec/{code}"), typed
    unknown = make_code("XM", 2026, 12_346)
    assert desk.get("/can-bo/", params={"tim": unknown}, follow_redirects=False).status_code == 200


def test_a_closed_case_is_found_by_nobody(house: House, desk: TestClient) -> None:
    code = make_code("XM", 2026, 99)
    past = {"text": "việc của lãnh đạo", "kind": "conduct"}
    bring(house, {"code": code, "text": "chuyện kín", "confidential": 1}, past)
    assert shown(desk, "?tim=chuyện kín") == []
    assert shown(desk, "?tim=việc của lãnh đạo") == []
    assert desk.get("/can-bo/", params={"tim": code}, follow_redirects=False).status_code == 200


ODD = ("'", '"', "\0", "-1", "1e9", "9" * 40, "9223372036854775807", "<b>", "\u202e", "😀", "x" * 10_000)


def test_whatever_is_asked_is_answered(desk: TestClient) -> None:
    asked = [f"?{name}={quote(odd)}" for name in ("muc", *FILTERS, "xep", "trang", "tim") for odd in ODD]
    asked += ["?tim=%ff%fe", "?tim=%25_%25", "?tim=AND+OR+NOT", "?tim=case_words:*", "?tim=&tim=&muc=moi"]
    assert {query[:60]: status for query in asked if (status := desk.get(f"/can-bo/{query}").status_code) != 200} == {}


def test_what_is_typed_is_escaped_wherever_it_is_shown_again(house: House, desk: TestClient) -> None:
    page = desk.get("/can-bo/", params={"tim": '"><script>alert(1)</script>', "ai": "5"}).text
    assert "<script>alert" not in page


def test_the_sheet_of_shortcuts_is_a_page_too(desk: TestClient) -> None:
    page = desk.get("/can-bo/phim-tat")
    assert page.status_code == 200
    assert 'href="/can-bo/lich"' in page.text
    assert 'data-go="l"' in page.text


def test_the_first_paint_of_the_queue_is_under_sixty_kilobytes(house: House, desk: TestClient) -> None:
    """Bytes as they go over the line, the page and every file that it names, without their headers."""
    long = "Đoạn đường từ nhà văn hóa đến ngã ba cây đa có nhiều ổ gà, trời mưa ngập nước, xe máy hay ngã. "
    bring(house, *({"text": f"{number} {long * 2}", "unheard": 1, "due_at": house.at} for number in range(40)))

    def carried(path: str) -> int:
        with desk.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
            assert answer.status_code == 200
            return len(b"".join(answer.iter_raw()))

    page = desk.get("/can-bo/").text
    files = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert any("icons.svg" in name for name in files)
    parts = {name: carried(name) for name in files}
    parts["page"] = carried("/can-bo/")
    assert parts["page"] < len(page.encode()) / 3
    assert sum(parts.values()) < 60_000, parts


def test_pages_of_citizens_are_not_packed(house: House, citizen: TestClient) -> None:
    answer = citizen.get("/mau/", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers


def test_a_file_is_packed_only_for_whoever_can_unpack_it(citizen: TestClient) -> None:
    packed = citizen.get("/static/console.css", headers={"accept-encoding": "gzip"})
    plain = citizen.get("/static/console.css", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    for answer in (packed, plain):
        assert "accept-encoding" in answer.headers["vary"].lower()
    assert packed.headers["etag"] != plain.headers["etag"]
