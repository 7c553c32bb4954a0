"""The life of a case as one table of allowed moves."""

from enum import StrEnum


class State(StrEnum):
    """mới · đang xử lý · đã trả lời."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"


MOVES: dict[str, dict[State, State]] = {
    # An officer may answer at once what needs no work, and add to an answer that was not enough.
    "take": {State.NEW: State.IN_PROGRESS},
    "reply": {State.NEW: State.ANSWERED, State.IN_PROGRESS: State.ANSWERED, State.ANSWERED: State.ANSWERED},
}
"""action -> state before -> state after; a pair that is missing is refused."""
