"""Sections III and IV: what the figures themselves point to; the rest is the officer's."""

from reports import sentences
from reports.phrases import Phrases
from reports.survey_figures import FactorFigures, SurveyFigures, VillageCut


def limits(p: Phrases) -> list[str]:
    """Shortcomings that can be read from the figures."""
    figures = p.figures
    found = [
        p.say("limits.factor", title=p.title(survey), factor=factor.text, share=p.share(factor.index))
        for survey, factor in _weakest(p)
    ]
    if figures.cases.open:
        params = {"open": p.count(figures.cases.open), "days": p.count(figures.cases.oldest_days or 0)}
        found.append(p.say("limits.cases", **params))
    if figures.dialogues.open:
        found.append(p.say("limits.dialogues", open=p.count(figures.dialogues.open)))
    for title, cut, hidden in _hidden_villages(p):
        named = len([row for row in cut.rows if row.name])
        period = _lower_first(cut.title)
        found.append(p.say("limits.villages", title=title, count=hidden, all=named, period=period))
    if not any(survey.responses for survey in figures.surveys):
        found.append(p.say("limits.no_survey"))
    return found or [p.say("limits.none")]


def directions(p: Phrases) -> list[str]:
    """What follows from the shortcomings."""
    figures = p.figures
    # Two surveys often share a factor; once is enough.
    found = list(dict.fromkeys(p.say("next.factor", factor=_lower_first(f.text)) for _, f in _weakest(p)))
    if figures.cases.open:
        found.append(p.say("next.cases", open=p.count(figures.cases.open)))
    if figures.dialogues.open:
        found.append(p.say("next.dialogues", open=p.count(figures.dialogues.open)))
    if _hidden_villages(p):
        found.append(p.say("next.villages"))
    if not any(survey.responses for survey in figures.surveys):
        found.append(p.say("next.survey"))
    return found or [p.say("next.none")]


def _weakest(p: Phrases) -> list[tuple[SurveyFigures, FactorFigures]]:
    ranked = [(survey, sentences.ranked(survey)) for survey in p.figures.surveys]
    return [
        (survey, order[-1])
        for survey, order in ranked
        # The lowest of equals is no shortcoming.
        if len(order) > 1 and p.share(order[0].index) != p.share(order[-1].index)
    ]


def _hidden_villages(p: Phrases) -> list[tuple[str, VillageCut, int]]:
    found = []
    for survey in p.figures.surveys:
        cut = survey.villages
        hidden = len([row for row in cut.rows if row.name and row.n is None]) if cut is not None else 0
        if cut is not None and hidden:
            found.append((p.title(survey), cut, hidden))
    return found


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
