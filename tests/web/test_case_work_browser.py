"""The page of a case in a real browser: answers kept ready without scripts, who else is there, on a phone."""

from typing import Any

import pytest
from sqlalchemy import select

from storage.tables import cases
from tests.web.house import PASSWORD, House, live, look
from tests.web.test_case_thread import says

pytestmark = pytest.mark.browser
PATIENCE = 60_000
"""Milliseconds that a page may take: the machine is busy."""


@pytest.fixture
def code(house: House) -> str:
    says(house, "Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua", "1")
    return look(house, lambda conn: str(conn.scalar(select(cases.c.code))))


def entered(browser: Any, address: str, login: str, **of: Any) -> Any:
    """A page of a browser of its own, of an officer who has logged in."""
    page = browser.new_context(base_url=address, locale="vi-VN", **of).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/can-bo/dang-nhap")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.button, form button.button")
    page.wait_for_url("**/can-bo/**")
    return page


def test_an_answer_kept_ready_is_put_in_without_scripts(house: House, chromium: Any, code: str) -> None:
    with live(house) as address:
        page = entered(chromium, address, "tiepnhan", java_script_enabled=False, viewport={"width": 360, "height": 740})
        page.goto(f"/can-bo/vu-viec/{code}")
        page.fill("#reply", "Chào Ông/Bà.")
        page.select_option("#mau", "schecked_and_done")
        page.click('button:has-text("Đưa vào")')
        page.wait_for_selector("#mau-da-dua")
        text = page.input_value("#reply")
        assert text.startswith("Chào Ông/Bà.\n\nCảm ơn Ông/Bà đã báo việc " + code)
        assert page.input_value("#outcome") == "resolved"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_who_else_has_it_open_is_told_while_it_is(house: House, chromium: Any, code: str) -> None:
    with live(house) as address:
        clerk = entered(chromium, address, "tiepnhan")
        clerk.goto(f"/can-bo/vu-viec/{code}")
        here = clerk.locator("[data-here]")
        assert here.is_hidden()
        # when the leader opens the same case
        leader = entered(chromium, address, "lanhdao")
        leader.goto(f"/can-bo/vu-viec/{code}")
        assert "Nông Thị Mẫu đang mở việc này" in leader.inner_text("[data-here]")
        # then the clerk is told on the page that is open, and what is being typed stays
        clerk.fill("#reply", "Đang viết dở")
        here.wait_for(state="visible")
        assert "Hoàng Văn Mẫu đang mở việc này" in here.inner_text()
        assert clerk.input_value("#reply") == "Đang viết dở"


@pytest.mark.parametrize("width", [360, 1366])
def test_no_page_of_work_on_a_case_is_wider_than_the_screen(house: House, chromium: Any, code: str, width: int) -> None:
    with live(house) as address:
        page = entered(chromium, address, "tiepnhan", viewport={"width": width, "height": 768})
        for where in (f"vu-viec/{code}", f"vu-viec/{code}/in", "cau-mau", "cau-mau/0", "cau-mau/0?mau=promised"):
            page.goto(f"/can-bo/{where}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, where
