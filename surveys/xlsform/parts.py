"""Parts of an expression on the way from XLSForm's language to the survey's, and how they are put together."""

import msgspec

from surveys.expression import ANSWER, Binary, Call, Literal, Name, Node, Not
from surveys.functions import pattern_finder
from surveys.xlsform import xpath
from surveys.xlsform.scope import Field, Sort
from surveys.xlsform.xpath import XPathFault

TRUE, FALSE, NOTHING = Literal(value=True, column=1), Literal(value=False, column=1), Literal("", 1)


class Part(msgspec.Struct, frozen=True):
    """A translated part: its tree, what it is worth, and for a choice the names of its choices with their ids."""

    node: Node
    sort: Sort
    ids: dict[str, str] = {}
    field: Field | None = None
    """The question, where the part is its answer and nothing else."""
    hollow: bool = False
    """Whether XPath may find an empty text there: an unanswered question, or what passes one on."""

    @property
    def name(self) -> str:
        """The id of the question that it is, or "answer"; "" where it is anything else."""
        return self.node.id if isinstance(self.node, Name) else ""

    @property
    def nothing(self) -> bool:
        """Whether it is the empty text."""
        return isinstance(self.node, Literal) and self.node.value == ""

    @property
    def figure(self) -> bool:
        """Whether it is a number in quotes."""
        value = self.node.value if isinstance(self.node, Literal) else ""
        return isinstance(value, str) and value.replace(".", "", 1).removeprefix("-").isdecimal()

    @property
    def settled(self) -> bool:
        """Whether it is the same for every answer."""
        return isinstance(self.node, Literal)


def of_field(field: Field, id: str) -> Part:
    """The answer to a question."""
    return Part(Name(id, 1), field.sort, dict(field.ids), field, hollow=id != ANSWER)


def is_answered(part: Part) -> Node:
    """The condition that there is a value: "answered" takes a question only, nothing has no length."""
    if isinstance(part.node, Name):
        return Call("answered", (part.node,), 1)
    return Binary(">", Call("length", (part.node,), 1), Literal(0.0, 1), 1)


def named(node: xpath.Node) -> str:
    """The question that a part of a form's expression is about, as the form writes it."""
    if isinstance(node, xpath.Ref):
        return node.name
    if isinstance(node, xpath.Pair):
        return named(node.left) or named(node.right)
    if isinstance(node, xpath.Call):
        return next(filter(None, map(named, node.arguments)), "")
    return "." if isinstance(node, xpath.Dot) else ""


def plain(value: float | str) -> str:
    """A literal as the names of choices are written: 1 and "1" are the same."""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else str(value)
    return str(value)


def exchanged(part: Part, ids: dict[str, str]) -> Node:
    """The tree, where a text that names a choice is its id."""
    value = part.node.value if isinstance(part.node, Literal) else None
    return Literal(ids.get(value, value), 1) if isinstance(value, str) else part.node


def by_name(part: Part, node: xpath.Node) -> Node:
    """The number that a choice is named, nothing where there is no answer; a fault where names are no numbers."""
    if not part.ids or not all(name.isdecimal() for name in part.ids):
        raise XPathFault("xlsform.choice_number", node.column, name=named(node))
    said: Node = NOTHING
    for name, id in reversed(part.ids.items()):
        said = Call("if", (Binary("==", part.node, Literal(id, 1), 1), Literal(float(name), 1), said), 1)
    return said


def choice_id(part: Part, name: str, node: xpath.Node) -> str:
    """The id of a choice that an expression names; a fault where the question has none of that name."""
    if name in part.ids:
        return part.ids[name]
    offered = ", ".join(list(part.ids)[:12])
    raise XPathFault("xlsform.no_such_choice", node.column, choice=name, name=named(node), offered=offered)


def whole_match(part: Part, pattern: str, column: int) -> Node:
    """The condition that a text is matched from its beginning to its end."""
    whole = f"^(?:{pattern})$"
    found = pattern_finder(whole)
    if found is None or ('"' in pattern and "'" in pattern):
        raise XPathFault("xlsform.pattern", column, found=pattern[:60])
    matches: Node = Call("matches", (part.node, Literal(whole, 1)), 1)
    if found("") and part.name not in {"", ANSWER}:
        # There an unanswered question is an empty text, which this pattern takes.
        matches = both("or", Not(is_answered(part), 1), matches)
    return matches


def as_figure(node: Node) -> Node:
    """A condition as 1 or 0, so that it can be compared without being written twice."""
    return Call("if", (node, Literal(1.0, 1), Literal(0.0, 1)), 1)


def denied(node: Node) -> Node:
    """The denial, without a second one."""
    if isinstance(node, Not):
        return node.inner
    if isinstance(node, Literal) and isinstance(node.value, bool):
        return FALSE if node.value else TRUE
    return Not(node, 1)


def both(sign: str, left: Node, right: Node) -> Node:
    """`and` or `or`, settled where one side is the same for every answer."""
    settles = FALSE if sign == "and" else TRUE
    if settles in (left, right):
        return settles
    if left in (TRUE, FALSE):
        return right
    if right in (TRUE, FALSE):
        return left
    return Binary(sign, left, right, 1)


def all_of(nodes: list[Node]) -> Node:
    """Conditions that must all hold; TRUE of none."""
    whole: Node = TRUE
    for node in nodes:
        whole = both("and", whole, node)
    return whole
