"""The keeper's note, the page on which another keeper is named, and a board's page, in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from storage.ids import new_id
from storage.tables import officers
from tests.web.axe import faults
from tests.web.house import House, _hashed, live, outside
from tests.web.test_case_work_browser import entered
from tests.web.test_handing_on_denunciations import HOME, NAMING, NOTE, newcomer, switch_off
from tests.web.twins import OPEN_CASE, SECRET_CODE, settle

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("wide", [360, 1366])
def test_a_note_a_handing_on_and_what_a_board_reads(
    house: House, chromium: Any, tmp_path: Path, wide: int, *, dark: bool
) -> None:
    settle(house, secret=True)
    board = {"id": new_id(), "unit_id": house.commune.commune, "login": "banthanhtra", "name": "Mẫu Ban"}

    def add(tx: Any) -> None:
        newcomer(tx, house)
        tx.execute(insert(officers).values(**board, role="inspection", password_hash=_hashed(), created_at=house.at))

    outside(house, add)
    looks = {"viewport": {"width": wide, "height": 800}, "color_scheme": "dark" if dark else "light"}
    with live(house) as here:
        keeper = entered(chromium, here, "giudon", **looks)
        keeper.goto(f"{HOME}/{SECRET_CODE}")
        keeper.click("summary:has-text('Thêm ghi chú')")
        keeper.fill("#note", NOTE)
        keeper.click("button:has-text('Lưu ghi chú')")
        keeper.wait_for_selector(f"#ghi-chu + ol:has-text('{NOTE}')")
        keeper.click("summary:has-text('Thêm ghi chú')")
        _looked_at(keeper, tmp_path / "note.png", wide)
        switch_off(house)
        leader = entered(chromium, here, "lanhdao", **looks)
        leader.wait_for_selector("[role=status]:has-text('Người giữ đơn tố cáo không còn')")
        leader.goto(NAMING)
        leader.wait_for_selector("strong:has-text('Hiện không có ai giữ')")
        _looked_at(leader, tmp_path / "naming.png", wide)
        reader = entered(chromium, here, "banthanhtra", **looks)
        reader.goto(f"/can-bo/giam-sat/{OPEN_CASE.code}")
        reader.wait_for_selector("p:has-text('có thể che sót')")
        _looked_at(reader, tmp_path / "board.png", wide)


def _looked_at(page: Any, picture: Path, wide: int) -> None:
    page.wait_for_load_state("load")
    page.evaluate("window.scrollTo(0, 0)")
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    assert faults(page, picture.stem) == []
    page.screenshot(path=str(picture), full_page=True)
