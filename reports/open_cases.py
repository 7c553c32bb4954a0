"""What of cases may be told outside the authority: without sensitive ones, and those apart, for whole years."""

from collections.abc import Iterable
from datetime import date

import msgspec

from reports.case_figures import CaseFigures, case_figures
from reports.periods import Period
from reports.promise_figures import PromiseFigures, promise_figures
from reports.source import Answered, CaseLine, CaseSource, Commune, JoinedLine, MissedDay, OverdueLine
from reports.time_figures import TimeFigures, time_figures
from surveys.statistics import MINIMUM

SENSITIVE_KINDS = frozenset({"conduct"})
SENSITIVE_FIELDS = frozenset({"conduct", "ethnic_religion"})
"""Thái độ cán bộ; dân tộc, tôn giáo. Khiếu nại and tố cáo are in no figure at all."""


class SensitiveCount(msgspec.Struct, frozen=True, kw_only=True):
    """Cases of a sensitive kind or field received in a whole year; None where they are one to four."""

    group: str
    id: str
    received: int | None


class PublicFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of cases as they may be told outside the authority: `cases`, `times` and all without sensitive ones.

    Those are told apart and for whole years only (`sensitive`), from five on. So no total, and no difference of two
    totals, of villages or of periods, holds any of them, and nothing of theirs can be worked out.
    """

    cases: CaseFigures | None = None
    dialogues: CaseFigures | None = None
    times: TimeFigures = TimeFigures()
    promises: PromiseFigures = PromiseFigures()
    sensitive: tuple[SensitiveCount, ...] = ()


def public_figures(
    source: CaseSource,
    kinds: tuple[tuple[str, ...], tuple[str, ...]],
    period: Period,
    before: Period,
    *,
    until: date,
    made_on: date,
) -> PublicFigures:
    """The public figures of a period; `kinds` are those of cases and those of requests for a dialogue."""
    plain = _Plain(source)
    all = (*kinds[0], *kinds[1])
    whole_year = period.kind == "12m" and until == period.last
    return PublicFigures(
        cases=case_figures(plain, kinds[0], period, before, (), until),
        dialogues=case_figures(plain, kinds[1], period, before, (), until),
        times=time_figures(plain, all, period, before, until),
        promises=promise_figures(plain, all, period, before, until=until, made_on=made_on),
        sensitive=tuple(_sensitive(source, period, until, all)) if whole_year else (),
    )


def _sensitive(source: CaseSource, period: Period, until: date, kinds: Iterable[str]) -> Iterable[SensitiveCount]:
    wanted = frozenset(kinds)
    lines = [one for one in source.cases(period.first, until) if period.first <= one.opened and one.kind in wanted]
    for group, ids in (("kind", SENSITIVE_KINDS), ("category", SENSITIVE_FIELDS)):
        for id in sorted(ids):
            n = len([one for one in lines if (one.kind if group == "kind" else one.category) == id])
            yield SensitiveCount(group=group, id=id, received=None if 0 < n < MINIMUM else n)


class _Plain:
    """A source without whatever is about a sensitive kind or field; of the rest the same."""

    def __init__(self, source: CaseSource) -> None:
        self._source = source

    def commune(self) -> Commune:
        return self._source.commune()

    def cases(self, first: date, last: date) -> list[CaseLine]:
        return [one for one in self._source.cases(first, last) if _plain(one)]

    def joined(self, first: date, last: date) -> list[JoinedLine]:
        return [one for one in self._source.joined(first, last) if _plain(one)]

    def missed_days(self, first: date, last: date) -> list[MissedDay]:
        return [one for one in self._source.missed_days(first, last) if _plain(one)]

    def answers(self, first: date, last: date) -> list[Answered]:
        return [one for one in self._source.answers(first, last) if _plain(one)]

    def overdue(self, day: date) -> list[OverdueLine]:
        return [one for one in self._source.overdue(day) if _plain(one)]


def _plain(one: CaseLine | JoinedLine | MissedDay | Answered | OverdueLine) -> bool:
    return one.kind not in SENSITIVE_KINDS and one.category not in SENSITIVE_FIELDS
