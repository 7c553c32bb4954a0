"""Cases that officers have entered for somebody, as the officer who did so may see them again: no word of them."""

import msgspec
from sqlalchemy import Connection, select

from feedback.clocks import Deadline
from storage import confidential
from storage.tables import cases
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


def one(conn: Connection, unit: int, code: str, *, officer: int = 0) -> Entered | None:
    """A case of the unit that an officer has entered; with `officer` only those of that one."""
    mine = cases.c.helper_id == officer if officer else cases.c.helper_id.is_not(None)
    found = _found(conn, unit, (cases.c.code == code) & mine)
    return found[0] if found else None


def _found(conn: Connection, unit: int, which: object) -> list[Entered]:
    columns = (cases.c.id, cases.c.code, cases.c.kind, cases.c.channel, cases.c.opened_at, cases.c.deadline)
    query = select(*columns).where(cases.c.unit_id == unit, confidential.visible(), which)  # type: ignore[arg-type]
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
