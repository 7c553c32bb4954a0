"""Counting answers. A tally is a bag of counts that can be added, so that parts make up the whole exactly."""

from collections.abc import Iterable, Mapping

from surveys.definition import Answer, Kind, Question, Survey

Tally = dict[str, float]
"""Counts of one question, by its kind; "-" where the question was skipped.

likert5 "0".."5" and "9"; nps "0".."10"; yesno "yes" and "no"; acknowledge "yes"; single choice ids; multiple choice
ids and "n" (who chose anything); rank "n" and "<choice id>#<place>", the place from 1 ("duong#1": who put it first);
number, decimal, range and a calculated number "n" and "sum"; text, date, time, photo, voice, place and a calculated
text "n". Every person who was shown the question adds one to exactly one of "n", the answer and "-"."""

SKIPPED = "-"
_LISTED = frozenset({Kind.LIKERT5, Kind.NPS, Kind.YESNO, Kind.SINGLE, Kind.ACKNOWLEDGE})
_SUMMED = frozenset({Kind.NUMBER, Kind.DECIMAL, Kind.RANGE, Kind.CALCULATED})
RESPONSES = ""
"""The question id under which `fold` counts whole responses, as {"n": ...}."""


def tally(question: Question, answer: Answer) -> Tally:
    """The counts of one answer; {} for a note. Sums of decimals are as exact as floats are."""
    if question.kind is Kind.NOTE:
        return {}
    if answer is None:
        return {SKIPPED: 1}
    if isinstance(answer, tuple):
        if question.kind is Kind.RANK:
            return {"n": 1, **{f"{choice}#{place}": 1 for place, choice in enumerate(answer, start=1)}}
        return {"n": 1, **dict.fromkeys(answer, 1)}
    if question.kind in _LISTED:
        return {str(answer): 1}
    if question.kind in _SUMMED and isinstance(answer, int | float):
        return {"n": 1, "sum": answer}
    return {"n": 1}


def add(a: Mapping[str, float], b: Mapping[str, float]) -> Tally:
    """Both tallies together."""
    total = dict(a)
    for key, count in b.items():
        total[key] = total.get(key, 0) + count
    return total


def add_all(a: Mapping[str, Tally], b: Mapping[str, Tally]) -> dict[str, Tally]:
    """Two results of `fold` together."""
    return {key: add(a.get(key, {}), b.get(key, {})) for key in {**a, **b}}


def fold(survey: Survey, responses: Iterable[Mapping[str, Answer]]) -> dict[str, Tally]:
    """Tallies by question id of many responses; under "" the number of responses. Unknown question ids are left out."""
    total: dict[str, Tally] = {RESPONSES: {"n": 0}}
    for answers in responses:
        total[RESPONSES]["n"] += 1
        for question in survey.questions:
            if question.id in answers:
                counts = tally(question, answers[question.id])
                if counts:
                    total[question.id] = add(total.get(question.id, {}), counts)
    return total
