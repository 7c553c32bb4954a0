"""Counting the deadlines of open cases anew, as after an edit of the table of days off: 100,000 of every rule.

    python -m benchmarks.deadline [--short] [--json FILE]

Terms of all rules, begun over two years, a quarter of them paused and a quarter made longer. By the same table none
may move; by a table with one more week off, a sample must end where counting day by day on the fingers ends. As a
yardstick of the same run, the same sample counted on the fingers.
"""

import statistics
import time
from datetime import date, datetime, timedelta
from random import Random

from benchmarks.result import Measured, Outcome, hand_over, options
from feedback.clock_rules import Count, Rule, Terms, rules
from feedback.clocks import Deadline, extend, pause, recompute, resume, start
from vietnam.calendar import DayTable, is_working_day, over, shipped_days
from vietnam.time import DAY, HOUR, TZ, day_of, to_ms
from vietnam.working_time import USUAL

SAMPLE = 2_000


def some_case(rule: Rule, table: DayTable, rng: Random) -> Deadline:
    """A deadline of a case that was paused, made longer, or neither."""
    at = to_ms(datetime(2024, 6, 1, tzinfo=TZ)) + rng.randrange(730 * DAY)
    deadline = start(rule, at, table, USUAL, remote=rng.random() < 1 / 2)
    fate = rng.random()
    if fate < 1 / 4 and rule.pauses:
        paused = pause(deadline, rule, at + HOUR, rule.pauses[0])
        found = (
            resume(paused, at + rng.randrange(2, 300) * HOUR, table, USUAL) if isinstance(paused, Deadline) else None
        )
    elif fate < 1 / 2 and rule.extensions:
        one = rule.extensions[0]
        found = extend(deadline, rule, at, 1, ground=one.ground, reason="x", table=table, sessions=USUAL)
    else:
        found = None
    return found if isinstance(found, Deadline) else deadline


def on_the_fingers(deadline: Deadline, table: DayTable) -> date:
    """The day on which a term in days ends, one day after the other; of terms that nothing changed."""
    day, left = day_of(deadline.start), deadline.length
    while left:
        day += timedelta(days=1)
        left -= deadline.count is Count.CALENDAR_DAYS or is_working_day(day, table)
    while not is_working_day(day, table):
        day += timedelta(days=1)
    return day


def counted(cases: list[Deadline], table: DayTable) -> tuple[float, int]:
    """Seconds for all of them, and how many moved."""
    began = time.perf_counter()
    moved = sum(recompute(one, table, USUAL)[1] for one in cases)
    return time.perf_counter() - began, moved


def main() -> None:
    asked = options("deadline")
    count, rounds = (10_000, 2) if asked.short else (100_000, 5)
    table, rng = shipped_days(), Random(1)
    every = [rule for rule in rules(Terms()).values() if not rule.before]
    cases = [some_case(every[number % len(every)], table, rng) for number in range(count)]
    week = frozenset(date(2025, 11, day) for day in range(10, 15))
    edited = over(table, DayTable(off=week))

    same, changed, moved = [], [], 0
    for _ in range(rounds):
        seconds, still = counted(cases, table)
        if still:
            raise SystemExit(f"{still} deadlines moved by the table they were counted by")
        same.append(seconds)
        # A new table each time: its years are counted within the measured time.
        other, moved = counted(cases, over(edited, DayTable(off=frozenset({date(2027, 1, 1 + len(same))}))))
        changed.append(other)

    plain = [one for one in cases if not one.changes and one.count is not Count.WORKING_HOURS][:SAMPLE]
    began = time.perf_counter()
    fingers = [on_the_fingers(one, edited) for one in plain]
    by_hand = time.perf_counter() - began
    began = time.perf_counter()
    ours = [recompute(one, edited, USUAL)[0].due_day for one in plain]
    by_us = time.perf_counter() - began
    if ours != fingers:
        raise SystemExit("counting on the fingers ends elsewhere")

    most = 2 * count / 100_000
    figures = [
        Measured(name=f"{count:,} deadlines anew by an edited table", value=max(changed), unit="s", most=most),
        Measured(name="the same by the same table", value=statistics.median(same), unit="s", most=most),
        Measured(name="of these moved by a week off", value=moved, unit=""),
        Measured(name="counted on the fingers against ours", value=by_hand / by_us),
    ]
    details = {"seconds": {"same": same, "edited": changed}, "deadlines": count, "sample": len(plain)}
    hand_over(Outcome(name="deadline", short=asked.short, figures=figures, details=details), asked.json)


if __name__ == "__main__":
    main()
