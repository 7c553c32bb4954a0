"""Answers that a leader signs before they go: who may send what, and what stands as the draft afterwards."""

from collections.abc import Collection

import msgspec

from feedback import replies
from feedback.acts import Act, Approve, CaseFacts, Decision, DraftReply, Reply, ReturnDraft
from feedback.attaching import Attached
from feedback.replies import Draft, Outcome, Parts
from feedback.roles import Actor, Role
from feedback.states import MOVES
from vietnam.time import day_of

_ENDS = frozenset({"forward", "mark", "hand_up"})
"""After these nobody signs what was written before."""


def refused(case: CaseFacts, act: Act, actor: Actor, sign_off: Collection[str]) -> str:
    """Why it may not be done so, as a wording key; "" where it may."""
    if isinstance(act, Reply) and actor.role is not Role.LEADER:
        # What is confidential no leader sees: its keeper answers alone.
        signed = not case.confidential and replies.needs_signature(case.kind, case.category, sign_off)
        return "act.sign_first" if signed else ""
    if isinstance(act, Approve | ReturnDraft) and (case.draft is None or case.draft.returned):
        return "act.no_draft"
    return ""


def words(case: CaseFacts, act: Act) -> str:
    """What an act says, without spaces around it; a signature says what the draft says."""
    if isinstance(act, Approve):
        return case.draft.text if case.draft else ""
    return str(getattr(act, "text", getattr(act, "reason", ""))).strip()


def fault(case: CaseFacts, act: Act, now: int) -> str:
    """What is wrong with the parts of an answer on the day it is given; "" where all is well."""
    parts = parts_of(case, act)
    return "" if parts is None else replies.fault(parts, day_of(now))


def completed(decision: Decision, case: CaseFacts, act: Act, actor: Actor, now: int) -> Decision:
    """The decision with the parts of its answer, and with what becomes of the draft."""
    parts = parts_of(case, act)
    if isinstance(act, DraftReply) and parts is not None:
        draft = Draft(text=decision.text, parts=parts, by=actor.id, at=now)
        return msgspec.structs.replace(decision, parts=parts, draft=draft)
    if isinstance(act, ReturnDraft) and case.draft is not None:
        returned = msgspec.structs.replace(case.draft, returned=decision.text)
        return msgspec.structs.replace(decision, draft=returned)
    # An answer makes every draft of one out of date; so does whatever leaves nothing to be answered.
    over = case.draft is not None and (parts is not None or decision.after not in MOVES["approve"])
    over = over or (case.draft is not None and decision.action in _ENDS)
    # Nobody is asked whether that is done which is only promised: on its day they are.
    ways = ("tell",) if parts is not None and parts.outcome is Outcome.PROMISED else decision.ways
    return msgspec.structs.replace(decision, parts=parts, draft_over=over, ways=ways)


def parts_of(case: CaseFacts, act: Act) -> Parts | None:
    """What an answer says beside its words; None for any other act."""
    if isinstance(act, Approve):
        return case.draft.parts if case.draft else None
    return replies.trimmed(act.parts) if isinstance(act, Reply | DraftReply) else None


def files_of(case: CaseFacts, act: Act) -> tuple[Attached, ...]:
    """The documents that come with an act; those of a signature are the draft's."""
    parts = parts_of(case, act)
    return parts.files if parts is not None else tuple(getattr(act, "files", ()))
