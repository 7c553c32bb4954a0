"""The pictures of cases: how they came and went by month, what was on time, and on which days they came."""

from datetime import timedelta

from reports.case_figures import CaseFigures, CaseMonth
from reports.document import Bars, Calendar, Chart, Pairs, Row
from reports.phrases import Phrases

LEAST, LEAST_DAYS = 5, 30
"""Answers of a field whose share is worth a bar; cases of a period whose days are worth a calendar."""
_WEEK, _FEW_MONTHS = 7, 6


def flow(p: Phrases, cases: CaseFigures, name: str) -> Chart | None:
    """Received, answered and left over by month; None where there was nothing in all of them.

    `name` is cases or dialogues.
    """
    if not any(month.received or month.answered for month in cases.months):
        return None
    title = p.say(f"chart.{name}")
    known = all(month.open is not None for month in cases.months)
    return Chart(
        name=name,
        caption=title,
        alt=p.say("chart.rows.alt", title=title, rows="; ".join(_month(p, month) for month in cases.months)),
        spec=Pairs(
            labels=tuple(month.title for month in cases.months),
            names=(p.say("col.received"), p.say("col.answered")),
            values=tuple((month.received, month.answered) for month in cases.months),
            under=tuple(p.say("chart.left", n=p.count(month.open or 0)) for month in cases.months) if known else (),
        ),
    )


def _month(p: Phrases, month: CaseMonth) -> str:
    told = {"label": month.title, "received": p.count(month.received), "answered": p.count(month.answered)}
    if month.open is None:
        return p.say("chart.pair.alt", **told)
    return p.say("chart.flow.alt", left=p.count(month.open), **told)


def on_time(p: Phrases) -> Chart | None:
    """The share of answers by the promised day for each field; None with fewer than two fields worth a bar."""
    found = [one for one in p.figures.times.categories if one.answered >= LEAST]
    if len(found) < 2:
        return None
    found.sort(key=lambda one: (-one.in_time / one.answered, -one.answered, one.id))
    rows = tuple(
        Row(
            label=p.named("category", one.id),
            value=one.in_time / one.answered,
            text=p.say(
                "chart.on_time.bar",
                share=p.share(one.in_time / one.answered),
                in_time=p.count(one.in_time),
                answered=p.count(one.answered),
            ),
        )
        for one in found
    )
    title = p.say("chart.on_time")
    told = "; ".join(p.say("chart.row.alt", label=row.label, text=row.text) for row in rows)
    return Chart(
        name="ontime", caption=title, alt=p.say("chart.rows.alt", title=title, rows=told), spec=Bars(rows=rows)
    )


def days(p: Phrases, cases: CaseFigures) -> Chart | None:
    """A calendar of what came in on which day; None in a month, or with few cases: neither shows a habit."""
    counts, first = cases.by_day, p.figures.period.first
    if p.figures.period.kind == "month" or sum(counts) < LEAST_DAYS:
        return None
    weekdays = p.say("chart.weekdays").split("|")
    totals = [sum(counts[at] for at in range(len(counts)) if (first.weekday() + at) % _WEEK == day) for day in range(7)]
    top = max(range(len(counts)), key=lambda at: (counts[at], -at))
    days_of = [first + timedelta(days=at) for at in range(len(counts))]
    months = [day.month for at, day in enumerate(days_of) if not at or day.month != days_of[at - 1].month]
    named = "chart.month" if len(months) <= _FEW_MONTHS else "chart.month.short"
    told = ", ".join(
        p.say("chart.days.weekday", name=name, n=p.count(n)) for name, n in zip(weekdays, totals, strict=True)
    )
    return Chart(
        name="days",
        caption=p.say("chart.days"),
        alt=p.say(
            "chart.days.alt",
            first=p.day(first),
            last=p.day(days_of[-1]),
            n=p.count(sum(counts)),
            top=p.count(counts[top]),
            day=p.day(days_of[top]),
            weekdays=told,
        ),
        spec=Calendar(
            first=first,
            counts=counts,
            weekdays=tuple(weekdays),
            months=tuple(p.say(named, month=month) for month in months),
            legend=p.say("chart.days.legend"),
        ),
    )
