"""The province's workbook: every commune of the roll-up as numbers, with the spreadsheet's own charts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from reports.lettering import tidy
from reports.province import CommuneRow, Province, ScoreRow, Scores
from reports.province_document import Words, reading
from reports.texts import Texts, texts
from reports.xlsx import OPTIONS
from reports.xlsx_parts import formats
from vietnam.numbers import date_vi

Value = str | int | float | None
"""None is an empty cell. Shares are of 1; a text is never read as a formula or an address."""

HEAD_ROW = 3
_A4 = 9
_NOTES = 8
"""Rows under a table that its sum and its notes may take."""
_MAIN, _SECOND = "#1f5a93", "#e0a458"
_BAR, _MOST_HIGH = 22, 2400
_SUMS = ("received", "answered", "open", "timed", "in_time")
_TALK = ("wishes", "wishes_answered", "held", "receptions", "questions", "questions_answered", "due", "kept")
_KINDS = {"t": "text", "c": "count", "d": "decimal", "s": "share"}


def write_province(province: Province, wording: Texts | None = None) -> bytes:
    """The file: who has sent, cases, a sheet for each survey that communes share, and how to read it."""
    raw = BytesIO()
    book = xlsxwriter.Workbook(raw, OPTIONS)
    sheets = _Sheets(book, Words(province, wording or texts()))
    made = province.made_on
    book.set_properties(
        {
            "title": sheets.title,
            "author": tidy(province.name),
            "comments": sheets.sample,
            "created": datetime(made.year, made.month, made.day),  # noqa: DTZ001 - the format knows no zone
        }
    )
    sheets.sent()
    sheets.cases()
    sheets.dialogues()
    for number, scores in enumerate(province.scores, start=1):
        sheets.scores(scores, number)
    sheets.alone()
    sheets.reading()
    book.close()
    return raw.getvalue()


class _Sheets:
    """One workbook being filled; every sheet has its title above and its row of names frozen."""

    def __init__(self, book: xlsxwriter.Workbook, words: Words) -> None:
        self._book = book
        self._words = words
        self._province = words.province
        self.title = words.say("province.sheet.about", period=words.province.period.title, province=words.province.name)
        self.sample = words.say("doc.sample") if words.province.sample else ""
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
        lined = {**base, "border": 1, "border_color": "#808080"}
        self._formats = {
            **formats(book),
            "long": book.add_format({**base, "text_wrap": True, "valign": "top"}),
            "total": book.add_format({**lined, "bold": True, "text_wrap": True}),
            "total_c": book.add_format({**lined, "bold": True, "num_format": "#,##0"}),
            "total_s": book.add_format({**lined, "bold": True, "num_format": "0.0%"}),
        }

    def sent(self) -> None:
        """Who is in, how, and until which day."""
        say = self._words.say
        rows: list[tuple[Value, ...]] = [
            (row.name, say(f"province.state.{row.state}"), date_vi(row.until), row.responses)
            for row in self._province.rows
        ]
        rows += [(name, say("province.state.missing"), None, None) for name in self._province.missing]
        rows += [(name, say("province.state.other_days"), None, None) for name in self._province.other_days]
        head = [say("province.col.commune"), *(say(f"province.sheet.col.{n}") for n in ("state", "until", "responses"))]
        self._table(say("province.sheet.sent"), head, rows, (36, 20, 18, 20), "tttc")

    def cases(self) -> None:
        """Cases and requests for dialogue by commune, their sums, and a chart."""
        say, total = self._words.say, self._province.total
        name = say("province.sheet.cases")
        head = [say(f"province.col.{one}") for one in ("commune", "received", "answered", "open")]
        shown = ("timed", "in_time", "on_time", "missed", "overdue", "median")
        head += [say(f"province.sheet.col.{one}") for one in shown]
        rows = [_case_cells(row) for row in self._province.rows]
        sums: list[Value] = [say("row.total"), total.received, total.answered, total.open, total.timed, total.in_time]
        sums += [total.in_time / total.timed if total.timed else None, total.missed, total.overdue, None]
        widths = (36, 12, 12, 12, 14, 12, 12, 12, 12, 16)
        sheet, last = self._table(name, head, rows, widths, "tcccccsccd", total=sums)
        self._chart(sheet, name, say("province.sheet.chart.cases"), (1, 2), last, share=False, right=len(head) + 1)

    def dialogues(self) -> None:
        """Dialogues and receptions: wished for, held, asked there, promised there."""
        say, total = self._words.say, self._province.total
        head = [say("province.col.commune"), *(say(f"province.sheet.col.{one}") for one in _TALK)]
        rows = [(row.name, *(getattr(row, one) for one in _TALK)) for row in self._province.rows]
        sums = [say("row.total"), *(getattr(total, one) for one in _TALK)]
        widths = (36, *[14] * len(_TALK))
        self._table(say("province.sheet.dialogues"), head, rows, widths, "t" + "c" * len(_TALK), total=sums)

    def scores(self, scores: Scores, number: int) -> None:
        """One survey, as far as communes asked the same version of it."""
        words = self._words
        say = words.say
        name = say("province.sheet.scores", number=number)
        invited, placed = scores.kind == "invited", not scores.unranked
        head = [say("province.col.commune"), say("col.n"), words.index(scores)]
        kinds, widths = "tcs", [40, 16, 18]
        if invited:
            head += [say(f"province.sheet.col.{end}") for end in ("estimate", "low", "high")]
            kinds, widths = kinds + "sss", [*widths, 16, 16, 16]
        if placed:
            head += [say("province.sheet.col.best"), say("province.sheet.col.worst")]
            kinds, widths = kinds + "cc", [*widths, 16, 16]
        rows = [self._score_cells(row, invited=invited, placed=placed) for row in scores.rows]
        sums: list[Value] | None = None
        if scores.n is not None:
            sums = [say("province.row.shown", n=scores.shown), scores.n, scores.index, *[None] * (len(head) - 3)]
        sheet, last = self._table(name, head, rows, widths, kinds, total=sums)
        notes = [words.title(scores), say("province.sheet.version", version=scores.checksum or words.version(scores))]
        notes += [words.ranking(scores), *([say("province.place.how")] if placed else [])]
        for offset, note in enumerate(notes, start=3 if sums else 2):
            sheet.write_string(last + offset, 0, tidy(note), self._formats["note"])
        if any(row.index is not None for row in scores.rows):
            about = say("province.chart.scores", index=words.index(scores), title=scores.title)
            self._chart(sheet, name, about, (2,), last, share=True, right=len(head) + 1)

    def alone(self) -> None:
        """Surveys that stand beside nothing."""
        words = self._words
        rows = [
            (words.title(scores), words.version(scores), *self._score_cells(row, invited=False, placed=False))
            for scores in self._province.alone
            for row in scores.rows
        ]
        if not rows:
            return
        say = words.say
        head = (say("col.survey"), "SHA-256", say("province.col.commune"), say("col.n"), say("province.col.index"))
        self._table(say("province.sheet.alone"), head, rows, (52, 18, 36, 16, 16), "tttcs")

    def reading(self) -> None:
        """What whoever reads the numbers has to know."""
        sheet = self._book.add_worksheet(self._words.say("province.sheet.reading"))
        self._frame(sheet)
        sheet.set_column(0, 0, 110)
        lines = reading(self._words)
        if self._province.several:
            lines.append(self._words.say("province.several", titles="; ".join(self._province.several)))
        for at, line in enumerate(lines, start=HEAD_ROW):
            sheet.write_string(at, 0, tidy(line), self._formats["long"])
            sheet.set_row(at, 17.0 * (1 + len(line) // 105))

    def _score_cells(self, row: ScoreRow, *, invited: bool, placed: bool) -> tuple[Value, ...]:
        words = self._words
        cells: list[Value] = [words.name(row), words.n(row) if row.n is None else row.n]
        cells.append(words.say("none") if row.index is None else row.index)
        found = row.estimate
        if invited:
            cells += [None] * 3 if found is None else [found.value, found.low, found.high]
        if placed:
            cells += [row.place.best, row.place.worst] if row.place else [None, None]
        return tuple(cells)

    def _table(
        self,
        name: str,
        head: Sequence[str],
        rows: Iterable[Sequence[Value]],
        widths: Sequence[float],
        kinds: str,
        *,
        total: Sequence[Value] | None = None,
    ) -> tuple[Worksheet, int]:
        """A sheet of its own; `kinds` gives a letter a column. The sheet, and its last row before the total."""
        sheet = self._book.add_worksheet(name)
        self._frame(sheet)
        for column, (text, width) in enumerate(zip(head, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(HEAD_ROW, column, text, self._formats["head"])
        sheet.set_row(HEAD_ROW, 48)
        sheet.freeze_panes(HEAD_ROW + 1, 1)
        sheet.repeat_rows(HEAD_ROW)
        at = HEAD_ROW
        for at, row in enumerate(rows, start=HEAD_ROW + 1):
            self._row(sheet, at, row, kinds)
        if at == HEAD_ROW:
            sheet.write_string(HEAD_ROW + 1, 0, self._words.say("sheet.none"), self._formats["note"])
        elif total is not None:
            self._row(sheet, at + 1, total, kinds, total=True)
        return sheet, at

    def _frame(self, sheet: Worksheet) -> None:
        sheet.write_string(0, 0, tidy(self.title), self._formats["title"])
        days = {"first": date_vi(self._province.period.first), "last": date_vi(self._words.until)}
        sheet.write_string(1, 0, self._words.say("doc.dates", **days), self._formats["note"])
        if self.sample:
            sheet.write_string(2, 0, self.sample, self._formats["sample"])
            sheet.set_header(f"&C&B{self.sample}")
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _row(self, sheet: Worksheet, at: int, row: Sequence[Value], kinds: str, *, total: bool = False) -> None:
        for column, (value, kind) in enumerate(zip(row, kinds, strict=True)):
            numbers = {"c": "total_c", "s": "total_s", "d": "total_c"} if total else _KINDS
            if value is None:
                sheet.write_blank(at, column, None, self._formats["total" if total else "text"])
            elif isinstance(value, str):
                form = "total" if total else "text" if kind == "t" else "hidden"
                # Names come from other stores: never as a formula, whatever they begin with.
                sheet.write_string(at, column, tidy(value), self._formats[form])
            else:
                sheet.write_number(at, column, value, self._formats[numbers[kind]])

    def _chart(
        self,
        sheet: Worksheet,
        name: str,
        title: str,
        series: Sequence[int],
        last: int,
        *,
        share: bool,
        right: int,
    ) -> None:
        """Bars beside the table, so that they are seen at once; what is printed is the table."""
        first = HEAD_ROW + 1
        if last < first:
            return
        chart = self._book.add_chart({"type": "bar"})
        for color, column in zip((_MAIN, _SECOND), series, strict=False):
            chart.add_series(
                {
                    "name": [name, HEAD_ROW, column],
                    "categories": [name, first, 0, last, 0],
                    "values": [name, first, column, last, column],
                    "fill": {"color": color},
                    "data_labels": {"value": True},
                    "gap": 60,
                }
            )
        chart.set_title({"name": tidy(title), "name_font": {"size": 12}, "overlay": False})
        values: dict[str, Any] = {"num_format": "0%", "min": 0, "max": 1} if share else {"num_format": "0", "min": 0}
        values["major_gridlines"] = {"visible": True, "line": {"color": "#d9d9d9"}}
        # A bar chart lies on its side: its values run along the x axis, its first row stands on top.
        chart.set_x_axis(values)
        chart.set_y_axis({"reverse": True})
        chart.set_legend({"position": "bottom"} if len(series) > 1 else {"none": True})
        rows = last - first + 1
        chart.set_size({"width": 640, "height": min(_MOST_HIGH, 120 + _BAR * rows * len(series))})
        sheet.print_area(0, 0, last + _NOTES, right - 2)
        sheet.insert_chart(HEAD_ROW, right, chart, {"description": tidy(title)})


def _case_cells(row: CommuneRow) -> tuple[Value, ...]:
    on_time = row.in_time / row.timed if row.timed else None
    counts: list[Value] = [getattr(row, name) for name in _SUMS]
    return (
        row.name,
        *counts,
        on_time,
        row.missed,
        row.overdue,
        row.median_days,
    )
