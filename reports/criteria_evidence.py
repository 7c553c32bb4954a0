"""What the product knows beside a criterion: a figure in words, with where it is from; "" where there is none."""

from collections.abc import Callable

from reports.figures import DIALOGUE_KINDS
from reports.phrases import Phrases


def evidence(p: Phrases, name: str) -> str:
    """One of reports.criteria.EVIDENCE. KeyError for a name that is none."""
    return _KNOWN[name](p)


def _satisfaction(p: Phrases) -> str:
    """The overall question of each survey, and of how many answers; never more than the wave carries."""
    found = [
        p.say(
            f"evidence.surveys.satisfaction.{'invited' if survey.kind == 'invited' else 'open'}",
            index=p.index(survey),
            share=p.share(survey.overall.index),
            n=p.count(survey.overall.n or 0),
            title=survey.title,
        )
        for survey in p.figures.surveys
        if survey.overall is not None and survey.overall.index is not None
    ]
    return "; ".join(found)


def _responses(p: Phrases) -> str:
    n = sum(survey.responses for survey in p.figures.surveys)
    return p.say("evidence.surveys.responses", n=p.count(n), surveys=p.count(len(p.figures.surveys))) if n else ""


def _part(key: str, part: int, whole: int, p: Phrases) -> str:
    """ "45/50 (90%) ...", "" where there was nothing to be done."""
    return p.say(key, part=p.count(part), whole=p.count(whole), share=p.share(part / whole)) if whole else ""


def _count(key: str, n: int, p: Phrases) -> str:
    return p.say(key, n=p.count(n))


def _mood(p: Phrases) -> str:
    mood = p.figures.mood
    return _part("evidence.mood.marked", mood.marked, mood.surveys + mood.cases, p)


_KNOWN: dict[str, Callable[[Phrases], str]] = {
    "surveys.satisfaction": _satisfaction,
    "surveys.responses": _responses,
    "cases.received": lambda p: _count("evidence.cases.received", p.figures.cases.received, p),
    "cases.answered": lambda p: _part(
        "evidence.cases.answered", p.figures.cases.answered, p.figures.cases.answered + p.figures.cases.open, p
    ),
    "cases.in_time": lambda p: _part("evidence.cases.in_time", *p.figures.times.besides(DIALOGUE_KINDS), p),
    "cases.reopened": lambda p: _count("evidence.cases.reopened", p.figures.cases.reopened, p),
    "promises.apologised": lambda p: _part(
        "evidence.promises.apologised", p.figures.promises.in_time, p.figures.promises.missed, p
    ),
    "sessions.dialogues": lambda p: _count("evidence.sessions.dialogues", p.figures.sessions.dialogues.held, p),
    "sessions.receptions": lambda p: _count("evidence.sessions.receptions", p.figures.sessions.receptions.held, p),
    "sessions.questions": lambda p: _part(
        "evidence.sessions.questions",
        p.figures.sessions.dialogues.answered,
        p.figures.sessions.dialogues.questions,
        p,
    ),
    "sessions.promises": lambda p: _part(
        "evidence.sessions.promises", p.figures.sessions.promises.kept, p.figures.sessions.promises.due, p
    ),
    "mood.marked": _mood,
}
