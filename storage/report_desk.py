"""The way of a report from its draft to the signed file: written here only by decided acts, with the version they saw.

The documents of a draft are written anew beside the old ones, and put in their place in one transaction: until then,
and where it fails, the old ones stay (docs/decisions/0027).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.report_acts import (
    Comment,
    Freeze,
    Number,
    ReportAct,
    ReportDecision,
    ReportFacts,
    ReportState,
    Return,
    WriteTexts,
)
from feedback.roles import Actor
from storage import act_rows, blobs, jobs, notices, submissions
from storage.report_data import data_version
from storage.report_rows import OwedRow, PublishedCell, add_cells, earlier_cells
from storage.tables import acts, report_files, report_texts, reports, units
from storage.tx import Tx
from vietnam.time import day_of

FILES_JOB = "report-files"
_UNSUBMITTED: dict[str, object] = {"submitted_at": None, "submitted_by": ""}
SIGNED = "ban-da-ky.pdf"
"""The name of the signed file among those of a report."""
_TOLD = {
    "submit": "notice.report_submitted",
    "approve": "notice.report_approved",
    "return_": "notice.report_returned",
    "comment": "notice.report_said",
}
_TOLD_WORDS = 300
"""Characters of a leader's reason that stand in the notice itself; the rest is on the report's page."""


def facts_of(tx: Tx, id: int, *, numbering: bool = False) -> ReportFacts | None:
    """A report as it stands now, without its places; its row is locked until the commit.

    `numbering`: so are the numbers of its unit, that no two reports get the same one at once.
    """
    row = tx.execute(select(reports).where(reports.c.id == id).with_for_update()).one_or_none()
    if row is None:
        return None
    if numbering:
        tx.execute(select(units.c.id).where(units.c.id == row.unit_id).with_for_update())
    others = select(reports.c.issued_on, reports.c.number).where(
        reports.c.unit_id == row.unit_id, reports.c.id != id, reports.c.number != "", reports.c.issued_on != ""
    )
    return ReportFacts(
        id=row.id,
        unit=row.unit_id,
        state=ReportState(row.state),
        version=version_of(row.version),
        made_on=None if row.made_at is None else day_of(row.made_at),
        behind=row.files_version < row.files_wanted,
        number=row.number,
        issued_on=row.issued_on,
        submitted=row.submitted_at is not None,
        numbers=frozenset((int(other.issued_on[:4]), other.number) for other in tx.execute(others).all()),
    )


def version_of(stored: int) -> int:
    """The version of a report; one that was made before reports had versions is at its first."""
    return max(stored, 1)


def write(
    tx: Tx, facts: ReportFacts, act: ReportAct, decision: ReportDecision, actor: Actor, now: int, *, title: str
) -> None:
    """Write a decided change, in the transaction that has the lock of `facts_of`; `title` names it to the officers."""
    if isinstance(act, Comment) and _is_said(tx, facts.id, actor, decision.text):
        return  # the form was sent twice
    version = facts.version + 1
    values: dict[str, object] = {"state": str(decision.after), "version": version}
    if decision.waits != facts.submitted:
        values |= {"submitted_at": now, "submitted_by": actor.label()} if decision.waits else _UNSUBMITTED
    if decision.refile:
        values |= {"files_wanted": version, "fault": ""}
        jobs.put(tx, unit=facts.unit, kind=FILES_JOB, key=f"{facts.id}:{version}", run_at=now)
    if decision.recount:
        values["recount"] = 1
    said: dict[str, object] = {"text": decision.text} if decision.text else {}
    match act:
        case WriteTexts():
            said["places"] = _write_texts(tx, facts.id, act, actor, now)
        case Number():
            values |= {"number": decision.number, "issued_on": act.issued_on}
            said |= {"number": decision.number, "issued_on": act.issued_on}
        case Return():
            # What văn thư had given it is another paper's now.
            values |= {"number": "", "issued_on": ""}
        case Freeze():
            values |= _frozen(tx, facts, act, now)
            said["sha256"] = act.sha256
        case _:
            pass
    tx.execute(update(reports).where(reports.c.id == facts.id).values(**values))
    act_rows.record(
        tx,
        actor,
        decision.action,
        thing="report",
        thing_id=facts.id,
        unit=facts.unit,
        now=now,
        version=version,
        before=decision.before,
        after=decision.after,
        **said,
    )
    _tell(tx, facts, decision, title, now)
    if decision.action == "approve":
        submissions.done(tx, facts.unit, title, now)


def _is_said(tx: Tx, report: int, actor: Actor, text: str) -> bool:
    """Whether this remark is the newest thing that was done with the report."""
    mine = (acts.c.thing == "report") & (acts.c.thing_id == report)
    columns = (acts.c.action, acts.c.actor, acts.c.detail)
    row = tx.execute(select(*columns).where(mine).order_by(acts.c.version.desc()).limit(1)).one_or_none()
    if row is None or (row.action, row.actor) != ("comment", actor.label()):
        return False
    return bool(msgspec.json.decode(row.detail or "{}").get("text") == text)


def _tell(tx: Tx, facts: ReportFacts, decision: ReportDecision, title: str, now: int) -> None:
    """Tell the officers what was done, with a leader's words where there are any; what is settled is put away."""
    about: dict[str, object] = {"period": title}
    if facts.submitted and not decision.waits:
        notices.settle(tx, facts.unit, _TOLD["submit"], about, now)
    if decision.action == "return_":
        words = " ".join(decision.text.split())
        about["words"] = words if len(words) <= _TOLD_WORDS else words[:_TOLD_WORDS].rsplit(" ", 1)[0] + "…"
    if decision.action in _TOLD:
        notices.add(tx, facts.unit, _TOLD[decision.action], about, now)


