"""CSV as offices save it: UTF-8 or UTF-16, cut by commas, semicolons or tabs. Tells what is no spreadsheet at all."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from io import StringIO
from itertools import islice

from surveys.sheets.grid import MAX_COLUMNS, Limits, Sheet, Workbook, place_in, plain, refused
from vietnam.numbers import number_vi

_DELIMITERS = ",;\t|"
_HEAD = 4096
_SIGNATURES = {b"%PDF": "sheet.pdf", b"{\\rtf": "sheet.word", b"MIME-Version:": "sheet.html"}


def read_csv(data: bytes, name: str, limits: Limits) -> Workbook:
    """The workbook of one nameless sheet; SurveyFaults where the bytes are no such text."""
    for signature, code in _SIGNATURES.items():
        if data.startswith(signature):
            raise refused(name, code)
    text = _decoded(data, name)
    if not text.strip():
        raise refused(name, "sheet.empty")
    head = text[:_HEAD].lstrip().lower()
    if head.startswith("<"):
        raise refused(name, _marked_up(head))
    return Workbook(name=name, sheets=(Sheet(name="", rows=_rows(text, name, limits)),))


def _marked_up(head: str) -> str:
    """What a file of tags is: a web page (also as Excel saves one), Excel's XML of 2003, or something else."""
    if any(tag in head for tag in ("<html", "<table", "<!doctype html")):
        known_xml = 'progid="excel.sheet"' in head and "<html" not in head
        return "sheet.xml" if known_xml else "sheet.html"
    return "sheet.xml" if "schemas-microsoft-com:office:spreadsheet" in head else "sheet.unknown"


def _decoded(data: bytes, name: str) -> str:
    wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    # Bytes that no text has: a picture, a program, something encrypted. UTF-16 has its mark when Excel writes it.
    if not wide and any(code < 9 or 13 < code < 32 for code in data[:_HEAD]):
        raise refused(name, "sheet.unknown")
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise refused(name, "sheet.encoding") from None
    if "\0" in text:
        raise refused(name, "sheet.unknown")
    return text


def _rows(text: str, name: str, limits: Limits) -> dict[int, tuple[str, ...]]:
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=,"):
        return _parsed(rest, first.strip()[-1], name, limits, start=2)
    return _parsed(text, _delimiter(text), name, limits, start=1)


def _delimiter(text: str) -> str:
    """The sign that cuts the first rows into the most columns; a comma where none cuts."""

    def columns(sign: str) -> int:
        try:
            return sum(len(row) - 1 for row in islice(csv.reader(text[:_HEAD].split("\n"), delimiter=sign), 20) if row)
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=columns)


def _parsed(text: str, delimiter: str, name: str, limits: Limits, start: int) -> dict[int, tuple[str, ...]]:
    """Rows by the number that a spreadsheet program would show for them."""
    rows: dict[int, tuple[str, ...]] = {}
    cells = 0
    number = start - 1
    try:
        for number, row in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), start):
            texts = [plain(cell) for cell in row]
            while texts and not texts[-1]:
                texts.pop()
            if not texts:
                continue
            if len(texts) > MAX_COLUMNS:
                raise refused(name, "sheet.too_wide", place_in("", number, len(texts)), most=str(MAX_COLUMNS))
            cells += len(texts)
            rows[number] = tuple(texts)
            if len(rows) > limits.rows:
                raise refused(name, "sheet.too_long", most=number_vi(limits.rows))
            if cells > limits.cells:
                raise refused(name, "sheet.too_many_cells", most=number_vi(limits.cells))
    except (csv.Error, ValueError):
        raise refused(name, "sheet.csv", place_in("", number + 1)) from None
    return rows
