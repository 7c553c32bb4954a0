"""The queue in a real browser: shortcuts, what comes while a page is open, a narrow phone, and paper."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.house import House, live
from tests.web.test_queue_live import from_elsewhere
from tests.web.test_queue_pages import bring
from tests.web.test_sessions_browser import signed_in
from vietnam.time import DAY

pytestmark = pytest.mark.browser
PATIENCE = 60_000
"""Milliseconds."""
NARROW = {"width": 360, "height": 740}
FOCUSED = (
    "document.activeElement.matches('.card') ? document.activeElement.querySelector('.code').textContent"
    " : document.activeElement.id"
)
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with live(house) as base:
        yield base


def some(house: House) -> list[str]:
    long = "Đoạn đường từ nhà văn hóa đến ngã ba cây đa có nhiều ổ gà, trời mưa ngập nước, xe máy hay ngã. " * 2
    return bring(
        house,
        {"text": long, "due_at": house.at - DAY, "village_id": house.commune.villages[3], "unheard": 1},
        {"text": "Đèn đường không sáng", "due_at": house.at + DAY, "kind": "petition"},
        {"text": "Rác đổ trộm ở cổng chợ", "due_at": house.at + 3 * DAY, "category": "environment"},
    )


def test_the_queue_is_worked_with_keys_alone(house: House, chromium: Any, address: str) -> None:
    first, second, third = some(house)
    page = signed_in(chromium, address, "tiepnhan")
    page.set_default_timeout(PATIENCE)
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == first
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == third
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/vu-viec/{second}")
    page.wait_for_load_state()
    # Back by two keys, and to the search by one; while somebody types, letters are letters.
    page.keyboard.press("g")
    page.keyboard.press("v")
    page.wait_for_url("**/can-bo/")
    page.keyboard.press("/")
    assert page.evaluate(FOCUSED) == "find"
    page.keyboard.type("jkg?/v")
    assert page.input_value("#find") == "jkg?/v"
    assert not page.locator("#keys[open]").count()
    page.fill("#find", "rac do")
    page.keyboard.press("Enter")
    page.wait_for_url("**tim=rac+do*")
    assert page.locator("mark").all_inner_texts() == ["Rác đổ"]
    # The sheet opens, tells, and switches them off for this machine.
    page.locator("h1").click()
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    assert "Tìm việc" in page.inner_text("#keys")
    page.uncheck("#keys [data-keys-on]")
    page.click("#keys [data-keys-close]")
    page.reload()
    page.keyboard.press("?")
    page.keyboard.press("j")
    assert not page.locator("#keys[open]").count()
    assert page.evaluate(FOCUSED) == ""
    page.context.close()


def test_what_comes_while_somebody_types_is_told_and_nothing_is_lost(house: House, chromium: Any, address: str) -> None:
    code, *_ = some(house)
    page = signed_in(chromium, address, "tiepnhan")
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/can-bo/vu-viec/{code}")
    field = page.locator("main textarea:visible").first
    field.fill("Xã đang kiểm tra")
    from_elsewhere(house, "XM-2026-BBBBBB-3")
    page.wait_for_selector("#live a")
    assert "Có 1 việc mới." in page.inner_text("#live")
    assert page.title().startswith("(1) ")
    assert page.inner_text('.side a[href="/can-bo/"] .count') == "4"
    assert field.input_value() == "Xã đang kiểm tra"
    page.click("#live a")
    page.wait_for_selector("[data-queue]")
    assert "Việc từ nơi khác" in page.locator("[data-queue] .card").first.inner_text()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_phone_shows_all_of_it(house: House, chromium: Any, address: str, scheme: str) -> None:
    some(house)
    context = chromium.new_context(viewport=NARROW, is_mobile=True, has_touch=True, color_scheme=scheme)
    desk = signed_in(chromium, address, "tiepnhan")
    context.add_cookies(desk.context.cookies())
    desk.context.close()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    for query in ("", "?muc=chua-xong&han=qua&loai=feedback", "?tim=duong", "?muc=tat-ca&tim=zzzz"):
        page.goto(f"{address}/can-bo/{query}")
        assert page.evaluate(WIDER) <= 0, query
    page.goto(f"{address}/can-bo/")
    page.tap("text=Lọc và sắp xếp")
    assert page.evaluate(WIDER) <= 0
    page.select_option("#f-loai", "petition")
    page.tap(".filters .button")
    page.wait_for_selector(".chips")
    assert page.url.endswith("/can-bo/?muc=moi&loai=petition"), "what says nothing is not in the address"
    small = page.evaluate(
        "[...document.querySelectorAll('main a, main button, main summary')].filter(one => one.offsetParent)"
        ".map(one => [one.innerText, one.getBoundingClientRect().height]).filter(([, high]) => high < 24)"
    )
    assert small == []
    context.close()


def test_the_queue_works_without_scripts(house: House, chromium: Any, address: str) -> None:
    some(house)
    desk = signed_in(chromium, address, "tiepnhan")
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(desk.context.cookies())
    desk.context.close()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/can-bo/")
    page.click("text=Lọc và sắp xếp")
    page.check("input[name=han]")
    page.click(".filters .button")
    assert page.locator("[data-queue] .card").count() == 1
    page.click(".chips a")
    assert page.locator("[data-queue] .card").count() == 3
    page.goto(f"{address}/can-bo/phim-tat")
    assert page.locator(".switch").count() == 0 or not page.locator(".keys-page .switch").is_visible()
    context.close()


def test_only_slips_are_printed_on_small_paper(house: House, chromium: Any, address: str, tmp_path: Path) -> None:
    codes = some(house)
    page = signed_in(chromium, address, "tiepnhan")
    page.set_default_timeout(PATIENCE)
    sizes = {}
    for name, path in {"queue": "", "case": f"vu-viec/{codes[0]}"}.items():
        page.goto(f"{address}/can-bo/{path}")
        page.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True, format="A4")
        sizes[name] = _sizes(tmp_path / "a.pdf")
    assert all(abs(wide - 595) < 3 and abs(high - 842) < 3 for found in sizes.values() for wide, high in found), sizes
    page.emulate_media(media="print")
    page.goto(f"{address}/can-bo/")
    assert page.inner_text("main").count("Đèn đường không sáng") == 1
    assert not page.locator(".find, .tabs, .bar, .side").locator("visible=true").count()
    page.context.close()


def _sizes(path: Path) -> set[tuple[int, int]]:
    """Of the pages of a PDF, in points."""
    found = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", path.read_bytes())
    return {(round(float(wide)), round(float(high))) for wide, high in found}
