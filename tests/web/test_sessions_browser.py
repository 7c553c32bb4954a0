"""From planning a reception to a promise that is kept, in a real browser, with a citizen's chat in between."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.session_round import tell_round
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, live
from tests.web.sessions_at_desk import a_day
from tests.web.test_browser import DESK, PHONE, write
from vietnam.time import DAY, HOUR, start_of

pytestmark = pytest.mark.browser
BOXES = """all => all.map(one => ({
  label: one.querySelector(".label").innerText, height: one.getBoundingClientRect().height
}))"""


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The house on a port."""
    with live(house) as base:
        yield base


def signed_in(chromium: Any, address: str, login: str, viewport: dict[str, int] | None = None) -> Any:
    """An officer's page."""
    page = chromium.new_context(viewport=viewport or DESK, locale="vi-VN").new_page()
    page.goto(f"{address}/can-bo/")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_selector(".side")
    page.wait_for_load_state()  # what scripts do is there as well
    return page


def opened(page: Any, summary: str) -> None:
    """Unfold the first part of that name which is still folded."""
    page.locator("details:not([open]) > summary", has_text=summary).first.click()


def station(page: Any) -> str:
    """Where the session stands, as the mark beside its title says."""
    return str(page.inner_text(".session-head .state"))


def headings(page: Any) -> list[str]:
    """The parts of the page, in their order."""
    return [str(text) for text in page.locator("main h2").all_inner_texts()]


def planned_and_announced(house: House, desk: Any) -> str:
    """The leader plans a reception and announces it; the address of its page."""
    desk.click("text=Đối thoại")
    desk.click("text=Lên lịch mới")
    desk.fill("#ten", "Tiếp công dân định kỳ")
    desk.fill("#noi", "Phòng tiếp công dân, UBND xã Mẫu")
    desk.fill("#ngay", a_day(house, 10, 2).isoformat())
    desk.fill("#gio", "07:30")
    desk.fill("#den", "11:30")
    desk.fill("#phut", "30")
    desk.click("main form button")
    desk.wait_for_selector("text=Đã lên lịch")
    session = str(desk.url.partition("?")[0])
    shown = desk.inner_text("main")
    assert station(desk) == "Dự kiến"
    assert "07:30 đến 11:30" in shown
    assert "Phải niêm yết chậm nhất" in shown
    assert "Đã đặt 0 trên 8 chỗ" in shown, "four hours in turns of half an hour"
    assert "Biên bản" not in headings(desk), "nothing to write down yet"
    desk.click("main form button:has-text('Công bố lịch')")
    desk.wait_for_selector("text=Đã công bố. Xin in tờ niêm yết")
    assert station(desk) == "Đã công bố"
    assert "Phải niêm yết" not in desk.inner_text("main")
    papers = desk.locator(".files > li > a").evaluate_all("all => all.map(one => one.pathname.split('/').pop())")
    assert {"niem-yet", "truyen-thanh", "phieu-truc", "lich.ics"} <= set(papers)
    return session


def booked(chromium: Any, address: str) -> Any:
    """A citizen finds the calendar, books in the chat and asks ahead; the page of the chat."""
    phone = chromium.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="vi-VN").new_page()
    phone.goto(f"{address}/mau/lich")
    phone.tap("text=Đặt chỗ, gửi câu hỏi")
    phone.wait_for_selector("#text")
    one_line = max(box["height"] for box in phone.locator(".choice").evaluate_all(BOXES) if box["label"] == "08:00")
    assert one_line < 70, "a time stands on one line, not one figure below the other"
    write(phone, "Đường vào thôn tôi bao giờ được sửa?")
    write(phone, "Nguyễn Thị Lan, 0912 345 678")
    phone.wait_for_selector("text=Mã lịch hẹn")
    said = phone.get_by_text("Đã đặt lịch cho Ông/Bà").bounding_box()
    assert 0 < said["y"] < PHONE["height"], "what was booked is read before the menu below it"
    chat = phone.inner_text("body")
    for line in ("Số thứ tự: 1", "Thời gian: 07:30", "Nơi gặp: Phòng tiếp công dân, UBND xã Mẫu"):
        assert line in chat
    return phone


