"""How many people the one-stop service (một cửa) served each month, as officers type them: N of a response rate."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from feedback.roles import Actor, may
from storage import act_rows
from storage.tables import served_counts
from storage.tx import Tx
from vietnam.text import sort_key


class ServedRow(NamedTuple):
    """People served in one field of one month ("2026-10"); field "" stands for all together."""

    month: str
    field: str
    people: int
    typed_by: str = ""
    typed_at: int = 0


class Changed(Exception):
    """Somebody else has written this month since it was looked at."""


def of_months(conn: Connection, unit: int, first: str, last: str) -> list[ServedRow]:
    """What was typed for the months of a unit, both included, oldest first, fields in the order of the alphabet."""
    columns = (
        served_counts.c.month,
        served_counts.c.field,
        served_counts.c.count,
        served_counts.c.typed_by,
        served_counts.c.typed_at,
    )
    query = select(*columns).where(served_counts.c.unit_id == unit, served_counts.c.month.between(first, last))
    return sorted((ServedRow(*row) for row in conn.execute(query)), key=lambda row: (row.month, sort_key(row.field)))


def put(
    tx: Tx, actor: Actor, unit: int, months: Mapping[str, Mapping[str, int]], now: int, *, seen: int | None = None
) -> None:
    """Write months anew, each by field; what stood there before is replaced. PermissionError.

    `seen` is the instant at which what the officer looked at was typed (0: nothing was there): Changed where it is
    another by now. The command line, which looks at nothing, leaves it out.
    """
    if not may(actor, "served.write", unit):
        raise PermissionError("served.write")
    mine = served_counts.c.unit_id == unit
    for month, fields in months.items():
        here = (mine, served_counts.c.month == month)
        latest = tx.conn.scalar(select(func.max(served_counts.c.typed_at)).where(*here)) or 0
        if seen is not None and latest != seen:
            raise Changed
        tx.execute(delete(served_counts).where(*here))
        rows = [
            {
                "unit_id": unit,
                "month": month,
                "field": field,
                "count": people,
                "typed_by": actor.label(),
                "typed_at": now,
            }
            for field, people in fields.items()
        ]
        if rows:
            tx.execute(insert(served_counts), rows)
        total = sum(fields.values())
        act_rows.record(tx, actor, "put", thing="served", thing_id=unit, unit=unit, now=now, month=month, served=total)
