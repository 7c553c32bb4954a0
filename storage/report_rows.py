"""Reports that were asked for, and the files and published cells that came of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, Text, cast, exists, insert, select, update

from feedback.roles import Actor
from storage import act_rows, notices
from storage.ids import new_id
from storage.tables import blobs, jobs, published_cells, report_files, reports, units
from storage.tx import Tx
from vietnam.numbers import date_vi


class PublishedCell(Protocol):
    """A survey figure that a report shows: version, kind of wave, days, cut ("all", "village:<id>"), question, n."""

    @property
    def version(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...
    @property
    def cut(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def n(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A report to be made.

    `plan` is the slug of the plan it follows; `owed` what that plan calls it, "" where no plan asks for it; with it go
    the last day to issue it and the last one that it counts, as ISO days.
    """

    id: int
    unit_id: int
    period: str
    plan: str = ""
    owed: str = ""
    issue_by: str = ""
    cut_off: str = ""


class OwedRow(NamedTuple):
    """Why a report is asked for: as Asked says."""

    plan: str = ""
    owed: str = ""
    issue_by: str = ""
    cut_off: str = ""


UNASKED = OwedRow()
"""No plan asks for it."""
_ASKED = (
    reports.c.id,
    reports.c.unit_id,
    reports.c.period,
    reports.c.plan,
    reports.c.owed,
    reports.c.issue_by,
    reports.c.cut_off,
)


def ask(tx: Tx, unit_id: int, period: str, actor: Actor, now: int, owed: OwedRow = UNASKED) -> int:
    """Put a report on the list; its id."""
    id = new_id()
    values = {"period": period, "state": "making", "version": 1, "made_by": actor.label(), "asked_at": now}
    values |= owed._asdict()
    tx.execute(insert(reports).values(id=id, unit_id=unit_id, **values))
    said = {name: text for name, text in owed._asdict().items() if text}
    act_rows.record(tx, actor, "make", thing="report", thing_id=id, unit=unit_id, now=now, period=period, **said)
    return id


def asked(conn: Connection, id: int) -> Asked | None:
    """A report that is still to be made; None where it is made or unknown."""
    wanted = (reports.c.id == id) & (reports.c.state == "making")
    row = conn.execute(select(*_ASKED).where(wanted)).one_or_none()
    return None if row is None else Asked(*row)


def begun(conn: Connection, unit_id: int) -> list[tuple[int, str, str, str, str, int | None]]:
    """(id, plan, what it calls it, period, state, when made) of the reports that plans ask for, the newest 500."""
    columns = (reports.c.id, reports.c.plan, reports.c.owed, reports.c.period, reports.c.state, reports.c.made_at)
    mine = (reports.c.unit_id == unit_id) & (reports.c.owed != "")
    rows = conn.execute(select(*columns).where(mine).order_by(reports.c.asked_at.desc()).limit(500))
    return [tuple(row) for row in rows]


def asked_for(tx: Tx, unit_id: int, plan: str, owed: str, period: str) -> bool:
    """Whether somebody has asked for a report that a plan owes; until the commit nobody else can."""
    tx.execute(select(units.c.id).where(units.c.id == unit_id).with_for_update())
    mine = (reports.c.unit_id == unit_id) & (reports.c.plan == plan)
    mine &= (reports.c.owed == owed) & (reports.c.period == period)
    return tx.execute(select(reports.c.id).where(mine).limit(1)).first() is not None


def being_made(tx: Tx, unit_id: int, period: str, owed: OwedRow, since: int) -> int:
    """The same report where it was asked for after `since` (UTC ms) and is not made yet, 0 where none is.

    Until the commit nobody else can ask for one.
    """
    tx.execute(select(units.c.id).where(units.c.id == unit_id).with_for_update())
    same = (reports.c.unit_id == unit_id) & (reports.c.period == period) & (reports.c.state == "making")
    same &= (reports.c.plan == owed.plan) & (reports.c.owed == owed.owed) & (reports.c.asked_at > since)
    return tx.execute(select(reports.c.id).where(same).order_by(reports.c.asked_at).limit(1)).scalar() or 0


def abandoned(conn: Connection) -> list[int]:
    """Reports whose job died with its process, again and again: nobody was left to say so."""
    died = exists().where(jobs.c.kind == "report", jobs.c.key == cast(reports.c.id, Text), jobs.c.dead == 1)
    return list(conn.scalars(select(reports.c.id).where(reports.c.state == "making", died)))