def _write_texts(tx: Tx, report: int, act: WriteTexts, actor: Actor, now: int) -> list[str]:
    """Keep the words; the places they stand in. When a place was written also tells one writing from the next."""
    maker = postgres_insert if tx.postgres else sqlite_insert
    for piece in act.pieces:
        mine = (report_texts.c.report_id == report) & (report_texts.c.section == piece.place)
        text = piece.text.strip()
        if not text:
            tx.execute(delete(report_texts).where(mine))
            continue
        at = max(now, piece.seen + 1)
        new = {"text": text, "digest": piece.digest, "written_by": actor.label(), "written_at": at}
        row = maker(report_texts).values(report_id=report, section=piece.place, **new)
        tx.execute(row.on_conflict_do_update(index_elements=["report_id", "section"], set_=new))
    return [piece.place for piece in act.pieces]


def _frozen(tx: Tx, facts: ReportFacts, act: Freeze, now: int) -> dict[str, object]:
    """The signed file among the others, and what it all was made of."""
    tx.execute(insert(report_files).values(report_id=facts.id, name=SIGNED, blob_id=act.blob))
    if blobs.keep(tx, [act.blob]) != 1:
        raise LookupError(f"blob {act.blob}")  # swept meanwhile: nothing of the act happens
    figures = tx.execute(select(reports.c.figures).where(reports.c.id == facts.id)).scalar_one() or ""
    return {
        "signed": SIGNED,
        "sha256": act.sha256,
        "figures_sha256": hashlib.sha256(figures.encode()).hexdigest(),
        "data_version": data_version(tx.conn, facts.unit),
        "frozen_at": now,
    }


@dataclass(frozen=True, slots=True)
class ToFile:
    """A report whose documents are to be written. `figures` are those it has, `recount`: not to be used any more."""

    id: int
    unit: int
    period: str
    owed: OwedRow
    wanted: int
    agreed: bool
    recount: bool
    figures: str


def to_file(conn: Connection, id: int) -> ToFile | None:
    """What the documents of a report are to be made of now; None where they hold everything, or it is out of reach."""
    row = conn.execute(select(reports).where(reports.c.id == id)).one_or_none()
    if row is None or row.files_version >= row.files_wanted or row.state not in ("ready", "approved"):
        return None
    return ToFile(
        id=row.id,
        unit=row.unit_id,
        period=row.period,
        owed=OwedRow(plan=row.plan, owed=row.owed, issue_by=row.issue_by, cut_off=row.cut_off),
        wanted=row.files_wanted,
        agreed=row.state == ReportState.APPROVED,
        recount=bool(row.recount),
        figures=row.figures or "",
    )


