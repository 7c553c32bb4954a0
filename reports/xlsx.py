"""The annex as XLSX: every figure of the report as numbers, with the spreadsheet's own charts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from reports.case_figures import CaseFigures
from reports.figures import Figures
from reports.phrases import Phrases
from reports.survey_figures import Hidden, QuestionFigures, SurveyFigures
from reports.texts import Texts, texts

Value = str | int | float | None
"""None is an empty cell. Shares are of 1; a text is never read as a formula or an address."""

_SHEETS = ("summary", "factors", "questions", "villages", "cases", "trend")
_TITLE_ROW, _HEAD_ROW = 0, 3
_MAIN, _SECOND = "#1f5a93", "#e0a458"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_xlsx(figures: Figures, made_on: date, wording: Texts | None = None) -> bytes:
    """The file, with six sheets."""
    raw = BytesIO()
    book = xlsxwriter.Workbook(raw, _OPTIONS)
    annex = _Annex(book, Phrases(figures, wording or texts()))
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


class _Annex:
    """The six sheets of one file; each has its title above and its first row of names frozen."""

    def __init__(self, book: Any, p: Phrases) -> None:
        self.p = p
        self.book = book
        self.title = p.say("sheet.title", about=p.say("doc.about", period=p.figures.period.title))
        self.sample = p.say("doc.sample") if p.figures.sample else ""
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
        lined = {**base, "border": 1, "border_color": "#808080"}
        self.formats = {
            "title": book.add_format({**base, "bold": True, "font_size": 13}),
            "sample": book.add_format({**base, "bold": True, "font_color": "#b00000"}),
            "note": book.add_format({**base, "italic": True}),
            "head": book.add_format(
                {**lined, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#e7edf3"}
            ),
            "text": book.add_format({**lined, "text_wrap": True}),
            "count": book.add_format({**lined, "num_format": "#,##0"}),
            "decimal": book.add_format({**lined, "num_format": "#,##0.0"}),
            "share": book.add_format({**lined, "num_format": "0.0%"}),
            "hidden": book.add_format({**lined, "align": "right", "font_color": "#595959"}),
        }
        self.sheets = {id: book.add_worksheet(p.say(f"sheet.{id}")) for id in _SHEETS}

    def table(
        self, id: str, head: Sequence[str], rows: Iterable[Sequence[Value]], widths: Sequence[float], kinds: str
    ) -> int:
        """Fill a sheet: `kinds` gives a letter a column (t text, c count, d decimal, s share); returns the last row."""
        sheet = self.sheets[id]
        self._frame(sheet, head, widths)
        at = _HEAD_ROW
        for at, row in enumerate(rows, start=_HEAD_ROW + 1):
            self._row(sheet, at, row, kinds)
        if at == _HEAD_ROW:
            sheet.write_string(_HEAD_ROW + 1, 0, self.p.say("sheet.none"), self.formats["note"])
        return at

    def _frame(self, sheet: Any, head: Sequence[str], widths: Sequence[float]) -> None:
        figures = self.p.figures
        sheet.write_string(_TITLE_ROW, 0, self.title, self.formats["title"])
        dates = self.p.say("doc.dates", first=self.p.day(figures.period.first), last=self.p.day(figures.until))
        sheet.write_string(1, 0, dates, self.formats["note"])
        if self.sample:
            sheet.write_string(2, 0, self.sample, self.formats["sample"])
            sheet.set_header(f"&C&B{self.sample}")
        for column, (text, width) in enumerate(zip(head, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(_HEAD_ROW, column, text, self.formats["head"])
        sheet.freeze_panes(_HEAD_ROW + 1, 0)
        sheet.repeat_rows(_HEAD_ROW)
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _row(self, sheet: Any, at: int, row: Sequence[Value], kinds: str) -> None:
        names = {"t": "text", "c": "count", "d": "decimal", "s": "share"}
        for column, (value, kind) in enumerate(zip(row, kinds, strict=True)):
            if value is None:
                sheet.write_blank(at, column, None, self.formats["text"])
            elif isinstance(value, str):
                sheet.write_string(at, column, value, self.formats["text" if kind == "t" else "hidden"])
            else:
                sheet.write_number(at, column, value, self.formats[names[kind]])

    def why(self, hidden: Hidden) -> str:
        """In place of a number that is not published."""
        return self.p.hidden(hidden)

    def chart(self, id: str, kind: str, name: str, columns: Sequence[int], last: int, place: str, **look: Any) -> None:
        """A chart of the spreadsheet over the rows of a sheet. `columns` are the series; the first column the labels."""
        first, sheet = _HEAD_ROW + 1, self.sheets[id]
        if last < first:
            return
        title = self.p.say(f"sheet.{id}")
        chart = self.book.add_chart({"type": kind})
        for color, column in zip((_MAIN, _SECOND), columns, strict=False):
            chart.add_series(
                {
                    "name": [title, _HEAD_ROW, column],
                    "categories": [title, first, look.get("labels", 0), last, look.get("labels", 0)],
                    "values": [title, first, column, last, column],
                    "fill": {"color": color},
                    "line": {"color": color},
                    "marker": {"type": "circle", "fill": {"color": color}} if kind == "line" else None,
                    "data_labels": {"value": True},
                    "gap": 60,
                }
            )
        chart.set_title({"name": name, "name_font": {"size": 12}, "overlay": False})
        share = look.get("share", True)
        values = {"num_format": "0%", "min": 0, "max": 1} if share else {"num_format": "0", "min": 0}
        values["major_gridlines"] = {"visible": True, "line": {"color": "#d9d9d9"}}
        names: dict[str, Any] = {"reverse": True} if kind == "bar" else {}
        # In a bar chart of this format the x axis still is that of the names.
        chart.set_x_axis(names)
        chart.set_y_axis(values)
        chart.set_legend({"position": "bottom"} if len(columns) > 1 else {"none": True})
        chart.set_size({"width": 620, "height": max(260, 60 + 26 * (last - first + 1)) if kind == "bar" else 300})
        sheet.insert_chart(place, chart, {"description": name})

    def summary(self) -> None:
        p, figures = self.p, self.p.figures
        rows: list[tuple[Value, ...]] = []
        for survey in figures.surveys:
            rows.append(
                (p.say("head.survey", title=survey.title, number=survey.number), p.say("col.n"), survey.responses)
            )
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
                survey.title,
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
        self.chart("factors", "bar", p.say("chart.factors", index=self._index()), (4,), last, "H4")

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
        self.table("questions", head, rows, (34, 70, 28, 12, 12, 16, 14), "tttcssd")

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
                rows.append((name, survey.title, cut.title, n, index))
        head = (p.say("col.village"), p.say("col.survey"), p.say("doc.period"), p.say("col.n"), self._index())
        last = self.table("villages", head, rows, (34, 40, 16, 18, 16), "tttcs")
        if any(not isinstance(row[3], str) for row in rows):
            name = p.say("chart.villages", index=self._index(), period=str(rows[0][2]))
            self.chart("villages", "bar", name, (4,), last, "G4")

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
            head += [f"{p.index(survey)}: {survey.title}", f"n: {survey.title}"]
        rows: list[tuple[Value, ...]] = []
        for at, month in enumerate(months):
            cases, dialogues = figures.cases.months[at], figures.dialogues.months[at]
            row: list[Value] = [month, cases.received, cases.answered, dialogues.received, dialogues.answered]
            for survey in figures.surveys:
                row += _trend_cells(self, survey, month)
            rows.append(tuple(row))
        kinds = "tcccc" + "sc" * len(figures.surveys)
        last = self.table("trend", head, rows, (14, *[18] * (len(head) - 1)), kinds)
        self.chart("trend", "column", p.say("chart.cases"), (1, 2), last, "A13", share=False)
        for at, survey in enumerate(figures.surveys):
            if survey.trend:
                title = f"{p.say('chart.trend', index=p.index(survey))}: {survey.title}"
                self.chart("trend", "line", title, (5 + 2 * at,), last, f"F{13 + 16 * at}")

    def _index(self) -> str:
        """All surveys of a report use the plan's one index."""
        surveys = self.p.figures.surveys
        return self.p.index(surveys[0]) if surveys else self.p.say("index.top2")


