"""Whose turn a case is, as an officer's page shows it, and which works it concerns."""

import msgspec
from sqlalchemy import Connection, select

from feedback.routing import is_there
from storage import confidential, routing
from storage.by_hand import BY_HAND
from storage.tables import accounts, cases, channel_accounts, officers, works


class Hands(msgspec.Struct, frozen=True, kw_only=True):
    """`officer` and `role` say whose turn it is ("" both: nobody's yet), `since` from when (UTC milliseconds).

    `there`: that person or role can still be given cases. `helper` entered it for the citizen, who has no chat where
    `by_hand`. `colleagues` (id, name, role) are those whom it may be given to.
    """

    officer: str
    role: str
    since: int | None
    there: bool
    works: str
    helper: str
    by_hand: bool
    over_level: bool
    escalated: int
    colleagues: tuple[tuple[int, str, str], ...]


def of(conn: Connection, unit: int, code: str) -> Hands:
    """Of a case of this unit, by its code; KeyError where there is none."""
    mine, helper = officers.alias("mine"), officers.alias("helper")
    row = conn.execute(
        select(
            cases.c.assigned_id,
            cases.c.assigned_role,
            cases.c.assigned_at,
            cases.c.over_level,
            cases.c.escalated,
            mine.c.name.label("officer"),
            helper.c.name.label("helper"),
            works.c.name.label("works"),
            channel_accounts.c.channel,
        )
        .outerjoin(mine, mine.c.id == cases.c.assigned_id)
        .outerjoin(helper, helper.c.id == cases.c.helper_id)
        .outerjoin(works, works.c.id == cases.c.works_id)
        .outerjoin(accounts, accounts.c.id == cases.c.account_id)
        .outerjoin(channel_accounts, channel_accounts.c.id == accounts.c.channel_account_id)
        .where(cases.c.unit_id == unit, cases.c.code == code, confidential.visible())
    ).first()
    if row is None:
        raise KeyError(code)
    to = routing.assignee(row.assigned_role, row.assigned_id)
    return Hands(
        officer=row.officer or "",
        role=row.assigned_role,
        since=row.assigned_at,
        there=is_there(to, routing.staff(conn, unit)),
        works=row.works or "",
        helper=row.helper or "",
        by_hand=row.channel == BY_HAND,
        over_level=bool(row.over_level),
        escalated=row.escalated,
        colleagues=tuple(routing.handlers(conn, unit)),
    )
