"""From a survey written on a page to the results of its wave, in a real browser, on a desk and on a telephone."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.house import House, live
from tests.web.test_browser import DESK, PHONE, wide
from tests.web.test_sessions_browser import signed_in
from tests.web.waves_at_desk import WAVES, a_list, answered, released, wave, wound_up

pytestmark = pytest.mark.browser


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The house on a port."""
    with live(house) as base:
        yield base


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_wave_from_its_opening_to_its_results(
    chromium: Any, house: House, address: str, tmp_path: Any, viewport: dict[str, int]
) -> None:
    page = signed_in(chromium, address, "lanhdao", viewport)
    # given a list, brought in from a file
    file = tmp_path / "ho.csv"
    file.write_bytes(a_list(240))
    page.goto(f"{address}/can-bo/danh-sach")
    page.fill("#ten", "Các hộ")
    page.set_input_files("#tep", file)
    page.click("text=Kiểm tra và nhập")
    page.wait_for_selector("text=Đã nhập “Các hộ”: 240 hộ")
    # when a wave is opened of it, what it will be is read first
    page.goto(f"{address}{WAVES}")
    page.click("text=Mở đợt mới")
    assert not page.is_visible("#danh_sach"), "a voluntary wave has no list"
    page.select_option("#phieu", "mau")
    page.check("[name=cach][value=invited]")
    page.select_option("#danh_sach", "Các hộ")
    page.check("[name=mau][value=so]")
    page.fill("[name=mau_so]", "120")
    page.check("[name=moi][value=household]")
    page.click("text=Xem đợt sẽ mở")
    page.wait_for_selector("text=Chọn ngẫu nhiên 120 trong 240")
    assert wide(page) == 0
    page.check("[name=chac]")
    page.click("button:has-text('Mở đợt')")
    page.wait_for_selector("text=Đã mở đợt.")
    assert wide(page) == 0
    code = str(page.inner_text(".seed"))
    assert len(code) == 16, "a seed was drawn"
    # then it is answered, closed, and read
    answered(house, wave(house, "mau-m1"), {0: 30, 1: 25, 2: 20})
    released(house)
    page.click("summary:has-text('Đóng đợt')")
    page.check("details[open] [name=chac]")
    page.click("details[open] button:has-text('Đóng đợt')")
    page.wait_for_selector("text=Đã đóng đợt.")
    wound_up(house)
    page.click("text=Xem kết quả")
    page.wait_for_selector("text=đã mời 120 trong 240")
    assert page.locator(".intervals .whisker .span").count() >= 6, "three questions and three villages have intervals"
    assert wide(page) == 0


def test_a_survey_is_written_and_seen_as_a_chat(chromium: Any, house: House, address: str) -> None:
    page = signed_in(chromium, address, "lanhdao", DESK)
    page.goto(f"{address}/can-bo/phieu")
    page.fill("#ten", "Vệ sinh môi trường")
    page.click("button:has-text('Bắt đầu soạn')")
    page.select_option("#moi", "single")
    page.click("button:has-text('Thêm câu')")
    page.wait_for_selector("#hoi")
    # what is typed stands in the bubble at once
    page.fill("#hoi", "Chỗ nào cần dọn nhất?")
    assert "Chỗ nào cần dọn nhất?" in page.inner_text(".chat-of")
    page.fill("#lua_chon", "Chợ\nĐường thôn")
    page.click(".acts >> text=Lưu câu")
    page.wait_for_selector("text=Phiếu dùng được, 1 câu")
    assert page.locator(".chip:not(.skip-of)").all_inner_texts() == ["1 Chợ", "2 Đường thôn"]
    page.click("text=Trả lời thử")
    page.wait_for_selector(".choice:has-text('Đường thôn')")
    page.click("button:has-text('Công bố phiếu…')")
    page.check("[name=chac]")
    page.click("button:has-text('Công bố phiếu')")
    page.wait_for_selector("text=Đã công bố phiên bản 1")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_without_scripts_a_survey_is_written_all_the_same(
    chromium: Any, house: House, address: str, viewport: dict[str, int]
) -> None:
    page = signed_in(chromium, address, "tiepnhan", viewport)
    state = page.context.storage_state()
    bare = chromium.new_context(viewport=viewport, java_script_enabled=False, storage_state=state).new_page()
    bare.goto(f"{address}/can-bo/phieu")
    bare.fill("#ten", "Không cần mã lệnh")
    bare.click("button:has-text('Bắt đầu soạn')")
    bare.click("button:has-text('Thêm câu')")
    bare.fill("#hoi", "Ông/Bà hài lòng không?")
    bare.click(".acts >> text=Lưu câu")
    assert "Phiếu dùng được, 1 câu" in bare.inner_text("main")
