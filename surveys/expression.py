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
from typing import NoReturn

import msgspec

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
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<text>"[^"\n]*"|'[^'\n]*')
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>==|!=|<=|>=|[<>()\[\],+*/%-])""",
    re.VERBOSE,
)


class ExpressionFault(Exception):
    """What is wrong with an expression, and at which column (from 1). `code` is "expression.<something>"."""

    def __init__(self, code: str, column: int, **params: str) -> None:
        self.code = code
        self.column = column
        self.params = params
        super().__init__(f"{code} at column {column}")


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


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str
    column: int


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of an expression; ExpressionFault where it cannot be read. Names and types are not looked at here."""
    if len(text) > MAX_LENGTH:
        raise ExpressionFault("expression.too_long", 1, most=str(MAX_LENGTH))
    reader = _Reader(_tokens(text))
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


def _tokens(text: str) -> list[_Token]:
    tokens = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            code = "expression.open_text" if text[at] in "\"'" else "expression.unexpected"
            raise ExpressionFault(code, at + 1, found=text[at])
        kind = match.lastgroup or ""
        if kind != "space":
            tokens.append(_Token(kind, match.group(), at + 1))
        at = match.end()
    return [*tokens, _Token("end", "", len(text) + 1)]


class _Reader:
    """Recursive descent over the tokens, one method for each rule of the grammar."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._signs = 0

    @property
    def here(self) -> _Token:
        return self._tokens[self._at]

    def expression(self, depth: int) -> Node:
        node = self._conjunction(depth)
        while token := self._take("or"):
            node = self._binary(token, node, self._conjunction(depth))
        return node

    def refuse(self) -> NoReturn:
        if self.here.kind == "end":
            raise ExpressionFault("expression.ends_early", self.here.column)
        raise ExpressionFault("expression.unexpected", self.here.column, found=self.here.text)

    def _conjunction(self, depth: int) -> Node:
        node = self._negation(depth)
        while token := self._take("and"):
            node = self._binary(token, node, self._negation(depth))
        return node

    def _negation(self, depth: int) -> Node:
        if token := self._take("not"):
            return Not(self._negation(self._deeper(depth)), token.column)
        return self._comparison(depth)

    def _comparison(self, depth: int) -> Node:
        left = self._sum(depth)
        sign = self._take(*COMPARISONS)
        if sign is None:
            return left
        node = self._binary(sign, left, self._sum(depth))
        if again := self._take(*COMPARISONS):
            raise ExpressionFault("expression.chain", again.column, found=again.text)
        return node

    def _sum(self, depth: int) -> Node:
        node = self._product(depth)
        while token := self._take("+", "-"):
            node = self._binary(token, node, self._product(depth))
        return node

    def _product(self, depth: int) -> Node:
        node = self._factor(depth)
        while token := self._take("*", "/", "%"):
            node = self._binary(token, node, self._factor(depth))
        return node

    def _factor(self, depth: int) -> Node:
        minus = self._take("-")
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
            return Literal(self._next().text[1:-1], token.column)
        if token.kind == "name":
            return self._name(depth)
        if self._take("["):
            return Items(self._list("]", depth), token.column)
        if self._take("("):
            node = self.expression(depth)
            self._want(")")
            return node
        return self.refuse()

    def _number(self) -> Node:
        token = self._next()
        value = float(token.text)
        if isinf(value):
            raise ExpressionFault("expression.number", token.column)
        return Literal(value, token.column)

    def _name(self, depth: int) -> Node:
        token = self._next()
        if token.text in {"true", "false"}:
            return Literal(token.text == "true", token.column)
        if token.text in _SIGNS:
            raise ExpressionFault("expression.unexpected", token.column, found=token.text)
        if self._take("("):
            return Call(token.text, self._list(")", depth), token.column)
        return Name(token.text, token.column)

    def _list(self, close: str, depth: int) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self._take(close):
            if items:
                self._want(",")
            items.append(self.expression(depth))
        return tuple(items)

    def _binary(self, sign: _Token, left: Node, right: Node) -> Node:
        self._signs += 1
        if self._signs > MAX_SIGNS:
            raise ExpressionFault("expression.too_many", sign.column, most=str(MAX_SIGNS))
        return Binary(sign.text, left, right, sign.column)

    def _deeper(self, depth: int) -> int:
        if depth >= MAX_DEPTH:
            raise ExpressionFault("expression.too_deep", self.here.column, most=str(MAX_DEPTH))
        return depth + 1

    def _next(self) -> _Token:
        token = self.here
        self._at += 1
        return token

    def _take(self, *texts: str) -> _Token | None:
        return self._next() if self.here.text in texts and self.here.kind != "text" else None

    def _want(self, text: str) -> None:
        if not self._take(text):
            self.refuse()
