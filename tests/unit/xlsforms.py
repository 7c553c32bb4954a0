"""XLSForms made for tests, and what ODK makes of their expressions, told by XPath's own rules."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import BytesIO
from math import fmod, isnan, nan, trunc

import re2
from openpyxl import Workbook

from surveys.faults import Fault, SurveyFaults
from surveys.sheets import grid as sheets
from surveys.sheets.grid import read_workbook
from surveys.xlsform import xpath
from surveys.xlsform.reading import Imported, read_xlsform

Row = Sequence[object]
Value = float | str | bool | date


def form(survey: Sequence[Row], choices: Sequence[Row] = (), **settings: str) -> bytes:
    """An .xlsx of those rows, headings first."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("survey", survey), ("choices", choices), ("settings", _table(settings))):
        if rows:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _table(settings: Mapping[str, str]) -> list[Row]:
    return [list(settings), list(settings.values())] if settings else []


def imported(data: bytes, name: str = "phieu.xlsx") -> Imported:
    """The form, which must have no faults."""
    return read_xlsform(read_workbook(data, name), name)


def refusals(data: bytes, name: str = "phieu.xlsx") -> list[tuple[str, str, str]]:
    """(sheet, cell, code) of every fault of a form that must have some."""
    return [(fault.place.sheet, fault.place.cell, fault.code) for fault in faults(data, name)]


def faults(data: bytes, name: str = "phieu.xlsx") -> list[Fault]:
    """Every fault of a form that must have some."""
    found = outcome(read_workbook(data, name))
    assert isinstance(found, list), "the form was taken"
    assert found
    return found


def outcome(book: sheets.Workbook) -> Imported | list[Fault]:
    """What came of a workbook: the form, or its faults; anything else goes through."""
    try:
        return read_xlsform(book, book.name)
    except SurveyFaults as refused:
        return refused.faults


# --- what ODK makes of an expression -------------------------------------------------------------------------------


def odk(text: str, answers: Mapping[str, Value], today: date, dot: Value = "") -> Value:
    """The value of an expression by XPath 1.0 (3.4 equality, 4.2-4.4 conversions) and ODK's functions.

    An answer that was not given, or is not relevant, is an empty text. Dates compare as numbers of days.
    """
    return _worth(xpath.parse(text), answers, today, dot)


def true(value: Value) -> bool:
    """XPath's boolean()."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value != 0 and not isnan(value)
    return value != "" if isinstance(value, str) else True


def number(value: Value) -> float:
    """A value as XPath takes it for a number, with ODK's dates as days."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, date):
        return float(value.toordinal())
    if isinstance(value, float):
        return value
    try:
        return float(value) if value.strip() else nan
    except ValueError:
        return nan


def _worth(node: xpath.Node, answers: Mapping[str, Value], today: date, dot: Value) -> Value:
    def worth(part: xpath.Node) -> Value:
        return _worth(part, answers, today, dot)

    match node:
        case xpath.Number(value=value) | xpath.Text(value=value):
            return value
        case xpath.Ref(name=name):
            return answers.get(name, "")
        case xpath.Dot():
            return dot
        case xpath.Minus(inner=inner):
            return -number(worth(inner))
        case xpath.Bare(name=name):
            return answers.get(f"column {name}", "")
        case xpath.Call(function=function, arguments=arguments):
            return _call(function, arguments, worth, today)
        case xpath.Pair(sign="and", left=left, right=right):
            return true(worth(left)) and true(worth(right))
        case xpath.Pair(sign="or", left=left, right=right):
            return true(worth(left)) or true(worth(right))
        case xpath.Pair(sign=sign, left=left, right=right):
            return _pair(sign, worth(left), worth(right))


def _pair(sign: str, left: Value, right: Value) -> Value:
    if sign in {"=", "!="}:
        if isinstance(left, bool) or isinstance(right, bool):
            same = true(left) == true(right)
        elif isinstance(left, float | date) or isinstance(right, float | date):
            same = number(left) == number(right)
        else:
            same = left == right
        return same if sign == "=" else not same
    a, b = number(left), number(right)
    if sign in {"<", "<=", ">", ">="}:
        return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]
    if sign == "div":
        return a / b if b else nan
    if sign == "mod":
        return fmod(a, b) if b and not isnan(a) else nan
    return {"+": a + b, "-": a - b, "*": a * b}[sign]


def _call(  # noqa: C901, PLR0911 - one line for each function of ODK
    function: str, arguments: Sequence[xpath.Node], worth: Callable[[xpath.Node], Value], today: date
) -> Value:
    if function in {"true", "false"}:
        return function == "true"
    if function == "today":
        return today
    if function == "if":
        return worth(arguments[1]) if true(worth(arguments[0])) else worth(arguments[2])
    values = [worth(argument) for argument in arguments]
    first = values[0]
    if function == "not":
        return not true(first)
    if function == "selected":
        return str(values[1]) in str(_plain(first)).split()
    if function == "count-selected":
        return float(len(str(_plain(first)).split()))
    if function == "string-length":
        return float(len(_plain(first)))
    if function == "regex":
        return re2.fullmatch(str(values[1]), _plain(first)) is not None
    if function == "coalesce":
        return first if first != "" and not (isinstance(first, float) and isnan(first)) else values[1]
    if function == "date":
        return date.fromisoformat(first) if isinstance(first, str) and first else first
    amount = number(first)
    if function == "int":
        return amount if isnan(amount) else float(trunc(amount))
    if function == "round":
        return amount if isnan(amount) else round(amount + 1e-12, int(number(values[1])) if len(values) > 1 else 0)
    return amount


def _plain(value: Value) -> str:
    if isinstance(value, float):
        return "" if isnan(value) else str(int(value)) if value == int(value) else str(value)
    return str(value)
