"""Whether an act on a case may happen now, and what then changes; applied in one transaction elsewhere."""

from feedback import attaching, confidential, handing, merging, notes, reach, signing, transcribing
from feedback.acts import (
    MAX_BLOBS,
    MAX_PLACE,
    MAX_REOPENED,
    MAX_REPLY,
    MAX_STARS,
    MAX_TEXT,
    Act,
    Apologise,
    Approve,
    Ask,
    CaseFacts,
    Decision,
    DraftReply,
    Extend,
    Forward,
    Open,
    Rate,
    Refusal,
    Reopen,
    Reply,
    Take,
    Tell,
)
from feedback.clock_rules import Ground, Pause
from feedback.clocks import Deadline, apologised, extend, pause, resume
from feedback.clocks import Refused as ClockRefused
from feedback.complaints import denounced
from feedback.gone_bodies import gone
from feedback.kinds import CATEGORIES, Kind
from feedback.kinds import rule as rule_of
from feedback.merging import Joined, Merge, Part, Parted
from feedback.office import Office
from feedback.organisations import ORGANISATIONS
from feedback.roles import Actor, Role, may
from feedback.routing import Assignee
from feedback.states import MOVES, State
from feedback.transcribing import Transcribe

_TELLS: dict[str, str] = {
    "receive": "case.received",
    "take": "case.taken",
    "ask": "case.ask",
    "extend": "case.late",
    "apologise": "case.late",
    "forward": "case.forwarded",
    "reply": "case.reply",
    "approve": "case.reply",
    "due": "case.due",
    "hand_up": "case.handed_up",
    "merge": "case.merged",
    "part": "case.parted",
}
"""What a citizen hears of an officer's act; their own they know."""
_UNSAID = "-"
"""The reason on record where the program apologised for the officers."""
_EMPTY = {
    "ask": "act.ask_empty",
    "return_draft": "act.return_empty",
    "unmark": "act.reason_needed",
    "note": "note.empty",
}
"""What is missing where words are, other than those of an answer."""
_MAY_BE_EMPTY = frozenset(
    {"receive", "take", "extend", "apologise", "forward", "confirm", "rate", "due", "close", "mark", "hand_up"}
    | {"expire", "merge", "joined", "part", "parted"}
)


def decide(case: CaseFacts | None, act: Act, actor: Actor, *, now: int, office: Office) -> Decision | Refusal:
    """Whether the actor may do this now (UTC milliseconds). `case` is None only for Open.

    The caller writes the decision with the version it read: a case that changed meanwhile is decided again. That a
    citizen acts on a case of their own the caller sees to.
    """
    if isinstance(act, Open):
        return _open(act, actor, now, office)
    if case is None or confidential.is_closed_to(case, actor) or reach.is_past(case, actor):
        return Refusal("act.no_case")
    action = str(act.__struct_config__.tag)
    if not may(actor, f"case.{action}", case.unit):
        return Refusal("act.not_allowed")
    after = MOVES[action].get(case.state)
    if after is None:
        return Refusal("act.already")
    if getattr(act, "seen", 0) not in (0, case.version):
        return Refusal("act.changed")
    # What one person alone may see nobody else can sign.
    unsigned = "" if case.confidential else signing.refused(case, act, actor, office.sign_off)
    unsigned = unsigned or confidential.refused(case, act)
    if unsigned:
        return Refusal(unsigned)
    text = signing.words(case, act)
    fault = handing.fault_of(case, act) if isinstance(act, handing.Handing) else _fault(case, act, action, text)
    fault = fault or signing.fault(case, act, now) or transcribing.fault(act) or notes.fault(act)
    fault = fault or merging.fault(case, act, actor, now) or _named(case, act, text)
    files = signing.files_of(case, act)
    fault = fault or attaching.fault(files, confidential=bool(case.confidential))
    if fault:
        return Refusal(fault)
    deadline = _ended(act) or _clock(case, act, now, office)
    if isinstance(deadline, ClockRefused):
        return Refusal(deadline.key, deadline.values)
    decided = Decision(
        action=action,
        before=case.state,
        after=after,
        tell="case.taken_back" if action == "take" and case.state is State.FORWARDED else _TELLS.get(action, ""),
        text=text,
        to=act.to.strip() if isinstance(act, Forward) else "",
        contact=act.contact.strip() if isinstance(act, Forward) else "",
        stars=act.stars if isinstance(act, Rate) else 0,
        language=act.language.strip() if isinstance(act, Transcribe) else "",
        blobs=act.blobs if isinstance(act, Tell | Reopen) else (),
        matter=denounced(text) if isinstance(act, Tell | Reopen) else "",
        ways=_ways(case, action),
        deadline=deadline,
        closed=confidential.closed_after(act),
        about_head=isinstance(act, confidential.MarkDenunciation) and act.about_head,
        assigned=Assignee(officer=actor.id) if isinstance(act, Take) else handing.next_hand(case, act),
        merged=act.into.id if isinstance(act, Merge) else _own_again(case, act),
        other=act.other if isinstance(act, Joined | Parted) else 0,
        other_code=act.into.code if isinstance(act, Merge) else "",
        files=files,
        sorry=("case.sorry.at_work" if case.taken else "case.sorry.nobody") if isinstance(act, Apologise) else "",
    )
    return signing.completed(decided, case, act, actor, now)


def _own_again(case: CaseFacts, act: Act) -> int | None:
    """0 where a case that was joined goes its own way again: parted, or its citizen says that it is not settled."""
    return 0 if case.merged_into and isinstance(act, Part | Reopen) else None


