"""The chat and the officers' page in a real browser, on a phone's screen and on a desk."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from storage.tables import blobs
from tests.web.house import PASSWORD, House, live, look

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1366, "height": 768}


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The house on a port."""
    with live(house) as base:
        yield base


@pytest.fixture
def phone(chromium: Any, address: str) -> Iterator[Any]:
    """A page on a phone, at the chat; whatever the browser complains about fails the test."""
    context = chromium.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="vi-VN")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    page.goto(f"{address}/mau/")
    yield page
    context.close()
    assert faults == []


def owns(page: Any, count: int) -> None:
    """Until so many messages of the person are on the screen, and none is on its way."""
    page.wait_for_function(
        "n => document.querySelectorAll('[data-own]').length === n && !document.querySelector('#outgoing li')",
        arg=count,
        timeout=10_000,
    )


def press(page: Any, label: str) -> None:
    """Touch a button of the open question."""
    count = page.locator("[data-own]").count()
    page.locator("fieldset:not([disabled]) button", has_text=label).last.tap()
    owns(page, count + 1)


def write(page: Any, text: str) -> None:
    """Type and send."""
    count = page.locator("[data-own]").count()
    page.fill("#text", text)
    page.locator(".send").tap()
    owns(page, count + 1)


def picture(path: Path) -> str:
    """A picture file."""
    data = BytesIO()
    Image.effect_noise((800, 600), 60).convert("RGB").save(data, "JPEG")
    path.write_bytes(data.getvalue())
    return str(path)


def wide(page: Any) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_feedback_with_a_photo_is_answered_without_a_reload(
    phone: Any, chromium: Any, address: str, tmp_path: Path
) -> None:
    phone.evaluate("window.here = 1")
    press(phone, "Gửi phản ánh")
    press(phone, "Đường sá")
    write(phone, "Đường vào thôn bị sạt lở sau mưa lớn.")
    count = phone.locator("[data-own]").count()
    phone.set_input_files("#photo", picture(tmp_path / "anh.jpg"))
    owns(phone, count + 1)
    phone.wait_for_function("() => document.querySelector('.own img')?.naturalWidth > 0")
    press(phone, "thôn Mẫu 3")
    press(phone, "Đồng ý và gửi ẩn danh")

    desk = chromium.new_context(viewport=DESK, locale="vi-VN").new_page()
    desk.goto(f"{address}/can-bo/")
    desk.fill("#login", "tiepnhan")
    desk.fill("#password", PASSWORD)
    desk.click("main button")
    desk.locator(".card").first.click()
    desk.wait_for_function("() => document.querySelector('.shot img')?.naturalWidth > 0")
    desk.fill("#reply", "Xã sẽ san gạt trước ngày 10/10/2026.")
    desk.click("text=Gửi trả lời")
    desk.wait_for_selector(".told-once")

    phone.wait_for_selector("text=Xã sẽ san gạt trước ngày 10/10/2026.", timeout=10_000)
    assert phone.evaluate("window.here") == 1, "the page is still the one that was opened"
    assert phone.get_by_text("Xã sẽ san gạt trước ngày 10/10/2026.").count() == 1
    desk.context.close()


def test_the_conversation_survives_a_reload(phone: Any) -> None:
    press(phone, "Gửi phản ánh")
    phone.wait_for_selector("text=lĩnh vực nào")
    before = phone.locator("#pieces").inner_text()
    phone.reload()
    assert phone.locator("#pieces").inner_text() == before
    assert phone.locator("fieldset:not([disabled])").count() == 1


def test_what_is_written_without_a_connection_is_sent_once_when_it_is_back(phone: Any) -> None:
    phone.context.set_offline(True)
    phone.fill("#text", "menu")
    phone.locator(".send").tap()
    phone.wait_for_selector("#lost:not([hidden])")
    assert "Mất kết nối" in phone.locator("#lost").inner_text()
    assert phone.locator("#outgoing li").count() == 1
    phone.context.set_offline(False)
    owns(phone, 1)
    phone.wait_for_selector("#lost", state="hidden", timeout=10_000)


def test_an_answer_that_was_lost_on_its_way_doubles_nothing(phone: Any) -> None:
    tries: list[str] = []

    def lose_the_first(route: Any) -> None:
        tries.append(route.request.post_data)
        if len(tries) == 1:
            # The server takes the message, the browser never hears of it.
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.route("**/mau/gui", lose_the_first)
    phone.fill("#text", "menu")
    phone.locator(".send").tap()
    owns(phone, 1)
    phone.wait_for_selector("#lost", state="hidden", timeout=10_000)
    phone.reload()
    assert phone.locator("[data-own]").count() == 1


