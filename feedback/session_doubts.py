"""What speaks against an act on a session without forbidding it: said before the act, and confirmed by an officer."""

from feedback.acts import Refusal
from feedback.session_acts import Change, Hold, SessionAct
from feedback.session_clocks import STRICT, late, notice_by, unknown_years
from feedback.sessions import DIALOGUES, Meeting, SessionFacts, SessionState
from vietnam.calendar import DayTable, is_working_day
from vietnam.time import local


class Unsure(Refusal, frozen=True):
    """Not done yet: `doubts` are wording keys with their values; the same act with `sure` is done."""

    doubts: tuple[Refusal, ...] = ()


def unsure(doubts: tuple[Refusal, ...]) -> Unsure | None:
    """What an act without `sure` is answered; None where nothing speaks against it."""
    return Unsure(key="session.unsure", doubts=doubts) if doubts else None


def of_plan(meeting: Meeting, now: int, table: DayTable) -> tuple[Refusal, ...]:
    """A day that is too near to be told in time, or a day off; then also that days off are only guessed."""
    found = [*_too_near(meeting, now, announced=False), *_day_off(meeting, table)]
    return (*found, *_guessed(meeting, table)) if found else ()


def of_act(facts: SessionFacts, act: SessionAct, now: int, table: DayTable) -> tuple[Refusal, ...]:
    """Of moving a session, and of ending it before it is over."""
    match act:
        case Change(meeting=new):
            return _of_change(facts, new, now, table)
        case Hold() if now < facts.meeting.ends_at:
            return (Refusal("session.warn.running", {"time": f"{local(facts.meeting.ends_at):%H:%M}"}),)
        case _:
            return ()


def told_late(facts: SessionFacts, new: Meeting, now: int) -> bool:
    """Whether a time or place that has been announced would be told anew later than the law wants."""
    same = (new.starts_at, new.place, new.online, new.kind) == _told(facts.meeting)
    return facts.state is SessionState.ANNOUNCED and not same and late(new.kind, new.starts_at, now)


def _told(meeting: Meeting) -> tuple[object, ...]:
    return (meeting.starts_at, meeting.place, meeting.online, meeting.kind)


def _of_change(facts: SessionFacts, new: Meeting, now: int, table: DayTable) -> tuple[Refusal, ...]:
    announced = facts.state is SessionState.ANNOUNCED
    moved = new.starts_at != facts.meeting.starts_at or new.kind != facts.meeting.kind
    near = told_late(facts, new, now) if announced else moved
    found = _too_near(new, now, announced=announced) if near else []
    if new.day != facts.meeting.day:
        found += _day_off(new, table)
    return (*found, *_guessed(new, table)) if found else ()


def _too_near(meeting: Meeting, now: int, *, announced: bool) -> list[Refusal]:
    if not late(meeting.kind, meeting.starts_at, now):
        return []
    values = {"day": notice_by(meeting.kind, meeting.starts_at)}
    if announced:
        return [Refusal(f"session.warn.{'moved_late' if meeting.kind in DIALOGUES else 'moved_near'}", values)]
    return [Refusal("session.warn.never" if meeting.kind in STRICT else "session.warn.notice", values)]


def _day_off(meeting: Meeting, table: DayTable) -> list[Refusal]:
    return [] if is_working_day(meeting.day, table) else [Refusal("session.warn.day_off", {"day": meeting.day})]


def _guessed(meeting: Meeting, table: DayTable) -> list[Refusal]:
    return [Refusal("session.warn.no_table", {"year": year}) for year in unknown_years((meeting.day,), table)]
