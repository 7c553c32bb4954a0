"""Sheets of the annex for what only some surveys have: cuts by channel and group, and intervals of a random sample."""

from reports import cut_tables
from reports.phrases import Phrases
from reports.xlsx_parts import Annex, Value


def cuts(annex: Annex) -> None:
    """The overall question by channel, field and group; an empty sheet says so."""
    p = annex.p
    rows: list[tuple[Value, ...]] = []
    for survey in p.figures.surveys:
        for cut in survey.cuts:
            for row in cut.rows:
                n = annex.why(row.hidden) if row.hidden else row.n
                index = annex.why(row.hidden) if row.hidden else row.index
                name = cut_tables.named(p, cut, row)
                rows.append((name, p.say(f"col.cut.{cut.way}"), p.title(survey), cut.title, n, index))
    head = (
        p.say("col.one_group"),
        p.say("col.group"),
        p.say("col.survey"),
        p.say("doc.period"),
        p.say("col.n"),
        _index(p),
    )
    annex.table("cuts", head, rows, (40, 16, 40, 16, 16, 16), "ttttcs")


def estimates(annex: Annex) -> None:
    """Intervals of random samples, and how many were served; an empty sheet says so."""
    p = annex.p
    rows: list[tuple[Value, ...]] = []
    for survey in p.figures.surveys:
        asked = [(p.asked(one), one.estimate) for one in survey.likert()]
        factors = [(p.say("row.factor", factor=one.text), one.estimate) for one in survey.factors]
        for name, found in (*asked, *factors):
            if found is not None:
                rows.append((name, p.title(survey), found.value, found.low, found.high))
    head = (
        p.say("col.asked"),
        p.say("col.survey"),
        p.say("col.estimate"),
        p.say("col.low_bound"),
        p.say("col.high_bound"),
    )
    annex.table("estimates", head, rows, (80, 40, 14, 14, 14), "ttsss")


def _index(p: Phrases) -> str:
    return p.index(p.figures.surveys[0]) if p.figures.surveys else p.say("index.top2")
