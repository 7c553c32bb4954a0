"""The annex as XLSX: every figure of the report as numbers, with the spreadsheet's own charts."""

from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from reports import mood_xlsx, session_words, time_words, xlsx_samples
from reports.case_figures import CaseCount, CaseFigures
from reports.case_words import COUNTS
from reports.figures import Figures
from reports.phrases import Phrases
from reports.promise_figures import PromiseCount, PromiseFigures
from reports.survey_figures import QuestionFigures, SurveyFigures
from reports.texts import Texts, texts
from reports.xlsx_parts import Annex, Value
from surveys.statistics import MINIMUM

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_xlsx(figures: Figures, made_on: date, wording: Texts | None = None) -> bytes:
    """The file, with all its sheets."""
    raw = BytesIO()
    book = xlsxwriter.Workbook(raw, OPTIONS)
    annex = _Figures(book, Phrases(figures, wording or texts()))
    book.set_properties(
        {
            "title": annex.title,
            "author": figures.commune,
            "comments": annex.sample,
            "created": datetime(made_on.year, made_on.month, made_on.day),  # noqa: DTZ001 - the format knows no zone
        }
    )
    annex.summary()
    annex.factors()
    annex.questions()
    annex.villages()
    xlsx_samples.cuts(annex)
    xlsx_samples.estimates(annex)
    annex.cases()
    annex.times()
    annex.sessions()
    mood_xlsx.mood(annex)
    annex.promises()
    annex.help()
    annex.trend()
    book.close()
    return raw.getvalue()


