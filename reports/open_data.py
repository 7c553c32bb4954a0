"""The figures of a report as plain tables, CSV and JSON: one line for each number, and what the words mean.

There are two of each. The internal annex has every figure, cases exactly; what may be published ("công bố") has the
same figures of surveys, which are protected everywhere, and of cases what reports.open_cases allows outside.
"""

import csv
import re
from collections.abc import Iterable
from io import StringIO
from typing import Literal

import msgspec

from reports.case_figures import CaseCount, CaseFigures
from reports.case_words import COUNTS
from reports.dialogue_figures import KeptPromises, SessionFigures
from reports.figures import Figures
from reports.phrases import Phrases
from reports.promise_figures import PromiseFigures
from reports.survey_figures import Hidden, QuestionFigures, SurveyFigures
from reports.texts import Texts, texts
from reports.time_figures import TimeFigures
from reports.time_words import GROUPS

Audience = Literal["internal", "public"]
COLUMNS = (
    *("audience", "subject", "survey", "question", "text"),
    *("cut", "measure", "value", "hidden", "first", "last"),
)
_A_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_VALUE = COLUMNS.index("value")

Line = tuple[str, ...]
Cell = tuple[str, str, float | None]
"""Cut, measure, value."""


def data_csv(figures: Figures, audience: Audience, wording: Texts | None = None) -> bytes:
    """One line for each number, with a head; UTF-8 with its mark, so that spreadsheets read the letters.

    What is withheld stands as an empty value with the reason in `hidden`: "small" (fewer than five answers) or
    "linked" (a withheld number could be computed from it). A text that a spreadsheet would take for a formula has an
    apostrophe before it (OWASP, CSV Injection).
    """
    return _written((COLUMNS, *_lines(figures, audience, wording or texts())))


