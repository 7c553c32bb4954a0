"""The two ratios on phản ánh, kiến nghị that Quyết định 766/QĐ-TTg of 23/6/2022 measures, for orientation only.

The official index is counted on Cổng Dịch vụ công quốc gia; these count what this system received, and never replace
it. Only phản ánh, kiến nghị: no góp ý, no praise, no request for a dialogue.
"""

from datetime import date

import msgspec

from reports.periods import Period
from reports.source import Source

PAKN = frozenset({"feedback", "petition", "conduct", "business"})
_CONTENT_FROM = 3
"""Stars from which a citizen is not taken for dissatisfied."""


class OfficialRatios(msgspec.Struct, frozen=True, kw_only=True):
    """`total`: answers of the period to what had been promised, and what was overdue at its end.

    `in_time` of these came by the day that stood; `dissatisfied` of the answers in time got one or two stars by the
    end of the period. First ratio in_time / total, second (in_time - dissatisfied) / total: what is late and disliked
    is taken off once. Inside the authority only: exact, however few.
    """

    total: int = 0
    in_time: int = 0
    dissatisfied: int = 0

    @property
    def late(self) -> int:
        """Answered after the day, or overdue."""
        return self.total - self.in_time


def official_ratios(source: Source, period: Period, until: date) -> OfficialRatios:
    """The ratios of the period."""
    answered = [one for one in source.answers(period.first, until) if one.kind in PAKN]
    overdue = [one for one in source.overdue(until) if one.kind in PAKN]
    in_time = [one for one in answered if one.in_time]
    return OfficialRatios(
        total=len(answered) + len(overdue),
        in_time=len(in_time),
        dissatisfied=len([one for one in in_time if 0 < one.stars < _CONTENT_FROM]),
    )
