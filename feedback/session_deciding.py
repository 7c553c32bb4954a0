"""Whether an act on a session may happen now, and what then changes; applied in one transaction elsewhere."""

from datetime import date
from typing import Any

import msgspec

from feedback.acts import Refusal
from feedback.kinds import CATEGORIES
from feedback.roles import Actor, may
from feedback.session_acts import (
    MAX_MATTER,
    MAX_MINUTES,
    MAX_NAME,
    MAX_QUESTION,
    MAX_REASON,
    MAX_SEATS,
    MAX_SUMMARY,
    MAX_TITLE,
    Announce,
    Answer,
    AskThere,
    Cancel,
    Change,
    CloseSeries,
    Drop,
    Hold,
    Keep,
    Minutes,
    OpenSeries,
    Plan,
    Promise,
    Publish,
    SessionAct,
)
from feedback.session_clocks import STRICT, late, notice_by
from feedback.session_doubts import Unsure, of_act, of_plan, told_late, unsure
from feedback.session_series import rule_fault
from feedback.sessions import SESSION_MOVES, Meeting, SessionFacts, SessionState, Taken, clash
from vietnam.calendar import DayTable
from vietnam.time import DAY, day_of, local

_SHORTEST = 15
_SHORTEST_SLOT = 5
_FARTHEST = 3 * 366 * DAY


class SessionDecision(msgspec.Struct, frozen=True, kw_only=True):
    """The accepted change. `news` is what those who have a seat or wait are told ("" nothing), as bookings.news.

    `late_reason`: why people hear of it later than the law wants. `early`: it ended before its planned end.
    """

    action: str
    before: SessionState | None
    after: SessionState
    news: str = ""
    reason: str = ""
    late_reason: str = ""
    early: bool = False
    meeting: Meeting | None = None


def decide_new(
    act: Plan | OpenSeries, actor: Actor, *, now: int, table: DayTable, taken: tuple[Taken, ...]
) -> SessionDecision | Refusal:
    """Whether a session, or a series of them, may be planned. `taken` is where its host is at about that time.

    What speaks against the day of a single one is asked first; the days of a series move off days off by themselves.
    """
    series = isinstance(act, OpenSeries)
    meeting = act.first if isinstance(act, OpenSeries) else act.meeting
    action = "series" if series else "plan"
    if not may(actor, f"session.{action}", actor.unit):
        return Refusal("act.not_allowed")
    fault = _fault(meeting, now) or (rule_fault(act.rule, meeting.day) if isinstance(act, OpenSeries) else None)
    if fault is None and not series:
        fault = elsewhere(meeting, taken)
    if fault is not None:
        return fault
    if isinstance(act, Plan) and not act.sure:
        asked = unsure(of_plan(meeting, now, table))
        if asked is not None:
            return asked
    return SessionDecision(action=action, before=None, after=SessionState.PLANNED, meeting=meeting)


def decide_close_series(act: CloseSeries, actor: Actor, unit: int, *, open_now: bool) -> Refusal | None:
    """Whether a series may end; None where it may."""
    if not may(actor, "session.series", unit):
        return Refusal("act.not_allowed")
    if not open_now:
        return Refusal("act.already")
    return Refusal("session.too_long") if len(act.reason) > MAX_REASON else None


