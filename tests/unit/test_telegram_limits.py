"""The limiter: as fast as allowed, never faster, one chat never holds another."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.limits import Limits

START = 1_000_000


def test_a_chat_gets_a_small_burst_and_then_one_a_second() -> None:
    limits = Limits(chat_burst=3)
    assert [limits.take("lan", START) for _ in range(3)] == [0, 0, 0]
    wait = limits.take("lan", START)
    assert wait == 1000
    assert limits.take("minh", START) == 0
    assert limits.take("lan", START + wait) == 0
    assert limits.take("lan", START + wait) > 0


def test_the_bot_sends_thirty_a_second() -> None:
    limits = Limits()
    sent = sum(limits.take(f"chat {number}", START) == 0 for number in range(100))
    assert sent == 30
    later = sum(limits.take(f"chat {number}", START + 1000) == 0 for number in range(100, 200))
    assert later == 30


def test_a_throttled_chat_is_held_and_nobody_else() -> None:
    limits = Limits()
    limits.hold("lan", 5000, START)
    assert limits.take("lan", START) == 5000
    assert limits.take("minh", START) == 0
    assert limits.take("lan", START + 5000) == 0


def test_idle_chats_are_forgotten() -> None:
    limits = Limits(bot_per_second=1000)
    for number in range(25_000):
        limits.take(f"chat {number}", START + number * 10)
    assert len(limits._chats) <= 10_001


@pytest.mark.parametrize("per_second", [30, 1000])
def test_a_message_to_many_leaves_room_for_an_answer_at_any_moment(per_second: int) -> None:
    # given a message to many that has been going on for four seconds as fast as it may
    limits = Limits(bot_per_second=per_second)
    sent = 0
    for now in range(START, START + 4_000):
        while limits.take(f"chat {sent}", now, many=True) == 0:
            sent += 1
        # then somebody who writes need not wait until a whole second is over
        room_in = limits._recent[0] + 1_000 - now if len(limits._recent) == per_second else 0
        assert room_in <= 150
    assert 0.99 * 4 * per_second <= sent <= 4 * per_second + per_second // 10 + 1


def test_what_a_busy_machine_let_slip_of_a_message_to_many_is_made_up_for() -> None:
    limits = Limits()
    sent = 0
    for now in range(START, START + 10_000):
        if now % 700 > 90:  # else it does not come to it
            while limits.take(f"chat {sent}", now, many=True) == 0:
                sent += 1
    assert sent >= 0.95 * 300


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400)), max_size=150))
def test_whoever_obeys_never_exceeds_a_limit_and_waits_no_longer_than_said(steps: list[tuple[str, int]]) -> None:
    limits = Limits(bot_per_second=5, chat_burst=2)
    now = START
    sent: dict[str, list[int]] = defaultdict(list)
    for chat, passes in steps:
        now += passes
        wait = limits.take(chat, now)
        if wait:
            now += wait
            assert limits.take(chat, now) == 0
        sent[chat].append(now)
    for times in sent.values():
        assert all(later - earlier >= 1000 for earlier, later in zip(times, times[2:], strict=False))
    everyone = sorted(time for times in sent.values() for time in times)
    assert all(later - earlier >= 1000 for earlier, later in zip(everyone, everyone[5:], strict=False))


def test_a_group_gets_twenty_a_minute() -> None:
    limits = Limits(chat_burst=3)
    sent, now = 0, START
    while now < START + 60_000:
        wait = limits.take("-1001", now)
        sent += wait == 0
        now += max(wait, 1)
    assert 20 <= sent <= 22, sent


def test_one_chat_that_is_told_to_wait_holds_nobody_else() -> None:
    limits = Limits()
    limits.hold("lan", 30_000, START)
    limits.hold("lan", 30_000, START)
    limits.hold("minh", 30_000, START)
    assert limits.take("lan", START) == 30_000
    assert limits.take("ba", START) == 0


def test_many_chats_told_to_wait_at_once_mean_the_bot() -> None:
    limits = Limits()
    for chat in ("lan", "minh", "ba"):
        limits.hold(chat, 5_000, START)
    assert limits.take("tu", START + 100) == 4_900
    assert limits.take("tu", START + 5_000) == 0

    apart = Limits()
    for number, chat in enumerate(("lan", "minh", "ba")):
        apart.hold(chat, 5_000, START + number * 2_000)
    assert apart.take("tu", START + 4_001) == 0
