"""Where the reports of a plan stand on a day: not begun, a draft, approved, on their way, issued; soon due or late."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

import msgspec

from reports.owing import OwedReport

Stage = Literal["none", "making", "failed", "draft", "approved", "handed", "issued"]
STAGES: dict[str, Stage] = {
    "making": "making",
    "failed": "failed",
    "ready": "draft",
    "approved": "approved",
    "handed": "handed",
    "frozen": "issued",
}
"""State of a report in the store -> how far it is for whoever it is owed to."""
SOON = 14
"""Days before its last day from which on a report is called soon due."""
FORGOTTEN = 30
"""Days after its last day until which a report that nobody has made is made and spoken of without being asked for."""
_FURTHEST = ("issued", "handed", "approved", "draft", "making", "failed")


class Begun(msgspec.Struct, frozen=True):
    """A report that was asked for because a plan owes it; `state` is one of STAGES, `made` the day it was counted."""

    id: int
    plan: str
    owed: str
    period: str
    state: str
    made: date | None = None


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A report owed and where it stands. `report` is the id of the one that is furthest, 0 where there is none."""

    plan: str
    owed: OwedReport
    stage: Stage
    report: int
    open: bool
    """Whether its period has begun: before that there is nothing to make."""
    late: bool
    soon: bool
    past: bool
    """Whether its last day was over before the commune worked by the plan: nobody waits for it."""

    short: bool = False
    """Whether its draft was counted before its last counted day was over, which it is now: it wants counting again."""

    @property
    def out(self) -> bool:
        """Whether it has left the desk: with văn thư, or issued."""
        return self.stage in {"handed", "issued"}


def standing(
    plan: str, owed: Iterable[OwedReport], begun: Sequence[Begun], today: date, since: date | None = None
) -> list[Due]:
    """Each report that the plan of that name owes, as it stands on `today`, in the same order.

    `since` is the day from which the commune works by the plan.
    """
    return [_one(plan, one, begun, today, since) for one in owed]


def _one(plan: str, owed: OwedReport, begun: Sequence[Begun], today: date, since: date | None) -> Due:
    key = owed.period.key if owed.period else ""
    mine = [one for one in begun if key and (one.plan, one.owed, one.period) == (plan, owed.name, key)]
    best = min(mine, key=lambda one: (_FURTHEST.index(STAGES[one.state]), -one.id), default=None)
    stage: Stage = STAGES[best.state] if best else "none"
    left = (owed.deadline.issue_by - today).days if owed.deadline else None
    past = bool(best is None and since and owed.deadline and owed.deadline.issue_by < since)
    waits = stage not in {"handed", "issued"} and not past
    return Due(
        plan=plan,
        owed=owed,
        stage=stage,
        report=best.id if best else 0,
        open=owed.period is not None and owed.period.first <= today,
        late=waits and left is not None and left < 0,
        soon=waits and left is not None and 0 <= left <= SOON,
        past=past,
        short=_is_short(owed, best, stage, today),
    )


def _is_short(owed: OwedReport, best: Begun | None, stage: Stage, today: date) -> bool:
    if best is None or best.made is None or owed.deadline is None or stage != "draft":
        return False
    return best.made <= owed.deadline.cut_off < today


def to_make(due: Due, today: date) -> bool:
    """Whether it is made now without being asked for: its days are counted, and nobody has begun it."""
    last = due.owed.deadline
    if due.stage != "none" or due.past or last is None:
        return False
    return last.cut_off < today and (today - last.issue_by).days <= FORGOTTEN


def to_tell(due: Due, today: date) -> Literal["", "short", "today", "late"]:
    """What its officers are told on that day of a report that has not left the desk."""
    last = due.owed.deadline
    if due.out or due.past or last is None:
        return ""
    if due.short and today < last.issue_by:
        return "short"
    if today == last.issue_by:
        return "today"
    return "late" if 0 < (today - last.issue_by).days <= FORGOTTEN else ""