class _Figures(Annex):
    """The sheets, filled."""

    def summary(self) -> None:
        p, figures = self.p, self.p.figures
        rows: list[tuple[Value, ...]] = []
        for survey in figures.surveys:
            rows.append((p.headed(survey), p.say("col.n"), survey.responses))
            rows += [
                (None, p.say("survey.channel", n=p.count(c.n), channel=p.named("channel", c.id or "other")), c.n)
                for c in survey.channels
            ]
        for head, cases in (("head.cases", figures.cases), ("kind.dialogue", figures.dialogues)):
            name = p.say(head).split(". ", 1)[-1]
            rows += [
                (name, p.say("col.received"), cases.received),
                (None, p.say("col.answered"), cases.answered),
                (None, p.say("col.open"), cases.open),
            ]
        last = self.table(
            "summary", (p.say("col.item"), p.say("col.kind"), p.say("col.value")), rows, (48, 44, 16), "ttc"
        )
        at = last + 2
        notes = [p.say("general.not_counted")]
        notes += list(dict.fromkeys(p.say(f"index.{survey.index}.how") for survey in figures.surveys))
        for offset, note in enumerate(notes):
            self.paragraph("summary", at + offset, 3, note, 52)

    def factors(self) -> None:
        p = self.p
        rows = [
            (
                factor.text,
                p.title(survey),
                factor.questions,
                factor.n,
                _or_none(p, factor.index),
                _or_none(p, factor.before),
            )
            for survey in p.figures.surveys
            for factor in survey.factors
        ]
        head = (
            p.say("col.factor"),
            p.say("col.survey"),
            p.say("col.questions"),
            p.say("col.opinions"),
            self._index(),
            p.say("col.before"),
        )
        last = self.table("factors", head, rows, (36, 40, 12, 12, 16, 14), "ttccss")
        self.chart("factors", "bar", p.say("chart.factors", index=self._index()), (4,), last, f"A{last + 4}")

    def questions(self) -> None:
        p = self.p
        rows: list[tuple[Value, ...]] = []
        for survey in p.figures.surveys:
            for question in survey.questions:
                rows += _question_rows(self, survey, question)
        head = (
            p.say("col.survey"),
            p.say("col.question"),
            p.say("col.choice"),
            p.say("col.persons"),
            p.say("col.share"),
            self._index(),
            p.say("col.mean"),
        )
        last = self.table("questions", head, rows, (34, 80, 28, 12, 12, 16, 18), "tttcssd")
        if any(p.say("withheld") in row for row in rows):
            self.note("questions", last + 2, p.say("withheld.note"))

    def villages(self) -> None:
        p = self.p
        rows: list[tuple[Value, ...]] = []
        for survey in p.figures.surveys:
            cut = survey.villages
            if cut is None:
                continue
            for row, name in [(row, row.name or p.say("row.no_village")) for row in cut.rows] + [
                (cut.whole, p.say("row.whole", whole=p.whole))
            ]:
                n = self.why(row.hidden) if row.hidden else row.n
                index = self.why(row.hidden) if row.hidden else row.index
                rows.append((name, p.title(survey), cut.title, n, index))
        head = (p.say("col.village"), p.say("col.survey"), p.say("doc.period"), p.say("col.n"), self._index())
        last = self.table("villages", head, rows, (34, 40, 16, 18, 16), "tttcs")
        if any(not isinstance(row[3], str) for row in rows):
            name = p.say("chart.villages", index=self._index(), period=str(rows[0][2]))
            self.chart("villages", "bar", name, (4,), last, f"A{last + 4}")

    def cases(self) -> None:
        p, figures = self.p, self.p.figures
        rows = [*_case_rows(p, figures.cases, "head.cases"), *_case_rows(p, figures.dialogues, "kind.dialogue")]
        head = (
            p.say("col.item"),
            p.say("col.group"),
            *(p.say(f"col.{name}") for name in COUNTS),
        )
        last = self.table("cases", head, rows, (40, 42, 14, 14, 14, 14, 14), "ttccccc")
        self.paragraph("cases", last + 2, len(head), p.say("cases.how"), 66)

    def times(self) -> None:
        p, times, official = self.p, self.p.figures.times, self.p.figures.official
        rows: list[tuple[Value, ...]] = [
            (
                p.say(f"col.{group}"),
                time_words.named(p, group, one),
                one.answered,
                one.in_time,
                one.in_time / one.answered if one.answered >= MINIMUM else p.say("none"),
            )
            for group, name in time_words.GROUPS
            for one in getattr(times, name)
        ]
        rows += [
            (p.say("table.overdue"), f"{one.code} · {p.named('category', one.category)}", None, one.days, None)
            for one in times.overdue
        ]
        for at, n in enumerate(
            (official.in_time, official.in_time - official.dissatisfied) if official.total else (), 1
        ):
            rows.append((p.say("official.head"), p.say(f"official.{at}"), official.total, n, n / official.total))
        head = [p.say(f"col.{name}") for name in ("cut", "item", "answered", "on_time_or_late", "share")]
        last = self.table("times", head, rows, (30, 50, 14, 20, 14), "ttccs")
        if rows:
            self.paragraph("times", last + 2, len(head), p.say("times.how"), 52)
        if official.total:
            self.paragraph("times", last + 3, len(head), p.say("official.note"), 66)

    def sessions(self) -> None:
        p, figures = self.p, self.p.figures.sessions
        rows: list[tuple[Value, ...]] = [
            (p.named("session.kind", one.id), *(getattr(one, name) for name in session_words.COUNTS))
            for one in figures.kinds
        ]
        promises = figures.promises
        parts = ("made", "due", "kept", "late", "unkept", "dropped", "older")
        if promises.made or promises.due or promises.older:
            rows += [(p.say(f"sessions.row.{name}"), getattr(promises, name), *[None] * 4) for name in parts]
        head = (p.say("col.session"), *(p.say(f"col.session.{name}") for name in session_words.COUNTS))
        last = self.table("sessions", head, rows, (52, 14, 14, 14, 14, 14), "tccccc")
        if rows:
            self.paragraph("sessions", last + 2, len(head), p.say("sessions.how"), 66)

    def promises(self) -> None:
        p, figures = self.p, self.p.figures.promises
        rows: list[tuple[Value, ...]] = [(p.say("row.total"), *_days(figures))] if figures.missed else []
        rows += [(p.named("kind", count.id), *_days(count)) for count in figures.kinds]
        rows += [(p.named("category", count.id), *_days(count)) for count in figures.categories]
        names = ("group", "missed", "in_time", "incomplete", "after", "no_word")
        head = [p.say(f"col.{name}") for name in names]
        last = self.table("promises", head, rows, (44, 16, 18, 22, 18, 18), "tccccc")
        if figures.missed:
            self.paragraph("promises", last + 2, len(head), p.say("promise.how"), 66)

    def help(self) -> None:
        p, figures = self.p, self.p.figures.help
        rows: list[tuple[Value, ...]] = []
        for name, forms, cases in (
            *((p.say(f"helper.{one.id}"), one.forms, one.cases) for one in figures.helpers),
            (p.say("row.total"), figures.forms, figures.cases),
        ):
            rows.append((name, p.say("withheld") if forms is None else forms, cases))
        head = (p.say("col.helper"), p.say("col.helped_forms"), p.say("col.helped_cases"))
        last = self.table("help", head, rows if figures.helpers else (), (34, 26, 34), "tcc")
        if any(row[1] == p.say("withheld") for row in rows):
            self.note("help", last + 2, p.say("withheld.note"))

    def trend(self) -> None:
        p, figures = self.p, self.p.figures
        months = [month.title for month in figures.cases.months]
        head = [p.say("col.month"), p.say("chart.cases.received"), p.say("chart.cases.answered")]
        head += [p.say("chart.dialogues.received"), p.say("chart.dialogues.answered")]
        for survey in figures.surveys:
            head += [f"{p.index(survey)}: {p.title(survey)}", f"n: {p.title(survey)}"]
        rows: list[tuple[Value, ...]] = []
        for at, month in enumerate(months):
            cases, dialogues = figures.cases.months[at], figures.dialogues.months[at]
            row: list[Value] = [month, cases.received, cases.answered, dialogues.received, dialogues.answered]
            for survey in figures.surveys:
                row += _trend_cells(self, survey, month)
            rows.append(tuple(row))
        kinds = "tcccc" + "sc" * len(figures.surveys)
        last = self.table("trend", head, rows, (14, *[18] * (len(head) - 1)), kinds)
        self.chart("trend", "column", p.say("chart.cases"), (1, 2), last, f"A{last + 4}", share=False)
        for at, survey in enumerate(figures.surveys):
            if survey.trend:
                title = f"{p.say('chart.trend', index=p.index(survey))}: {p.title(survey)}"
                self.chart("trend", "line", title, (5 + 2 * at,), last, f"F{last + 4 + 16 * at}")

    def _index(self) -> str:
        """All surveys of a report use the plan's one index."""
        surveys = self.p.figures.surveys
        return self.p.index(surveys[0]) if surveys else self.p.say("index.top2")


