"""What an officer has typed and not saved: kept over other buttons of the page and over an end of the session."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from storage import reading_report
from tests.web.house import PASSWORD, House, browser_of, live, look
from tests.web.test_officers_pages import enter
from tests.web.test_report_page import BASES, drafted, fields, send
from web.console.access import HOME, own_page

LIMITS = "[name='t.survey:limits']"


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    """An officer of reception."""
    with browser_of(house) as client:
        enter(client)
        yield client


def test_who_was_logged_out_comes_back_to_the_page_of_the_report(house: House) -> None:
    here = f"/can-bo/bao-cao/{drafted(house)}"
    with browser_of(house) as client:
        door = client.get(f"{here}?so=1")
        assert f'name="den" value="{here}?so=1"' in door.text
        # when the password was wrong first, the page that was asked for is not forgotten
        login = {"login": "tiepnhan", "password": "sai", "den": f"{here}?so=1"}
        assert f'name="den" value="{here}?so=1"' in client.post("/can-bo/dang-nhap", data=login).text
        # when a form was sent, its own page is what is come back to
        sent = client.post(f"{here}/viet", data={"t.a": "b"}, headers={"referer": f"http://testserver{here}?xong=viet"})
        assert f'name="den" value="{here}"' in sent.text
        inside = client.post("/can-bo/dang-nhap", data={**login, "password": PASSWORD})
        assert str(inside.url).endswith(f"{here}?so=1")


@pytest.mark.parametrize(
    "page",
    [
        "//xa.vn/can-bo/",
        "https://xa.vn/can-bo/",
        "/can-bo//xa.vn",
        "/can-bo/../mau",
        "/can-bo/\\xa",
        "/can-bo/a\r\nb: c",
        "/mau/",
        "can-bo/",
        "/can-bo/dang-nhap",
        "/can-bo/dang-xuat",
        "/can-bo/" + "a" * 600,
        "",
    ],
)
def test_after_logging_in_nobody_is_led_elsewhere(page: str) -> None:
    assert own_page(page) == HOME


def test_the_page_keeps_what_is_not_saved_for_its_script(desk: TestClient, house: House) -> None:
    report = drafted(house)
    page = desk.get(f"/can-bo/bao-cao/{report}").text
    assert "unsaved.js" in page
    assert 'id="restored" hidden>Đã khôi phục chữ chưa lưu' in page
    assert f':{report}:viet" data-done="viet trinh"' in page
    assert "data-typed" not in page
    # what was refused or only copied is shown, and is not saved
    _, page = send(desk, report, fields(page), chep_goc=BASES)
    assert page.count("data-typed") == 1


@pytest.mark.browser
def test_unsaved_words_outlive_other_buttons_and_the_session(house: House, chromium: Any) -> None:
    report = drafted(house)
    with live(house) as address:
        context = chromium.new_context(locale="vi-VN")
        page = context.new_page()
        faults: list[str] = []
        asked: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)

        def agree(dialog: Any) -> None:
            asked.append(dialog.type)
            dialog.accept()

        page.on("dialog", agree)
        here = f"{address}/can-bo/bao-cao/{report}"

        def log_in() -> None:
            page.fill("[name=login]", "tiepnhan")
            page.fill("[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector(LIMITS)

        # Given words that are typed and not saved
        page.goto(here)
        log_in()
        assert not page.is_visible("#restored")
        page.click(LIMITS)
        page.keyboard.type("Thiếu người trực.")
        # When a remark is sent by its own form, then the browser asks, and the words are there again
        page.fill("[name=y_kien]", "Xin xem mục hạn chế.")
        page.click("text=Gửi ý kiến")
        page.wait_for_selector("text=Đã gửi ý kiến")
        assert asked == ["beforeunload"]
        assert page.is_visible("#restored")
        assert (page.input_value(LIMITS), page.input_value("[name=y_kien]")) == ("Thiếu người trực.", "")
        # When the session has ended, then saving leads through the door back to the page and the words
        context.clear_cookies()
        page.click("#noi-dung .save button >> nth=0")
        page.wait_for_selector("[name=password]")
        log_in()
        assert page.url == here
        assert page.input_value(LIMITS) == "Thiếu người trực."
        # When they are saved, then nothing is restored any more
        page.click("#noi-dung .save button >> nth=0")
        page.wait_for_selector("text=Đã lưu.")
        assert not page.is_visible("#restored")
        page.goto(here)
        assert not page.is_visible("#restored")
        assert asked == ["beforeunload"]
        context.close()
    words = look(house, lambda conn: reading_report.words_of(conn, report))
    assert [one.text for one in words.values()] == ["Thiếu người trực."]
    assert faults == []
