"""The lines that stand in the officers' group: which message tells of which case, and what it says of who has it.

Kept as one fact of the channel account, `board.lines`; `board.edit` is the case whose line is being changed now, and
since when, as with those that are being told (storage/board.py).
"""

import json

import msgspec
from sqlalchemy import Connection, select

from feedback.reach import PAST_THE_DESK
from feedback.states import OPEN, State
from storage import channel_rows, confidential
from storage.board import LEASE, NewCase
from storage.tables import cases, channel_accounts, officers, units
from storage.tx import Tx
from vietnam.time import DAY

_MOST = 200
"""Lines that are kept up to date; older ones stay as they were last."""
_FOR = 30 * DAY
_FREE = frozenset({State.NEW, State.RECEIVED, State.REOPENED})
"""States in which somebody may take the case by the button of its line."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a line says: the case, whether it can be taken, and who has it since when ("" and 0 where nobody)."""

    case: NewCase
    state: State
    holder: str = ""
    taken_at: int = 0

    @property
    def free(self) -> bool:
        """Whether the line has its button."""
        return self.state in _FREE

    @property
    def shown(self) -> str:
        """The same for what the line looks the same for."""
        if self.free:
            return f"free:{self.case.due_at or 0}"
        if self.state not in OPEN:
            return str(self.state)
        return f"{self.state}:{self.holder}:{self.taken_at}:{self.case.due_at or 0}"


class Line(msgspec.Struct, frozen=True):
    """One message of a group: the case that it tells of, what it shows, when it was written (UTC ms)."""

    case: int
    chat: str
    message: str
    shown: str
    at: int


def remember(tx: Tx, account: int, case: NewCase, chat: str, message: str, now: int) -> None:
    """A case has been told by this message, as one that nobody has."""
    _lock(tx, account)
    shown = Standing(case=case, state=State.NEW).shown
    lines = [line for line in _lines(tx.conn, account) if line.case != case.id and now - line.at < _FOR]
    _keep(tx, account, [*lines, Line(case.id, chat, message, shown, now)][-_MOST:], now)


def changed(conn: Connection, account: int, chat: str) -> tuple[Line, Standing] | None:
    """A line of this group that says something else than is so; None where all are as they should be.

    Of what is kept secret by now the line stays as it is: a line that changes would tell of it.
    """
    lines = {line.case: line for line in _lines(conn, account) if line.chat == chat}
    if not lines:
        return None
    rows = conn.execute(
        select(
            cases.c.id, cases.c.code, cases.c.kind, units.c.name.label("village"), cases.c.opened_at, cases.c.due_at,
            cases.c.state, cases.c.taken_at, officers.c.name.label("holder"),
        )
        .outerjoin(units, units.c.id == cases.c.village_id)
        .outerjoin(officers, officers.c.id == cases.c.officer_id)
        .where(cases.c.id.in_(lines), confidential.visible(), cases.c.kind.not_in(PAST_THE_DESK))
        .order_by(cases.c.moved_at)
    )  # fmt: skip
    for row in rows:
        told = {name: getattr(row, name) for name in ("id", "code", "kind", "opened_at", "due_at")}
        case = NewCase(**told, village=row.village or "")
        stands = Standing(case=case, state=State(row.state), holder=row.holder or "", taken_at=int(row.taken_at or 0))
        if stands.shown != lines[row.id].shown:
            return lines[row.id], stands
    return None


def claim(tx: Tx, account: int, line: Line, now: int) -> bool:
    """Whether this process is to change the line now; another one may be at it, or may have done it."""
    _lock(tx, account)
    held, since = channel_rows.facts(tx.conn, account).get("board.edit", ("", 0))
    if (held and now - since < LEASE) or line not in _lines(tx.conn, account):
        return False
    channel_rows.set_fact(tx, account, "board.edit", str(line.case), now)
    return True


def done(tx: Tx, account: int, line: Line, shown: str, now: int) -> None:
    """The line is let go of, and shows this; "": it is no longer there, and is forgotten."""
    _lock(tx, account)
    lines = [one for one in _lines(tx.conn, account) if one != line]
    if shown:
        lines.append(msgspec.structs.replace(line, shown=shown))
    _keep(tx, account, sorted(lines, key=lambda one: one.at), now)
    channel_rows.set_fact(tx, account, "board.edit", "", now)


def _lock(tx: Tx, account: int) -> None:
    tx.execute(select(channel_accounts.c.id).where(channel_accounts.c.id == account).with_for_update())


def _lines(conn: Connection, account: int) -> list[Line]:
    kept = channel_rows.facts(conn, account).get("board.lines", ("[]", 0))[0]
    return [Line(*one) for one in json.loads(kept)]


def _keep(tx: Tx, account: int, lines: list[Line], now: int) -> None:
    body = json.dumps([msgspec.structs.astuple(line) for line in lines])
    channel_rows.set_fact(tx, account, "board.lines", body, now)
