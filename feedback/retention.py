"""How long what was said in a case is kept: so many months after it was over, by its kind.

Source: Luật Bảo vệ dữ liệu cá nhân 2025 (91/2025/QH15), Điều 14: gone once the purpose is done or the term has ended,
but for what the law wants kept. The law gives no number for what comes by chat, so the commune's settings do.
"""

from collections.abc import Mapping
from datetime import date

import msgspec

from feedback.kinds import Kind
from feedback.states import State
from vietnam.time import day_of, start_of

_YEAR = 12
OVER = frozenset({State.CLOSED, State.FORWARDED})
"""Nothing more is to come in such a case: settled, or with another authority since."""


class Expire(msgspec.Struct, frozen=True, tag="expire"):
    """The time for which a case is kept has passed: what was said in it goes, its line in the figures stays.

    `seen`: the version of the case that was found to be that old; 0 where that does not matter.
    """

    seen: int = 0


def over_before(months: Mapping[Kind, int], now: int) -> dict[Kind, int]:
    """Kind -> the instant (UTC milliseconds) before which a case must have been over to go now; none where 0 months."""
    today = day_of(now)
    return {kind: start_of(months_before(today, many)) for kind, many in months.items() if many}


def months_before(day: date, months: int) -> date:
    """The same day of the month that many months earlier, or the last one that month has."""
    year, month = divmod(day.year * _YEAR + day.month - 1 - months, _YEAR)
    for last in (day.day, 30, 29, 28):
        try:
            return date(max(year, 1), month + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
