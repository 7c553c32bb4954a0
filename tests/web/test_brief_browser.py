"""The lines of a report for one's own office, sent by one button; opinions on a draft; looked at in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from storage.tables import outbox, reports
from storage.vault import Vault
from tests.web.axe import COLOURS, faults
from tests.web.house import House, live, look, outside, signed_in
from tests.web.issued_reports import answered, issue
from tests.web.test_browser import DESK, PHONE, wide
from tests.web.test_officer_chat_pages import PAGE, code_on, link
from tests.web.test_sessions_browser import signed_in as at_browser
from tests.web.test_wave_opinions import closed
from vietnam.time import day_of

pytestmark = pytest.mark.browser


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The house on a port."""
    with live(house) as base:
        yield base


def linked(house: House) -> None:
    """One officer has linked an account."""
    with signed_in(house, "tiepnhan") as desk:
        assert link(house, code_on(desk.post(PAGE).text))


def letters(house: House) -> int:
    """Letters that wait or went."""
    return int(look(house, lambda conn: conn.scalar(select(func.count()).select_from(outbox))) or 0)


def in_both_lights(page: Any, name: str, folder: Path) -> list[str]:
    """Faults of the page in light and in dark, with a picture of each."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=folder / f"{name}-{scheme}.png", full_page=True)
        found += faults(page, f"{name} {scheme}", () if scheme == "light" else COLOURS)
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_an_issued_report_is_told_to_colleagues_by_one_button_and_once(
    chromium: Any, house: House, address: str, tmp_path: Path, viewport: dict[str, int]
) -> None:
    answered(house, day_of(house.at), content=12, unhappy=3)
    report = issue(house, "2026-09")
    linked(house)
    page = at_browser(chromium, address, "lanhdao", viewport)
    page.goto(f"{address}/can-bo/bao-cao/{report}/de-biet")
    before = letters(house)
    lines = page.input_value("#van")
    assert "12/BC-UBND" in lines or "số 12" in lines.lower()
    assert in_both_lights(page, "de-biet", tmp_path) == []
    assert wide(page) <= 0
    page.click("button:has-text('Gửi 1 cán bộ')")
    page.wait_for_selector("text=Đã gửi bản để biết cho 1 cán bộ")
    page.screenshot(path=tmp_path / "da-gui.png", full_page=True)
    page.click("button:has-text('Gửi 1 cán bộ')")
    page.wait_for_selector("text=đều đã nhận bản này")
    assert letters(house) == before + 1, "to each once"
    page.context.close()


def test_a_report_that_is_not_issued_has_no_button(chromium: Any, house: House, address: str) -> None:
    answered(house, day_of(house.at), content=12, unhappy=3)
    report = issue(house, "2026-09")
    linked(house)
    outside(house, lambda tx: tx.execute(update(reports).values(number="", issued_on="")))
    page = at_browser(chromium, address, "lanhdao")
    page.goto(f"{address}/can-bo/bao-cao/{report}/de-biet")
    assert page.locator("main form button").count() == 0
    assert "Báo cáo ban hành" in page.inner_text("main")
    with signed_in(house, "lanhdao") as desk:
        assert desk.post(f"/can-bo/bao-cao/{report}/de-biet").status_code == 409
    page.context.close()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_opinions_on_a_draft_are_answered_in_any_light_on_any_screen(
    chromium: Any, house: House, vault: Vault, address: str, tmp_path: Path, viewport: dict[str, int]
) -> None:
    path = closed(house, vault)
    page = at_browser(chromium, address, "tiepnhan", viewport)
    page.goto(address + path)
    assert in_both_lights(page, "y-kien", tmp_path) == []
    assert wide(page) <= 0
    small = page.locator("main button, main select, main input:not([type=hidden]), main textarea").evaluate_all(
        "all => all.filter(one => one.offsetParent && one.offsetHeight < 24 && one.type !== 'checkbox'"
        " && one.type !== 'radio').map(one => one.outerHTML.slice(0, 120))"
    )
    assert small == []
    page.context.close()
