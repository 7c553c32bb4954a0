"""One workbook: how a sheet of the annex is framed, filled and drawn, whatever stands in it."""

from collections.abc import Iterable, Sequence
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.phrases import Phrases
from reports.survey_figures import Hidden

Value = str | int | float | None
"""None is an empty cell. Shares are of 1; a text is never read as a formula or an address."""

SHEETS = (
    "summary",
    "factors",
    "questions",
    "villages",
    "cuts",
    "estimates",
    "cases",
    "times",
    "sessions",
    "mood",
    "promises",
    "help",
    "trend",
)
HEAD_ROW = 3
_WIDE = frozenset({"questions", "cuts", "estimates", "trend"})
_A4 = 9
_MAIN, _SECOND = "#1f5a93", "#e0a458"
_KINDS = {"t": "text", "c": "count", "d": "decimal", "s": "share"}


def formats(book: Workbook) -> dict[str, Any]:
    """How the cells of every annex look, by what stands in them."""
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
    lined = {**base, "border": 1, "border_color": "#808080"}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 13}),
        "sample": book.add_format({**base, "bold": True, "font_color": "#b00000"}),
        "note": book.add_format({**base, "italic": True}),
        "head": book.add_format({**lined, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#e7edf3"}),
        "text": book.add_format({**lined, "text_wrap": True}),
        "count": book.add_format({**lined, "num_format": "#,##0"}),
        "decimal": book.add_format({**lined, "num_format": "#,##0.0"}),
        "share": book.add_format({**lined, "num_format": "0.0%"}),
        "hidden": book.add_format({**lined, "align": "right", "font_color": "#595959"}),
    }


class Annex:
    """The sheets of one file; each has its title above and its first row of names frozen."""

    def __init__(self, book: Workbook, p: Phrases) -> None:
        self.p = p
        self.book = book
        self.title = p.say("sheet.title", about=p.say("doc.about"), period=p.figures.period.title)
        self.sample = p.say("doc.sample") if p.figures.sample else ""
        self.formats = formats(book)
        self.sheets = {id: book.add_worksheet(p.say(f"sheet.{id}")) for id in SHEETS}

    def table(
        self, id: str, head: Sequence[str], rows: Iterable[Sequence[Value]], widths: Sequence[float], kinds: str
    ) -> int:
        """Fill a sheet: `kinds` gives a letter a column (t text, c count, d decimal, s share); returns the last row."""
        sheet = self.sheets[id]
        self._frame(sheet, head, widths)
        if id in _WIDE:
            sheet.set_landscape()
        at = HEAD_ROW
        for at, row in enumerate(rows, start=HEAD_ROW + 1):
            self._row(sheet, at, row, kinds)
        if at == HEAD_ROW:
            sheet.write_string(HEAD_ROW + 1, 0, self.p.say("sheet.none"), self.formats["note"])
        return at

    def _frame(self, sheet: Worksheet, head: Sequence[str], widths: Sequence[float]) -> None:
        figures = self.p.figures
        sheet.write_string(0, 0, self.title, self.formats["title"])
        dates = self.p.say("doc.dates", first=self.p.day(figures.period.first), last=self.p.day(figures.until))
        sheet.write_string(1, 0, dates, self.formats["note"])
        if self.sample:
            sheet.write_string(2, 0, self.sample, self.formats["sample"])
            sheet.set_header(f"&C&B{self.sample}")
        for column, (text, width) in enumerate(zip(head, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(HEAD_ROW, column, text, self.formats["head"])
        sheet.set_row(HEAD_ROW, 48)
        sheet.freeze_panes(HEAD_ROW + 1, 0)
        sheet.repeat_rows(HEAD_ROW)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)

    def _row(self, sheet: Worksheet, at: int, row: Sequence[Value], kinds: str) -> None:
        for column, (value, kind) in enumerate(zip(row, kinds, strict=True)):
            if value is None:
                sheet.write_blank(at, column, None, self.formats["text"])
            elif isinstance(value, str):
                sheet.write_string(at, column, value, self.formats["text" if kind == "t" else "hidden"])
            else:
                sheet.write_number(at, column, value, self.formats[_KINDS[kind]])

    def note(self, id: str, at: int, text: str) -> None:
        """A line under the table of a sheet."""
        self.sheets[id].write_string(at, 0, text, self.formats["note"])

    def paragraph(self, id: str, at: int, columns: int, text: str, height: int) -> None:
        """Some sentences under the table of a sheet, over so many of its columns; `height` in points."""
        sheet = self.sheets[id]
        sheet.merge_range(at, 0, at, columns - 1, "", self.formats["text"])
        sheet.write_string(at, 0, text, self.formats["text"])
        sheet.set_row(at, height)

    def why(self, hidden: Hidden) -> str:
        """In place of a number that is not published."""
        return self.p.hidden(hidden)

    def chart(
        self, id: str, kind: str, name: str, columns: Sequence[int], last: int, place: str, *, share: bool = True
    ) -> None:
        """A chart of the spreadsheet itself; `columns` are its series, the first column of the sheet its labels."""
        first, sheet = HEAD_ROW + 1, self.sheets[id]
        if last < first:
            return
        title = self.p.say(f"sheet.{id}")
        chart = self.book.add_chart({"type": kind})
        for color, column in zip((_MAIN, _SECOND), columns, strict=False):
            chart.add_series(
                {
                    "name": [title, HEAD_ROW, column],
                    "categories": [title, first, 0, last, 0],
                    "values": [title, first, column, last, column],
                    "fill": {"color": color},
                    "line": {"color": color},
                    "marker": {"type": "circle", "fill": {"color": color}} if kind == "line" else None,
                    "data_labels": {"value": True},
                    "gap": 60,
                }
            )
        chart.set_title({"name": name, "name_font": {"size": 12}, "overlay": False})
        values = (
            {"num_format": "0%", "min": 0, "max": 1, "major_unit": 0.25} if share else {"num_format": "0", "min": 0}
        )
        values["major_gridlines"] = {"visible": True, "line": {"color": "#d9d9d9"}}
        names: dict[str, Any] = {"reverse": True} if kind == "bar" else {}
        # A bar chart lies on its side: its values run along the x axis.
        chart.set_x_axis(values if kind == "bar" else names)
        chart.set_y_axis(names if kind == "bar" else values)
        chart.set_legend({"position": "bottom"} if len(columns) > 1 else {"none": True})
        chart.set_size({"width": 620, "height": max(260, 60 + 26 * (last - first + 1)) if kind == "bar" else 300})
        sheet.insert_chart(place, chart, {"description": name})
