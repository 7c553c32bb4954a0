"""The second step as an officer sets it up and uses it, with a telephone's screen and without scripts."""

import base64
from typing import Any

import pytest

from feedback import totp
from tests.web.axe import faults
from tests.web.house import PASSWORD, House, live

pytestmark = pytest.mark.browser
TELEPHONE = {"width": 390, "height": 844}
PATIENCE = 60_000
"""Milliseconds."""


def log_in(page: Any, address: str) -> None:
    page.goto(f"{address}/can-bo/")
    page.fill("[name=login]", "tiepnhan")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_the_second_step_on_a_telephone_without_scripts(house: House, chromium: Any) -> None:
    with live(house) as address:
        context = chromium.new_context(viewport=TELEPHONE, java_script_enabled=False)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        # given an officer at the own account, found from the bar
        log_in(page, address)
        page.click("a.me")
        page.fill("#p-on", PASSWORD)
        page.click("main >> text=Bật bước thứ hai")
        # when the secret is typed into the telephone and its code back into the page
        assert page.locator("svg.qr").is_visible()
        page.click("summary")
        secret = base64.b32decode(page.inner_text(".secret").replace(" ", ""))
        page.fill("#code", totp.code_at(secret, house.at // totp.STEP))
        page.click("form[action$=bat] button")
        codes = page.locator(".codes code").all_inner_texts()
        page.click("text=Đã cất mã")
        page.click("[title='Đăng xuất']")
        # then the password alone leads to the page of the code, and the code, or one kept on paper, to the work
        house.at += totp.STEP
        log_in(page, address)
        assert page.url.endswith("/dang-nhap/buoc-hai")
        page.fill("#code", totp.code_at(secret, house.at // totp.STEP))
        page.click("text=Tiếp tục")
        page.wait_for_url(f"{address}/can-bo/")
        page.click("[title='Đăng xuất']")
        log_in(page, address)
        page.click("summary")
        page.fill("#recovery", codes[0])
        page.click("text=Dùng mã dự phòng")
        page.wait_for_url(f"{address}/can-bo/")
        context.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_pages_of_the_second_step_are_for_everybody(house: House, chromium: Any, colours: str) -> None:
    with live(house) as address:
        context = chromium.new_context(viewport=TELEPHONE, color_scheme=colours)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        found: list[str] = []

        def read(name: str) -> None:
            # What stands half below the bar at the bottom counts as too small to be touched.
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            found.extend(faults(page, name))
            found.extend([] if fits(page) else [f"{name}: too wide"])

        log_in(page, address)
        page.click("a.me")
        read("account")
        page.fill("#p-on", PASSWORD)
        page.click("main >> text=Bật bước thứ hai")
        page.click("summary")
        read("picture")
        secret = base64.b32decode(page.inner_text(".secret").replace(" ", ""))
        page.fill("#code", totp.code_at(secret, house.at // totp.STEP))
        page.click("form[action$=bat] button")
        read("codes")
        page.click("text=Đã cất mã")
        read("on")
        page.click("[title='Đăng xuất']")
        log_in(page, address)
        page.fill("#code", "000000")
        page.click("text=Tiếp tục")
        page.click("summary")
        read("wrong code")
        context.close()
        assert found == []
