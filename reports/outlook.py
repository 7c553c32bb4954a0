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
    waiting = _waiting(p)
    if waiting:
        # The oldest of all may be praise.
        praise = figures.cases.open - waiting
        key = "limits.cases.praised" if praise else "limits.cases"
        days = p.count(figures.cases.oldest_days or 0)
        found.append(p.say(key, open=p.count(waiting), praise=p.count(praise), days=days))
    if figures.dialogues.open:
        found.append(p.say("limits.dialogues", open=p.count(figures.dialogues.open)))
    without = figures.promises.missed - figures.promises.in_time
    if without:
        key = "limits.promises" if without < figures.promises.missed else "limits.promises.all"
        found.append(p.say(key, n=p.count(without), missed=p.count(figures.promises.missed)))
    if figures.help.forms_unlike:
        found.append(p.say("limits.forms_unlike"))
    if figures.help.cases_alike:
        found.append(p.say("limits.cases_alike"))
    for title, cut, hidden in _hidden_villages(p):
        named = len([row for row in cut.rows if row.name])
        period = p.within(cut.title)
        found.append(p.say("limits.villages", title=title, count=hidden, all=named, period=period))
    if not any(survey.responses for survey in figures.surveys):
        found.append(p.say("limits.no_survey"))
    return found or [p.say("limits.none")]


def directions(p: Phrases) -> list[str]:
    """What follows from the shortcomings."""
    figures = p.figures
    # Two surveys often share a factor; once is enough.
    found = list(dict.fromkeys(p.say("next.factor", factor=p.within(f.text)) for _, f in _weakest(p)))
    if _waiting(p):
        found.append(p.say("next.cases", open=p.count(_waiting(p))))
    if figures.dialogues.open:
        found.append(p.say("next.dialogues", open=p.count(figures.dialogues.open)))
    if figures.promises.missed > figures.promises.in_time:
        found.append(p.say("next.promises"))
    if _hidden_villages(p):
        found.append(p.say("next.villages"))
    if not any(survey.responses for survey in figures.surveys):
        found.append(p.say("next.survey"))
    return found or [p.say("next.none")]


def _waiting(p: Phrases) -> int:
    """Open cases without praise: nobody falls short who has not thanked for it yet."""
    cases = p.figures.cases
    return cases.open - sum(row.open for row in cases.kinds if row.id == "praise")


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