def _days(of: PromiseCount | PromiseFigures) -> tuple[int, ...]:
    return of.missed, of.in_time, of.incomplete, of.after, of.none


def _or_none(p: Phrases, value: float | None) -> Value:
    return p.say("none") if value is None else value


def _question_rows(annex: Annex, survey: SurveyFigures, question: QuestionFigures) -> list[tuple[Value, ...]]:
    p = annex.p
    name, gone = (p.title(survey), p.asked(question)), p.say("withheld")
    if question.n is None:
        return [(*name, None, annex.why(question.hidden), None, None, None)]
    score = None if question.nps is None else p.say("annex.nps", score=p.decimal(round(question.nps, 1)))
    mean: Value = question.mean if score is None else score
    rows: list[tuple[Value, ...]] = [(*name, None, question.n, None, question.index, mean)]
    for level, count in enumerate(question.counts, start=1):
        share: Value = gone if count is None else count / question.n if question.n else None
        rows.append((None, None, p.say(f"level.{level}"), gone if count is None else count, share, None, None))
    asides = (("col.no_opinion", question.no_opinion), ("col.not_applicable", question.not_applicable))
    for key, count in asides:
        if count != 0:
            rows.append((None, None, p.say(key), gone if count is None else count, None, None, None))
    for option in question.options:
        shown = (gone, gone) if option.count is None else (option.count, option.share)
        rows.append((None, None, option.text or p.named("option", option.id), *shown, None, None))
    rows += [(None, None, rank.text, None, None, None, rank.mean) for rank in question.ranks]
    return rows


def _case_rows(p: Phrases, cases: CaseFigures, head: str) -> list[tuple[Value, ...]]:
    name = p.say(head).split(". ", 1)[-1]
    rows: list[tuple[Value, ...]] = [(name, p.say("row.total"), *_five(cases))]
    groups = (("kind", cases.kinds), ("category", cases.categories), ("", cases.villages), ("works", cases.works))
    for group, counts in groups:
        if group == "kind" and len(counts) == 1:
            continue  # the total again
        for count in counts:
            label = count.name or (p.named(group, count.id) if group else p.say("row.no_village"))
            rows.append((name, label, *_five(count)))
    return rows


def _five(of: CaseCount | CaseFigures) -> tuple[int, ...]:
    return tuple(getattr(of, name) for name in COUNTS)


def _trend_cells(annex: Annex, survey: SurveyFigures, month: str) -> list[Value]:
    for point in survey.trend:
        if point.title == month:
            if point.hidden:
                return [annex.why(point.hidden), annex.why(point.hidden)]
            return [point.index, point.n]
    return [None, None]
