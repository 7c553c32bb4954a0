"""The sheet `survey` row by row: which questions there are, in which groups they stand, what is left out.

Nothing is translated here; what the rows need of one another (names, lists, groups) is settled.
"""

import re

import msgspec

from surveys.definition import SILENT, Kind
from surveys.faults import Fault
from surveys.xlsform.columns import SURVEY, Table, unknown_columns
from surveys.xlsform.row_types import Type, known_types, type_of

_YES = frozenset({"yes", "true", "true()", "1"})
_NO = frozenset({"", "no", "false", "false()", "0"})
_SEARCH = ("search(", "quickcompact search", "search (")
_QUIET = frozenset({"field-list", "table-list", "label", "list-nolabel", "likert"})
_REFUSED_COLUMNS = ("trigger",)
_TYPED = frozenset({Kind.TEXT, Kind.NUMBER, Kind.DECIMAL, Kind.DATE})
_SELECT = re.compile(
    r"(?:add )?(?:select[_ ]one|select[_ ]multiple|select1|select all that apply|rank)(?:\s+from)?\s+(?P<list>\S+\s.*)",
    re.IGNORECASE | re.DOTALL,
)
_MEDIA = ("image", "video", "big-image")


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group that is open, within the one before it.

    `table` where its questions are rows of one table; `together` where they only stand on one page (field-list).
    """

    row: int
    name: str
    outer: "Group | None"
    table: bool
    together: bool = False

    def chain(self) -> list["Group"]:
        """The groups from the outermost to this one."""
        return [*(self.outer.chain() if self.outer else ()), self]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A row that becomes a question."""

    row: int
    name: str
    type: Type
    kind: Kind
    group: Group | None
    appearance: str
    key: str
    """The name, with the row where another group has the same name."""
    head: int = 0
    """The row of the table head above (appearance label), whose list this question shares."""


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """What the sheet holds. `silent` are names that no expression can look at, with what they are."""

    drafts: tuple[Draft, ...]
    silent: dict[str, str]


def flag(text: str) -> bool | None:
    """yes, true(), ... as a truth; None where it is none (an expression)."""
    plain = text.strip().lower().replace(" ", "")
    return True if plain in _YES else False if plain in _NO else None


