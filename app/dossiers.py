"""The ZIP of a period for a đoàn kiểm tra: asked for, made in a child process, there for a day, each fetching noted."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from app.logs import get_logger
from app.paper_trail import MODULE, case_file, case_lines, instants, office_of, period_of, visit_lines
from app.reporting import ReportFailed, in_child
from app.runtime import Runtime
from feedback.roles import SYSTEM, Actor, may
from reports.paper_jobs import DossierCase, DossierJob
from reports.periods import Period
from storage import confidential, dossiers, officers, reading_papers
from storage.blobs import Damaged
from storage.jobs import Job, put
from storage.reading_papers import CaseRecord
from storage.tx import Tx
from vietnam.time import MINUTE, day_of
from web.paper_services import PaperFile

log = get_logger()
DOSSIER_JOB = "dossier"
ACTION = "paper.dossier"
MOST_CASES = 5_000
MOST_BYTES = 80 * 1024 * 1024
"""Of pictures, in a ZIP that is kept for the page; the command line writes any size into a file."""
LEASE = 30 * MINUTE
TIMEOUT = 20 * 60.0
"""Seconds, under the lease: a case takes a tenth of one."""
_FOREVER = 3_600.0


class NoLongerOpen(Exception):
    """A case became confidential while the ZIP that has it was being made: it is made anew, without it."""


class TooMuch(Exception):
    """More than one ZIP holds; the text is which limit ("cases", "photos")."""


@dataclass(frozen=True, slots=True)
class Written:
    """A ZIP in a folder; `codes` are those of the cases in it."""

    path: Path
    codes: tuple[str, ...]

    @property
    def cases(self) -> int:
        """How many there are."""
        return len(self.codes)


async def ask(runtime: Runtime, actor: Actor, period: str, *, names: bool) -> int:
    """A leader wants the ZIP of a period; its id, that of the same one where it is being made already.

    PermissionError, reports.periods.BadPeriod, NotBegun.
    """
    if not may(actor, ACTION, actor.unit):
        raise PermissionError(ACTION)
    key = period_of(runtime, period).key

    def unit(tx: Tx) -> int:
        now = runtime.now()
        for one in dossiers.all_of(tx.conn, actor.unit):
            if (one.state, one.period, one.names) == ("making", key, names) and now - one.asked_at < LEASE:
                return one.id
        id = dossiers.ask(tx, actor, key, now, names=names)
        put(tx, unit=actor.unit, kind=DOSSIER_JOB, key=str(id), run_at=now)
        return id

    return await runtime.store.write(unit)


async def make(runtime: Runtime, job: Job) -> None:
    """Make a ZIP that was asked for; nothing where it is made or has failed already."""
    id, unit = int(job.key), job.unit
    asked = await runtime.store.read(lambda conn: dossiers.one(conn, unit, id))
    if asked is None or asked.state != "making":
        return
    actor = Actor(kind=SYSTEM, unit=unit)
    with tempfile.TemporaryDirectory(prefix="nghedan-dossier-") as folder:
        try:
            made = await write(runtime, unit, asked.period, Path(folder), names=asked.names)
        except TooMuch as fault:
            await _failed(runtime, actor, id, str(fault))
            return
        data = made.path.read_bytes()
        # Not kept: it holds what many people said, so it is swept like anything nobody points to, after a day.
        blob = await runtime.blobs.put(unit, "application/zip", data, name=made.path.name)

    def unit_of_work(tx: Tx) -> bool:
        if not reading_papers.all_open(tx.conn, unit, made.codes):
            confidential.forget_zips(tx, unit)
            return False
        dossiers.ready(tx, actor, id, runtime.now(), name=made.path.name, blob=blob, cases=made.cases)
        return True

    if not await runtime.store.write(unit_of_work):
        raise NoLongerOpen


async def failed(runtime: Runtime, job: Job, fault: str) -> None:
    """The last try failed: the page says so."""
    await _failed(runtime, Actor(kind=SYSTEM, unit=job.unit), int(job.key), fault)
    log.error("dossier.failed", fault=fault)


async def _failed(runtime: Runtime, actor: Actor, id: int, why: str) -> None:
    await runtime.store.write(lambda tx: dossiers.failed(tx, actor, id, runtime.now(), why))


async def fetch(runtime: Runtime, actor: Actor, id: int) -> PaperFile | None:
    """A ZIP of the actor's unit, once the fetching is noted; None where there is none any more. PermissionError."""
    if not may(actor, ACTION, actor.unit):
        raise PermissionError(ACTION)
    found = await runtime.store.read(lambda conn: dossiers.one(conn, actor.unit, id))
    data = await runtime.blobs.get(found.blob) if found is not None and found.blob else None
    if found is None or data is None:
        return None
    what, names, now = found.name, found.names, runtime.now()
    since, until = instants(period_of(runtime, found.period))

    def noted(tx: Tx) -> None:
        dossiers.exported(tx, actor, now, what=what, id=id, names=names)
        # What was in it and is confidential meanwhile took the ZIP with it: what is open of the period was in it.
        inside = [one.code for one in reading_papers.case_lines(tx.conn, actor.unit, since, until)]
        confidential.took_out(tx, actor, inside, now)

    await runtime.store.write(noted)
    return PaperFile(name=what, media_type="application/zip", data=data)


