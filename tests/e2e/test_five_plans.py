"""Five real plans in one year: the program makes each report that they ask for, in time, true, and as each wants it."""

from datetime import date, timedelta
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.plan_desk import PlanDesk
from app.reporting import make_report
from app.schedule import ask_due, reports_due
from feedback.roles import OFFICER, Actor, Role
from reports.figures import Figures
from reports.plans import plan, shipped
from storage.jobs import Job
from storage.tables import jobs, reports
from tests.e2e.a_year import Year
from tests.e2e.counted_again import as_counted_again
from tests.stores import run_apart
from vietnam.time import HOUR, start_of

pytestmark = pytest.mark.timeout(600)  # ten reports with all their pictures
TAKEN_IN = date(2026, 1, 5)
YEAR = 2026
DUE = {
    ("vinh_cuu_2024", "2026-6m"): date(2026, 5, 4),
    ("gia_lai_2024", "2026-6m"): date(2026, 5, 8),
    ("cau_ngang_2022_2026", "2026-6m"): date(2026, 6, 9),
    ("tay_ninh_2023", "2026-6m"): date(2026, 6, 12),
    ("vinh_cuu_2024", "2026-9m"): date(2026, 9, 4),
    ("vinh_cuu_2024", "2026-12m"): date(2026, 10, 19),
    ("gia_lai_2024", "2026-12m"): date(2026, 10, 29),
    ("cau_ngang_2022_2026", "2026-12m"): date(2026, 11, 23),
    ("y_tich_2024", "2026-12m"): date(2026, 12, 9),
    ("tay_ninh_2023", "2026-12m"): date(2026, 12, 14),
}
"""Every report of the five plans in 2026, and the last working day before the day that its plan names."""
ENTERED = {
    ("y_tich_2024", "2026-12m"): date(2026, 12, 10),
    ("tay_ninh_2023", "2026-6m"): date(2026, 6, 15),
    ("tay_ninh_2023", "2026-12m"): date(2026, 12, 15),
}
"""The days that two plans leave open, as an officer enters them."""
WRITTEN_TO = {
    "vinh_cuu_2024": "Ủy ban nhân dân tỉnh Mẫu (qua Sở Nội vụ)",
    "gia_lai_2024": "Sở Nội vụ tỉnh Mẫu",
    "cau_ngang_2022_2026": "Ủy ban nhân dân tỉnh Mẫu (qua Sở Nội vụ)",
    "y_tich_2024": "Ủy ban nhân dân tỉnh Mẫu",
    "tay_ninh_2023": "Ủy ban nhân dân tỉnh Mẫu",
}
"""Whom the plans of districts of 2022 to 2024 mean today, in the commune's own province."""

Made = dict[tuple[str, str], tuple[date, Path]]
"""(plan, period) -> the day on which the program made it, and the folder with its files."""


async def take_in(year: Year, leader: Actor) -> None:
    """The leader takes in the five plans for 2026 and enters the days that they leave open."""
    desk = PlanDesk(year.house.runtime)
    for slug in sorted({slug for slug, _ in DUE}):
        tried = await desk.add(shipped(slug) or b"", YEAR, leader)
        assert not tried.faults, tried.faults
    for (slug, period), before in ENTERED.items():
        (owed,) = {one.name for one in plan(slug).owed}
        assert await desk.set_day(slug, owed, period, before, leader) == ""


async def a_morning(year: Year, day: date, folder: Path) -> Made:
    """What the program does by itself on a day; the reports of plans that it made."""
    runtime = year.house.runtime
    year.house.at = start_of(day) + 9 * HOUR
    await reports_due(runtime)
    asked = await runtime.store.read(lambda conn: conn.execute(select(jobs).where(jobs.c.kind == "report-due")).all())
    for row in asked:
        if row.body is not None:
            await ask_due(runtime, Job(row.id, row.unit_id, row.kind, row.key, row.body, row.tries, 0))
    wanted = select(reports.c.id, reports.c.plan, reports.c.period).where(reports.c.state == "making")
    found: Made = {}
    for row in await runtime.store.read(lambda conn: conn.execute(wanted.where(reports.c.owed != "")).all()):
        to = folder / f"{row.plan}-{row.period}"
        await make_report(runtime, row.id, copy_to=to)
        found[row.plan, row.period] = day, to
    return found


@pytest.fixture(scope="module")
def made(year: Year, tmp_path_factory: pytest.TempPathFactory) -> Made:
    leader = Actor(kind=OFFICER, unit=year.commune, id=year.desk.id, role=Role.LEADER)
    folder = tmp_path_factory.mktemp("five")
    year.house.at = start_of(TAKEN_IN) + 9 * HOUR

    async def all_of_it() -> Made:
        await take_in(year, leader)
        found: Made = {}
        # All working days of a year would take long; these are the ones on which something may begin or be missed.
        days = {issue_by - timedelta(days=before) for issue_by in DUE.values() for before in range(9)}
        for day in sorted(days):
            found |= await a_morning(year, day, folder)
        return found

    return run_apart(all_of_it())


def test_each_report_is_there_before_its_last_day_and_no_other(made: Made) -> None:
    assert set(made) == set(DUE)
    for key, (day, _) in made.items():
        assert day < DUE[key], key


@pytest.mark.parametrize("key", DUE, ids="-".join)
class TestEach:
    """One report of one plan."""

    def test_says_what_the_raw_rows_of_its_days_say(self, made: Made, year: Year, key: tuple[str, str]) -> None:
        figures = Figures.decode((made[key][1] / "figures.json").read_bytes())
        assert figures.period.first == date(2025, 12, 15)
        assert figures.until < made[key][0]
        as_counted_again(figures, year.raw, year.commune)

    def test_has_the_outline_of_its_plan_and_goes_to_whom_the_plan_means_today(
        self, made: Made, key: tuple[str, str]
    ) -> None:
        slug, period = key
        said = [one.text for one in docx.Document(str(made[key][1] / f"du-thao-dan-van-{period}.docx")).paragraphs]
        wanted = [f"{number}. {one.heading}" for number, one in enumerate(plan(slug).outline, start=1)]
        assert [one for one in said if one in wanted] == wanted
        assert any(WRITTEN_TO[slug] in one for one in said), said[:12]
        pages = PdfReader(made[key][1] / f"du-thao-dan-van-{period}.pdf").pages
        printed = " ".join(" ".join(page.extract_text() for page in pages).split())
        for one in wanted:
            assert one in printed

    def test_prints_the_days_that_it_counted(self, made: Made, key: tuple[str, str]) -> None:
        figures = Figures.decode((made[key][1] / "figures.json").read_bytes())
        said = [one.text for one in docx.Document(str(made[key][1] / f"bao-cao-{key[1]}.docx")).paragraphs]
        assert f"(Số liệu từ ngày 15/12/2025 đến hết ngày {figures.until:%d/%m/%Y})" in said
        share = only_share(figures)
        assert any(share in one for one in said), share


def only_share(figures: Figures) -> str:
    """The satisfaction on the whole, as the State writes it: "49,3%"."""
    (survey,) = figures.surveys
    assert survey.overall is not None
    assert survey.overall.index is not None
    return f"{survey.overall.index * 100:.1f}".replace(".", ",") + "%"
