"""4,000 calls a minute, evenly; a minute without a call when Zalo says that none is left."""

from bot.channels.zalo_oa.limits import Limits


def test_never_more_than_the_limit_in_any_minute_and_nearly_all_of_it() -> None:
    limits = Limits()
    taken: list[int] = []
    now = 0
    while now < 180_000:
        wait = limits.take(str(len(taken)), now)
        if wait:
            now += wait
        else:
            taken.append(now)
    for begin in range(0, 120_000, 997):
        inside = sum(begin <= at < begin + 60_000 for at in taken)
        assert inside <= 4000
    assert len(taken) >= 0.95 * 12_000
    assert max(sum(begin <= at < begin + 1000 for at in taken) for begin in range(0, 60_000, 500)) <= 67


def test_a_chat_waits_alone_and_the_app_waits_together() -> None:
    limits = Limits()
    limits.hold("lan", 5000, 0)
    assert (limits.take("lan", 0), limits.take("ba", 0)) == (5000, 0)
    limits.remains(3, 0)
    assert limits.take("ba", 0) == 0
    limits.remains(0, 0)
    assert limits.take("ba", 0) == 5000
    limits.hold_all(9000, 0)
    assert limits.take("ba", 1000) == 8000
    assert limits.take("ba", 9000) == 0
