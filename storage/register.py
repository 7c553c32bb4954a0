"""The register of đơn: lines of a unit, changed only by a decided change with the version it was decided on."""

from datetime import date

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from feedback.clocks import Deadline
from feedback.office import Office
from feedback.register import Change, Enter, Kind, Line, Refusal, decide
from feedback.roles import Actor
from storage import act_rows
from storage.ids import new_id
from storage.tables import register_lines
from storage.tx import Tx

THING, KEPT_THING = "register", "kept_register"
"""What acts on lines are on: those of tố cáo apart, so that whoever lists the others need not know of them."""
MOST = 500


def _open_to(actor: Actor) -> ColumnElement[bool]:
    """The lines that are there for this actor: those of tố cáo for the keeper alone."""
    mine = register_lines.c.unit_id == actor.unit
    return mine if actor.keeper else mine & (register_lines.c.kind != str(Kind.DENUNCIATION))


def lines(conn: Connection, actor: Actor, *, only: Kind | None = None) -> list[Line]:
    """Open lines first, what is due first on top, then those with a result, newest first; at most `MOST`."""
    query = select(register_lines).where(_open_to(actor))
    if only is not None:
        query = query.where(register_lines.c.kind == str(only))
    done = register_lines.c.due_at.is_(None)
    query = query.order_by(done, register_lines.c.due_at, register_lines.c.ended_on.desc(), register_lines.c.id.desc())
    return [_line(row) for row in conn.execute(query.limit(MOST))]


def one(conn: Connection, actor: Actor, id: int) -> Line | None:
    """A line that is there for this actor."""
    row = conn.execute(select(register_lines).where(_open_to(actor), register_lines.c.id == id)).one_or_none()
    return None if row is None else _line(row)


def read(tx: Tx, actor: Actor, id: int, now: int) -> None:
    """The keeper opens a line of a tố cáo: that is an act; nothing for any other line."""
    secret = _open_to(actor) & (register_lines.c.id == id) & (register_lines.c.kind == str(Kind.DENUNCIATION))
    if tx.execute(select(register_lines.c.id).where(secret).with_for_update()).scalar() is not None:
        act_rows.record(tx, actor, "read", thing=f"{KEPT_THING}_reading", thing_id=id, unit=actor.unit, now=now)


def late(conn: Connection, actor: Actor, now: int) -> int:
    """How many lines are past their term without a result."""
    mine = _open_to(actor) & (register_lines.c.due_at < now)
    return conn.scalar(select(func.count()).select_from(register_lines).where(mine)) or 0


def change(tx: Tx, actor: Actor, id: int, wanted: Change, office: Office, now: int) -> Line | Refusal:
    """Decide a change of a line and write it, with the act; `id` is of no account where a new line is entered."""
    before = None if isinstance(wanted, Enter) else _locked(tx, actor, id)
    after = decide(before, wanted, actor, id=new_id(), now=now, office=office)
    if isinstance(after, Refusal):
        return after
    values = _values(after)
    if before is None:
        tx.execute(insert(register_lines).values(**values, id=after.id, officer_id=actor.id, at=now))
    else:
        same = (register_lines.c.id == after.id) & (register_lines.c.version == before.version)
        if tx.execute(update(register_lines).where(same).values(**values)).rowcount != 1:
            return Refusal("register.changed")
    act_rows.record(
        tx,
        actor,
        str(wanted.__struct_config__.tag),
        thing=KEPT_THING if after.kind is Kind.DENUNCIATION else THING,
        thing_id=after.id,
        unit=after.unit,
        now=now,
        version=after.version,
        due=after.deadline.due_day,
        **msgspec.to_builtins(wanted),
    )
    return after


def _locked(tx: Tx, actor: Actor, id: int) -> Line | None:
    mine = select(register_lines).where(_open_to(actor), register_lines.c.id == id)
    row = tx.execute(mine.with_for_update()).one_or_none()
    return None if row is None else _line(row)


def _values(line: Line) -> dict[str, object]:
    return {
        "unit_id": line.unit,
        "kind": str(line.kind),
        "received_on": line.received.isoformat(),
        "accepted_on": line.accepted.isoformat() if line.accepted else "",
        "summary": line.summary,
        "handler": line.handler,
        "remote": int(line.remote),
        "deadline": msgspec.json.encode(line.deadline).decode(),
        "due_at": None if line.ended is not None else line.deadline.due,
        "result": line.result,
        "ended_on": line.ended.isoformat() if line.ended else "",
        "version": line.version,
    }


def _line(row: "Row[tuple[object, ...]]") -> Line:
    return Line(
        id=row.id,
        unit=row.unit_id,
        kind=Kind(row.kind),
        received=date.fromisoformat(row.received_on),
        accepted=date.fromisoformat(row.accepted_on) if row.accepted_on else None,
        summary=row.summary,
        handler=row.handler,
        remote=bool(row.remote),
        deadline=msgspec.json.decode(row.deadline, type=Deadline),
        result=row.result,
        ended=date.fromisoformat(row.ended_on) if row.ended_on else None,
        version=row.version,
    )