def _named(case: CaseFacts, act: Act, text: str) -> str:
    """Why an answer to several people cannot go so: it names one of them to the others."""
    if not isinstance(act, Reply | DraftReply | Approve):
        return ""
    parts = signing.parts_of(case, act)
    names = attaching.words_of(signing.files_of(case, act))
    return "merge.names" if merging.names_somebody(case, text, parts.done if parts else "", names) else ""


def _ended(act: Act) -> ClockRefused | None:
    """Why a case cannot go where it is to go: that body is no more."""
    today = gone().today(act.to) if isinstance(act, Forward) else ""
    return ClockRefused("act.forward_gone", {"today": today}) if today else None


def _clock(case: CaseFacts, act: Act, now: int, office: Office) -> Deadline | ClockRefused | None:
    """The deadline after an act; None where it stays, Refused where the act may not change it so."""
    match act:
        case Reopen():
            return office.promise(case.kind, now)
        case Take() if case.state is State.FORWARDED:
            # The commune owes the answer again: by a new promise, and never sooner than it had said.
            anew = office.promise(case.kind, now)
            return case.deadline if case.deadline is not None and case.deadline.due > anew.due else anew
        case Ask() if case.deadline is not None:
            standing = pause(case.deadline, office.rule(case.deadline.rule), now, Pause.CITIZEN)
            return standing if isinstance(standing, Deadline) else None  # too late to stand still: it is asked anyway
        case Tell() | Take() | Reply() | Approve() | Forward() if case.deadline is not None and case.deadline.paused:
            running = resume(case.deadline, now, office.table, office.sessions)
            return running if isinstance(running, Deadline) else None
        case Part():
            return merging.runs_on(case.deadline, now, office)
        case Extend(by=by, reason=reason):
            return _longer(case.deadline, now, by, reason, office)
        case Apologise() if case.deadline is not None:
            most = office.most(case.deadline)
            longer = _longer(case.deadline, now, most, _UNSAID, office)
            if isinstance(longer, Deadline):
                return longer  # a promise of its own: if that is not kept either, the citizen hears that too
            # Where it may be made longer no more, there is no new day to name: only that it is late, and whom to call.
            return apologised(case.deadline)
        case _:
            return None


def _longer(deadline: Deadline | None, now: int, by: int, reason: str, office: Office) -> Deadline | ClockRefused:
    if deadline is None:
        return ClockRefused("clock.none")
    rule = office.rule(deadline.rule)
    return extend(
        deadline, rule, now, by, ground=Ground.OWN, reason=reason, table=office.table, sessions=office.sessions
    )


def _ways(case: CaseFacts, action: str) -> tuple[str, ...]:
    if action == "ask":
        return ("answer",)
    if action == "merge":  # whoever finds that it is another matter has it opened again
        return ("not_done",) if case.reopened < MAX_REOPENED else ()
    if action == "part":
        return ("tell",)
    if action not in {"reply", "approve", "due"}:
        return ()
    if case.kind is Kind.DIALOGUE:  # an appointment; whether the talk was good is asked after the talk
        return ("tell",)
    return ("done", "not_done" if case.reopened < MAX_REOPENED else "tell")


def _fault(case: CaseFacts, act: Act, action: str, text: str) -> str:
    """What is missing or too much, as a wording key; "" where all is there."""
    by_citizen = isinstance(act, Tell | Reopen)
    enough = (isinstance(act, Tell) and act.blobs) or (isinstance(act, notes.Note) and act.files)
    if not text and action not in _MAY_BE_EMPTY and not enough:
        return "act.text_empty" if by_citizen else _EMPTY.get(action, "act.reply_empty")
    if len(text) > (MAX_TEXT if by_citizen else MAX_REPLY):
        return "act.text_long" if by_citizen else "act.reply_long"
    match act:
        case Forward(to=to) if not to.strip():
            return "act.forward_where"
        case Forward(to=to) if len(to) > MAX_PLACE:
            return "act.forward_long"
        case Forward(contact=contact) if len(contact) > MAX_PLACE:
            return "act.forward_long"
        case Tell(blobs=blobs) | Reopen(blobs=blobs) if len(blobs) > MAX_BLOBS:
            return "act.too_many_photos"
        case Rate(stars=stars) if not 1 <= stars <= MAX_STARS:
            return "act.stars"
        case Reopen() if case.reopened >= MAX_REOPENED and not case.merged_into:
            return "act.reopened"
        case _:
            return ""


def _open(act: Open, actor: Actor, now: int, office: Office) -> Decision | Refusal:
    own = "case.enter" if act.heard else "case.open"
    of_the_front = actor.role is Role.FRONT and act.organisation in ORGANISATIONS
    if not may(actor, own, actor.unit, village=act.village or 0) or (act.organisation and not of_the_front):
        return Refusal("act.not_allowed")
    amiss = _amiss(act)
    if amiss:
        return Refusal(amiss)
    return Decision(action="open", before=None, after=State.NEW, deadline=office.promise(act.kind, now))


def _amiss(act: Open) -> str:
    """Why what was filled in cannot be a case, as a key; "" where it can."""
    checks = (
        ("act.text_empty", not act.text.strip()),
        ("act.text_long", len(act.text) > MAX_TEXT),
        ("act.category", act.category not in CATEGORIES),
        ("act.place_long", len(act.where) > MAX_PLACE),
        ("act.too_many_photos", len(act.blobs) > MAX_BLOBS),
        # Without a telephone nobody can agree on a day.
        ("act.phone_needed", act.kind is Kind.DIALOGUE and not act.phone),
        ("act.name_needed", not rule_of(act.kind).anonymous and (act.anonymous or not act.name.strip())),
    )
    return next((key for key, wrong in checks if wrong), "")