def _or_none(p: Phrases, value: float | None) -> Value:
    return p.say("none") if value is None else value


def _question_rows(annex: _Annex, survey: SurveyFigures, question: QuestionFigures) -> list[tuple[Value, ...]]:
    p = annex.p
    if question.n is None:
        return [(survey.title, question.text, None, annex.why(question.hidden), None, None, None)]
    rows: list[tuple[Value, ...]] = [
        (survey.title, question.text, None, question.n, None, question.index, question.mean)
    ]
    if question.counts:
        named = [(p.say(f"level.{level}"), count) for level, count in enumerate(question.counts, start=1)]
        rows += [
            (None, None, name, count, count / question.n if question.n else None, None, None) for name, count in named
        ]
        asides = (("col.no_opinion", question.no_opinion), ("col.not_applicable", question.not_applicable))
        rows += [(None, None, p.say(key), count, None, None, None) for key, count in asides if count]
    for option in question.options:
        rows.append((None, None, option.text or p.named("option", option.id), option.count, option.share, None, None))
    return rows


def _case_rows(p: Phrases, cases: CaseFigures, head: str) -> list[tuple[Value, ...]]:
    name = p.say(head).split(". ", 1)[-1]
    rows: list[tuple[Value, ...]] = [(name, p.say("row.total"), cases.received, cases.answered, cases.open)]
    groups = (("kind", cases.kinds), ("category", cases.categories), ("", cases.villages))
    for group, counts in groups:
        for count in counts:
            label = p.named(group, count.id) if group else count.name or p.say("row.no_village")
            rows.append((name, label, count.received, count.answered, count.open))
    return rows


def _trend_cells(annex: _Annex, survey: SurveyFigures, month: str) -> list[Value]:
    for point in survey.trend:
        if point.title == month:
            if point.hidden:
                return [annex.why(point.hidden), annex.why(point.hidden)]
            return [point.index, point.n]
    return [None, None]
