"""One worksheet of an .xlsx, as a stream: cells with something in them, merged areas, hidden rows, failed formulas."""

import re
from collections.abc import Iterator

from surveys.faults import Fault
from surveys.sheets.grid import MAX_COLUMNS, Area, Limits, Sheet, place_in, plain, refused
from surveys.sheets.xlsx_parts import Archive, Attributes, Styles, Text, unescaped
from vietnam.numbers import number_vi

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_MAX_REMARKS = 100
_MAX_AREAS = 2_000


class Counted:
    """How many cells all sheets of the file have so far."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.cells = 0


class RawSheet:
    """A sheet as it stands in the file: each cell's type, style and value, to be finished with the shared texts."""

    def __init__(self, archive: Archive, path: str, title: str, *, hidden: bool, counted: Counted) -> None:
        self.title = plain(title)
        self.remarks: list[Fault] = []
        self._hidden = hidden
        self._counted = counted
        self._rows: dict[int, dict[int, tuple[str, int, str]]] = {}
        self._hidden_rows: list[int] = []
        self._areas: list[Area] = []
        self._row = self._column = 0
        self._kind, self._style = "n", 0
        self._piece = Text()
        self._inside = self._formula = False
        self._sounds = 0
        archive.parse(path, self._start, self._end, self._text)

    def shared(self) -> Iterator[int]:
        """The numbers of the shared texts it needs."""
        return (int(value) for row in self._rows.values() for kind, _, value in row.values() if kind == "s")

    def finished(self, texts: dict[int, str], styles: Styles) -> Sheet:
        """The sheet in plain text. SurveyFaults where a text stands beyond the last column that is read."""
        rows: dict[int, tuple[str, ...]] = {}
        for number in sorted(self._rows):
            found = {column: _shown(*cell, texts, styles) for column, cell in self._rows[number].items()}
            last = max((column for column, text in found.items() if text), default=0)
            if last > MAX_COLUMNS:
                place = place_in(self.title, number, last)
                raise refused(self._counted.name, "sheet.too_wide", place, most=str(MAX_COLUMNS))
            if last:
                rows[number] = tuple(found.get(column, "") for column in range(1, last + 1))
        return Sheet(
            name=self.title,
            rows=rows,
            merged=tuple(self._areas),
            hidden=self._hidden,
            hidden_rows=tuple(self._hidden_rows),
        )

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._cell(attributes)
        elif tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if attributes.get("hidden") in {"1", "true"} and len(self._hidden_rows) <= self._counted.limits.rows:
                self._hidden_rows.append(self._row)
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._sounds += 1
        elif (
            tag == "mergeCell"
            and len(self._areas) < _MAX_AREAS
            and (area := _AREA.fullmatch(attributes.get("ref", "")))
        ):
            self._areas.append(Area(int(area[2]), _column(area[1]), int(area[4]), _column(area[3])))
        self._inside = tag == "v" or (tag == "t" and not self._sounds)

    def _cell(self, attributes: Attributes) -> None:
        where = _CELL.fullmatch(attributes.get("r", ""))
        self._column = _column(where[1]) if where else self._column + 1
        self._row = int(where[2]) if where else self._row
        self._kind, self._style = attributes.get("t", "n"), int(attributes.get("s", "0"))
        self._piece, self._formula = Text(), False

    def _text(self, piece: str) -> None:
        if self._inside:
            self._piece.add(piece)

    def _end(self, tag: str) -> None:
        self._inside = False
        if tag == "rPh":
            self._sounds -= 1
        if tag != "c":
            return
        value = str(self._piece)
        if self._kind == "e":
            self._remark("sheet.formula_error", found=value[:20])
        elif self._formula and not value and self._kind != "str":
            self._remark("sheet.formula_empty")
        if not value.strip():
            return
        self._counted.cells += 1
        if self._counted.cells > self._counted.limits.cells:
            raise refused(self._counted.name, "sheet.too_many_cells", most=number_vi(self._counted.limits.cells))
        self._rows.setdefault(self._row, {})[self._column] = (self._kind, self._style, value)
        if len(self._rows) > self._counted.limits.rows:
            raise refused(
                self._counted.name, "sheet.too_long", place_in(self.title), most=number_vi(self._counted.limits.rows)
            )

    def _remark(self, code: str, **params: str) -> None:
        if len(self.remarks) < _MAX_REMARKS:
            self.remarks.append(Fault(code, place_in(self.title, self._row, self._column), params))


def _shown(kind: str, style: int, value: str, texts: dict[int, str], styles: Styles) -> str:
    if kind == "s":
        return plain(texts[int(value)])
    if kind == "b":
        return "TRUE" if value.strip() == "1" else "FALSE"
    if kind == "n":
        return styles.shown(value, style)
    if kind == "d":  # ISO 8601, written by few programs
        return value.strip().removesuffix("T00:00:00").removesuffix(".000")
    return plain(unescaped(value))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