def wants(conn: Connection, unit_id: int, period: str) -> bool:
    """Whether nobody, officer or program, has asked for the report of a period yet; those of plans are others."""
    mine = (reports.c.unit_id == unit_id) & (reports.c.period == period) & (reports.c.owed == "")
    return conn.execute(select(reports.c.id).where(mine).limit(1)).first() is None


def earlier_cells(conn: Connection, unit_id: int) -> list[tuple[int, str, str, str, str, str, int]]:
    """Every cell this unit has published: version, kind of wave, first day, last day, cut, question, n."""
    columns = (
        published_cells.c.version_id,
        published_cells.c.kind,
        published_cells.c.first_day,
        published_cells.c.last_day,
        published_cells.c.cut,
        published_cells.c.question,
        published_cells.c.n,
    )
    return [tuple(row) for row in conn.execute(select(*columns).where(published_cells.c.unit_id == unit_id))]


def keep(
    tx: Tx,
    id: int,
    figures: str,
    files: Sequence[tuple[str, int]],
    cells: Iterable[PublishedCell],
    *,
    published: int,
    title: str,
    now: int,
) -> bool:
    """The report is made: its figures, files and published cells, and a word to the officers ("tháng 10 năm 2026").

    `published` is how many earlier cells its figures were checked against. False, and nothing kept, where another
    report of the unit was published meanwhile: together they might tell what neither tells alone.
    """
    wanted = (reports.c.id == id) & (reports.c.state == "making")
    columns = (reports.c.unit_id, reports.c.owed, reports.c.issue_by)
    row = tx.execute(select(*columns).where(wanted).with_for_update()).one_or_none()
    if row is None:
        return True  # another process was faster; its files stand
    # Reports of one unit are published one after the other; whoever writes to the unit is not held up by this lock.
    tx.execute(select(units.c.id).where(units.c.id == row.unit_id).with_for_update(key_share=True))
    if len(earlier_cells(tx.conn, row.unit_id)) != published:
        return False
    ready = update(reports).where(reports.c.id == id)
    tx.execute(ready.values(state="ready", figures=figures, made_at=now, fault=""))
    for name, blob in files:
        tx.execute(insert(report_files).values(report_id=id, name=name, blob_id=blob))
        tx.execute(update(blobs).where(blobs.c.id == blob).values(kept=1))
    add_cells(tx, row.unit_id, cells, report=id)
    if row.owed and row.issue_by:
        facts = {"report": row.owed, "period": title, "day": date_vi(date.fromisoformat(row.issue_by))}
        notices.add(tx, row.unit_id, "notice.report_drafted", facts, now)
    else:
        notices.add(tx, row.unit_id, "notice.report_ready", {"period": title}, now)
    return True


def keep_cells(tx: Tx, unit_id: int, cells: Iterable[PublishedCell], *, published: int) -> bool:
    """Remember cells that are shown outside a report; False, and nothing kept, as with `keep`."""
    tx.execute(select(units.c.id).where(units.c.id == unit_id).with_for_update(key_share=True))
    if len(earlier_cells(tx.conn, unit_id)) != published:
        return False
    add_cells(tx, unit_id, cells, report=None)
    return True


def add_cells(tx: Tx, unit_id: int, cells: Iterable[PublishedCell], *, report: int | None) -> None:
    """Remember cells in the transaction that publishes them; `report` is the one that they stand in."""
    rows = [
        {
            "id": new_id(),
            "unit_id": unit_id,
            "version_id": cell.version,
            "kind": cell.kind,
            "first_day": cell.first.isoformat(),
            "last_day": cell.last.isoformat(),
            "cut": cell.cut,
            "question": cell.question,
            "n": cell.n,
            "report_id": report,
        }
        for cell in cells
    ]
    if rows:
        tx.execute(insert(published_cells), rows)


def failed(tx: Tx, id: int, fault: str, *, title: str, now: int) -> None:
    """The report could not be made; nothing happens where it is made, or known to have failed, already."""
    unit: int = tx.execute(select(reports.c.unit_id).where(reports.c.id == id)).scalar_one()
    making = update(reports).where(reports.c.id == id, reports.c.state == "making")
    if not tx.execute(making.values(state="failed", fault=fault)).rowcount:
        return
    notices.add(tx, unit, "notice.report_failed", {"period": title}, now)
