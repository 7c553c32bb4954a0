"""A report from the asking to the file: figures here, documents in a child process, bytes back to the one writer."""

import asyncio
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from app.logs import get_logger
from app.report_source import StoreSource
from app.runtime import Runtime
from feedback.roles import Actor, may
from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import plan as plan_of
from reports.survey_figures import Cell
from storage import report_rows, units
from storage.jobs import put
from storage.tx import Tx
from vietnam.time import day_of

log = get_logger()
REPORT_JOB = "report"
TIMEOUT = 120
_TRIES = 3


class NotBegun(ValueError):
    """A report of a period that lies wholly in the future."""


class ReportFailed(Exception):
    """The child process did not make the documents; the text is one line."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file of a report."""

    name: str
    media_type: str
    path: Path


async def figures_of(runtime: Runtime, unit_id: int, period_key: str) -> tuple[Figures, int]:
    """The figures of a commune and period, and how many cells it had published before; checked against all of them.

    reports.periods.BadPeriod for a key that is none, ValueError for a period that has not begun.
    """
    report = runtime.settings.report
    period = parse(period_key, month=report.month)
    plan = plan_of(report.plan)
    made_on: date = day_of(runtime.now())

    def look(conn: Connection) -> tuple[Figures, int]:
        sample = bool(units.unit(conn, unit_id).sample)
        earlier = [_cell(*row) for row in report_rows.earlier_cells(conn, unit_id)]
        source = StoreSource(conn, unit_id)
        figures = build(source, period, plan, sample=sample, made_on=made_on, earlier=earlier)
        return figures, len(earlier)

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


async def write_documents(figures: Figures, plan: str, out: Path) -> list[Made]:
    """Make every document of a report in a child process. ReportFailed."""
    return await in_child("reports", msgspec.json.encode({"figures": figures, "plan": plan, "out": str(out)}), out)


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
        raise ReportFailed((errors.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1])
    files = msgspec.json.decode(output, type=list[dict[str, str]])
    return [Made(file["name"], file["media_type"], out / file["name"]) for file in files]


async def ask_report(runtime: Runtime, unit_id: int, period_key: str, actor: Actor, *, by_worker: bool = True) -> int:
    """Put a report on the list, to be made soon by the worker (or by the caller itself); its id.

    reports.periods.BadPeriod, NotBegun, PermissionError.
    """
    period = parse(period_key, month=runtime.settings.report.month)
    if period.first > day_of(runtime.now()):
        raise NotBegun(period_key)
    if not may(actor, "report.make", unit_id):
        raise PermissionError("report.make")

    def unit(tx: Tx) -> int:
        now = runtime.now()
        report_id = report_rows.ask(tx, unit_id, period_key, actor, now)
        if by_worker:
            put(tx, unit=unit_id, kind=REPORT_JOB, key=str(report_id), run_at=now)
        return report_id

    return await runtime.store.write(unit)


async def make_report(runtime: Runtime, report_id: int, *, copy_to: Path | None = None) -> list[Path]:
    """Make a report that was asked for and keep its files; the paths of a copy where a folder is named.

    Nothing is made twice: a report that is ready already gives []. ReportFailed, and what `figures_of` raises.
    """
    asked = await runtime.store.read(lambda conn: report_rows.asked(conn, report_id))
    if asked is None:
        return []
    for _ in range(_TRIES):
        made = await _make_once(runtime, asked, copy_to)
        if made is not None:
            return [copy_to / name for name in made] if copy_to is not None else []
    raise ReportFailed("other reports of the commune were published meanwhile")


async def _make_once(runtime: Runtime, asked: report_rows.Asked, copy_to: Path | None) -> list[str] | None:
    """Names of the files that were made and kept; None where another report was published in the meantime."""
    figures, published = await figures_of(runtime, asked.unit_id, asked.period)
    with tempfile.TemporaryDirectory(prefix="nghedan-report-") as folder:
        made = await write_documents(figures, runtime.settings.report.plan, Path(folder))
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
