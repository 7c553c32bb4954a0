"""A report from the asking to the file: figures here, documents in a child process, bytes back to the one writer."""

import asyncio
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from app.logs import get_logger
from app.plans_in_use import main_plan, plan_for
from app.report_late import with_late
from app.report_source import StoreSource
from app.report_words import writing
from app.runtime import Runtime
from feedback.roles import Actor, may
from reports.figures import Figures, build
from reports.owing import MONTH as OWED_MONTH
from reports.periods import Period, parse
from reports.plans import Plan
from reports.survey_figures import Cell
from reports.written import Writing
from storage import report_desk, report_rows, units
from storage.jobs import put
from storage.report_rows import UNASKED, OwedRow
from storage.tx import Tx
from vietnam.time import day_of

log = get_logger()
REPORT_JOB = "report"
TIMEOUT = 120
_TRIES = 3
_MADE_LONGEST = 15 * 60_000
"""ms after which a report that is still not made keeps nobody from asking anew."""


class NotBegun(ValueError):
    """A report of a period that lies wholly in the future."""


class ReportFailed(Exception):
    """The child process did not make the documents; the text is one line."""


class DiskFull(ReportFailed):
    """There was no room left for the documents."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file of a report."""

    name: str
    media_type: str
    path: Path


def period_of(runtime: Runtime, key: str, owed: OwedRow = UNASKED) -> Period:
    """The days of a report: a plan's own follow the statutory cut-off, the others the settings. BadPeriod."""
    return parse(key, month=OWED_MONTH if owed.owed else runtime.settings.report.month)


async def figures_of(
    runtime: Runtime, unit_id: int, period_key: str, owed: OwedRow = UNASKED
) -> tuple[Figures, int, Plan]:
    """Figures of a commune and period, how many cells it had published before, and the plan with the own profile.

    The figures are checked against all those cells.
    reports.periods.BadPeriod for a key that is none, reports.plans.BadPlan, ValueError for a period that has not begun.
    """
    report = runtime.settings.report
    period = period_of(runtime, period_key, owed)
    last = date.fromisoformat(owed.cut_off) if owed.cut_off else None
    issue_by = date.fromisoformat(owed.issue_by) if owed.issue_by else None
    made_on: date = day_of(runtime.now())

    def look(conn: Connection) -> tuple[Figures, int, Plan]:
        plan = plan_for(conn, report, unit_id, period.year, owed)
        sample = bool(units.unit(conn, unit_id).sample)
        earlier = [_cell(*row) for row in report_rows.earlier_cells(conn, unit_id)]
        source = StoreSource(conn, unit_id, runtime.vault, report.one_stop)
        figures = build(
            source,
            period,
            plan,
            sample=sample,
            made_on=made_on,
            earlier=earlier,
            cut_off=last,
            issue_by=issue_by,
            trend_by=report.month,
        )
        return with_late(conn, source, unit_id, figures), len(earlier), plan

    return await runtime.store.read(look)


def _cell(version: int, kind: str, first: str, last: str, cut: str, question: str, n: int) -> Cell:
    return Cell(
        version=version,
        kind=kind,
        cut=cut,
        question=question,
        n=n,
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
    )


async def write_documents(figures: Figures, plan: Plan, out: Path, words: Writing) -> list[Made]:
    """Make every document of a report in a child process, with the officers' own words in it. ReportFailed."""
    job = {"figures": figures, "plan": plan, "out": str(out), "writing": words}
    return await in_child("reports", msgspec.json.encode(job), out)


WriteDocuments = Callable[[Figures, Plan, Path, Writing], Awaitable[list[Made]]]
"""Figures, plan, folder and the officers' words: every document of a report, made. ReportFailed."""


