"""What an officer prints from a browser: the poster on one sheet, the day's list with enough people on each."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.doors import enter
from tests.web.house import House, browser_of, live
from tests.web.sessions_at_desk import announced
from tests.web.test_sessions_browser import signed_in

pytestmark = pytest.mark.browser

LONG = {
    "ten": "Hội nghị trao đổi, đối thoại giữa Chủ tịch Ủy ban nhân dân xã với nhân dân các thôn vùng dự án " * 2,
    "noi": "Nhà văn hóa thôn Đoàn Kết, km 12+500 quốc lộ 1A, cạnh trường tiểu học số 2, " * 2,
    "ve": "bồi thường, hỗ trợ tái định cư khi mở rộng quốc lộ; tiến độ làm sổ đỏ; thu gom rác; " * 5,
    "mang": "https://hop.example.vn/" + "a" * 150,
    "ten_chu_tri": "Hoàng Văn Mẫu " * 10,
}


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The house on a port."""
    with live(house) as base:
        yield base


def pages(pdf: bytes) -> int:
    """How many sheets it is printed on."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("words", [{}, {key: text.strip() for key, text in LONG.items()}], ids=["short", "longest"])
def test_the_poster_fills_one_sheet_with_its_code_on_it(
    house: House, chromium: Any, address: str, words: dict[str, str]
) -> None:
    with browser_of(house) as desk:
        enter(desk, "lanhdao")
        path = announced(house, desk, loai="exchange", phut="", cho="100", **words)
    page = signed_in(chromium, address, "lanhdao")
    page.goto(f"{address}{path}/niem-yet")

    # as the page asks, and as somebody has set the margins in the dialogue of printing
    wide = dict.fromkeys(("top", "bottom", "left", "right"), "15mm")
    assert pages(page.pdf(prefer_css_page_size=True)) == 1
    assert pages(page.pdf(format="A4")) == 1
    assert pages(page.pdf(format="A4", margin=wide)) == 1
    # and the code stands under the words, not over them
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1032})  # A4 without 12 mm around it
    code, sheet = page.locator(".qr").bounding_box(), page.locator(".poster").bounding_box()
    above = page.locator(".poster > p:not(.ways)").last.bounding_box()
    below = page.locator(".poster .ways").last.bounding_box()
    assert code["y"] >= above["y"] + above["height"]
    assert below["y"] + below["height"] <= sheet["y"] + sheet["height"] + 1


def test_the_days_list_has_eight_people_on_a_sheet(house: House, chromium: Any, address: str) -> None:
    with browser_of(house) as desk:
        enter(desk, "lanhdao")
        path = announced(house, desk, phut="10")
        asked = "Gia đình tôi làm thủ tục cấp sổ đỏ từ tháng 3 đến nay chưa được trả lời, xin hỏi bao giờ có? " * 3
        for number in range(16):
            visitor = {"ten": f"Nguyễn Thị Hoàng Mẫu {number}", "sdt": f"09123456{number:02}", "linh_vuc": "land"}
            assert desk.post(f"{path}/dat-cho", data=visitor | {"cau_hoi": asked}).status_code == 200
    page = signed_in(chromium, address, "lanhdao")
    page.goto(f"{address}{path}/phieu-truc")

    assert pages(page.pdf(format="A4")) <= 2

    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1032})
    widths = page.locator(".day-sheet th").evaluate_all("all => all.map(one => one.offsetWidth)")
    assert min(widths) > 60
    assert widths[-1] > 140
