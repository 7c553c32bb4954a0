"""The documents of a draft, written anew with what officers wrote into it: whole, or the old ones stay."""

import tempfile
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from app.logs import get_logger
from app.report_words import plan_counted, writing
from app.reporting import figures_of, write_documents
from app.runtime import Runtime
from reports.danvan import compose_danvan, drafted, marks
from reports.figures import Figures
from reports.mood import still_quoted
from reports.plans import Plan
from storage import jobs, report_desk, topics
from storage.jobs import Job
from storage.report_desk import ToFile

log = get_logger()
_TRIES = 3


class MarksLeft(Exception):
    """A line of what a leader has agreed to was emptied before it was written: it is to be sent back."""


class BehindOthers(Exception):
    """Other reports of the commune were published again and again while this one was counted."""


async def write_files(runtime: Runtime, job: Job) -> None:
    """Do a job of storage.report_desk.write: the documents of a report as it stands now."""
    report = int(job.key.partition(":")[0])
    for _ in range(_TRIES):
        wanted = await runtime.store.read(lambda conn: report_desk.to_file(conn, report))
        if wanted is None or await _write_once(runtime, wanted):
            return
    raise BehindOthers


async def _write_once(runtime: Runtime, wanted: ToFile) -> bool:
    """Whether the new documents are in their place."""
    figures, published, plan = await _figures(runtime, wanted)
    written = await runtime.store.read(lambda conn: writing(conn, wanted.id, plan, agreed=wanted.agreed))
    if wanted.agreed and drafted(figures, plan) and marks(compose_danvan(figures, plan, written.danvan)):
        raise MarksLeft
    with tempfile.TemporaryDirectory(prefix="nghedan-report-") as folder:
        made = await write_documents(figures, plan, Path(folder), written)
        blobs = [
            (file.name, await runtime.blobs.put(wanted.unit, file.media_type, file.path.read_bytes(), name=file.name))
            for file in made
        ]
    body = figures.encode().decode() if wanted.recount else ""
    cells = figures.cells() if wanted.recount else ()
    now = runtime.now()
    return await runtime.store.write(
        lambda tx: report_desk.refile(tx, wanted, blobs, now, figures=body, cells=cells, published=published)
    )


async def _figures(runtime: Runtime, wanted: ToFile) -> tuple[Figures, int | None, Plan]:
    """The figures to be written, how many cells they were checked against if counted just now, and their plan."""
    if wanted.recount:
        return await figures_of(runtime, wanted.unit, wanted.period, wanted.owed)
    figures = Figures.decode(wanted.figures.encode())
    report = runtime.settings.report

    def look(conn: Connection) -> tuple[Figures, Plan]:
        plan = plan_counted(conn, report, wanted.unit, figures, wanted.owed)
        # What somebody wants erased since is not printed once more.
        return still_quoted(figures, topics.quoted(conn, wanted.unit)), plan

    figures, plan = await runtime.store.read(look)
    return figures, None, plan


async def give_up_files(runtime: Runtime) -> None:
    """Say so of documents whose process died each time."""
    for job in await runtime.store.read(lambda conn: jobs.killed(conn, report_desk.FILES_JOB)):
        await files_failed(runtime, job.key, "killed")
        await runtime.store.write(partial(jobs.bury, job=job))


async def files_failed(runtime: Runtime, key: str, fault: str) -> None:
    """The last try failed: the page says so beside the documents that are there."""
    report, wanted = (int(part) for part in key.split(":"))
    await runtime.store.write(lambda tx: report_desk.refiling_failed(tx, report, wanted, fault))
    log.error("report.files_failed", fault=fault)
