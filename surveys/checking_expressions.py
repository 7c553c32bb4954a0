"""The expressions of a survey: each against the questions before it, and whether what they guard can be reached."""

from collections.abc import Iterator

from surveys.condition import Calculated, calculated_types, find_faults, find_value_faults
from surveys.definition import Choice, Kind, Question
from surveys.expression import ExpressionFault, names, parse
from surveys.findings import Findings, Table
from surveys.lines import Block
from surveys.reaching import unreachable


def check_expressions(tables: list[Table], blocks: list[Block], findings: Findings) -> None:
    """Enters every fault of show_if, constraint and value; questions with faults of their own count by their id."""
    stand_ins = [_stand_in(table) for table in tables]
    types = calculated_types(question for question in stand_ins if question is not None)
    waits = {question.id: _waits_for(question) for question in stand_ins if question is not None}
    sound = list(stand_ins)
    told: dict[tuple[str, str], bool] = {}
    for position, (table, question) in enumerate(zip(tables, stand_ins, strict=True)):
        expressions = list(_expressions(table, blocks[position]))
        if not expressions:
            continue
        earlier = [q for q in stand_ins[:position] if q]
        later = [q for q in stand_ins[position:] if q]
        own = question or Question(id="", kind=Kind.TEXT, text="")
        for block, key, text in expressions:
            matrix = (table.get("matrix", ""), text)
            if key == "show_if" and matrix in told:  # of the items of a matrix, the first speaks for all
                sound[position] = None if told[matrix] else sound[position]
                continue
            faults = list(_faults(text, key, own, earlier, later, types))
            for fault in faults:
                code = _circle(fault, own.id, waits) or fault.code
                findings.add(code, block, key, id=table.get("id"), column=fault.column, **fault.params)
            if faults:
                sound[position] = None
            if matrix[0] and key == "show_if":
                told[matrix] = bool(faults)
    _unreachable([(q, b) for q, b in zip(sound, blocks, strict=True) if q], findings)


def _expressions(table: Table, block: Block) -> Iterator[tuple[Block, str, str]]:
    """(place, key, text) of every expression of a question; of an unwritten one there is nothing to say."""
    for key in ("show_if", "constraint", "value"):
        if table.get(key, "").strip():
            yield block, key, table[key]
    for number, choice in enumerate(table.get("choices", ()), start=1):
        if choice.get("show_if", "").strip():
            yield ("questions.choices", block[1], number), "show_if", choice["show_if"]


def _faults(
    text: str, key: str, own: Question, earlier: list[Question], later: list[Question], types: Calculated
) -> Iterator[ExpressionFault]:
    try:
        node = parse(text)
    except ExpressionFault as unreadable:
        yield unreadable
        return
    if key == "value":
        yield from find_value_faults(node, earlier, later, types)
    else:
        yield from find_faults(node, earlier, later, own if key == "constraint" else None, types)


def _circle(fault: ExpressionFault, own: str, waits: dict[str, frozenset[str]]) -> str:
    """A finer word for a look at a later question: it looks at itself, or the two wait for each other."""
    if fault.code != "expression.later":
        return ""
    name = fault.params["name"]
    if name == own:
        return "expression.self"
    seen: set[str] = set()
    open = [name]
    while open:
        here = open.pop()
        if here == own:
            return "expression.circle"
        if here not in seen:
            seen.add(here)
            open.extend(waits.get(here, ()))
    return ""


def _waits_for(question: Question) -> frozenset[str]:
    texts = [question.show_if, question.value, *(choice.show_if for choice in question.choices)]
    found: set[str] = set()
    for text in texts:
        try:
            found.update(names(parse(text)) if text.strip() else ())
        except ExpressionFault:
            continue
    return frozenset(found)


def _unreachable(placed: list[tuple[Question, Block]], findings: Findings) -> None:
    for at, choice in unreachable(tuple(question for question, _ in placed)):
        question, block = placed[at]
        if question.other_of:
            continue  # its choice is told
        if choice is None:
            findings.add("unreachable", block, "show_if", id=question.id)
        else:
            findings.add("unreachable.choice", ("questions.choices", block[1], choice + 1), "show_if", id=question.id)


def _stand_in(table: Table) -> Question | None:
    """What an expression needs to know of a question, as far as it can be read."""
    own, kind = table.get("id"), table.get("kind")
    if not isinstance(own, str):
        return None
    return Question(
        id=own,
        kind=Kind(kind) if kind in set(Kind) else Kind.TEXT,
        text="",
        show_if=table.get("show_if", "").strip(),
        value=table.get("value", ""),
        other_of=table.get("other_of", ""),
        choices=tuple(
            Choice(id=str(choice.get("id", "")), text="", show_if=choice.get("show_if", "").strip())
            for choice in table.get("choices", ())
        ),
        no_opinion=table.get("no_opinion", True),
        not_applicable=table.get("not_applicable", ""),
        min=table.get("min"),
        max=table.get("max"),
        step=table.get("step"),
    )