def decide_session(
    facts: SessionFacts | None,
    act: SessionAct,
    actor: Actor,
    *,
    now: int,
    table: DayTable,
    taken: tuple[Taken, ...] = (),
) -> SessionDecision | Refusal:
    """Whether the actor may do this to a session now (UTC milliseconds); `taken` as for `decide_new`."""
    if facts is None:
        return Refusal("session.none")
    action = str(act.__struct_config__.tag)
    if not may(actor, f"session.{action}", facts.unit):
        return Refusal("act.not_allowed")
    after = SESSION_MOVES[action].get(facts.state)
    if after is None:
        return Refusal("act.already")
    seen = 0 if isinstance(act, Answer) else getattr(act, "seen", 0)  # an answer has a count of its own
    if seen not in (0, facts.version):
        return Refusal("act.changed")
    fault = _session_fault(facts, act, now, taken) or _asked_first(facts, act, now, table)
    if fault is not None:
        return fault
    meeting = act.meeting if isinstance(act, Change) else None
    tardy = isinstance(act, Announce) or (meeting is not None and told_late(facts, meeting, now))
    return SessionDecision(
        action=action,
        before=facts.state,
        after=after,
        news=_news(facts, act),
        reason=_words(act),
        late_reason=_words(act) if tardy else "",
        early=isinstance(act, Hold) and now < facts.meeting.ends_at,
        meeting=meeting,
    )


def _asked_first(facts: SessionFacts, act: SessionAct, now: int, table: DayTable) -> Unsure | None:
    """What an officer is to confirm before it is done."""
    if isinstance(act, Change | Hold) and not act.sure:
        return unsure(of_act(facts, act, now, table))
    return None


def _words(act: SessionAct) -> str:
    match act:
        case Announce(late_reason=said) | Change(reason=said) | Cancel(reason=said):
            return said.strip()
        case _:
            return ""


def _news(facts: SessionFacts, act: SessionAct) -> str:
    """What those with a seat are told: that it is cancelled, is elsewhere or at another time, or its results."""
    # An officer may enter who called before the notice is out: they know of it already.
    known = facts.state is SessionState.ANNOUNCED or bool(facts.taken) or facts.waiting > 0
    match act:
        case Cancel():
            return "cancelled" if known else ""
        case Change(meeting=new):
            return "changed" if known and _seen_of(new) != _seen_of(facts.meeting) else ""
        case Publish():
            return "results"
        case _:
            return ""


def _seen_of(meeting: Meeting) -> tuple[Any, ...]:
    """What matters to whoever comes."""
    return (meeting.starts_at, meeting.place, meeting.online, meeting.slot_minutes, meeting.host, meeting.host_name)


def _session_fault(facts: SessionFacts, act: SessionAct, now: int, taken: tuple[Taken, ...]) -> Refusal | None:
    meeting = facts.meeting
    match act:
        case Announce(late_reason=reason):
            return _announce_fault(meeting, reason, now)
        case Change(meeting=new, reason=reason):
            told = bool(_news(facts, act))
            return _change_fault(facts, new, now, taken) or _reason_fault(reason, needed=told)
        case Cancel(reason=reason):
            return _reason_fault(reason, needed=True)
        case Hold() if now < meeting.starts_at:
            return Refusal("session.not_yet")
        case Minutes(summary=summary) if not summary.strip() or len(summary) > MAX_SUMMARY:
            return Refusal("session.text_wrong", {"most": MAX_SUMMARY})
        case AskThere() | Answer() | Keep() | Drop():
            return _text_fault(act)
        case Promise():
            return _promise_fault(act, now)
        case Publish() if not facts.summary:
            return Refusal("session.no_minutes")
        case _:
            return None


def _announce_fault(meeting: Meeting, reason: str, now: int) -> Refusal | None:
    if now >= meeting.starts_at:
        return Refusal("session.past")
    if not late(meeting.kind, meeting.starts_at, now):
        return None
    last = notice_by(meeting.kind, meeting.starts_at)
    if meeting.kind in STRICT:
        return Refusal("session.notice_late", {"day": last})
    if not reason.strip():
        return Refusal("session.notice_reason", {"day": last})
    return Refusal("session.too_long") if len(reason) > MAX_REASON else None


def _change_fault(facts: SessionFacts, new: Meeting, now: int, taken: tuple[Taken, ...]) -> Refusal | None:
    if facts.meeting.starts_at <= now:
        return Refusal("session.past")
    if facts.taken and new.seats < max(facts.taken):
        return Refusal("session.seats_taken", {"seat": max(facts.taken)})
    return _fault(new, now) or elsewhere(new, taken, facts.id)