def answered_and_promised(house: House, desk: Any, session: str) -> None:
    """Checked in by one tap, answered, something is promised, minutes are kept."""
    desk.goto(session)
    assert headings(desk)[0] == "Đã đặt 1 trên 8 chỗ", "on the day the list of people comes first"
    visitor = desk.locator(".visitor").first
    for words in ("Nguyễn Thị Lan", "0912345678", "07:30", "số 1", "Đường vào thôn tôi bao giờ được sửa?"):
        assert words in visitor.inner_text()
    desk.click("button:has-text('Có mặt'):not(:has-text('Ghi'))")
    desk.wait_for_selector("text=Đã ghi có mặt")
    assert headings(desk)[0] == "8 chỗ, đã đặt 1, 1 người đến"
    assert "đã đến" in visitor.inner_text()
    opened(desk, "Ghi câu trả lời")
    desk.fill("textarea[name=tra_loi]", "Xã sẽ san gạt đường trong tháng này.")
    desk.click("text=Lưu câu trả lời")
    desk.wait_for_selector(".given")
    assert desk.inner_text(".given") == "Trả lời: Xã sẽ san gạt đường trong tháng này."
    opened(desk, "Sửa câu trả lời")
    promise = desk.locator("details[open]")
    promise.locator("textarea[name=viec]").fill("San gạt đường vào thôn Mẫu 3")
    promise.locator("select[name=can_bo]").select_option(label="Nông Thị Mẫu")
    promise.locator("input[name=han]").fill(a_day(house, 14).isoformat())
    promise.locator("button:has-text('Ghi lời hứa')").click()
    desk.wait_for_selector(".promise")
    assert desk.inner_text(".promise p") == "San gạt đường vào thôn Mẫu 3"
    assert desk.inner_text(".promise small").startswith("Nông Thị Mẫu, hạn ")
    desk.fill("#bb", "Tiếp một công dân về đường thôn Mẫu 3.")
    desk.click("text=Lưu biên bản")
    desk.wait_for_selector("text=Đã lưu biên bản")


def test_from_a_planned_reception_to_a_kept_promise(house: House, chromium: Any, address: str) -> None:
    desk = signed_in(chromium, address, "lanhdao")
    session = planned_and_announced(house, desk)
    desk.context.close()
    phone = booked(chromium, address)

    house.at = start_of(a_day(house, 10, 2)) + 8 * HOUR
    desk = signed_in(chromium, address, "lanhdao")
    answered_and_promised(house, desk, session)
    house.at += 4 * HOUR
    desk.goto(session)
    desk.click("button:has-text('Buổi đã kết thúc')")
    desk.wait_for_selector("text=Đã ghi: buổi đã kết thúc")
    assert station(desk) == "Đã diễn ra"
    assert "chưa ghi câu trả lời" not in desk.inner_text("main")
    desk.click("main form button:has-text('Gửi trả lời')")
    desk.wait_for_selector("text=người đã hỏi được nhắn câu trả lời")
    assert station(desk) == "Đã gửi trả lời"
    assert not phone.get_by_text("Xã sẽ san gạt đường").is_visible()
    run_apart(tell_round(house.runtime))
    phone.wait_for_selector("text=Trả lời: Xã sẽ san gạt đường trong tháng này.", timeout=10_000)
    assert "Xã hứa: San gạt đường vào thôn Mẫu 3" in phone.inner_text("body")

    # It is done before its day, and whoever asked reads so in the chat.
    house.at += 3 * DAY
    helper = signed_in(chromium, address, "tiepnhan")
    helper.goto(f"{address}/can-bo/loi-hua")
    assert helper.inner_text(".now") == "1 việc đang thực hiện."
    assert "còn" in helper.inner_text(".visitor .meta")
    opened(helper, "Ghi kết quả")
    helper.fill("textarea[name=ghi]", "Đã san gạt xong 400 m ngày hôm qua.")
    helper.click("button:has-text('Đã xong')")
    helper.wait_for_selector("text=Đã ghi là đã xong")
    assert helper.inner_text(".now") == "Không còn việc nào đã hứa mà chưa xong."
    phone.wait_for_selector("text=Đã san gạt xong 400 m", timeout=10_000)
    helper.goto(session)
    assert ": đã xong. Đã san gạt xong 400 m ngày hôm qua." in helper.inner_text(".promise.kept small")
    answer = phone.request.get(f"{address}/mau/lich").text()
    assert "Đường vào thôn tôi" not in answer, "nothing of a reception is public"
    for page in (desk, phone, helper):
        page.context.close()


@pytest.mark.parametrize("width", [320, 390, 1366])
def test_no_page_of_sessions_is_wider_than_the_screen(house: House, chromium: Any, address: str, width: int) -> None:
    page = signed_in(chromium, address, "lanhdao", {"width": width, "height": 800})
    page.goto(f"{address}/can-bo/lich/moi")
    page.fill("#ten", "Hội nghị đối thoại hằng năm giữa Chủ tịch UBND xã với nhân dân")
    page.select_option("#loai", "yearly")
    page.fill("#noi", "Nhà văn hóa thôn Mẫu 1")
    page.fill("#ngay", a_day(house, 12).isoformat())
    page.fill("#gio", "19:00")
    page.fill("#den", "21:00")
    page.fill("#cho", "100")
    page.click("main form button")
    page.wait_for_selector("text=Đã lên lịch")
    session = page.url.partition("?")[0].removeprefix(address)
    page.click("main form button:has-text('Công bố lịch')")
    page.wait_for_selector("text=Đã công bố. Xin in")
    paths = [f"{session}{part}" for part in ("", "/niem-yet", "/truyen-thanh", "/phieu-truc", "/doi")]
    paths += ["/can-bo/lich", "/can-bo/lich/moi", "/can-bo/loi-hua", "/can-bo/de-nghi-doi-thoai", "/mau/lich"]
    for path in paths:
        page.goto(address + path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
    page.context.close()
