"""Documents on the page of a case and on the citizen's own, in a real browser: chosen, refused, kept, saved."""

from pathlib import Path
from typing import Any

import pytest

from tests.documents import PDF, docx_file
from tests.web.axe import faults
from tests.web.house import House, live
from tests.web.test_answers import says
from tests.web.test_case_work_browser import PATIENCE, entered
from tests.web.test_thread_page import NAMED, address

pytestmark = pytest.mark.browser
LONG = "Quyết định về việc phê duyệt kế hoạch sửa chữa mặt đường liên thôn năm 2026.pdf"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_documents_are_chosen_and_saved(house: House, chromium: Any, tmp_path: Path, *, dark: bool) -> None:
    code = says(house, *NAMED)
    good, bad = tmp_path / LONG, tmp_path / "lạ.docx"
    good.write_bytes(PDF)
    bad.write_bytes(b"MZ this is a program")
    looks = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark" if dark else "light"}
    with live(house) as here:
        page = entered(chromium, here, "tiepnhan", **looks)
        page.goto(f"/can-bo/vu-viec/{code}")
        page.click("summary:has-text('Việc đã làm')")
        page.fill("#reply", "Đã có quyết định sửa chữa, xin xem kèm theo.")
        page.set_input_files("#files", [str(good), str(bad)])
        page.click("button:has-text('Gửi trả lời')")
        # what was refused is told with its name, what was good stays chosen
        page.wait_for_selector("[role=alert]:has-text('lạ.docx')")
        assert page.is_checked("input[name=tep0]")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert faults(page, "documents") == []
        page.click("button:has-text('Gửi trả lời')")
        page.wait_for_selector("[role=status]:has-text('Đã gửi câu trả lời')")
        page.click("summary:has-text('Ghi chú nội bộ')")
        note = tmp_path / "Công văn 55.docx"
        note.write_bytes(docx_file())
        page.set_input_files("#note-files", str(note))
        page.click("button:has-text('Lưu ghi chú')")
        page.wait_for_selector(".docs a:has-text('Công văn 55.docx')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert faults(page, "documents") == []

        mine = chromium.new_context(base_url=here, locale="vi-VN", **looks).new_page()
        mine.set_default_timeout(PATIENCE)
        mine.goto(address(house))
        mine.wait_for_selector(".docs a")
        assert mine.locator(".docs a").count() == 1
        assert mine.evaluate("document.documentElement.scrollWidth") <= 360
        with mine.expect_download() as saved:
            mine.click(".docs a")
        assert saved.value.suggested_filename == LONG
        assert Path(saved.value.path()).read_bytes() == PDF