class Reader:
    """One pass over the rows."""

    def __init__(self, table: Table, faults: list[Fault], remarks: list[Fault]) -> None:
        self._table = table
        self._faults = faults
        self._remarks = remarks
        self._group: Group | None = None
        self._drafts: list[Draft] = []
        self._silent: dict[str, str] = {}
        self._rows: dict[str, Draft] = {}
        self._head: Draft | None = None
        self._groups: dict[tuple[Group | None, str], int] = {}

    def read(self) -> Rows:
        """The rows; every fault and remark entered."""
        for row in self._table.rows():
            self._row(row)
        if self._group is not None:
            self._fault("xlsform.group_open", self._group.row, "type", name=self._group.name)
        for column, filled in unknown_columns(self._table, SURVEY):
            place = self._table.sheet.place(self._table.heading_row, column.number)
            self._remarks.append(Fault("xlsform.column", place, {"found": column.heading, "count": str(filled)}))
        for column in self._table.columns:
            if column.name in {"guidance_hint", "required_message"}:
                self._remark_column(column.name, column.language)
        return Rows(drafts=tuple(self._drafts), silent=self._silent)

    def _remark_column(self, name: str, language: str) -> None:
        for row in self._table.rows():
            if self._table.cell(row, name, language):
                place = self._table.place(row, name, language)
                self._remarks.append(Fault("xlsform.decoration", place, {"column": name}))

    def _row(self, row: int) -> None:
        text, name = self._table.cell(row, "type"), self._table.cell(row, "name")
        if not text:
            labels = [one for one in self._table.columns if one.name == "label"]
            if name or any(self._table.sheet.cell(row, one.number) for one in labels):
                self._fault("xlsform.no_type", row, "type")
            return
        disabled = flag(self._table.cell(row, "disabled"))
        if disabled:
            self._remarks.append(Fault("xlsform.disabled", self._table.place(row, "disabled")))
            return
        type = type_of(text)
        if type is None:
            self._unknown(row, text)
        elif type.edge:
            self._edge(row, type, name)
        elif type.meta:
            self._silent[name or type.meta] = "today" if type.meta == "today" else "meta"
            self._remarks.append(Fault("xlsform.meta", self._table.place(row, "type"), {"found": text}))
        elif type.kind is not None:
            self._question(row, type, type.kind, name)

    def _unknown(self, row: int, text: str) -> None:
        name = self._table.cell(row, "name")
        if name:
            self._silent[name] = "unsupported"
        first = text.lower().split()[0]
        code = "xlsform.type"
        if first.startswith(("select_one_external", "select_one_from", "select_multiple_from", "cascading")):
            code = "xlsform.type_external"
        elif spaced := _SELECT.fullmatch(text):
            self._fault("xlsform.type_list_spaced", row, "type", list=" ".join(spaced["list"].split())[:60])
            return
        elif first in {"select_one", "select_multiple", "select", "rank", "select1"}:
            code = "xlsform.type_no_list"
        elif first == "include":
            code = "xlsform.type_include"
        self._fault(code, row, "type", found=text[:60], known=known_types())

    def _edge(self, row: int, type: Type, name: str) -> None:
        if type.edge == "end":
            if self._group is None:
                self._fault("xlsform.group_end", row, "type")
            else:
                self._group = self._group.outer
            self._head = None
            return
        if type.what != "group":
            self._fault(f"xlsform.{type.what}", row, "type", name=name)
        if name:
            self._silent.setdefault(name, "group" if type.what == "group" else "repeat")
            first = self._groups.setdefault((self._group, name), row)
            if first != row:
                self._fault("xlsform.name_twice", row, "name", found=name, first=str(first))
        else:
            self._remarks.append(Fault("xlsform.group_no_name", self._table.place(row, "name")))
        appearance = self._table.cell(row, "appearance").lower().split()
        table, together = "table-list" in appearance, "field-list" in appearance
        self._group = Group(row=row, name=name, outer=self._group, table=table, together=together)
        self._appearance(row)
        for column in self._table.columns:
            if column.name in {"hint", *_MEDIA} and self._table.sheet.cell(row, column.number):
                place = self._table.sheet.place(row, column.number)
                self._remarks.append(Fault("xlsform.decoration", place, {"column": column.heading}))

    def _question(self, row: int, type: Type, kind: Kind, name: str) -> None:
        table = self._table
        if not name:
            if kind is not Kind.NOTE:
                self._fault("xlsform.no_name", row, "name")
                return
            name = f"note_{row}"
        appearance = table.cell(row, "appearance").lower()
        if kind in _TYPED and table.cell(row, "calculation"):
            kind = self._calculated(row, kind)
        elif not type.list and kind is not Kind.NOTE and flag(table.cell(row, "read_only")):
            kind = self._only_read(row, kind)
        draft = Draft(row=row, name=name, type=type, kind=kind, group=self._group, appearance=appearance, key=name)
        if self._is_head(draft):
            self._head = draft
            self._silent.setdefault(name, "note")
            return
        if self._head and "list-nolabel" in appearance.split() and self._head.type.list == type.list:
            draft = msgspec.structs.replace(draft, head=self._head.row)
        first = self._rows.get(name)
        if first is not None:
            if first.group == draft.group:
                self._fault("xlsform.name_twice", row, "name", found=name, first=str(first.row))
                return
            # The same name in another group is another question; which of them an expression means is not told.
            draft = msgspec.structs.replace(draft, key=f"{name} {row}")
            self._silent[name] = "twice"
        if kind is Kind.NOTE:
            self._silent.setdefault(name, "note")
        self._drafts.append(draft)
        self._rows.setdefault(name, draft)
        self._columns(row, kind)

    def _calculated(self, row: int, kind: Kind) -> Kind:
        """A field with a calculation that shows nothing is a calculated value; one that shows itself is not ours."""
        labels = [one for one in self._table.columns if one.name in {"label", "hint"}]
        if any(self._table.sheet.cell(row, one.number) for one in labels):
            self._fault("xlsform.calculation", row, "calculation")
            return kind
        return Kind.CALCULATED

    def _only_read(self, row: int, kind: Kind) -> Kind:
        """A question that nobody can answer is a note, as older forms write it, unless it holds a value beforehand."""
        if self._table.cell(row, "default") or kind not in _TYPED:
            return kind
        self._remarks.append(Fault("xlsform.read_only_note", self._table.place(row, "read_only")))
        return Kind.NOTE

    def _is_head(self, draft: Draft) -> bool:
        """Whether the row only heads a table: appearance "label", and rows of the same list below it in the group."""
        if draft.kind not in {Kind.SINGLE, Kind.MULTIPLE} or "label" not in draft.appearance.split():
            return False
        rows = self._table.rows()
        after = rows[rows.index(draft.row) + 1 :]
        for row in after:
            type = type_of(self._table.cell(row, "type"))
            if type is None or type.edge:
                return False
            return type.list == draft.type.list and "list-nolabel" in self._table.cell(row, "appearance").lower()
        return False

    def _columns(self, row: int, kind: Kind) -> None:
        """Cells that a question cannot have, and those that only decorate."""
        table = self._table
        self._appearance(row)
        for name in _REFUSED_COLUMNS:
            if table.cell(row, name):
                self._fault("xlsform.refused_column", row, name, column=name)
        if kind not in SILENT and flag(table.cell(row, "read_only")) is not False:
            self._fault("xlsform.read_only", row, "read_only")
        if kind is Kind.NOTE and table.cell(row, "calculation"):
            self._fault("xlsform.calculation", row, "calculation")
        for column in table.columns:
            if column.name in _MEDIA and table.sheet.cell(row, column.number):
                place = table.sheet.place(row, column.number)
                self._remarks.append(Fault("xlsform.media", place, {"column": column.heading}))

    def _appearance(self, row: int) -> None:
        text = self._table.cell(row, "appearance")
        if not text:
            return
        if text.lower().startswith(_SEARCH):
            self._fault("xlsform.search", row, "appearance")
        elif not set(text.lower().split()) <= _QUIET:
            place = self._table.place(row, "appearance")
            self._remarks.append(Fault("xlsform.decoration", place, {"column": "appearance"}))

    def _fault(self, code: str, row: int, at: str, /, **params: str) -> None:
        self._faults.append(Fault(code, self._table.place(row, at), params))
