"""The register of đơn: khiếu nại, tố cáo, kiến nghị that came in on paper or were told in person, line by line.

The clock of the law begins with the day of the valid đơn that an officer enters here, and with the day it is accepted
(thụ lý); never with a word that was said in a chat. Lines of tố cáo are written and seen by the keeper alone.
"""

from datetime import date, timedelta
from enum import StrEnum

import msgspec

from feedback.clock_rules import Ground
from feedback.clocks import Deadline, extend, is_late, start
from feedback.clocks import Refused as ClockRefused
from feedback.office import Office
from feedback.roles import Actor, may
from vietnam.time import day_of, start_of

MAX_SUMMARY = 1_000
MAX_NAME = 120
_OLDEST = timedelta(days=5 * 365)


class Kind(StrEnum):
    """khiếu nại lần đầu · khiếu nại lần hai · tố cáo · kiến nghị, phản ánh bằng đơn."""

    COMPLAINT = "complaint"
    COMPLAINT_SECOND = "complaint_second"
    DENUNCIATION = "denunciation"
    LETTER = "letter"


RECEIVED: dict[Kind, str] = {
    Kind.COMPLAINT: "complaint_accept",
    Kind.COMPLAINT_SECOND: "complaint_second_accept",
    Kind.DENUNCIATION: "denunciation_check",
    Kind.LETTER: "letter",
}
"""Kind -> id of the rule (feedback.clock_rules) that runs from the day of the valid đơn."""
ACCEPTED: dict[Kind, str] = {
    Kind.COMPLAINT: "complaint",
    Kind.COMPLAINT_SECOND: "complaint_second",
    Kind.DENUNCIATION: "denunciation",
}
"""Kind -> id of the rule that runs from the day it is accepted; a kind that is missing is not accepted but answered."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `handler` is who works on it, in words; `deadline` is the present one; `ended`, `result` come last."""

    id: int
    unit: int
    kind: Kind
    received: date
    summary: str
    deadline: Deadline
    handler: str = ""
    remote: bool = False
    accepted: date | None = None
    result: str = ""
    ended: date | None = None
    version: int = 1

    def late(self, now: int) -> bool:
        """Whether its time is over without a result; `now` in UTC milliseconds."""
        return self.ended is None and is_late(self.deadline, now)

    def grounds(self, office: Office) -> tuple[Ground, ...]:
        """Why its present term may be made longer by the law; none once there is a result."""
        rule = office.rule(self.deadline.rule)
        return () if self.ended is not None else tuple(one.ground for one in rule.extensions)


class Enter(msgspec.Struct, frozen=True, kw_only=True, tag="enter"):
    """An officer enters a valid đơn: of that kind, received on that day. `remote`: where travel is hard."""

    kind: Kind
    received: date
    summary: str
    handler: str = ""
    remote: bool = False


class Accept(msgspec.Struct, frozen=True, kw_only=True, tag="accept"):
    """It was accepted (thụ lý) on that day: the term for settling it begins. `seen` is the version looked at."""

    on: date
    seen: int


class Lengthen(msgspec.Struct, frozen=True, kw_only=True, tag="lengthen"):
    """The term is made longer by the law, by so many units of its rule, with the reason that was signed."""

    by: int
    ground: Ground
    reason: str
    seen: int


class Finish(msgspec.Struct, frozen=True, kw_only=True, tag="finish"):
    """There is a result: settled, moved elsewhere, not accepted, withdrawn, in words."""

    on: date
    result: str
    seen: int


Change = Enter | Accept | Lengthen | Finish


class Refusal(msgspec.Struct, frozen=True):
    """Why not, as a wording key, and what its text needs."""

    key: str
    values: dict[str, int | str | date] = {}


def may_see(actor: Actor, kind: Kind, unit: int) -> bool:
    """Whether lines of that kind are there for this actor at all."""
    return may(actor, "register.see", unit) and (kind is not Kind.DENUNCIATION or actor.keeper)


def decide(line: Line | None, change: Change, actor: Actor, *, id: int, now: int, office: Office) -> Line | Refusal:
    """The line after the change, or why not. `line` is None only for Enter, to whose line `id` is given."""
    if not may(actor, "register.write", actor.unit):
        return Refusal("register.not_allowed")
    if isinstance(change, Enter):
        return _enter(change, actor, id, now, office)
    if line is None or not may_see(actor, line.kind, line.unit):
        return Refusal("register.gone")
    if change.seen != line.version:
        return Refusal("register.changed")
    if line.ended is not None:
        return Refusal("register.ended")
    after: Line | Refusal
    match change:
        case Accept():
            after = _accept(line, change, now, office)
        case Lengthen():
            after = _lengthen(line, change, now, office)
        case _:
            after = _finish(line, change, now)
    if isinstance(after, Refusal):
        return after
    return msgspec.structs.replace(after, version=line.version + 1)


def _enter(change: Enter, actor: Actor, id: int, now: int, office: Office) -> Line | Refusal:
    if not may_see(actor, change.kind, actor.unit):
        return Refusal("register.not_allowed")
    summary, handler = change.summary.strip(), change.handler.strip()
    if not summary:
        return Refusal("register.summary_empty")
    fault = _long(summary, MAX_SUMMARY) or _long(handler, MAX_NAME) or _day(change.received, now)
    if fault is not None:
        return fault
    rule = office.rule(RECEIVED[change.kind])
    deadline = start(rule, start_of(change.received), office.table, office.sessions, remote=change.remote)
    return Line(
        id=id,
        unit=actor.unit,
        kind=change.kind,
        received=change.received,
        summary=summary,
        handler=handler,
        remote=change.remote,
        deadline=deadline,
    )


def _accept(line: Line, change: Accept, now: int, office: Office) -> Line | Refusal:
    if line.kind not in ACCEPTED:
        return Refusal("register.not_accepted_kind")
    if line.accepted is not None:
        return Refusal("register.accepted")
    fault = _day(change.on, now, line.received)
    if fault is not None:
        return fault
    rule = office.rule(ACCEPTED[line.kind])
    deadline = start(rule, start_of(change.on), office.table, office.sessions, remote=line.remote)
    return msgspec.structs.replace(line, accepted=change.on, deadline=deadline)


def _lengthen(line: Line, change: Lengthen, now: int, office: Office) -> Line | Refusal:
    longer = extend(
        line.deadline,
        office.rule(line.deadline.rule),
        now,
        change.by,
        ground=change.ground,
        reason=change.reason,
        table=office.table,
        sessions=office.sessions,
    )
    if isinstance(longer, ClockRefused):
        return Refusal(longer.key, longer.values)
    return msgspec.structs.replace(line, deadline=longer)


def _finish(line: Line, change: Finish, now: int) -> Line | Refusal:
    result = change.result.strip()
    if not result:
        return Refusal("register.result_empty")
    fault = _long(result, MAX_SUMMARY) or _day(change.on, now, line.accepted or line.received)
    if fault is not None:
        return fault
    return msgspec.structs.replace(line, result=result, ended=change.on)


def _long(text: str, most: int) -> Refusal | None:
    return Refusal("register.long", {"most": most}) if len(text) > most else None


def _day(day: date, now: int, after: date | None = None) -> Refusal | None:
    today = day_of(now)
    if day > today:
        return Refusal("register.day_ahead")
    if day < today - _OLDEST:
        return Refusal("register.day_old")
    if after is not None and day < after:
        return Refusal("register.day_order", {"day": after})
    return None
