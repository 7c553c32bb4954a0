"""The language of conditions and calculated values: small, typed and total. Reading it into a tree.

    expression = conjunction {"or" conjunction}
    conjunction = negation {"and" negation}
    negation   = "not" negation | comparison
    comparison = sum [("==" | "!=" | "<" | "<=" | ">" | ">=" | "in") sum]
    sum        = product {("+" | "-") product}
    product    = factor {("*" | "/" | "%") factor}
    factor     = "-" factor | operand
    operand    = number | text | "true" | "false" | name | name "(" [expression {"," expression}] ")"
               | "[" [expression {"," expression}] "]" | "(" expression ")"

`and`, `or`, `not` and `in` bind as in Python, so `not a == b` denies the comparison. Texts stand in " or '; nothing in
them is escaped, so a pattern is written as it is. `surveys.condition` checks a tree, `surveys.evaluating` evaluates it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from math import isinf

import msgspec

from surveys.tokens import Cursor, SyntaxFault, Token, tokens_of

MAX_LENGTH = 2000
MAX_DEPTH = 40
"""Deeper nesting is a fault, so that neither reading nor evaluating can exhaust the stack."""
MAX_SIGNS = 150
"""More signs in one expression are a fault, for the same reason: `a + a + a` is a tree as deep as it is long."""
ANSWER = "answer"
"""Inside a constraint, the name of the value just given."""
KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false", "answered", ANSWER})
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
ARITHMETIC = frozenset({"+", "-", "*", "/", "%"})

_SIGNS = frozenset({"and", "or", "not", "in"})
_PATTERN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<text>"[^"\n]*"|'[^'\n]*')
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>==|!=|<=|>=|[<>()\[\],+*/%-])""",
    re.VERBOSE,
)


class ExpressionFault(SyntaxFault):
    """What is wrong with an expression; `code` is "expression.<something>"."""


class Literal(msgspec.Struct, frozen=True, tag=True):
    """A number, a text or true/false as written. The empty text stands for no value."""

    value: float | str | bool
    column: int


class Name(msgspec.Struct, frozen=True, tag=True):
    """The answer to a question."""

    id: str
    column: int


class Items(msgspec.Struct, frozen=True, tag=True):
    """A list in brackets."""

    items: tuple["Node", ...]
    column: int


class Call(msgspec.Struct, frozen=True, tag=True):
    """A function of arguments."""

    function: str
    arguments: tuple["Node", ...]
    column: int


class Not(msgspec.Struct, frozen=True, tag=True):
    """The denial of a condition."""

    inner: "Node"
    column: int


class Binary(msgspec.Struct, frozen=True, tag=True):
    """`and`, `or`, a comparison or a sum, difference and so on; the column is that of the sign."""

    sign: str
    left: "Node"
    right: "Node"
    column: int


Node = Literal | Name | Items | Call | Not | Binary


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of an expression; ExpressionFault where it cannot be read. Names and types are not looked at here."""
    if len(text) > MAX_LENGTH:
        raise ExpressionFault("expression.too_long", 1, most=str(MAX_LENGTH))
    reader = _Reader(tokens_of(text, _PATTERN, ExpressionFault, "expression"))
    node = reader.expression(0)
    if reader.here.kind != "end":
        reader.refuse()
    return node


def walk(node: Node) -> Iterator[Node]:
    """A tree's nodes, each before its parts, from left to right."""
    yield node
    if isinstance(node, Binary):
        yield from walk(node.left)
        yield from walk(node.right)
    elif isinstance(node, Not):
        yield from walk(node.inner)
    elif isinstance(node, Call):
        for part in node.arguments:
            yield from walk(part)
    elif isinstance(node, Items):
        for part in node.items:
            yield from walk(part)


def names(node: Node) -> tuple[str, ...]:
    """The questions that an expression looks at, each once, in the order in which it names them."""
    return tuple(dict.fromkeys(part.id for part in walk(node) if isinstance(part, Name)))


class _Reader(Cursor):
    """Recursive descent over the tokens, one method for each rule of the grammar."""

    fault, family = ExpressionFault, "expression"
    _signs = 0

    def expression(self, depth: int) -> Node:
        node = self._conjunction(depth)
        while token := self.take("or"):
            node = self._binary(token, node, self._conjunction(depth))
        return node

    def _conjunction(self, depth: int) -> Node:
        node = self._negation(depth)
        while token := self.take("and"):
            node = self._binary(token, node, self._negation(depth))
        return node

    def _negation(self, depth: int) -> Node:
        if token := self.take("not"):
            return Not(self._negation(self._deeper(depth)), token.column)
        return self._comparison(depth)

    def _comparison(self, depth: int) -> Node:
        left = self._sum(depth)
        sign = self.take(*COMPARISONS)
        if sign is None:
            return left
        node = self._binary(sign, left, self._sum(depth))
        if again := self.take(*COMPARISONS):
            raise ExpressionFault("expression.chain", again.column, found=again.text)
        return node

    def _sum(self, depth: int) -> Node:
        node = self._product(depth)
        while token := self.take("+", "-"):
            node = self._binary(token, node, self._product(depth))
        return node

    def _product(self, depth: int) -> Node:
        node = self._factor(depth)
        while token := self.take("*", "/", "%"):
            node = self._binary(token, node, self._factor(depth))
        return node

    def _factor(self, depth: int) -> Node:
        minus = self.take("-")
        if minus is None:
            return self._operand(depth)
        inner = self._factor(self._deeper(depth))
        if isinstance(inner, Literal) and isinstance(inner.value, float):
            return Literal(-inner.value, minus.column)
        return self._binary(minus, Literal(0.0, minus.column), inner)

    def _operand(self, depth: int) -> Node:
        depth = self._deeper(depth)
        token = self.here
        if token.kind == "number":
            return self._number()
        if token.kind == "text":
            return Literal(self.next().text[1:-1], token.column)
        if token.kind == "name":
            return self._name(depth)
        if self.take("["):
            return Items(self._list("]", depth), token.column)
        if self.take("("):
            node = self.expression(depth)
            self.want(")")
            return node
        return self.refuse()

    def _number(self) -> Node:
        token = self.next()
        value = float(token.text)
        if isinf(value):
            raise ExpressionFault("expression.number", token.column)
        return Literal(value, token.column)

    def _name(self, depth: int) -> Node:
        token = self.next()
        if token.text in {"true", "false"}:
            return Literal(token.text == "true", token.column)
        if token.text in _SIGNS:
            raise ExpressionFault("expression.unexpected", token.column, found=token.text)
        if self.take("("):
            return Call(token.text, self._list(")", depth), token.column)
        return Name(token.text, token.column)

    def _list(self, close: str, depth: int) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self.take(close):
            if items:
                self.want(",")
            items.append(self.expression(depth))
        return tuple(items)

    def _binary(self, sign: Token, left: Node, right: Node) -> Node:
        self._signs += 1
        if self._signs > MAX_SIGNS:
            raise ExpressionFault("expression.too_many", sign.column, most=str(MAX_SIGNS))
        return Binary(sign.text, left, right, sign.column)

    def _deeper(self, depth: int) -> int:
        if depth >= MAX_DEPTH:
            raise ExpressionFault("expression.too_deep", self.here.column, most=str(MAX_DEPTH))
        return depth + 1
