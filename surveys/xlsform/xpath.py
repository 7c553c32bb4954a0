"""The expressions of XLSForm (a part of XPath 1.0, as ODK's reference lists it) read into a tree.

Binding, the loosest first: or, and, = !=, < <= > >=, + -, * div mod, - before one operand.

primary = number | 'text' | "text" | ${name} | . | name | function(arguments) | (expression)
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from math import isinf

import msgspec

from surveys.tokens import Cursor, SyntaxFault, Token, tokens_of

MAX_LENGTH = 8000
MAX_DEPTH = 60
MAX_SIGNS = 200
"""More signs make a tree as deep as it is long (`a + a + a`)."""

_PATTERN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:\.\d*)?|\.\d+)
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<ref>\$\{[^}]*\})
      | (?P<path>\.\./?|/[\w./*:@-]*|@[\w:-]+|\[|\]|::)
      | (?P<dot>\.)
      | (?P<name>[A-Za-z_][\w.]*(?:-[A-Za-z_][\w.]*)*(?::[\w.-]+)?)
      | (?P<sign>!=|<=|>=|[=<>()+*,-])""",
    re.VERBOSE,
)
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
"""Typing aids of spreadsheet programs; every one is one character for one, so columns stay."""
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))


class XPathFault(SyntaxFault):
    """What cannot be read or translated.

    `code` is "xlsform.<something>", or "" where the reason is told elsewhere already.
    """


class Number(msgspec.Struct, frozen=True, tag=True):
    """A number as written."""

    value: float
    column: int


class Text(msgspec.Struct, frozen=True, tag=True):
    """A text in quotes."""

    value: str
    column: int


class Ref(msgspec.Struct, frozen=True, tag=True):
    """${name}: the answer to a question."""

    name: str
    column: int


class Dot(msgspec.Struct, frozen=True, tag=True):
    """The answer just given, in a constraint."""

    column: int


class Bare(msgspec.Struct, frozen=True, tag=True):
    """A name alone: a column of the choices sheet, in a choice_filter."""

    name: str
    column: int


class Call(msgspec.Struct, frozen=True, tag=True):
    """A function of arguments."""

    function: str
    arguments: tuple["Node", ...]
    column: int


class Pair(msgspec.Struct, frozen=True, tag=True):
    """Two operands and the sign between them."""

    sign: str
    left: "Node"
    right: "Node"
    column: int


class Minus(msgspec.Struct, frozen=True, tag=True):
    """A sign turned."""

    inner: "Node"
    column: int


Node = Number | Text | Ref | Dot | Bare | Call | Pair | Minus


@lru_cache(maxsize=1024)
def parse(text: str) -> Node:
    """The tree of an expression; XPathFault where it cannot be read."""
    if len(text) > MAX_LENGTH:
        raise XPathFault("xlsform.expression_long", 1, most=str(MAX_LENGTH))
    reader = _Reader(_tokens(text.translate(_QUOTES)))
    node = reader.level(0, 0)
    if reader.here.kind != "end":
        reader.refuse()
    return node


def names(node: Node) -> set[str]:
    """The questions that an expression looks at."""
    if isinstance(node, Ref):
        return {node.name}
    if isinstance(node, Pair):
        return names(node.left) | names(node.right)
    if isinstance(node, Minus):
        return names(node.inner)
    return set().union(*map(names, node.arguments)) if isinstance(node, Call) else set()


def _tokens(text: str) -> Iterator[Token]:
    for token in tokens_of(text, _PATTERN, XPathFault, "xlsform"):
        if token.kind == "path":
            raise XPathFault("xlsform.path", token.column, found=token.text)
        yield token


class _Reader(Cursor):
    """Descent over the levels of binding, one loop for all of them."""

    fault, family = XPathFault, "xlsform"
    _signs = 0

    def level(self, level: int, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise XPathFault("xlsform.expression_deep", self.here.column, most=str(MAX_DEPTH))
        if level == len(_LEVELS):
            return self._unary(depth)
        node = self.level(level + 1, depth)
        while self.here.kind in {"sign", "name"} and self.here.text in _LEVELS[level]:
            sign = self.next()
            self._signs += 1
            if self._signs > MAX_SIGNS:
                raise XPathFault("xlsform.expression_big", sign.column)
            node = Pair(sign.text, node, self.level(level + 1, depth), sign.column)
        return node

    def _unary(self, depth: int) -> Node:
        if self.here.text == "-" and self.here.kind == "sign":
            sign = self.next()
            if depth > MAX_DEPTH:
                raise XPathFault("xlsform.expression_deep", sign.column, most=str(MAX_DEPTH))
            inner = self._unary(depth + 1)
            return Number(-inner.value, sign.column) if isinstance(inner, Number) else Minus(inner, sign.column)
        return self._primary(depth)

    def _primary(self, depth: int) -> Node:
        token = self.here
        if token.kind == "number":
            value = float(self.next().text)
            if isinf(value):
                raise XPathFault("xlsform.unexpected", token.column, found=token.text[:20])
            return Number(value, token.column)
        if token.kind == "text":
            return Text(self.next().text[1:-1], token.column)
        if token.kind == "ref":
            return Ref(self.next().text[2:-1].strip(), token.column)
        if token.kind == "dot":
            self.next()
            return Dot(token.column)
        if token.kind == "name":
            self.next()
            if self.take("("):
                return Call(token.text, self._arguments(depth + 1), token.column)
            return Bare(token.text, token.column)
        if self.take("("):
            node = self.level(0, depth + 1)
            self.want(")")
            return node
        return self.refuse()

    def _arguments(self, depth: int) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self.take(")"):
            if items:
                self.want(",")
            items.append(self.level(0, depth))
        return tuple(items)