async def write(runtime: Runtime, unit: int, key: str, out: Path, *, names: bool, limits: bool = True) -> Written:
    """Write the ZIP of a period into a folder.

    TooMuch, app.reporting.ReportFailed, BadPeriod, NotBegun; OSError where the folder cannot be written.
    """
    period = period_of(runtime, key)
    since, until = instants(period)
    if limits:
        many, size = await runtime.store.read(lambda conn: reading_papers.how_many(conn, unit, since, until))
        if many > MOST_CASES:
            raise TooMuch("cases")
        if size > MOST_BYTES:
            raise TooMuch("photos")
    with tempfile.TemporaryDirectory(prefix=".photos-", dir=out) as folder:
        work = await runtime.store.read(lambda conn: _gather(runtime, conn, unit, period, names=names))
        cases = [await _with_photos(runtime, one, Path(folder)) for one in work[1]]
        job = msgspec.json.encode({"work": msgspec.structs.replace(work[0], cases=tuple(cases)), "out": str(out)})
        (made,) = await in_child(MODULE, job, out, TIMEOUT if limits else _FOREVER)
    return Written(made.path, tuple(record.code for record, _ in work[1]))


Gathered = list[tuple[CaseRecord, DossierCase]]


def _gather(
    runtime: Runtime, conn: Connection, unit: int, period: Period, *, names: bool
) -> tuple[DossierJob, Gathered]:
    """Everything but the pictures, of one moment."""
    since, until = instants(period)
    people = officers.names(conn, unit)
    found = [
        (record, DossierCase(case=case_file(record, people, names=names)))
        for record in reading_papers.case_records(conn, unit, since, until)
    ]
    job = DossierJob(
        office=office_of(runtime, conn, unit),
        period=period.title,
        key=period.key,
        first=period.first,
        last=period.last,
        names=names,
        lines=case_lines(conn, unit, since, until, names=names),
        visits=visit_lines(conn, unit, since, until, names=names),
        cases=(),
        made_on=day_of(runtime.now()),
    )
    return job, found


async def _with_photos(runtime: Runtime, one: tuple[CaseRecord, DossierCase], folder: Path) -> DossierCase:
    record, case = one
    photos = [path for id in record.photos if (path := await _photo(runtime, id, folder))]
    evidence = [path for id in record.evidence if (path := await _photo(runtime, id, folder))]
    return msgspec.structs.replace(case, photos=tuple(photos), evidence=tuple(evidence))


async def _photo(runtime: Runtime, id: int, folder: Path) -> str:
    """Where the picture lies for the child; "" where it is gone, or is a recording, which a voice is known by."""
    about = await runtime.blobs.describe(id)
    if about is None or not about.media_type.startswith("image/"):
        return ""
    try:
        data = await runtime.blobs.get(id)
    except Damaged:
        log.error("dossier.damaged_photo", blob=id)
        return ""
    if data is None:
        return ""
    ending = ".png" if about.media_type == "image/png" else ".jpg"
    path = folder / f"{id:x}{ending}"
    path.write_bytes(data)
    return str(path)


__all__ = ["DOSSIER_JOB", "ReportFailed", "TooMuch", "Written", "ask", "failed", "fetch", "make", "write"]
