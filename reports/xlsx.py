"""The annex as XLSX: every figure of the report as numbers, with the spreadsheet's own charts."""

from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from reports.case_figures import CaseFigures
from reports.figures import Figures
from reports.phrases import Phrases
from reports.survey_figures import QuestionFigures, SurveyFigures
from reports.texts import Texts, texts
from reports.xlsx_parts import Annex, Value

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_xlsx(figures: Figures, made_on: date, wording: Texts | None = None) -> bytes:
    """The file, with six sheets."""
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
    annex.cases()
    annex.trend()
    book.close()
    return raw.getvalue()


class _Figures(Annex):
    """The six sheets, filled."""

    def summary(self) -> None:
        p, figures = self.p, self.p.figures
        rows: list[tuple[Value, ...]] = []
        for survey in figures.surveys:
            rows.append((p.headed(survey), p.say("col.n"), survey.responses))
            rows += [
                (None, p.say("survey.channel", n=p.count(c.n), channel=p.named("channel", c.id or "other")), c.n)
                for c in survey.channels
            ]
        summary = self.sheets["summary"]
        for head, cases in (("head.cases", figures.cases), ("head.dialogues", figures.dialogues)):
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
            summary.merge_range(at + offset, 0, at + offset, 2, "", self.formats["text"])
            summary.write_string(at + offset, 0, note, self.formats["text"])
            summary.set_row(at + offset, 52)

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
        rows = [*_case_rows(p, figures.cases, "head.cases"), *_case_rows(p, figures.dialogues, "head.dialogues")]
        head = (
            p.say("col.item"),
            p.say("col.group"),
            p.say("col.received"),
            p.say("col.answered"),
            p.say("col.open"),
        )
        self.table("cases", head, rows, (40, 42, 14, 14, 14), "ttccc")

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
    rows: list[tuple[Value, ...]] = [(name, p.say("row.total"), cases.received, cases.answered, cases.open)]
    groups = (("kind", cases.kinds), ("category", cases.categories), ("", cases.villages))
    for group, counts in groups:
        if group == "kind" and len(counts) == 1:
            continue  # the total again
        for count in counts:
            label = p.named(group, count.id) if group else count.name or p.say("row.no_village")
            rows.append((name, label, count.received, count.answered, count.open))
    return rows


def _trend_cells(annex: Annex, survey: SurveyFigures, month: str) -> list[Value]:
    for point in survey.trend:
        if point.title == month:
            if point.hidden:
                return [annex.why(point.hidden), annex.why(point.hidden)]
            return [point.index, point.n]
    return [None, None]