def refile(
    tx: Tx,
    job: ToFile,
    files: Sequence[tuple[str, int]],
    now: int,
    *,
    figures: str = "",
    cells: Sequence[PublishedCell] = (),
    published: int | None = None,
) -> bool:
    """Put new documents (name, blob) in the place of the old ones, with new `figures` where they were counted anew.

    False, and nothing changed, where something was written or decided meanwhile, or (`published` as in
    storage.report_rows.keep) another report was published: then the new ones hold too little.
    """
    row = tx.execute(select(reports).where(reports.c.id == job.id).with_for_update()).one()
    tx.execute(select(units.c.id).where(units.c.id == job.unit).with_for_update(key_share=True))
    if row.files_wanted != job.wanted or row.files_version >= job.wanted:
        return False
    if published is not None and len(earlier_cells(tx.conn, job.unit)) != published:
        return False
    old = select(report_files.c.blob_id).where(report_files.c.report_id == job.id)
    gone = list(tx.execute(old).scalars())
    tx.execute(delete(report_files).where(report_files.c.report_id == job.id))
    for name, blob in files:
        tx.execute(insert(report_files).values(report_id=job.id, name=name, blob_id=blob))
    if blobs.keep(tx, [blob for _, blob in files]) != len(files):
        raise LookupError("a document was swept before it was kept")
    blobs.release(tx, gone)
    values: dict[str, object] = {"files_version": job.wanted, "fault": ""}
    if figures:
        values |= {"figures": figures, "made_at": now, "recount": 0}
        add_cells(tx, job.unit, cells, report=job.id)
    tx.execute(update(reports).where(reports.c.id == job.id).values(**values))
    return True


def filled(tx: Tx, unit: int, plan: str, period: str, now: int) -> None:
    """What stands in the documents of a plan's drafts on a period was filled in elsewhere: they are written anew.

    `plan` "": in those of every plan.
    """
    mine = (reports.c.unit_id == unit) & (reports.c.period == period)
    if plan:
        mine &= reports.c.plan.in_([plan, ""])
    drafts = select(reports.c.id, reports.c.version).where(mine, reports.c.state == ReportState.READY)
    for row in tx.execute(drafts.order_by(reports.c.id).with_for_update()).all():
        version = version_of(row.version) + 1
        anew = {"version": version, "files_wanted": version, **_UNSUBMITTED}
        tx.execute(update(reports).where(reports.c.id == row.id).values(**anew))
        jobs.put(tx, unit=unit, kind=FILES_JOB, key=f"{row.id}:{version}", run_at=now)


def refiling_failed(tx: Tx, id: int, wanted: int, fault: str) -> None:
    """The documents could not be written; the page says so beside the old ones."""
    same = (reports.c.id == id) & (reports.c.files_wanted == wanted) & (reports.c.files_version < wanted)
    tx.execute(update(reports).where(same).values(fault=fault))


def texts(conn: Connection, id: int) -> dict[str, str]:
    """What officers wrote into a report, by place."""
    query = select(report_texts.c.section, report_texts.c.text).where(report_texts.c.report_id == id)
    return {row.section: row.text for row in conn.execute(query)}


def issued(conn: Connection, unit: int) -> list[tuple[int, str]]:
    """(id, figures as JSON) of the reports of a unit that are frozen, the newest 40 first."""
    mine = (reports.c.unit_id == unit) & (reports.c.state == ReportState.FROZEN) & reports.c.figures.is_not(None)
    query = select(reports.c.id, reports.c.figures).where(mine).order_by(reports.c.frozen_at.desc()).limit(40)
    return [(row.id, row.figures) for row in conn.execute(query)]


def carry_texts(tx: Tx, id: int, unit: int, period: str, plan: str) -> None:
    """A report that is asked for again begins with what was written into the newest one of its period and plan."""
    same = (reports.c.unit_id == unit) & (reports.c.period == period) & (reports.c.plan == plan) & (reports.c.id != id)
    written = select(report_texts.c.report_id).where(report_texts.c.report_id == reports.c.id).exists()
    newest = select(reports.c.id).where(same, written).order_by(reports.c.asked_at.desc(), reports.c.id.desc()).limit(1)
    before = tx.execute(newest).scalar()
    if before is None:
        return
    for row in tx.execute(select(report_texts).where(report_texts.c.report_id == before)).all():
        values: Mapping[str, object] = {**row._mapping, "report_id": id}  # noqa: SLF001 - SQLAlchemy's own public name
        tx.execute(insert(report_texts).values(**values))
