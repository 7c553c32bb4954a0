"""How a session repeats, as an officer picks it on a form, and as the rule that is kept of it (RFC 5545)."""

import re
from typing import Literal

import msgspec

from feedback.acts import Refusal

Every = Literal["once", "week", "month_days", "month_weeks", "year"]
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""In the order of date.weekday()."""
LAST = -1
_ORDERS = (1, 2, 3, 4, LAST)
_MOST_DAYS = 8
_LAST_SAFE_DAY = 28
_LONGEST_INTERVAL = 12
_BYDAY = re.compile(r"(-?\d)?([A-Z]{2})")


class Repeat(msgspec.Struct, frozen=True, kw_only=True):
    """What was picked; `weekdays` are numbers of date.weekday().

    once · week: on `weekdays`, every `interval` weeks · month_days: on these `days` of the month · month_weeks: on the
    `weekdays` of the weeks `orders` of the month (1 to 4, -1 the last) · year: on the day of the first.
    """

    every: Every = "once"
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    orders: tuple[int, ...] = ()


def rule_of(repeat: Repeat) -> str | Refusal:
    """The rule of what was picked; "" for a session that does not repeat."""
    weekdays = [DAYS[one] for one in sorted(set(repeat.weekdays)) if 0 <= one < len(DAYS)]
    match repeat.every:
        case "once":
            return ""
        case "week":
            if not weekdays:
                return Refusal("repeat.weekdays")
            if not 1 <= repeat.interval <= _LONGEST_INTERVAL:
                return Refusal("repeat.interval", {"most": _LONGEST_INTERVAL})
            every = f";INTERVAL={repeat.interval}" if repeat.interval > 1 else ""
            return f"FREQ=WEEKLY{every};BYDAY={','.join(weekdays)}"
        case "month_days":
            days = sorted(set(repeat.days))
            # A 30th or 31st would skip months without a word.
            if not 0 < len(days) <= _MOST_DAYS or not all(1 <= day <= _LAST_SAFE_DAY for day in days):
                return Refusal("repeat.days", {"most": _LAST_SAFE_DAY})
            return f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, days))}"
        case "month_weeks":
            orders = [one for one in _ORDERS if one in repeat.orders]
            if not orders or not weekdays:
                return Refusal("repeat.weeks")
            return f"FREQ=MONTHLY;BYDAY={','.join(f'{order}{day}' for day in weekdays for order in orders)}"
        case "year":
            return "FREQ=YEARLY"


def repeat_of(rule: str) -> Repeat | None:
    """What was picked, read back from a rule; None where no form could have made it."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";") if part)
    found = [match for one in parts.get("BYDAY", "").split(",") if (match := _BYDAY.fullmatch(one))]
    weekdays = tuple(sorted({DAYS.index(one[2]) for one in found if one[2] in DAYS}))
    repeat: Repeat | None = None
    match parts.get("FREQ"):
        case None if not rule:
            repeat = Repeat()
        case "WEEKLY":
            interval = parts.get("INTERVAL", "1")
            repeat = Repeat(every="week", interval=int(interval) if interval.isdecimal() else 0, weekdays=weekdays)
        case "MONTHLY" if "BYMONTHDAY" in parts:
            days = tuple(int(one) for one in parts["BYMONTHDAY"].split(",") if one.isdecimal())
            repeat = Repeat(every="month_days", days=days)
        case "MONTHLY":
            asked = {int(one[1]) for one in found if one[1]}
            orders = tuple(order for order in _ORDERS if order in asked)
            repeat = Repeat(every="month_weeks", weekdays=weekdays, orders=orders)
        case "YEARLY":
            repeat = Repeat(every="year")
        case _:
            pass
    return repeat if repeat is not None and rule_of(repeat) == rule.upper() else None