def _reason_fault(reason: str, *, needed: bool) -> Refusal | None:
    """Whoever comes reads why it is moved or off."""
    if len(reason.strip()) > MAX_REASON or (needed and not reason.strip()):
        return Refusal("session.reason_needed", {"most": MAX_REASON})
    return None


def _text_fault(act: AskThere | Answer | Keep | Drop) -> Refusal | None:
    text = act.note if isinstance(act, Keep | Drop) else act.text
    if not text.strip() or len(text) > MAX_SUMMARY:
        return Refusal("session.text_wrong", {"most": MAX_SUMMARY})
    if isinstance(act, AskThere) and (act.topic not in CATEGORIES or len(act.text) > MAX_QUESTION):
        return Refusal("session.text_wrong", {"most": MAX_QUESTION})
    if isinstance(act, Answer) and len(act.public) > MAX_QUESTION:
        return Refusal("session.text_wrong", {"most": MAX_QUESTION})
    said_by = act.by if isinstance(act, Answer) else act.asker if isinstance(act, AskThere) else ""
    return Refusal("session.too_long") if len(said_by) > MAX_NAME else None


def _promise_fault(act: Promise, now: int) -> Refusal | None:
    if not act.text.strip() or len(act.text) > MAX_QUESTION:
        return Refusal("session.text_wrong", {"most": MAX_QUESTION})
    if not act.owner.strip() or len(act.owner) > MAX_TITLE:
        return Refusal("session.promise_owner")
    try:
        due = date.fromisoformat(act.due_day)
    except ValueError:
        return Refusal("session.promise_day")
    return Refusal("session.promise_day") if due < day_of(now) else None


def _fault(meeting: Meeting, now: int) -> Refusal | None:
    """What is missing or wrong in a plan."""
    if not meeting.title.strip() or not (meeting.place.strip() or meeting.online.strip()):
        return Refusal("session.title_place")
    said = (meeting.title, meeting.place, meeting.host_name, meeting.online)
    if max(map(len, said)) > MAX_TITLE or len(meeting.matter) > MAX_MATTER:
        return Refusal("session.too_long")
    if meeting.online and not meeting.online.startswith("https://"):
        return Refusal("session.online_wrong")
    if not now < meeting.starts_at <= now + _FARTHEST:
        return Refusal("session.past" if meeting.starts_at <= now else "session.too_far")
    if not _SHORTEST <= meeting.minutes <= MAX_MINUTES:
        wrong = Refusal("session.minutes_wrong", {"least": _SHORTEST, "most": MAX_MINUTES})
        return wrong if meeting.minutes > 0 else Refusal("session.ends_before")
    if not 1 <= meeting.seats <= MAX_SEATS:
        return Refusal("session.seats_wrong", {"most": MAX_SEATS})
    if meeting.slot_minutes and meeting.slot_minutes < _SHORTEST_SLOT:
        return Refusal("session.slots_wrong", {"least": _SHORTEST_SLOT})
    if meeting.slot_minutes * meeting.seats > meeting.minutes:
        return Refusal("session.slots_long", {"minutes": meeting.minutes})
    return None


def elsewhere(meeting: Meeting, taken: tuple[Taken, ...], but: int = 0) -> Refusal | None:
    """Why a host cannot be there then, with what they have instead; None where they can. `but` as in `clash`."""
    other = clash(meeting, taken, but)
    if other is None:
        return None
    if not other.session:
        return Refusal("session.host_busy", {"first": day_of(other.starts_at), "last": day_of(other.ends_at - 1)})
    since, until = local(other.starts_at), local(other.ends_at)
    when = f"{since:%H:%M}-{until:%H:%M}"
    return Refusal("session.host_taken", {"title": other.title, "time": when, "day": since.date()})
