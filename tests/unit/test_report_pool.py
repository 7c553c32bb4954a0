"""Processes that make documents: one that dies or hangs ends its own job, and nothing of them is left behind."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from app.report_pool import Pool, pool
from app.reporting import ReportFailed
from reports.plans import Profile
from reports.province import Province, roll_up, summary
from tests.unit.provinces import MADE_ON, OCTOBER, PROVINCE, asked, figures_of

PROFILE = Profile(addressed=(), copies=("Lưu: VT",), signature=("CHỦ TỊCH",))


@pytest.fixture
def rolled() -> Province:
    found = [summary(figures_of(name, asked(50, 0.8)), "file") for name in ("xã A", "xã B")]
    return roll_up(PROVINCE, OCTOBER, found, (), made_on=MADE_ON)


def workers() -> set[int]:
    """Processes that this one has started."""
    return {int(id) for id in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()}


async def test_a_worker_that_dies_ends_its_own_job_only(rolled: Province, tmp_path: Path) -> None:
    before = workers()
    async with pool(1) as children:
        made = await children.roll_up(rolled, PROFILE, tmp_path / "one")
        assert {file.path.suffix for file in made} == {".docx", ".pdf", ".xlsx", ".json"}
        assert all(file.path.exists() for file in made)
        (worker,) = workers() - before
        os.kill(worker, signal.SIGKILL)
        with pytest.raises(ReportFailed, match="its process ended"):
            await children.roll_up(rolled, PROFILE, tmp_path / "two")
        assert await children.roll_up(rolled, PROFILE, tmp_path / "three")
    assert workers() - before == set()


async def test_a_fault_of_one_job_is_one_line_and_the_worker_goes_on(rolled: Province, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here already", "utf-8")
    async with pool(1) as children:
        with pytest.raises(ReportFailed, match=r"FileExistsError|NotADirectoryError") as failed:
            await children.roll_up(rolled, PROFILE, tmp_path / "file")
        assert "\n" not in str(failed.value)
        assert await children.roll_up(rolled, PROFILE, tmp_path / "right")


async def test_a_worker_that_takes_too_long_is_ended(rolled: Province, tmp_path: Path) -> None:
    before = workers()
    children = Pool(1, seconds=0.05)
    with pytest.raises(ReportFailed, match="not done after"):
        await children.roll_up(rolled, PROFILE, tmp_path / "slow")
    assert workers() - before == set()
    await children.close()


async def test_a_job_that_is_broken_off_leaves_no_worker(rolled: Province, tmp_path: Path) -> None:
    before = workers()
    async with pool(2) as children:
        job = asyncio.ensure_future(children.roll_up(rolled, PROFILE, tmp_path / "off"))
        async with asyncio.timeout(60):
            while not workers() - before:
                await asyncio.sleep(0.01)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        assert workers() - before == set()
