"""How fast, how long to wait, and what an error means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Failed, Gone, Outcome, Throttled
from bot.channels.zalo_bot.limits import Limits, Pauses
from bot.channels.zalo_bot.outcomes import outcome


@given(st.lists(st.integers(0, 300), min_size=1, max_size=60))
def test_never_more_than_ten_a_second(gaps: list[int]) -> None:
    limits = Limits()
    now, sent = 1_000_000, []
    for gap in gaps:
        now += gap
        while wait := limits.take("lan", now):
            now += wait
        sent.append(now)
    assert all(later - first >= 990 for first, later in zip(sent, sent[10:], strict=False))


def test_a_chat_that_was_refused_waits_and_the_others_go_on() -> None:
    limits = Limits()
    limits.hold("lan", 5000, 1000)
    assert limits.take("lan", 1000) == 5000
    assert limits.take("minh", 1000) == 0
    assert limits.take("lan", 6000) == 0


def test_each_refusal_in_a_row_waits_twice_as_long_up_to_an_hour() -> None:
    pauses = Pauses()
    assert [pauses.next("lan") for _ in range(4)] == [5_000, 10_000, 20_000, 40_000]
    assert pauses.next("minh") == 5_000
    assert [pauses.next("lan") for _ in range(20)][-1] == 3_600_000
    pauses.over("lan")
    assert pauses.next("lan") == 5_000


@pytest.mark.parametrize(
    ("code", "description", "expected"),
    [
        (429, "Quota exceeded", Throttled(7000)),
        (400, "Bad Request: chat not found", Gone("Bad Request: chat not found")),
        (400, "text is too long", Failed("400 text is too long", retry=False)),
        (401, "Unauthorized", Failed("401 Unauthorized")),
        (404, "Not Found", Failed("404 Not Found")),
        (403, "Internal server error", Failed("403 Internal server error", uncertain=True)),
        (408, "Request timeout", Failed("408 Request timeout", uncertain=True)),
        (500, "", Failed("500 ", uncertain=True)),
        (0, "odd", Failed("0 odd")),
    ],
)
def test_every_error_has_a_meaning(code: int, description: str, expected: Outcome) -> None:
    assert outcome(code, description, 7000) == expected
