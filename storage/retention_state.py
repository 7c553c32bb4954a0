"""What the last rounds of retention took out of a unit's cases, and how much the next days will: for its page."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, func, select

from feedback.kinds import Kind
from storage import confidential
from storage.retention import due_in
from storage.tables import cases
from vietnam.time import DAY, day_of, start_of


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """`last_at`: when something was taken out last (UTC milliseconds), None for never; `last` how many cases that day.

    `ever`: how many cases altogether. `soon`: by kind, how many more have been over long enough by the day asked for.
    """

    last_at: int | None
    last: int
    ever: int
    soon: dict[str, int]


def swept(conn: Connection, unit: int, before: Mapping[Kind, int]) -> Swept:
    """Of one unit; `before` as feedback.retention.over_before gives it for the day up to which `soon` counts."""
    mine = (cases.c.unit_id == unit) & cases.c.expired_at.is_not(None) & confidential.visible()
    last_at, ever = conn.execute(select(func.max(cases.c.expired_at), func.count()).where(mine)).one()
    last = 0
    if last_at is not None:
        day = start_of(day_of(last_at))
        on_it = mine & (cases.c.expired_at >= day) & (cases.c.expired_at < day + DAY)
        last = conn.scalar(select(func.count()).select_from(cases).where(on_it)) or 0
    return Swept(last_at=last_at, last=last, ever=ever, soon=due_in(conn, unit, before))
