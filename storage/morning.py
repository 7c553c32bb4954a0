"""What the morning line counts: late cases by whoever holds them, hot spots, and what waits for a leader."""

from collections import Counter

import msgspec
from sqlalchemy import Connection, func, select

from feedback.hot_spots import Thresholds, hot_spots
from feedback.morning import Holder, Morning
from feedback.roles import Actor, Role, may
from storage import confidential, handing, queue_news, reading_report, replies
from storage.tables import cases, officers
from vietnam.time import DAY, MINUTE


def hot_count(conn: Connection, by: Actor, limits: Thresholds, now: int) -> int:
    """How many hot spots the officer's unit has, as far as this officer reaches; now in UTC milliseconds."""
    since = now - limits.days * DAY
    recent = hot_spots(handing.reports(conn, by.unit, since, by, recent=True), limits, now)
    # Of what is older each is a spot of its own or none, and there is much of it: the store counts.
    return len(recent) + handing.long_open(conn, by.unit, since, now - limits.long_days * DAY, by)


class _Counted(msgspec.Struct, frozen=True):
    seq: int
    at: int
    many: int


class HotCounts:
    """`hot_count`, found anew once something has happened in the unit or a minute has passed.

    Thousands of cases are looked through for one number above a page; whatever changes it stands in the chain of acts.
    Safe from threads: who comes at once counts twice.
    """

    def __init__(self, limits: Thresholds | None = None) -> None:
        self.limits = limits or Thresholds()
        self._known: dict[tuple[int, int], _Counted] = {}

    def of(self, conn: Connection, by: Actor, now: int) -> int:
        """The count for an officer; leaders reach the same, others each their own."""
        who = (by.unit, 0 if by.role is Role.LEADER else by.id)
        seq, known = queue_news.newest(conn, by.unit), self._known.get(who)
        if known is None or known.seq != seq or not known.at <= now < known.at + MINUTE:
            known = self._known[who] = _Counted(seq, now, hot_count(conn, by, self.limits, now))
        return known.many


def morning(conn: Connection, by: Actor, hot: int, now: int) -> Morning:
    """Of the officer's unit, as far as this officer reaches; `hot` as `hot_count` has it, now in UTC milliseconds."""
    unit = by.unit
    answers = replies.waiting_count(conn, unit) if may(by, "case.approve", unit) else 0
    papers = reading_report.submitted_count(conn, unit) if may(by, "report.approve", unit) else 0
    return Morning(late=_late(conn, by, now), hot=hot, to_sign=answers + papers)


def _late(conn: Connection, by: Actor, now: int) -> tuple[Holder, ...]:
    """Whose turn it is holds a case; where that is a role, whoever took it, and else nobody."""
    holder = func.coalesce(cases.c.assigned_id, cases.c.officer_id)
    rows = conn.execute(
        select(officers.c.name, func.count().label("many"))
        .select_from(cases)
        .outerjoin(officers, officers.c.id == holder)
        .where(cases.c.unit_id == by.unit, cases.c.due_at < now, confidential.reached(by))
        .group_by(officers.c.id, officers.c.name)
    )
    # Two of one name are one holder: the line names people as the officers call each other.
    found: Counter[str] = Counter()
    for row in rows:
        found[row.name or ""] += row.many
    return tuple(Holder(name=name, many=many) for name, many in sorted(found.items()))
