"""The expressions of a form, cell by cell, said in the survey language or entered as faults."""

from contextlib import suppress

from surveys.expression import Call, ExpressionFault, Literal, Node, parse
from surveys.faults import Fault, Place
from surveys.xlsform import xpath
from surveys.xlsform.columns import Table
from surveys.xlsform.parts import FALSE, TRUE, Part, all_of
from surveys.xlsform.scope import Field, Scope, Sort
from surveys.xlsform.spoken import Unsayable, spoken
from surveys.xlsform.translating import condition, translated
from surveys.xlsform.xpath import XPathFault

_TRUTHS = {"true": "true()", "yes": "true()", "false": "false()", "no": "false()"}
"""A spreadsheet's own TRUE and FALSE, and the words that pyxform takes for them."""


class Expressions:
    """Translates in the order of the sheet: what was read so far is what an expression can name."""

    def __init__(self, table: Table, faults: list[Fault], silent: dict[str, str], rows: dict[str, int]) -> None:
        self._table = table
        self._faults = faults
        self._silent = silent
        self._rows = rows
        self._fields: dict[str, Field] = {}
        self._waits: dict[str, set[str]] = {}
        self._broken = frozenset(name for name, what in silent.items() if what == "unsupported")
        self.looked_at: set[str] = set()
        """Names that any expression of the form looks at."""

    def add(self, name: str, field: Field) -> None:
        """A question that the rows below can look at."""
        if self._silent.get(name) != "twice":
            self._fields[name] = field

    def give_up(self, name: str) -> None:
        """A question whose own faults are told: nobody is told again for looking at it."""
        self._broken |= {name}

    def condition(self, row: int, column: str) -> str:
        """The condition in a cell; "" where it is empty, always true or at fault."""
        text = self._table.cell(row, column)
        node = self._parsed(text, row, column)
        return self._said(node, row, column, self._scope()) if node else ""

    def constraint(self, row: int, nodes: tuple[xpath.Node, ...], own: Field) -> str:
        """Conditions on the answer just given, as one."""
        scope = self._scope(own)
        try:
            return _text(all_of([condition(node, scope) for node in nodes]))
        except (XPathFault, Unsayable) as fault:
            self._enter(fault, self._table.place(row, "constraint"))
            return ""

    def parsed_constraint(self, row: int) -> xpath.Node | None:
        """The tree of the cell `constraint`, or None."""
        return self._parsed(self._table.cell(row, "constraint"), row, "constraint")

    def value(self, row: int, id: str) -> tuple[str, Field | None]:
        """A calculated value, and what later expressions see of it; None where it is at fault."""
        node = self._parsed(self._table.cell(row, "calculation"), row, "calculation")
        if node is None:
            return "", None
        place = self._table.place(row, "calculation")
        try:
            part = _as_value(translated(node, self._scope()), node.column)
            return _readable(spoken(part.node)), Field(id=id, sort=part.sort, row=row, ids=part.ids)
        except (XPathFault, Unsayable) as fault:
            self._enter(fault, place)
            return "", None

    def filters(self, row: int, choices: dict[str, dict[str, str]]) -> tuple[dict[str, str], frozenset[str]]:
        """(condition by choice name, names of choices that are never offered) by the cell `choice_filter`."""
        node = self._parsed(self._table.cell(row, "choice_filter"), row, "choice_filter")
        kept: dict[str, str] = {}
        dropped: set[str] = set()
        if node is None:
            return kept, frozenset()
        for name, columns in choices.items():
            try:
                said = condition(node, self._scope(columns=columns))
                if said == FALSE:
                    dropped.add(name)
                else:
                    kept[name] = _text(said)
            except (XPathFault, Unsayable) as fault:
                # The expression is one for all choices: told once.
                self._enter(fault, self._table.place(row, "choice_filter"))
                return {}, frozenset()
        return kept, frozenset(dropped)

    def _scope(self, own: Field | None = None, columns: dict[str, str] | None = None) -> Scope:
        later = {name: row for name, row in self._rows.items() if name not in self._fields}
        return Scope(
            fields=self._fields, later=later, silent=self._silent, broken=self._broken, own=own, columns=columns
        )

    def _parsed(self, text: str, row: int, column: str) -> xpath.Node | None:
        if not text:
            return None
        try:
            node = xpath.parse(_TRUTHS.get(text.lower(), text))
        except XPathFault as fault:
            self._enter(fault, self._table.place(row, column))
            return None
        self.looked_at |= xpath.names(node)
        return node

    def _said(self, node: xpath.Node, row: int, column: str, scope: Scope) -> str:
        try:
            return _text(condition(node, scope))
        except (XPathFault, Unsayable) as fault:
            self._enter(fault, self._table.place(row, column))
            return ""

    def _finer(self, fault: XPathFault, place: Place) -> XPathFault:
        """A finer word for a look at a later question: it is the question itself, or the two wait for each other."""
        if fault.code != "xlsform.name_later":
            return fault
        row = int("".join(sign for sign in place.cell if sign.isdecimal()))
        own, name = self._table.cell(row, "name"), fault.params["name"]
        if name == own:
            return XPathFault("xlsform.name_self", fault.column, name=name)
        seen, open_ = {name}, [name]
        while open_:
            found = self._waits_for(open_.pop()) - seen
            if own in found:
                return XPathFault("xlsform.circle", fault.column, name=name, row=fault.params["row"])
            seen |= found
            open_ += found
        return fault

    def _waits_for(self, name: str) -> set[str]:
        """The questions that a question's own cells look at."""
        if name not in self._waits:
            row = self._rows.get(name, 0)
            found: set[str] = set()
            for column in ("relevant", "calculation", "choice_filter"):
                with suppress(XPathFault):
                    text = self._table.cell(row, column)
                    found |= xpath.names(xpath.parse(text)) if text else set()
            self._waits[name] = found
        return self._waits[name]

    def _enter(self, fault: XPathFault | Unsayable, place: Place) -> None:
        if isinstance(fault, Unsayable):
            self._faults.append(Fault("xlsform.quotes", place, {"found": str(fault)[:60]}))
        elif fault.code:
            fault = self._finer(fault, place)
            at = Place(sheet=place.sheet, cell=place.cell, column=fault.column)
            self._faults.append(Fault(fault.code, at, fault.params))


def _as_value(part: Part, column: int) -> Part:
    """What can be stored: a condition as the texts that XLSForm stores for it."""
    if part.sort in {Sort.MANY, Sort.FILE}:
        raise XPathFault("xlsform.no_value", column)
    if part.sort is Sort.CONDITION:
        return Part(Call("if", (part.node, Literal("true", 1), Literal("false", 1)), 1), Sort.TEXT)
    return part


def _text(node: Node) -> str:
    return "" if node == TRUE else _readable(spoken(node))


def _readable(text: str) -> str:
    """The text, where our own language can read something as long and deep."""
    try:
        parse(text)
    except ExpressionFault:
        raise XPathFault("xlsform.expression_big", 1) from None
    return text
