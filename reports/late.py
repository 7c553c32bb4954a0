"""Late data: an issued report is never changed, so the next one says what its period has come to since.

Released answers are counted on the day of their release, and a case on the day it was brought: a period that is over
grows no more, except where its report was made before its last day was over, as reports with a deadline are. What was
counted and is gone since (a case that turned out to be confidential) is not told: that would point to it.
"""

from datetime import date

from reports.case_figures import CaseFigures, case_figures
from reports.figures import CASE_KINDS, DIALOGUE_KINDS, Figures
from reports.late_figures import LateFigures
from reports.periods import Period
from reports.phrases import Phrases
from reports.source import Source


def late_figures(source: Source, issued: Figures, today: date) -> LateFigures | None:
    """What the period of an issued report has by now that the report does not; None where there is nothing."""
    span = issued.period
    period = Period(key=span.key, kind=span.kind, first=span.first, last=span.last, month=span.month)
    until = min(period.last, today)

    def cases(kinds: tuple[str, ...]) -> CaseFigures:
        return case_figures(source, kinds, period, period, (), until)

    kept, found = (issued.cases, issued.dialogues), (cases(CASE_KINDS), cases(DIALOGUE_KINDS))
    received = sum(one.received for one in found) - sum(one.received for one in kept)
    answered = sum(one.answered for one in found) - sum(one.answered for one in kept)
    forms = _forms(source, period.first, until) > sum(survey.responses for survey in issued.surveys)
    if received <= 0 and answered <= 0 and not forms:
        return None
    return LateFigures(
        title=span.title, until=issued.until, received=max(received, 0), answered=max(answered, 0), forms=forms
    )


def _forms(source: Source, first: date, last: date) -> int:
    return sum(
        sum(source.responses(asked.version, first, last, asked.kind).values()) for asked in source.asked(first, last)
    )


def late_sentences(p: Phrases) -> list[str]:
    """The one sentence on late data; none where there is nothing to say."""
    late = p.figures.late
    if late is None:
        return []
    said = [p.say(f"late.{name}", n=p.count(n)) for name in ("received", "answered") if (n := getattr(late, name))]
    said += [p.say("late.forms")] if late.forms else []
    return [p.say("late", title=late.title, until=p.day(late.until), what=", ".join(said))]
