"""Cases that officers have entered for somebody, as the officer who did so may see them again: no word of them."""

import msgspec
from sqlalchemy import Connection, select, update

from feedback.clocks import Deadline
from feedback.roles import Actor, may
from storage import confidential
from storage.tables import cases, officers
from storage.tx import Tx
from vietnam.time import day_of

_MOST = 20


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """`due`: the day until which it is answered, ISO text; "" where none was promised."""

    id: int
    code: str
    kind: str
    channel: str
    opened_at: int
    due: str


def by_officer(conn: Connection, unit: int, officer: int) -> list[Entered]:
    """What an officer has entered lately, the newest first."""
    return _found(conn, unit, cases.c.helper_id == officer)


def one(conn: Connection, unit: int, code: str, actor: Actor) -> Entered | None:
    """A case that an officer has entered: one's own, and for whoever sees cases those that they reach."""
    mine = cases.c.helper_id == actor.id
    if may(actor, "case.see", unit):
        mine |= cases.c.helper_id.is_not(None) & confidential.reached(actor)
    found = _found(conn, unit, (cases.c.code == code) & mine)
    return found[0] if found else None


def by_form(tx: Tx, actor: Actor, once: str) -> str:
    """The code of the case that this officer has made with that form already; "" where there is none."""
    if not once:
        return ""
    # Pressed twice, the second waits for the first.
    tx.execute(select(officers.c.id).where(officers.c.id == actor.id).with_for_update())
    mine = (cases.c.unit_id == actor.unit, cases.c.once == _of(actor, once), confidential.visible())
    return tx.conn.scalar(select(cases.c.code).where(*mine)) or ""


def of_form(tx: Tx, actor: Actor, code: str, once: str) -> None:
    """Keep by which form a case was made, in the transaction that made it."""
    if once:
        mine = (cases.c.code == code, confidential.visible())
        tx.execute(update(cases).where(*mine).values(once=_of(actor, once)))


def _of(actor: Actor, once: str) -> str:
    return f"{actor.id}-{once}"


def _found(conn: Connection, unit: int, which: object) -> list[Entered]:
    columns = (cases.c.id, cases.c.code, cases.c.kind, cases.c.channel, cases.c.opened_at, cases.c.deadline)
    query = select(*columns).where(cases.c.unit_id == unit, confidential.visible(), which)  # type: ignore[arg-type]  # a column of yes and no
    return [
        Entered(
            id=row.id,
            code=row.code,
            kind=row.kind,
            channel=row.channel,
            opened_at=row.opened_at,
            due=_due(row.deadline),
        )
        for row in conn.execute(query.order_by(cases.c.opened_at.desc(), cases.c.id.desc()).limit(_MOST))
    ]


def _due(deadline: str) -> str:
    return day_of(msgspec.json.decode(deadline, type=Deadline).due).isoformat() if deadline else ""
