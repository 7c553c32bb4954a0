"""What has come since a page was shown: new cases, and what citizens have said, counted along the chain of acts."""

import msgspec
from sqlalchemy import Connection, case, func, select

from feedback.roles import CITIZEN, Actor
from storage import confidential
from storage.tables import act_heads, acts, cases


class News(msgspec.Struct, frozen=True, kw_only=True):
    """How many cases are new, and in how many the citizen has said something, since an act of the unit's chain."""

    new: int
    replies: int


def newest(conn: Connection, unit: int) -> int:
    """The place of the unit's newest act in its chain; 0 before the first. It grows with whatever happens."""
    return conn.scalar(select(act_heads.c.seq).where(act_heads.c.unit_id == unit)) or 0


def news(conn: Connection, unit: int, by: Actor, since: int) -> News:
    """Of the cases that this officer reaches, what came after that place in the chain; not what the officer did."""
    opened = acts.c.action == "open"
    query = (
        select(
            func.count(case((opened, acts.c.thing_id)).distinct()),
            func.count(case((~opened, acts.c.thing_id)).distinct()),
        )
        .join(cases, cases.c.id == acts.c.thing_id)
        .where(
            acts.c.unit_id == unit,
            acts.c.seq > since,
            acts.c.thing == "case",
            acts.c.actor != by.label(),
            opened | (acts.c.actor == CITIZEN),
            confidential.reached(by),
        )
    )
    row = conn.execute(query).one()
    return News(new=row[0], replies=row[1])
