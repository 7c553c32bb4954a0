"""Tables of what only some surveys have: cuts by channel and group, what a sample says of its list, people served."""

from reports.cut_figures import Cut, CutRow
from reports.document import Table
from reports.phrases import Phrases
from reports.sample_figures import Interval
from reports.survey_figures import SurveyFigures


def sentences(p: Phrases, survey: SurveyFigures) -> str:
    """What the tables may be read for."""
    found = [p.say("cuts.said")]
    if any(cut.way != "channel" for cut in survey.cuts):
        found.append(p.say("cuts.quarters"))
    if any(row.hidden for cut in survey.cuts for row in cut.rows):
        found.append(p.say("cuts.hidden"))
    return " ".join(found)


def tables(p: Phrases, survey: SurveyFigures) -> list[Table]:
    """One for each way of cutting."""
    return [_table(p, survey, cut) for cut in survey.cuts]


def named(p: Phrases, cut: Cut, row: CutRow) -> str:
    """What a row stands for."""
    name = row.name or p.named(cut.way, row.id)
    return name[:1].upper() + name[1:]


def _table(p: Phrases, survey: SurveyFigures, cut: Cut) -> Table:
    rows = tuple(
        (named(p, cut, row), p.hidden(row.hidden) if row.hidden else p.count(row.n or 0), p.share(row.index))
        for row in cut.rows
    )
    return Table(
        caption=p.say(f"table.cut.{cut.way}", index=p.index(survey), period=p.within(cut.title)),
        head=(p.say(f"col.cut.{cut.way}"), p.say("col.n"), p.index(survey)),
        rows=rows,
        widths=(0.55, 0.22, 0.23),
        align="lrr",
        note=p.say("table.cut.asked", question=cut.asked) if cut.asked else "",
    )


def served(p: Phrases, survey: SurveyFigures) -> Table | None:
    """People served by field, where fields were typed."""
    figures = survey.served
    if figures is None or not figures.fields:
        return None
    rows = [(field.name, p.count(field.count)) for field in figures.fields]
    rows.append((p.say("row.total"), p.count(figures.size or 0)))
    return Table(
        caption=p.say("table.served"),
        head=(p.say("col.cut.field"), p.say("col.served")),
        rows=tuple(rows),
        widths=(0.7, 0.3),
        align="lr",
        total=True,
    )


def estimates(p: Phrases, survey: SurveyFigures) -> Table | None:
    """What a random sample says of its whole list: the overall question, factors, questions; None without intervals."""
    asked = [*(one for one in survey.likert() if one.overall), *(one for one in survey.likert() if not one.overall)]
    found = [(p.asked(one), one.estimate) for one in asked]
    factors = [(p.say("row.factor", factor=one.text), one.estimate) for one in survey.factors]
    rows = [(name, *_bounds(p, one)) for name, one in (*found[:1], *factors, *found[1:]) if one is not None]
    if not rows or survey.sample is None:
        return None
    return Table(
        caption=p.say("table.estimates", index=p.index(survey), title=survey.title),
        head=(p.say("col.asked"), p.say("col.estimate"), p.say("col.low_bound"), p.say("col.high_bound")),
        rows=tuple(rows),
        widths=(0.58, 0.14, 0.14, 0.14),
        align="lrrr",
        note=p.say("table.estimates.how.weighted" if survey.sample.weighted else "table.estimates.how"),
    )


def _bounds(p: Phrases, found: Interval) -> tuple[str, str, str]:
    return p.share(found.value), p.share(found.low), p.share(found.high)
