"""What the Bot API's refusals mean for a message."""

import pytest

from bot.channels.base import Failed, Gone, Outcome, Sent, Throttled
from bot.channels.telegram.outcomes import outcome
from bot.channels.telegram.polling import backoff

BLOCKED = "Forbidden: bot was blocked by the user"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
)


@pytest.mark.parametrize(
    ("code", "description", "expected"),
    [
        (403, BLOCKED, Gone(BLOCKED)),
        (403, "Forbidden: user is deactivated", Gone("Forbidden: user is deactivated")),
        (400, "Bad Request: chat not found", Gone("Bad Request: chat not found")),
        (400, "Bad Request: PEER_ID_INVALID", Gone("Bad Request: PEER_ID_INVALID")),
        (400, NOT_MODIFIED, Sent()),
        (400, "Bad Request: message can't be edited", "anew"),
        (400, "Bad Request: message to edit not found", "anew"),
        (400, "Bad Request: there is no text in the message to edit", "anew"),
        (400, "Bad Request: message is too long", Failed("400 Bad Request: message is too long", retry=False)),
        (413, "Request Entity Too Large", Failed("413 Request Entity Too Large", retry=False)),
        (401, "Unauthorized", Failed("401 Unauthorized", retry=True)),
        (500, "Internal Server Error", Failed("500 Internal Server Error", retry=True, uncertain=True)),
        (502, "Bad Gateway", Failed("502 Bad Gateway", retry=True, uncertain=True)),
    ],
)
def test_each_refusal_has_its_meaning(code: int, description: str, expected: Outcome | str) -> None:
    assert outcome(code, description) == expected


def test_flood_control_is_in_milliseconds_and_never_nothing() -> None:
    assert outcome(429, "Too Many Requests: retry after 9", 9) == Throttled(9000)
    assert outcome(429, "Too Many Requests") == Throttled(1000)


def test_a_failing_poll_waits_longer_each_time_up_to_half_a_minute() -> None:
    assert [backoff(failures) for failures in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]
    assert backoff(10_000) == 30
