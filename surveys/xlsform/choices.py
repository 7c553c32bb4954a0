"""The sheet `choices`: lists by their names, their faults told where a question uses them."""

import re

import msgspec

from surveys.checking_questions import MAX_CHOICE_NUMBER
from surveys.definition import Choice
from surveys.faults import Fault
from surveys.xlsform.columns import Table
from surveys.xlsform.names import choice_ids
from surveys.xlsform.texts import Texts

KNOWN = frozenset({"list_name", "name", "label", "image", "big-image", "audio", "video"})
_FIGURE = re.compile(r"[1-9][0-9]{0,2}")
PRINTED = "printed"
"""A column of ours: the digit printed before a choice, where it is not its place in the list."""


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `columns` are the cells that a choice_filter can look at, by their headings in small letters."""

    row: int
    name: str
    text: str
    others: dict[str, str]
    columns: dict[str, str]


class ChoiceList(msgspec.Struct, frozen=True, kw_only=True):
    """A list; `ids` are the ids of its names, in order."""

    name: str
    options: tuple[Option, ...]
    ids: dict[str, str]

    def choices(self, show_if: dict[str, str], dropped: frozenset[str]) -> tuple[Choice, ...]:
        """The choices of a question that uses the list."""
        kept = [option for option in self.options if option.name not in dropped]
        printed = self._printed()
        return tuple(
            Choice(
                id=self.ids[option.name],
                text=option.text,
                show_if=show_if.get(option.name, ""),
                number=printed.get(option.name, place),
            )
            for place, option in enumerate(kept, start=1)
        )

    def _printed(self) -> dict[str, int]:
        """The numbers to be printed: of the column `printed`, or names that are numbers (1, 2, 77); or none."""
        for said in ([one.columns.get(PRINTED, "") for one in self.options], [one.name for one in self.options]):
            if all(_FIGURE.fullmatch(text) for text in said):
                numbers = [int(text) for text in said]
                if len(set(numbers)) == len(numbers) and min(numbers) >= 1 and max(numbers) <= MAX_CHOICE_NUMBER:
                    return dict(zip((one.name for one in self.options), numbers, strict=True))
        return {}


class Lists:
    """Every list of a form, read once, when first asked for."""

    def __init__(self, table: Table | None, texts: Texts, faults: list[Fault], remarks: list[Fault]) -> None:
        self._table = table
        self._texts = texts
        self._faults = faults
        self._remarks = remarks
        self._rows: dict[str, list[int]] = {}
        self._read: dict[str, ChoiceList] = {}
        self._told: set[str] = set()
        if table is not None:
            for row in table.rows():
                name = table.cell(row, "list_name")
                if name:
                    self._rows.setdefault(name, []).append(row)
                elif table.cell(row, "name"):
                    remarks.append(Fault("xlsform.choice_lost", table.place(row, "list_name")))

    @property
    def names(self) -> list[str]:
        """The names of all lists."""
        return list(self._rows)

    def unused(self) -> list[str]:
        """Lists that no question asked for."""
        return [name for name in self._rows if name not in self._read]

    def get(self, name: str) -> ChoiceList | None:
        """The list of that name, or None; its faults are entered at the first call."""
        if name not in self._read and name in self._rows and self._table is not None:
            self._read[name] = self._list(self._table, name)
        return self._read.get(name)

    def _list(self, table: Table, name: str) -> ChoiceList:
        options: dict[str, Option] = {}
        for row in self._rows[name]:
            own = table.cell(row, "name")
            text, others = self._texts.of(table, row, "label")
            if not own:
                self._faults.append(Fault("xlsform.choice_no_name", table.place(row, "name"), {"list": name}))
                continue
            if own in options:
                first = str(options[own].row)
                where = table.place(row, "name")
                self._faults.append(Fault("xlsform.choice_twice", where, {"found": own, "list": name, "first": first}))
                continue
            if not text:
                self._faults.append(Fault("xlsform.choice_no_label", table.place(row, "label"), {"found": own}))
            self._remarks.extend(
                Fault("xlsform.media", table.place(row, one.name, one.language), {"column": one.heading})
                for one in table.columns
                if one.name in {"image", "audio", "video", "big-image"} and table.sheet.cell(row, one.number)
            )
            cells = {one.heading.lower(): table.sheet.cell(row, one.number) for one in table.columns}
            cells |= {"name": own, "label": text}
            options[own] = Option(row=row, name=own, text=text, others=others, columns=cells)
        ids = choice_ids(list(options))
        return ChoiceList(name=name, options=tuple(options.values()), ids=ids)

    def renamed(self, options: ChoiceList) -> list[Fault]:
        """A remark on names that are no ids of ours, once for a list."""
        changed = [option for option in options.options if options.ids[option.name] != option.name]
        if not changed or self._table is None or options.name in self._told:
            return []
        self._told.add(options.name)
        first = changed[0]
        params = {"list": options.name, "count": str(len(changed)), "found": first.name, "id": options.ids[first.name]}
        return [Fault("xlsform.choices_renamed", self._table.place(first.row, "name"), params)]