def data_json(figures: Figures, audience: Audience, wording: Texts | None = None) -> bytes:
    """The same lines as an object: for whom, of whom, which days, what the words mean, and the numbers as numbers."""
    known = wording or texts()
    rows = [
        {name: cell for name, cell in zip(COLUMNS, line, strict=True) if cell and name not in {"audience", "value"}}
        | {"value": msgspec.json.decode(line[_VALUE]) if line[_VALUE] else None}
        for line in _lines(figures, audience, known)
    ]
    found = {
        "audience": audience,
        "about": known.say(f"data.audience.{audience}"),
        "commune": figures.commune,
        "province": figures.province,
        "period": figures.period.key,
        "first": figures.period.first.isoformat(),
        "last": figures.until.isoformat(),
        "sample": figures.sample,
        "meaning": {f"{of}:{name}": meaning for of, name, meaning in _dictionary(known)},
        "rows": rows,
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def dictionary_csv(wording: Texts | None = None) -> bytes:
    """What each column of the tables holds, and what each word in it means."""
    return _written((("of", "name", "meaning"), *_dictionary(wording or texts())))


def _dictionary(known: Texts) -> Iterable[tuple[str, str, str]]:
    yield from (("column", name, known.say(f"data.column.{name}")) for name in COLUMNS)
    for column, words in _WORDS.items():
        yield from ((column, word, known.say(f"data.{column}.{word}")) for word in words)


_SESSIONS = ("held", "cancelled", "visitors", "questions", "replied")
_PROMISED = ("made", "due", "kept", "late", "unkept", "dropped", "older")
_MISSED = ("missed", "apologised", "apology_incomplete", "apology_after", "apology_none")
_WAYS = ("field", "age", "sex", "ethnicity")
_WORDS: dict[str, tuple[str, ...]] = {
    "audience": ("internal", "public"),
    "subject": ("survey", "cases", "dialogues", "all_cases", "sensitive", "sessions", "promises", "help", "official"),
    "cut": ("all", "village", "month", "channel", "kind", "category", "works", "session", "helper", *_WAYS),
    "measure": (
        *("listed", "invited", "served", "estimate", "low", "high"),
        *("n", "index", "level", "option", "no_opinion", "not_applicable", "mean", "nps"),
        *("received", "answered", "forwarded", "solved", "open", "carried", "away", "reopened", "again", "confirmed"),
        *("joined", "joined_into", "median_days", "rated", "stars", "due_answers", "in_time", "overdue", *_MISSED),
        *(*_SESSIONS, *_PROMISED, "forms", "entered", "total", "dissatisfied"),
    ),
    "hidden": ("small", "linked"),
}


def _lines(figures: Figures, audience: Audience, wording: Texts) -> list[Line]:
    p = Phrases(figures, wording)
    found = [line for survey in figures.surveys for line in _survey(p, survey)]
    found += _public(p) if audience == "public" else _internal(p)
    return [(audience, *line) for line in found]


def _survey(p: Phrases, survey: SurveyFigures) -> Iterable[Line]:
    days = (p.figures.period.first.isoformat(), p.figures.until.isoformat())

    def line(question: str, text: str, cut: str, measure: str, value: float | None, hidden: str, *when: str) -> Line:
        return ("survey", survey.id, question, text, cut, measure, _number(value), hidden, *(when or days))

    yield line("", survey.title, "all", "n", survey.responses, "")
    for channel in survey.channels:
        yield line("", survey.title, f"channel:{channel.id or 'other'}", "n", channel.n, "")
    for measure, value in _reached(survey):
        yield line("", survey.title, "all", measure, value, "")
    for question in survey.questions:
        for measure, number, hidden in _numbers(question):
            yield line(question.id, p.asked(question), "all", measure, number, hidden)
    cut = survey.villages
    asked = survey.overall
    if asked is None:
        return
    for row in cut.rows if cut is not None else ():
        when = (cut.first.isoformat(), cut.last.isoformat()) if cut is not None else days
        name = f"village:{row.name}"
        yield line(asked.id, p.asked(asked), name, "n", row.n, row.hidden, *when)
        yield line(asked.id, p.asked(asked), name, "index", row.index, row.hidden, *when)
    for one in survey.cuts:
        when = (one.first.isoformat(), one.last.isoformat())
        for part in one.rows:
            name = f"{one.way}:{part.id or part.name}"
            yield line(asked.id, p.asked(asked), name, "n", part.n, part.hidden, *when)
            yield line(asked.id, p.asked(asked), name, "index", part.index, part.hidden, *when)
    for point in survey.trend:
        when = (point.first.isoformat(), point.last.isoformat())
        yield line(asked.id, p.asked(asked), f"month:{point.period}", "n", point.n, point.hidden, *when)
        yield line(asked.id, p.asked(asked), f"month:{point.period}", "index", point.index, point.hidden, *when)


def _reached(survey: SurveyFigures) -> Iterable[tuple[str, float]]:
    """How many there are of whom those who answered are some."""
    if survey.sample is not None and survey.sample.rate is not None:
        yield "listed", survey.sample.size
        yield "invited", survey.sample.invited
    if survey.served is not None and survey.served.rate is not None:
        yield "served", survey.served.size or 0


def _numbers(question: QuestionFigures) -> Iterable[tuple[str, float | None, Hidden]]:
    yield "n", question.n, question.hidden
    if question.n is None:
        return
    for measure, value in (("index", question.index), ("mean", question.mean), ("nps", question.nps)):
        if value is not None:
            yield measure, value, ""
    found = question.estimate
    if found is not None and found.low is not None and found.high is not None:
        yield from (("estimate", found.value, ""), ("low", found.low, ""), ("high", found.high, ""))
    for level, count in enumerate(question.counts, start=1):
        yield f"level:{level}", count, "" if count is not None else "linked"
    for option in question.options:
        yield f"option:{option.id}", option.count, "" if option.count is not None else "linked"
    for measure, count in (("no_opinion", question.no_opinion), ("not_applicable", question.not_applicable)):
        if count != 0:
            yield measure, count, "" if count is not None else "linked"


def _internal(p: Phrases) -> list[Line]:
    figures = p.figures
    lines = [
        *_told(p, "cases", [*_cases(figures.cases), *_judged(figures.cases)]),
        *_told(p, "dialogues", [*_cases(figures.dialogues), *_judged(figures.dialogues)]),
        *_told(p, "all_cases", [*_times(figures.times), *_missed(figures.promises)]),
        *_sessions(p, figures.sessions),
    ]
    help, official = figures.help, figures.official
    if help.helpers:
        forms = [(f"helper:{one.id}", "forms", one.forms) for one in help.helpers if not help.quarterly]
        entered = [(f"helper:{one.id}", "entered", float(one.cases)) for one in help.helpers]
        lines += _told(p, "help", [*forms, *entered])
    if official.total:
        names = ("total", "in_time", "dissatisfied")
        lines += _told(p, "official", [("all", name, getattr(official, name)) for name in names])
    return lines


def _public(p: Phrases) -> list[Line]:
    public = p.figures.public
    lines = []
    for subject, cases in (("cases", public.cases), ("dialogues", public.dialogues)):
        if cases is not None:
            lines += _told(p, subject, _cases(cases))
    lines += _told(p, "all_cases", [*_times(public.times), *_missed(public.promises)])
    lines += _told(p, "sensitive", [(f"{one.group}:{one.id}", "received", one.received) for one in public.sensitive])
    return [*lines, *_sessions(p, p.figures.sessions)]


def _cases(cases: CaseFigures) -> Iterable[Cell]:
    for name in (*COUNTS, "carried", "away", "reopened", "again", "confirmed"):
        yield "all", name, getattr(cases, name)
    if cases.joined:
        yield "all", "joined", cases.joined
        yield "all", "joined_into", cases.joined_into
    yield "all", "median_days", cases.median_days
    groups: tuple[tuple[str, tuple[CaseCount, ...]], ...] = (
        ("kind", cases.kinds),
        ("category", cases.categories),
        ("village", cases.villages),
        ("works", cases.works),
    )
    for group, counts in groups:
        for count in counts:
            yield from ((f"{group}:{count.name or count.id}", name, getattr(count, name)) for name in COUNTS)


def _judged(cases: CaseFigures) -> Iterable[Cell]:
    if cases.rated.n:
        yield "all", "rated", cases.rated.n
        yield "all", "stars", cases.rated.mean


def _times(times: TimeFigures) -> Iterable[Cell]:
    yield "all", "due_answers", times.answered
    yield "all", "in_time", times.in_time
    yield "all", "overdue", len(times.overdue)
    for group, name in GROUPS:
        for count in getattr(times, name):
            cut = f"{group}:{count.name or count.id}"
            yield cut, "due_answers", count.answered
            yield cut, "in_time", count.in_time


def _missed(promises: PromiseFigures) -> Iterable[Cell]:
    values = (promises.missed, promises.in_time, promises.incomplete, promises.after, promises.none)
    return (("all", name, value) for name, value in zip(_MISSED, values, strict=True))


def _sessions(p: Phrases, sessions: SessionFigures) -> list[Line]:
    names = ("held", "cancelled", "visitors", "questions", "answered")
    found: list[Cell] = [
        (f"session:{one.id}", measure, getattr(one, name))
        for one in sessions.kinds
        for measure, name in zip(_SESSIONS, names, strict=True)
    ]
    promises: KeptPromises = sessions.promises
    return [
        *_told(p, "sessions", found),
        *_told(p, "promises", [("all", name, getattr(promises, name)) for name in _PROMISED]),
    ]


def _told(p: Phrases, subject: str, cells: Iterable[Cell]) -> list[Line]:
    first, last = p.figures.period.first.isoformat(), p.figures.until.isoformat()
    return [
        (subject, "", "", "", cut, measure, _number(value), _why(subject, measure, value), first, last)
        for cut, measure, value in cells
    ]


def _why(subject: str, measure: str, value: float | None) -> str:
    """Why a number is not there: a median of nothing, or a mean of too few, is none that is withheld."""
    return "small" if value is None and (subject == "sensitive" or measure == "forms") else ""


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def _written(lines: Iterable[Line]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_safe(cell) for cell in line] for line in lines)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and not _A_NUMBER.fullmatch(cell) else cell
