"""Which new cases the officers' group has been told of: each once, in their order, whatever crashes in between.

What is kept are facts of the channel account: `board.upto`, when the newest case that was told was opened;
`board.told`, the cases opened shortly before that; `board.case`, the one that is being told now, and since when. A
process that dies over it leaves it there, and after the lease it is told again.
"""

import json

import msgspec
from sqlalchemy import select

from feedback.reach import PAST_THE_DESK
from feedback.states import State
from storage import channel_rows, confidential
from storage.tables import cases, channel_accounts, units
from storage.tx import Tx
from vietnam.time import MINUTE

LATE = 10 * MINUTE
"""A case may be committed by another process so long after the instant it says it was opened at."""
LEASE = 2 * MINUTE
_STATES = [str(state) for state in State]
"""All of them: named, so that the index of the queue finds the newest cases without looking at the others."""


class NewCase(msgspec.Struct, frozen=True, kw_only=True):
    """What a group may know of a case: nothing that was said, and nobody who said it. `village` is "" where none."""

    id: int
    code: str
    kind: str
    village: str
    opened_at: int
    due_at: int | None = None


def morning(tx: Tx, account: int, day: str, now: int) -> bool:
    """Whether the group is to be told the line of that day now; from then on it counts as told, by any process."""
    tx.execute(select(channel_accounts.c.id).where(channel_accounts.c.id == account).with_for_update())
    if channel_rows.facts(tx.conn, account).get("board.morning", ("", 0))[0] == day:
        return False
    channel_rows.set_fact(tx, account, "board.morning", day, now)
    return True


def take(tx: Tx, account: int, now: int) -> NewCase | None:
    """Take the next case that is to be told, or None; the first call of all begins the count at `now`."""
    # One process at a time: whoever comes second waits here and then sees what the first has taken.
    own = select(channel_accounts.c.unit_id).where(channel_accounts.c.id == account).with_for_update()
    unit = tx.execute(own).scalar_one()
    facts = channel_rows.facts(tx.conn, account)
    if "board.upto" not in facts:
        channel_rows.set_fact(tx, account, "board.upto", str(now), now)
        channel_rows.set_fact(tx, account, "board.since", str(now), now)
        return None
    held, since = facts.get("board.case", ("", 0))
    if held and now - since < LEASE:
        return None
    found = _case(tx, cases.c.id == int(held)) if held else None
    if found is None:
        upto, first = int(facts["board.upto"][0]), int(facts["board.since"][0])
        told = [id for id, _ in _told(facts)]
        found = _case(
            tx,
            cases.c.unit_id == unit,
            cases.c.state.in_(_STATES),
            cases.c.opened_at >= max(upto - LATE, first),
            cases.c.id.not_in(told),
        )
    if found is not None:
        channel_rows.set_fact(tx, account, "board.case", str(found.id), now)
    return found


def hold(tx: Tx, account: int, case: NewCase, now: int) -> None:
    """Keep a case in hand for another lease."""
    channel_rows.set_fact(tx, account, "board.case", str(case.id), now)


def told(tx: Tx, account: int, case: NewCase, now: int) -> None:
    """The group knows of it."""
    facts = channel_rows.facts(tx.conn, account)
    upto = max(int(facts["board.upto"][0]), case.opened_at)
    lately = [(id, at) for id, at in [*_told(facts), (case.id, case.opened_at)] if at >= upto - LATE]
    channel_rows.set_fact(tx, account, "board.upto", str(upto), now)
    channel_rows.set_fact(tx, account, "board.told", json.dumps(lately), now)
    channel_rows.set_fact(tx, account, "board.case", "", now)


def _told(facts: dict[str, tuple[str, int]]) -> list[tuple[int, int]]:
    return [(id, at) for id, at in json.loads(facts.get("board.told", ("[]", 0))[0])]


def _case(tx: Tx, *where: object) -> NewCase | None:
    query = (
        select(cases.c.id, cases.c.code, cases.c.kind, units.c.name, cases.c.opened_at, cases.c.due_at)
        .outerjoin(units, units.c.id == cases.c.village_id)
        # The group is the desk's: what goes past the desk is not told there.
        .where(*where, confidential.visible(), cases.c.kind.not_in(PAST_THE_DESK))  # type: ignore[arg-type]  # a column of yes and no
        .order_by(cases.c.opened_at, cases.c.id)
        .limit(1)
    )
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    shown = {name: getattr(row, name) for name in ("id", "code", "kind", "opened_at", "due_at")}
    return NewCase(**shown, village=row.name or "")
