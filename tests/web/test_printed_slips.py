"""What is handed over on half a sheet: one page of A5, all of it on the paper, and a code that a telephone reads."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.unit.test_posters import decoded
from tests.web.house import House, browser_of, live, signed_in
from tests.web.test_calls_pages import ANONYMOUS, NAMED, reported
from tests.web.test_hands_pages import entered
from tests.web.test_sessions_browser import signed_in as at_browser

pytestmark = pytest.mark.browser
A5_POINTS = (419.5, 595.3)
"""148 by 210 mm (ISO 216) in points of 1/72 inch."""
_BOX = re.compile(rb"/MediaBox\s*\[\s*[\d.]+\s+[\d.]+\s+([\d.]+)\s+([\d.]+)\s*\]")
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_WHITE = 250
_DPI = 150


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The house on a port."""
    with live(house) as base:
        yield base


def printed(page: Any, file: Path) -> Image.Image:
    """The page on paper as the page itself wants it: one sheet of A5. A picture of it."""
    data = page.pdf(prefer_css_page_size=True)
    file.write_bytes(data)
    assert len(_PAGE.findall(data)) == 1
    box = _BOX.search(data)
    assert box is not None
    assert (float(box[1]), float(box[2])) == pytest.approx(A5_POINTS, abs=2)
    # and on A4, folded, it is one sheet as well
    assert len(_PAGE.findall(page.pdf(format="A4"))) == 1
    if shutil.which("pdftoppm") is None:
        if os.environ.get("CI"):
            pytest.fail("pdftoppm is missing: .ci/run installs poppler-utils")
        pytest.skip("pdftoppm is not installed (apt install poppler-utils)")
    subprocess.run(["pdftoppm", "-r", str(_DPI), "-png", "-singlefile", file, file.with_suffix("")], check=True)
    return Image.open(file.with_suffix(".png")).convert("L")


def all_on_paper(picture: Image.Image) -> None:
    """Nothing touches an edge: a printer leaves four millimetres white."""
    margin = int(4 / 25.4 * _DPI)
    ink = picture.point(lambda grey: 255 if grey < _WHITE else 0).getbbox()
    assert ink is not None
    left, top, right, bottom = ink
    assert min(left, top, picture.width - right, picture.height - bottom) >= margin


def read_code(file: Path) -> str:
    """What a telephone reads off the sheet."""
    return " ".join(decoded(file.read_bytes(), file))


def slip_address(house: House) -> str:
    with signed_in(house, "tiepnhan") as desk:
        found = re.search(r'href="(/can-bo/can-goi/\d+/phieu)"', desk.get("/can-bo/can-goi").text)
    assert found
    return found[1]


@pytest.mark.parametrize("who", [NAMED, ANONYMOUS], ids=["with a telephone", "by number"])
def test_the_slip_of_an_answer_is_one_sheet_that_opens_the_page(
    house: House, chromium: Any, address: str, tmp_path: Path, who: tuple[str, ...]
) -> None:
    code = reported(house, "71", who)
    page = at_browser(chromium, address, "tiepnhan")
    page.goto(address + slip_address(house))
    if not who:
        page.click("text=Cấp số mở trang")
        page.wait_for_selector("text=dùng được một lần")
    all_on_paper(printed(page, tmp_path / "phieu.pdf"))
    read = read_code(tmp_path / "phieu.png")
    assert read.startswith(f"{address}/mau/")
    # whoever reads it comes to the case, and sees nothing private there
    with browser_of(house) as citizen:
        opened = citizen.get(read.removeprefix(address))
        assert opened.status_code == 200
        assert code in opened.text
    page.context.close()


def test_the_slip_of_a_promised_day_is_one_sheet(house: House, chromium: Any, address: str, tmp_path: Path) -> None:
    with signed_in(house, "tiepnhan") as clerk:
        code = entered(clerk)
    page = at_browser(chromium, address, "tiepnhan")
    page.goto(f"{address}/can-bo/nhap-ho/{code}/phieu-hen")
    all_on_paper(printed(page, tmp_path / "hen.pdf"))
    assert code in read_code(tmp_path / "hen.png").upper()
    page.context.close()


def test_a_code_on_the_screen_of_a_phone_is_read_as_well(
    house: House, chromium: Any, address: str, tmp_path: Path
) -> None:
    with signed_in(house, "tiepnhan") as clerk:
        code = entered(clerk)
    page = at_browser(chromium, address, "tiepnhan", {"width": 360, "height": 740})
    page.goto(f"{address}/can-bo/nhap-ho/{code}/phieu-hen")
    page.locator(".slip").screenshot(path=tmp_path / "screen.png", scale="device")
    assert code in read_code(tmp_path / "screen.png").upper()
    page.context.close()