def test_what_waits_survives_a_reload(phone: Any) -> None:
    phone.route("**/mau/gui", lambda route: route.abort())
    phone.fill("#text", "menu")
    phone.locator(".send").tap()
    phone.wait_for_selector("#outgoing .fate:has-text('Chưa gửi được')")
    phone.unroute("**/mau/gui")
    phone.reload()
    owns(phone, 1)
    assert "menu" in phone.locator("[data-own]").inner_text()


def test_a_long_text_stays_in_its_field(phone: Any) -> None:
    phone.fill("#text", "dài " * 2_500)
    phone.locator(".send").tap()
    assert "4.000" in phone.locator("#trouble").inner_text()
    assert len(phone.input_value("#text")) == 10_000


def test_sixty_megabytes_are_refused_in_the_chat(phone: Any, house: House, tmp_path: Path) -> None:
    (tmp_path / "lon.jpg").write_bytes(b"\xff\xd8" + bytes(60 * 1024 * 1024))
    phone.set_input_files("#photo", str(tmp_path / "lon.jpg"))
    phone.get_by_text(house.services.say("photo.too_big")).wait_for(timeout=15_000)
    phone.wait_for_function("() => !document.querySelector('#outgoing li')")
    assert phone.locator(".own img").count() == 0
    assert look(house, lambda conn: conn.execute(select(blobs.c.id)).all()) == [], "nothing of it is kept"


def test_a_stream_that_never_opens_is_replaced_by_asking(chromium: Any, address: str) -> None:
    context = chromium.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.route("**/luong*", lambda route: route.fulfill(status=503))
    page.goto(f"{address}/mau/")
    other = context.new_page()
    other.goto(f"{address}/mau/")
    write(other, "menu")
    page.wait_for_selector("[data-own]", timeout=10_000)
    assert "menu" in page.locator("[data-own]").inner_text()
    context.close()


@pytest.fixture
def plain(chromium: Any, address: str) -> Iterator[Any]:
    """A page at the chat in a browser that runs no scripts."""
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/mau/")
    yield page
    context.close()


def submit(page: Any, what: str) -> None:
    """Send a form and wait for the page that follows."""
    with page.expect_navigation():
        page.click(what)


def test_the_chat_works_without_scripts(plain: Any) -> None:
    submit(plain, "text=Gửi phản ánh")
    submit(plain, "text=Đường sá")
    plain.fill("#text", "Đường vào thôn bị sạt lở.")
    submit(plain, ".send")
    assert plain.locator(".ours").last.locator("label.pick").is_visible()
    assert plain.locator("#photo").is_visible()


def test_sixty_megabytes_are_refused_without_scripts_too(plain: Any, house: House, tmp_path: Path) -> None:
    (tmp_path / "lon.jpg").write_bytes(b"\xff\xd8" + bytes(60 * 1024 * 1024))
    plain.set_input_files("#photo", str(tmp_path / "lon.jpg"))
    submit(plain, ".send")
    assert plain.get_by_text(house.services.say("photo.too_big")).is_visible()


@pytest.mark.parametrize("width", [320, 360, 768, 1366])
def test_nothing_is_wider_than_the_screen(chromium: Any, address: str, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    for path in ("/", "/mau/", "/mau/rieng-tu", "/khong-co/", "/can-bo/dang-nhap"):
        page.goto(address + path)
        assert wide(page) <= 0, path
    page.fill("#login", "tiepnhan")
    page.fill("#password", PASSWORD)
    page.click("main button")
    for path in ("", "khao-sat", "bao-cao", "tin-chua-gui"):
        page.goto(f"{address}/can-bo/{path}")
        assert wide(page) <= 0, path
    context.close()


def test_everything_to_touch_is_large_enough(phone: Any) -> None:
    press(phone, "Gửi phản ánh")
    small = phone.evaluate(
        """() => [...document.querySelectorAll('button, .tool, textarea')]
            .filter((one) => one.offsetParent && !one.closest('fieldset[disabled]'))
            .map((one) => [one.title || one.innerText, one.getBoundingClientRect()])
            .filter(([_, box]) => box.height < 48 || box.width < 48).map(([name]) => name)"""
    )
    assert small == []


def test_the_keyboard_alone_is_enough(chromium: Any, address: str) -> None:
    context = chromium.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(f"{address}/mau/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.type("menu")
    page.keyboard.press("Enter")
    owns(page, 1)
    context.close()
