"""What was ugly once, held: columns too narrow to read, codes over the edge of a cell, pictures one below another."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from app.photo_jobs import keep_photo
from storage.tables import blobs, case_blobs, cases
from storage.tx import Tx
from tests.stores import run_apart
from tests.web.doors import picture
from tests.web.house import House, browser_of, live, outside
from tests.web.piles import furnish, open_pile
from tests.web.sessions_at_desk import announced
from tests.web.test_browser import DESK, PHONE
from tests.web.test_queue_pages import bring
from tests.web.test_sessions_browser import signed_in
from tests.web.test_sessions_desk import visitor
from tests.web.waves_at_desk import entered, open_one

STATIC = Path(__file__).parents[2] / "web" / "static"
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_WORD = 15
"""Ems that a question needs beside its field, so that no word of it stands alone on a line."""


@pytest.mark.browser
def test_a_question_that_is_typed_has_room_for_its_words(house: House, chromium: Any) -> None:
    # given a pile of forms
    outside(house, lambda tx: furnish(tx, house))
    with browser_of(house) as client:
        batch = open_pile(entered(client, "tiepnhan"), house)
    with live(house) as address:
        page = signed_in(chromium, address, "tiepnhan", DESK)
        # when a form is typed at a desk
        page.goto(f"{address}/can-bo/nhap-phieu/{batch}/phieu")
        narrow = page.eval_on_selector_all(
            "#typing .row:not(.number) > label",
            f"""all => all.filter(one => one.clientWidth < {_WORD} * parseFloat(getComputedStyle(one).fontSize))
              .map(one => one.innerText.slice(0, 40))""",
        )
        # then its questions can be read
        assert page.locator("#typing .row").count() > 10
        assert narrow == []


@pytest.mark.browser
def test_pictures_of_a_case_stand_beside_each_other(house: House, chromium: Any) -> None:
    # given a case with three pictures
    (code,) = bring(house, {"text": "Đèn đường hỏng"})
    kept = [run_apart(keep_photo(house.runtime, house.commune.commune, picture(1200, 900))) for _ in range(3)]

    def hang(tx: Tx) -> None:
        case = tx.conn.scalar(select(cases.c.id).where(cases.c.code == code))
        for blob in kept:
            tx.execute(insert(case_blobs).values(case_id=case, blob_id=blob))
            tx.execute(update(blobs).where(blobs.c.id == blob).values(kept=1))

    outside(house, hang)
    with live(house) as address:
        page = signed_in(chromium, address, "tiepnhan", DESK)
        # when it is opened at a desk
        page.goto(f"{address}/can-bo/vu-viec/{code}", wait_until="load")
        tops = page.eval_on_selector_all(".paper .shot", "all => all.map(one => one.getBoundingClientRect().top)")
        # then they do not push the answer off the screen one by one
        assert len(tops) == len(kept)
        assert len(set(tops)) == 1


@pytest.mark.browser
@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_no_cell_of_the_day_sheet_is_run_over_by_what_stands_in_it(
    house: House, chromium: Any, screen: dict[str, int]
) -> None:
    with browser_of(house) as desk:
        session = announced(house, entered(desk, "lanhdao"))
        desk.post(f"{session}/dat-cho", data=visitor())
    with live(house) as address:
        page = signed_in(chromium, address, "lanhdao", screen)
        page.goto(f"{address}{session}/phieu-truc")
        over = page.eval_on_selector_all(
            ".day-sheet td",
            "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)",
        )
        rows = page.eval_on_selector_all(".day-sheet tr", "all => all.map(one => getComputedStyle(one).display)")
        assert over == []
        assert set(rows) == {"table-row"}


def test_who_searches_sees_first_what_was_found(house: House) -> None:
    bring(house, {"text": "Đèn đường không sáng", "due_at": house.at - 1})
    with browser_of(house) as client:
        entered(client, "tiepnhan")
        assert 'class="now"' in client.get("/can-bo/").text
        found = client.get("/can-bo/?tim=den").text
        missed = client.get("/can-bo/?tim=zzz").text
    for page in (found, missed):
        assert 'class="now"' not in page
    assert "Xin thử ít chữ hơn" in missed


def test_a_wave_ends_on_the_same_day_on_every_page(house: House) -> None:
    with browser_of(house) as leader:
        opened = open_one(entered(leader, "lanhdao"), ma="mau-2", den="2026-12-31").text
        figures = leader.get("/can-bo/khao-sat").text
    for page in (opened, figures):
        assert "31/12/2026" in page
        assert "01/01/2027" not in page


def test_what_unfolds_shows_that_it_does() -> None:
    """A summary that is laid out as a flex box loses its triangle: allowed where it has a sign of its own."""
    flexed = {
        selector.strip()
        for sheet in STATIC.glob("*.css")
        for selectors, body in _RULE.findall(sheet.read_text("utf-8"))
        for selector in selectors.rpartition("*/")[2].split(",")
        if selector.strip().endswith("summary") and "flex" in body
    }
    assert flexed == {".filters summary"}


def test_no_session_is_refused_without_the_way_to_the_field(house: House) -> None:
    with browser_of(house) as desk:
        session = announced(house, entered(desk, "lanhdao"))
        refused = desk.post(f"{session}/dat-cho", data=visitor(sdt="12"))
    assert refused.status_code == 422
    assert 'href="#ten">Xuống chỗ viết' in refused.text
    assert 'id="ten"' in refused.text


def test_a_kind_that_is_its_own_field_is_said_once(house: House) -> None:
    (code,) = bring(house, {"text": "Cán bộ trả lời cộc lốc", "kind": "conduct", "category": "conduct"})
    with browser_of(house) as client:
        entered(client, "lanhdao")
        pages = [client.get(where).text for where in ("/can-bo/", f"/can-bo/vu-viec/{code}")]
    for page in pages:
        assert page.count('<span class="tag">Thái độ của cán bộ</span>') == 0
        assert '<span class="tag kind-conduct">Thái độ cán bộ</span>' in page
