"""The life of a case as one table of allowed moves."""

from enum import StrEnum


class State(StrEnum):
    """mới · đã tiếp nhận · đang xử lý · chờ công dân · chuyển cơ quan khác · đã trả lời · đóng · mở lại."""

    NEW = "new"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"


OPEN = frozenset({State.NEW, State.RECEIVED, State.IN_PROGRESS, State.WAITING, State.REOPENED})
"""Somebody still owes the citizen an answer."""

MOVES: dict[str, dict[State, State]] = {
    "receive": {State.NEW: State.RECEIVED},
    # What came back from another authority, or was sent to the wrong one, is taken in hand here again.
    "take": dict.fromkeys((State.NEW, State.RECEIVED, State.REOPENED, State.FORWARDED), State.IN_PROGRESS),
    # What the citizen has to tell stops the clock; whatever they say then lets it run on.
    "ask": dict.fromkeys(OPEN, State.WAITING),
    # A promise that will not be kept is apologised for, with a new day.
    "extend": {state: state for state in OPEN - {State.WAITING}},
    "apologise": {state: state for state in OPEN - {State.WAITING}},
    "say": {state: State.IN_PROGRESS if state is State.WAITING else state for state in State},
    "forward": dict.fromkeys((*OPEN, State.FORWARDED), State.FORWARDED),
    # Somebody here goes on asking for the outcome.
    "remind": {State.FORWARDED: State.FORWARDED},
    # An officer may answer at once what needs no work, and add to an answer that was not enough.
    "reply": dict.fromkeys((*OPEN, State.FORWARDED, State.ANSWERED), State.ANSWERED),
    # A draft changes nothing for the citizen: the clock runs on until a leader has signed.
    "draft_reply": {state: state for state in (*OPEN, State.FORWARDED, State.ANSWERED)},
    "return_draft": {state: state for state in (*OPEN, State.FORWARDED, State.ANSWERED)},
    "approve": dict.fromkeys((*OPEN, State.FORWARDED, State.ANSWERED), State.ANSWERED),
    "mark": {state: state for state in State},
    "unmark": {state: state for state in State},
    "hand_up": dict.fromkeys(State, State.FORWARDED),
    # From hand to hand: nothing changes for the citizen.
    "assign": {state: state for state in OPEN},
    "return": {state: state for state in (State.NEW, State.RECEIVED, State.REOPENED, State.WAITING)}
    # Whoever worked on it is not there any more: somebody else is to take it.
    | {State.IN_PROGRESS: State.RECEIVED},
    "escalate": {state: state for state in OPEN - {State.WAITING}},
    "flag": {state: state for state in OPEN},
    "transcribe": {state: state for state in State},
    "note": {state: state for state in State},
    # One matter told by several people is answered once: the joined case ends, the other goes on.
    "merge": dict.fromkeys(OPEN, State.CLOSED),
    "joined": {state: state for state in (*OPEN, State.FORWARDED)},
    "part": {State.CLOSED: State.RECEIVED},
    "parted": {state: state for state in State},
    "confirm": {State.ANSWERED: State.CLOSED},
    "rate": {State.CLOSED: State.CLOSED},
    "reopen": dict.fromkeys((State.ANSWERED, State.CLOSED), State.REOPENED),
    "due": {State.ANSWERED: State.ANSWERED},
    "close": {State.ANSWERED: State.CLOSED},
    # What was said in it goes; for the citizen nothing changes.
    "expire": {state: state for state in (State.CLOSED, State.FORWARDED)},
}
"""action -> state before -> state after; a pair that is missing is refused."""
