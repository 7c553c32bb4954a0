"""What officers typed into biểu chỉ tiêu and biểu tự đánh giá, xếp loại, and the criteria that a commune works by."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from feedback.roles import Actor, may
from storage import act_rows, report_desk
from storage.tables import criteria_files, reports, sheet_rows, units
from storage.tx import Tx

Sheet = Literal["targets", "criteria"]


class SheetRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line: `done` is what was reached, or the points; `typed_at` UTC milliseconds."""

    done: str
    note: str
    typed_at: int


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer types into a line; `seen`: when it had been typed as the officer saw it (0: it was empty)."""

    row: str
    done: str
    note: str
    seen: int = 0


class ReportPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a report is; `plan` is the slug of the plan that its figures were counted by, "" before they were."""

    unit: int
    period: str
    plan: str


class _Counted(msgspec.Struct):
    plan: str = ""


def rows(conn: Connection, unit: int, plan: str, period: str, sheet: Sheet) -> dict[str, SheetRow]:
    """The lines of a sheet by their id."""
    query = select(sheet_rows).where(
        sheet_rows.c.unit_id == unit,
        sheet_rows.c.plan == plan,
        sheet_rows.c.period == period,
        sheet_rows.c.sheet == sheet,
    )
    return {row.row: SheetRow(done=row.done, note=row.note, typed_at=row.typed_at) for row in conn.execute(query)}


def put(
    tx: Tx, actor: Actor, plan: str, period: str, sheet: Sheet, typed: Sequence[Typed], now: int
) -> tuple[int, list[str]]:
    """Keep what differs, in one act: how many lines, and those (ids) that somebody else typed meanwhile.

    PermissionError. An empty line is taken out.
    """
    _checked(actor, "sheet.write")
    # Two officers at once: the second waits here and sees what the first has typed.
    tx.execute(select(units.c.id).where(units.c.id == actor.unit).with_for_update())
    before = rows(tx.conn, actor.unit, plan, period, sheet)
    changed: dict[str, str] = {}
    late: list[str] = []
    for one in typed:
        was = before.get(one.row)
        if (one.done, one.note) == ((was.done, was.note) if was else ("", "")):
            continue
        if one.seen != (was.typed_at if was else 0):
            late.append(one.row)
            continue
        _keep(tx, actor, (plan, period, sheet), one, was, now)
        changed[one.row] = one.done
    if changed:
        detail: dict[str, Any] = {"plan": plan, "period": period, "sheet": sheet, "rows": changed}
        act_rows.record(tx, actor, "fill", thing="sheet", thing_id=actor.unit, unit=actor.unit, now=now, **detail)
        report_desk.filled(tx, actor.unit, plan, period, now)
    return len(changed), late


def _keep(tx: Tx, actor: Actor, place: tuple[str, str, str], one: Typed, was: SheetRow | None, now: int) -> None:
    mine = {"unit_id": actor.unit, "plan": place[0], "period": place[1], "sheet": place[2], "row": one.row}
    here = [sheet_rows.c[name] == value for name, value in mine.items()]
    if not one.done and not one.note:
        tx.execute(delete(sheet_rows).where(*here))
        return
    # One more millisecond: two saves within one would look alike to whoever holds the page of the first.
    at = max(now, was.typed_at + 1) if was else now
    values = {"done": one.done, "note": one.note, "typed_by": actor.label(), "typed_at": at}
    if was is None:
        tx.execute(insert(sheet_rows).values(**mine, **values))
    else:
        tx.execute(update(sheet_rows).where(*here).values(**values))


def place_of(conn: Connection, report: int) -> ReportPlace | None:
    """Of which unit, period and plan a report is; None where there is none."""
    query = select(reports.c.unit_id, reports.c.period, reports.c.plan, reports.c.figures)
    row = conn.execute(query.where(reports.c.id == report)).one_or_none()
    if row is None:
        return None
    counted = msgspec.json.decode(row.figures, type=_Counted).plan if row.figures else ""
    return ReportPlace(unit=row.unit_id, period=row.period, plan=row.plan or counted)


def figures(conn: Connection, unit: int, period: str) -> str | None:
    """The figures of the newest report of a period, JSON of reports.figures.Figures; None where none was counted."""
    mine = (reports.c.unit_id == unit) & (reports.c.period == period) & reports.c.figures.is_not(None)
    return conn.scalar(select(reports.c.figures).where(mine).order_by(reports.c.asked_at.desc()).limit(1))


# --- the criteria of a commune ----------------------------------------------------------------------------------------


def criteria(conn: Connection, unit: int) -> str | None:
    """The file a commune works by; None where it has none."""
    return conn.scalar(select(criteria_files.c.body).where(criteria_files.c.unit_id == unit))


def put_criteria(tx: Tx, actor: Actor, body: str, now: int) -> None:
    """Work by these from now on, "" for none; points stay with the criteria whose text is the same. PermissionError."""
    _checked(actor, "criteria.add")
    tx.execute(select(units.c.id).where(units.c.id == actor.unit).with_for_update())
    tx.execute(delete(criteria_files).where(criteria_files.c.unit_id == actor.unit))
    if body:
        values = {"body": body, "added_by": actor.label(), "added_at": now}
        tx.execute(insert(criteria_files).values(unit_id=actor.unit, **values))
    action = "add" if body else "remove"
    act_rows.record(tx, actor, action, thing="criteria", thing_id=actor.unit, unit=actor.unit, now=now, size=len(body))


def _checked(actor: Actor, action: str) -> None:
    if not may(actor, action, actor.unit):
        raise PermissionError(action)
