"""Whether an act on a report may happen now, and what then changes; applied in one transaction elsewhere."""

from datetime import date

from feedback.acts import Refusal
from feedback.report_acts import (
    MAX_COMMENT,
    MAX_REASON,
    MAX_TEXT,
    Approve,
    Comment,
    Freeze,
    Hand,
    Number,
    Remake,
    ReportAct,
    ReportDecision,
    ReportFacts,
    ReportState,
    Return,
    Submit,
    WriteTexts,
)
from feedback.roles import Actor, Role, may
from vietnam.text import fold_words

_READY, _APPROVED, _HANDED, _FROZEN = (
    ReportState.READY,
    ReportState.APPROVED,
    ReportState.HANDED,
    ReportState.FROZEN,
)
MOVES: dict[str, dict[ReportState, ReportState]] = {
    "write_text": {_READY: _READY},
    "remake": {_READY: _READY},
    "comment": {state: state for state in (_READY, _APPROVED, _HANDED)},
    # Only told: nothing hinders a leader who agrees without it.
    "submit": {_READY: _READY},
    "approve": {_READY: _APPROVED},
    # Also a draft that nobody has agreed to yet, and what văn thư found to be wrong.
    "return_": dict.fromkeys((_READY, _APPROVED, _HANDED), _READY),
    "hand": {_APPROVED: _HANDED},
    "number": {_HANDED: _HANDED},
    "freeze": {_HANDED: _FROZEN},
}
"""action -> state before -> state after; a pair that is missing is refused. What is frozen leads nowhere."""

_REFILES = frozenset({"write_text", "remake", "approve", "return_"})
_NUMBER_SIGNS = 6
_SHA256_SIGNS = 64
_NOTHING = frozenset({"khong", "khong co", "khong co can cu"})


def action_of(act: ReportAct) -> str:
    """The name of an act, as in `MOVES` and, behind "report.", in feedback.roles.ALLOWED."""
    return str(act.__struct_config__.tag)


def decide_report(facts: ReportFacts, act: ReportAct, actor: Actor, *, today: date) -> ReportDecision | Refusal:
    """What comes of an act on a report as it stands; a Refusal says why nothing does. `today` is the local day."""
    action = action_of(act)
    if not may(actor, f"report.{action}", facts.unit):
        return Refusal("act.not_allowed")
    if facts.state is _FROZEN:
        return Refusal("report.frozen")
    seen = 0 if isinstance(act, WriteTexts | Comment) else act.seen
    if seen and seen != facts.version:
        return Refusal("report.changed")
    if facts.state not in MOVES[action]:
        return Refusal(f"report.not_now.{action}")
    fault = _fault(facts, act, today)
    if fault is not None:
        return fault
    return ReportDecision(
        action=action,
        before=facts.state,
        after=MOVES[action][facts.state],
        text=act.text.strip() if isinstance(act, Comment | Return) else "",
        number=str(int(act.number)) if isinstance(act, Number) else "",
        # A draft that is only sent back to its writer has the documents that it had.
        refile=action in _REFILES and not (isinstance(act, Return) and facts.state is _READY),
        recount=isinstance(act, Remake),
        waits=_waits(facts, act, actor),
    )


def _waits(facts: ReportFacts, act: ReportAct, actor: Actor) -> bool:
    """Whether a leader is waited for afterwards: what the leader corrects stays before the leader."""
    if isinstance(act, Submit):
        return True
    return facts.submitted and (isinstance(act, Comment) or (isinstance(act, WriteTexts) and actor.role is Role.LEADER))


def _fault(facts: ReportFacts, act: ReportAct, today: date) -> Refusal | None:
    match act:
        case WriteTexts():
            return _words_fault(facts, act)
        case Comment():
            return _text_fault(act.text, MAX_COMMENT, "report.comment_empty")
        case Return():
            return _text_fault(act.text, MAX_REASON, "act.return_empty")
        case Approve():
            return _unfinished(facts) or _approve_fault(facts, act)
        case Submit():
            return Refusal("report.submitted") if facts.submitted else _unfinished(facts)
        case Hand() if facts.behind:
            return Refusal("report.behind")
        case Number():
            return _number_fault(facts, act, today)
        case Freeze():
            return _freeze_fault(facts, act)
        case _:
            return None


def _words_fault(facts: ReportFacts, act: WriteTexts) -> Refusal | None:
    if not act.pieces:
        return Refusal("report.nothing_new")
    for piece in act.pieces:
        place = facts.places.get(piece.place)
        if place is None:
            return Refusal("report.place_gone")
        if len(piece.text) > MAX_TEXT:
            return Refusal("report.text_long", {"most": MAX_TEXT})
        if piece.seen != place.written:
            return Refusal("report.text_changed", {"place": piece.place})
        # No paper goes out under căn cứ that say "Không có."
        if place.cites and fold_words(piece.text).strip(" .;") in _NOTHING:
            return Refusal("report.bases_none")
    return None


def _text_fault(text: str, most: int, empty: str) -> Refusal | None:
    if not text.strip():
        return Refusal(empty)
    return Refusal("report.text_long", {"most": most}) if len(text) > most else None


def _unfinished(facts: ReportFacts) -> Refusal | None:
    empty = [place for place in facts.places.values() if place.required and not place.written]
    if empty:
        return Refusal("report.marks_empty", {"many": len(empty)})
    if facts.lines:
        return Refusal("report.lines_empty", {"many": facts.lines})
    return None


def _approve_fault(facts: ReportFacts, act: Approve) -> Refusal | None:
    if facts.behind:
        return Refusal("report.behind")
    stale = [place for place in facts.places.values() if place.stale]
    return Refusal("report.texts_stale", {"many": len(stale)}) if stale and not act.sure else None


def _number_fault(facts: ReportFacts, act: Number, today: date) -> Refusal | None:
    typed = act.number.strip()
    # As typed by văn thư: "05" is 5. Digits of other scripts would be read by int() and printed as they are.
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _NUMBER_SIGNS and int(typed) > 0):
        return Refusal("report.number_wrong")
    try:
        day = date.fromisoformat(act.issued_on)
    except ValueError:
        return Refusal("report.day_wrong")
    if facts.made_on is not None and day < facts.made_on:
        return Refusal("report.day_early", {"day": facts.made_on})
    if day > today:
        return Refusal("report.day_late")
    if (day.year, str(int(typed))) in facts.numbers:
        return Refusal("report.number_taken", {"number": int(typed), "year": day.year})
    return None


def _freeze_fault(facts: ReportFacts, act: Freeze) -> Refusal | None:
    if not facts.number or not facts.issued_on:
        return Refusal("report.number_first")
    if not act.blob or len(act.sha256) != _SHA256_SIGNS:
        return Refusal("report.signed_missing")
    return None
