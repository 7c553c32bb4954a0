"""How many people the one-stop service served, read from a table that an officer copied or saved from Excel.

Two columns are enough, field and number. A column of months and headings may be there; a line "Tổng cộng" is checked
against the others and is no field. Nothing is guessed: what cannot be read is named by its cell.
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

from surveys.faults import Fault, SurveyFaults
from surveys.sheets.grid import Sheet, Workbook
from vietnam.text import clean, fold_words

_HEADINGS = {
    "number": ("stt", "tt", "so thu tu"),
    "month": ("thang", "ky", "thang nam"),
    "field": ("linh vuc", "linh vuc thu tuc", "thu tuc", "nhom thu tuc", "ten linh vuc", "loai thu tuc"),
    "count": (
        *("so luot", "so luot phuc vu", "luot", "so ho so", "ho so", "so luong", "so ho so tiep nhan"),
        *("so ho so da giai quyet", "so nguoi", "so luot nguoi", "tong so"),
    ),
}
_COLUMN = {word: column for column, words in _HEADINGS.items() for word in words}
_TOTALS = frozenset({"tong", "tong cong", "cong", "tong so", "tat ca"})
_LOOK = 10
_MOST_FAULTS = 20
_MOST = 10_000_000
LONGEST_FIELD = 120
_GROUPED = re.compile(r"[0-9]{1,3}([., ][0-9]{3})+|[0-9]+", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-[0-9]{2})?|([0-9]{1,2})[/.-]([0-9]{4})", re.ASCII)
_WORDS = re.compile(r"thang\s+([0-9]{1,2})(?:\s+nam)?\s+([0-9]{4})", re.ASCII)

Months = dict[str, dict[str, int]]
"""Month ("2026-10") -> field ("" for all together) -> people served."""


class _Line(msgspec.Struct, frozen=True):
    row: int
    month: str
    field: str
    count: int


def pasted(text: str) -> Workbook:
    """The table that was pasted from a spreadsheet: cells between tabs, else the number at the end of each line."""
    rows: dict[int, tuple[str, ...]] = {}
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        cells = line.split("\t") if "\t" in line else _at_the_end(line)
        found = tuple(" ".join(clean(cell)[0].split()) for cell in cells)
        if any(found):
            rows[number] = found
    return Workbook(name="", sheets=(Sheet(name="", rows=rows),))


def _at_the_end(line: str) -> list[str]:
    """Typed by hand, "Đất đai: 120" or "Đất đai; 120"."""
    found = re.fullmatch(r"(.*?)[\s:;]+([0-9][0-9.,]*)\s*", line)
    return [found[1], found[2]] if found else [line]


def read_served(book: Workbook, month: str = "") -> Months:
    """The months of the first sheet with something in it; `month` is that of a table without a column of months.

    SurveyFaults names every cell that cannot be used: then nothing is to be kept.
    """
    sheet = next((one for one in book.sheets if one.rows), None)
    if sheet is None:
        raise SurveyFaults(book.name, [Fault("served.empty")])
    reading = _Reading(sheet, month)
    months = reading.months()
    if not months and not reading.faults:
        reading.faults.append(Fault("served.empty"))
    if reading.faults:
        raise SurveyFaults(book.name, reading.faults[:_MOST_FAULTS])
    return months


class _Reading:
    """One sheet, gathering what is wrong with it."""

    def __init__(self, sheet: Sheet, month: str) -> None:
        self.sheet = sheet
        self.faults: list[Fault] = []
        self._month = month
        self._columns, self._first = _columns(sheet)

    def months(self) -> Months:
        lines = [line for row in self.sheet.rows if row >= self._first and (line := self._line(row)) is not None]
        return self._checked(lines)

    def _line(self, row: int) -> _Line | None:
        said = {name: self.sheet.cell(row, column) for name, column in self._columns.items()}
        if not any(text for name, text in said.items() if name != "number"):
            return None
        month = self._month_of(row, said.get("month", ""))
        field = said.get("field", "")
        if len(field) > LONGEST_FIELD:
            self._fault("served.field_long", row, "field", most=str(LONGEST_FIELD))
        text = said.get("count", "")
        count = number(text)
        if count is None or count > _MOST:
            self._fault("served.count" if text else "served.count_empty", row, "count", text=text)
            return None
        return _Line(row, month, field, count) if month else None

    def _month_of(self, row: int, text: str) -> str:
        if "month" not in self._columns:
            if not self._month and not any(fault.code == "served.month_none" for fault in self.faults):
                self._fault("served.month_none", row, "count")
            return self._month
        found = month_of(text)
        if not found:
            self._fault("served.month", row, "month", text=text)
        elif self._month and found != self._month:
            self._fault("served.month_other", row, "month", text=text)
            return ""
        return found

    def _checked(self, lines: Iterable[_Line]) -> Months:
        months: Months = {}
        totals: dict[str, _Line] = {}
        for line in lines:
            if fold_words(line.field) in _TOTALS:
                totals[line.month] = line
                continue
            fields = months.setdefault(line.month, {})
            same = {fold_words(known) for known in fields}
            if fold_words(line.field) in same:
                self._fault(
                    "served.field_twice" if line.field else "served.two_numbers", line.row, "field", text=line.field
                )
            elif fields and (not line.field or "" in fields):
                self._fault("served.field_none", line.row, "count")
            fields[line.field] = line.count
        for month, line in totals.items():
            fields = months.setdefault(month, {})
            if not fields:
                fields[""] = line.count
            # A line that could not be read is missing in the sum as well: that is no second fault.
            elif not self.faults and sum(fields.values()) != line.count:
                self._fault("served.total", line.row, "count", text=str(line.count), total=str(sum(fields.values())))
        return months

    def _fault(self, code: str, row: int, column: str, /, **params: str) -> None:
        place = self.sheet.place(row, self._columns.get(column, self._columns["count"]))
        self.faults.append(Fault(code, place, params))


def _columns(sheet: Sheet) -> tuple[Mapping[str, int], int]:
    """The column (from 1) of each thing, and the first row of the numbers; without headings by the last columns."""
    for row in list(sheet.rows)[:_LOOK]:
        columns: dict[str, int] = {}
        for place, text in enumerate(sheet.rows[row], start=1):
            known = _COLUMN.get(fold_words(text))
            if known is not None:
                columns.setdefault(known, place)
        if "count" in columns:
            return columns, row + 1
    widths = [sum(bool(cell) for cell in row) for row in sheet.rows.values()]
    if max(widths) <= 1:
        return {"count": 1}, 1
    return {"field": 1, "count": 2}, 1


def number(text: str) -> int | None:
    """ "1.234", "1,234", "1 234" and "1234" as 1234; None for anything else, also for what has decimals."""
    found = _GROUPED.fullmatch(text.strip())
    return int(re.sub(r"[., ]", "", found[0])) if found else None


def month_of(text: str) -> str:
    """ "2026-10" of "10/2026", "tháng 10 năm 2026", "2026-10-01"; "" where it is no month."""
    found = _MONTH.fullmatch(text.strip())
    if found:
        year, at = (found[1], found[2]) if found[1] else (found[4], found[3])
    else:
        spoken = _WORDS.fullmatch(fold_words(text.replace("/", " ")))
        if spoken is None:
            return ""
        year, at = spoken[2], spoken[1]
    return f"{year}-{int(at):02d}" if 1 <= int(at) <= 12 and 2000 <= int(year) < 2100 else ""
