"""A disk that is full while a report is made: what the process says becomes a plain sentence on the officers' page."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.reporting import DiskFull, ask_report, report_failed, write_documents
from feedback.roles import SYSTEM, Actor
from reports.make import AS_IT_COMES
from tests.e2e.report_folder import PLAN, figures_of
from tests.stores import run_apart
from tests.web.house import House, browser_of
from tests.web.test_officers_pages import enter


@contextmanager
def small_disk() -> Iterator[None]:
    """No file may grow over 20 KB, in this process and in those it starts."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_the_process_that_found_no_room_says_so(tmp_path: Path) -> None:
    with small_disk(), pytest.raises(DiskFull):
        await write_documents(figures_of(), PLAN, tmp_path / "out", AS_IT_COMES)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    """An officer of reception."""
    with browser_of(house) as client:
        enter(client)
        yield client


@pytest.mark.parametrize(
    ("fault", "said"),
    [("DiskFull", "Ổ đĩa của máy chủ đã đầy"), ("OSError", "không ghi được"), ("ReportFailed", "mã lỗi")],
)
def test_the_page_says_in_plain_words_why_there_is_no_report(
    house: House, desk: TestClient, fault: str, said: str
) -> None:
    unit = house.commune.commune
    report = run_apart(ask_report(house.runtime, unit, "2026-09", Actor(kind=SYSTEM, unit=unit), by_worker=False))

    run_apart(report_failed(house.runtime, report, fault))

    page = desk.get("/can-bo/bao-cao").text
    assert "Chưa tạo được" in page
    assert said in page
    assert "DiskFull" not in page
    one = desk.get(f"/can-bo/bao-cao/{report}").text
    assert "DiskFull" not in one
    assert ("ổ đĩa của máy chủ đã đầy" in one) == (fault != "ReportFailed")
