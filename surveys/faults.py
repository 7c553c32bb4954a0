"""Faults of a survey file as data; their prose is in the catalogue `surveys` (msgid "fault.<code>", "place.<part>")."""

from collections.abc import Callable

import msgspec


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a fault is. 0 and "" stand for "does not apply" or "cannot be found"; lines and columns count from 1."""

    question: int = 0
    """The number of the question in the order of the file."""
    id: str = ""
    """The id of that question, where it has a readable one."""
    choice: int = 0
    item: int = 0
    """The number of the item in its matrix."""
    factor: int = 0
    key: str = ""
    line: int = 0
    column: int = 0
    """With a line, the column in it; where the key holds an expression, the column in that."""
    sheet: str = ""
    cell: str = ""
    """Of a spreadsheet: the cell as people name it ("C5"), or a row ("5")."""


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong: `code` names the wording, `params` fill it in."""

    code: str
    place: Place = Place()
    params: dict[str, str] = {}


class SurveyFaults(Exception):
    """A survey file that cannot be used, with every fault found in it, in the order of the file."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        self.name = name
        self.faults = faults
        super().__init__(f"{name}: {len(faults)} faults: " + ", ".join(sorted({fault.code for fault in faults})))


def describe(fault: Fault, gettext: Callable[[str], str]) -> str:
    """One fault as a sentence, by the catalogue that `gettext` looks into (gettext domain "surveys")."""
    message = gettext("fault." + fault.code).format_map(fault.params)
    place = describe_place(fault.place, gettext)
    return gettext("fault").format(place=place, message=message) if place else message


def describe_place(place: Place, gettext: Callable[[str], str]) -> str:
    """Where a fault is, from the coarse to the fine; "" where nothing is known."""
    named = "place.question.id" if place.id else "place.question"
    parts = [
        gettext("place.sheet").format(sheet=place.sheet) if place.sheet else "",
        gettext("place.row" if place.cell.isdecimal() else "place.cell").format(cell=place.cell) if place.cell else "",
        gettext("place.line").format(line=place.line) if place.line else "",
        gettext(named).format(question=place.question, id=place.id) if place.question else "",
        gettext("place.factor").format(factor=place.factor) if place.factor else "",
        gettext("place.choice").format(choice=place.choice) if place.choice else "",
        gettext("place.item").format(item=place.item) if place.item else "",
        gettext("place.key").format(key=place.key) if place.key else "",
        gettext("place.column").format(column=place.column) if place.column else "",
    ]
    return gettext("place.separator").join(part for part in parts if part)