async def in_child(module: str, job: bytes, out: Path, seconds: float = TIMEOUT) -> list[Made]:
    """Let a module make the files of a job in a process of its own, in the folder `out`. ReportFailed."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "MPLBACKEND": "Agg"},
    )
    try:
        output, errors = await asyncio.wait_for(child.communicate(job), seconds)
    except TimeoutError:
        raise ReportFailed(f"not done after {seconds:.0f} s") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        kind = DiskFull if child.returncode == errno.ENOSPC else ReportFailed
        raise kind((errors.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1])
    files = msgspec.json.decode(output, type=list[dict[str, str]])
    return [Made(file["name"], file["media_type"], out / file["name"]) for file in files]


async def ask_report(
    runtime: Runtime,
    unit_id: int,
    period_key: str,
    actor: Actor,
    *,
    by_worker: bool = True,
    owed: OwedRow = UNASKED,
    once: bool = False,
) -> int:
    """Put a report on the list, to be made soon by the worker (or by the caller itself); its id.

    One that the worker is to make and that is being made already is given back instead of a second.
    `owed` says which plan asks for it; `once`: 0, and nothing asked for, where somebody has asked for it already.
    reports.periods.BadPeriod, NotBegun, PermissionError.
    """
    period = period_of(runtime, period_key, owed)
    if period.first > day_of(runtime.now()):
        raise NotBegun(period_key)
    if not may(actor, "report.make", unit_id):
        raise PermissionError("report.make")

    def unit(tx: Tx) -> int:
        now = runtime.now()
        kept = owed
        if not owed.plan:
            # Which plan it follows is settled now: it may be taken away, and the report stay.
            kept = OwedRow(plan=main_plan(tx.conn, runtime.settings.report, unit_id, period.year).id)
        if once and report_rows.asked_for(tx, unit_id, owed.plan, owed.owed, period_key):
            return 0
        if by_worker and (same := report_rows.being_made(tx, unit_id, period_key, kept, now - _MADE_LONGEST)):
            # Two officers who press at once get one draft, not two of the same period.
            return same
        report_id = report_rows.ask(tx, unit_id, period_key, actor, now, kept)
        report_desk.carry_texts(tx, report_id, unit_id, period_key, kept.plan)
        if by_worker:
            put(tx, unit=unit_id, kind=REPORT_JOB, key=str(report_id), run_at=now)
        return report_id

    return await runtime.store.write(unit)


async def make_report(
    runtime: Runtime, report_id: int, *, copy_to: Path | None = None, write: WriteDocuments = write_documents
) -> list[Path]:
    """Make a report that was asked for and keep its files; the paths of a copy where a folder is named.

    `write` makes the documents: a process for each, or one of many communes that goes on to the next.
    Nothing is made twice: a report that is ready already gives []. ReportFailed, and what `figures_of` raises.
    """
    asked = await runtime.store.read(lambda conn: report_rows.asked(conn, report_id))
    if asked is None:
        return []
    for _ in range(_TRIES):
        made = await _make_once(runtime, asked, copy_to, write)
        if made is not None:
            return [copy_to / name for name in made] if copy_to is not None else []
    raise ReportFailed("other reports of the commune were published meanwhile")


async def _make_once(
    runtime: Runtime, asked: report_rows.Asked, copy_to: Path | None, write: WriteDocuments
) -> list[str] | None:
    """Names of the files that were made and kept; None where another report was published in the meantime."""
    owed = OwedRow(asked.plan, asked.owed, asked.issue_by, asked.cut_off)
    figures, published, plan = await figures_of(runtime, asked.unit_id, asked.period, owed)
    words = await runtime.store.read(lambda conn: writing(conn, asked.id, plan))
    with tempfile.TemporaryDirectory(prefix="nghedan-report-") as folder:
        made = await write(figures, plan, Path(folder), words)
        blobs = [
            (file.name, await runtime.blobs.put(asked.unit_id, file.media_type, file.path.read_bytes(), name=file.name))
            for file in made
        ]
        body = figures.encode().decode()
        cells = figures.cells()
        title, now = figures.period.title, runtime.now()

        def keep(tx: Tx) -> bool:
            return report_rows.keep(tx, asked.id, body, blobs, cells, published=published, title=title, now=now)

        if not await runtime.store.write(keep):
            return None
        if copy_to is not None:
            shutil.copytree(folder, copy_to, dirs_exist_ok=True)
    return [file.name for file in made]


async def report_failed(runtime: Runtime, report_id: int, fault: str) -> None:
    """The last try failed: the page says so."""
    asked = await runtime.store.read(lambda conn: report_rows.asked(conn, report_id))
    if asked is None:
        return
    title, now = parse(asked.period, month=runtime.settings.report.month).title, runtime.now()
    await runtime.store.write(lambda tx: report_rows.failed(tx, report_id, fault, title=title, now=now))
    log.error("report.failed", fault=fault)
