"""What somebody is still to be told of a seat, as words in one line: nothing is lost where more comes before that.

A newer word stands beside an older one, or in its place where it says all that the older one would have said.
"""

MOVED, SEAT, CHANGED, RESULTS = "moved", "seat", "changed", "results"
OVER = ("cancelled", "returned", "ended", "unserved")
"""The seat is gone: called off with its session, given back by an officer, too late for it, never had."""
_ORDER = (MOVED, SEAT, CHANGED, *OVER, RESULTS)
"""As they happen."""
OF_A_SEAT = frozenset({MOVED, SEAT, CHANGED})
"""What is no news any more once its person is there, or has given the seat back."""


def with_more(before: str, word: str) -> str:
    """The line `before` with one more word: each once, in the order in which they happened.

    Who was moved here, and then the session was, knew nothing of it before: the move says when and where it is now.
    Who is told that it is over need not hear of a seat, yet must know the session again by its earlier time.
    """
    said = {*before.split(), word}
    if MOVED in said:
        said -= {SEAT, CHANGED}
    if word in OVER:
        said -= set(OVER) - {word}
    if said & set(OVER):
        said.discard(SEAT)
    return " ".join(one for one in _ORDER if one in said)


def _reachable() -> tuple[str, ...]:
    found = [""]
    for before in found:  # grows while it is walked
        found += {with_more(before, word) for word in _ORDER} - set(found)
    return tuple(found)


LINES = _reachable()
"""Every line that there can be, for a store that has to tell what becomes of each in one statement."""
