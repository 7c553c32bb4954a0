"""What the morning line counts: late cases by whoever holds them, hot spots, and what waits for a leader."""

from collections import Counter

from sqlalchemy import Connection, func, select

from feedback.hot_spots import Thresholds, hot_spots
from feedback.morning import Holder, Morning
from feedback.roles import Actor, may
from storage import confidential, handing, reading_report, replies
from storage.tables import cases, officers
from vietnam.time import DAY


def morning(conn: Connection, by: Actor, limits: Thresholds, now: int) -> Morning:
    """Of the officer's unit, as far as this officer reaches; now in UTC milliseconds."""
    unit = by.unit
    reports = handing.reports(conn, unit, now - limits.days * DAY, by)
    answers = replies.waiting_count(conn, unit) if may(by, "case.approve", unit) else 0
    papers = reading_report.submitted_count(conn, unit) if may(by, "report.approve", unit) else 0
    return Morning(late=_late(conn, by, now), hot=len(hot_spots(reports, limits, now)), to_sign=answers + papers)


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
