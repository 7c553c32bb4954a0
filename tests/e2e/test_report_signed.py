"""A report in a real browser, from its draft to the signed file, and then from the command line."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from app import worker
from app.reporting import ask_report
from app.runtime import Runtime
from feedback.roles import SYSTEM, Actor
from storage import reading_report
from storage.jobs import Job
from storage.vault import make_key_file
from tests.stores import run_apart
from tests.web.conftest import chromium, house
from tests.web.house import PASSWORD, House, live, look
from vietnam.time import day_of

__all__ = ["chromium", "house"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SIGNED = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
DESK: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}, "locale": "vi-VN"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "locale": "vi-VN"}


async def _no_photo(_runtime: Runtime, _job: Job) -> None:
    raise AssertionError("no picture is to be fetched")


def work(house: House) -> None:
    """Let the worker write what was asked for."""

    async def rounds() -> None:
        while await worker.take_jobs(house.runtime, _no_photo):
            pass

    run_apart(rounds())


def at_desk(browser: Any, address: str, login: str, how: dict[str, Any]) -> Page:
    page: Page = browser.new_context(**how).new_page()
    page.goto(f"{address}/can-bo/dang-nhap")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/can-bo/")
    return page


def wide(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def verify(folder: Path, url: str, report: int, command: str = "verify") -> tuple[int, Any]:
    """`nghedan report verify ID --json`: its exit code and what it says."""
    config, key = folder / "xa.toml", folder / "xa.key"
    if not key.exists():
        make_key_file(key)
    config.write_text(f'[storage]\nurl = "{url}"\n[privacy]\nkey_file = "{key}"\n')
    words = ["report", command, str(report), "--json", "--config", str(config)]
    ran = subprocess.run([sys.executable, "-m", "app.cli", *words], capture_output=True, text=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr
    return ran.returncode, json.loads(ran.stdout)


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    file = tmp_path / "ban-ky.pdf"
    file.write_bytes(SIGNED)
    return file


def test_from_the_draft_to_the_signed_file(
    house: House, chromium: Any, signed: Path, tmp_path: Path, sqlite_url: str
) -> None:
    unit = house.commune.commune
    report = run_apart(ask_report(house.runtime, unit, "2026-9m", Actor(kind=SYSTEM, unit=unit)))
    work(house)
    with live(house) as address:
        officer, leader = at_desk(chromium, address, "tiepnhan", DESK), at_desk(chromium, address, "lanhdao", PHONE)
        here = f"{address}/can-bo/bao-cao/{report}"
        # The officer writes every place of the draft; the survey's own report may stay as it is
        officer.goto(f"{address}/can-bo/bao-cao")
        officer.click(f"a[href='/can-bo/bao-cao/{report}'] >> nth=0")
        leader.goto(here)
        assert "Chưa duyệt được" in leader.inner_text("#duyet")
        for place in officer.query_selector_all("textarea[name^='t.danvan:']"):
            place.fill("Đã tổ chức 12 buổi, 640 người dự.")
        assert officer.query_selector("textarea[name^='t.danvan:bases']") is not None
        officer.click("text=Lưu, trình duyệt")
        officer.wait_for_selector("text=Đã trình")
        work(house)
        # The leader finds it among what waits, remarks and agrees, on a telephone
        leader.goto(f"{address}/can-bo/cho-duyet")
        leader.click(f"a[href='/can-bo/bao-cao/{report}']")
        leader.wait_for_selector("text=Đang chờ duyệt từ")
        assert wide(leader) == 0
        leader.fill("[name=y_kien]", "Đã xem số liệu.")
        leader.click("text=Gửi ý kiến")
        leader.wait_for_selector("text=Đã gửi ý kiến")
        leader.click("text=Duyệt báo cáo")
        leader.wait_for_selector("text=Đã duyệt. Cán bộ tiếp nhận được báo")
        work(house)
        # Văn thư: handed, numbered, signed
        officer.goto(here)
        officer.click("text=Đã chuyển văn thư")
        officer.wait_for_selector("text=Đã ghi: chuyển văn thư")
        officer.fill("#so", "05")
        officer.fill("#ngay", day_of(house.at).isoformat())
        officer.set_input_files("#tep", str(signed))
        officer.click("#phat-hanh button")
        officer.wait_for_selector("text=Báo cáo và số liệu được giữ nguyên")
        assert wide(officer) == 0
        assert officer.query_selector("textarea") is None
        officer.click("text=So sánh")
        officer.wait_for_selector("text=Mọi số liệu vẫn như trong báo cáo.")
    row = look(house, lambda conn: reading_report.one(conn, unit, report))
    assert row is not None
    assert row.sha256 in officer.content()
    # And the operator finds it whole, until a file is touched
    code, told = verify(tmp_path, sqlite_url, report)
    assert (code, told["whole"]) == (0, True)
    assert verify(tmp_path, sqlite_url, report, "compare") == (0, [])
    kept = next(file.blob for file in row.files if file.name == "figures.json")
    name = f"{kept:016x}"
    shutil.copy(signed, tmp_path / "nghedan.db.blobs" / name[-2:] / name)
    code, told = verify(tmp_path, sqlite_url, report)
    assert code == 1
    assert [file["name"] for file in told["files"] if file["fault"]] == ["figures.json"]
