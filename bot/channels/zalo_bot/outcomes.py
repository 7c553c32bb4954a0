"""What an error of the Zalo Bot API means for the message that was to be sent. Pure."""

from bot.channels.base import Failed, Gone, Outcome, Throttled

THROTTLED = 429
_GONE = ("chat not found", "user not found", "chat not exist", "user not exist", "blocked")
_DOUBTFUL = frozenset({403, 408})
"""403 is the platform's "internal server error", 408 its time-out: the message may have gone out before either."""
_OPERATORS = frozenset({401, 404, 409})
"""A wrong token, a wrong host, a webhook in the way: mended by the operator, and until then the message waits."""


def outcome(code: int, description: str, pause: int) -> Outcome:
    """`code` and `description` as in the answer; `pause` is our own wait in milliseconds, as a 429 names none."""
    says = description.lower()
    if code == THROTTLED:
        return Throttled(pause)
    if code in {400, 404} and any(word in says for word in _GONE):
        return Gone(description)
    if code in _DOUBTFUL or code >= 500:
        return Failed(f"{code} {description}", uncertain=True)
    # A 4xx that nobody can mend is final; what no document knows is worth another try.
    return Failed(f"{code} {description}", retry=code in _OPERATORS or not 400 <= code < 500)
