"""The language of show_if: small, typed and total. Reading it; `surveys.condition` checks and evaluates it.

    expression = conjunction {"or" conjunction}
    conjunction = negation {"and" negation}
    negation   = "not" negation | comparison
    comparison = operand [("==" | "!=" | "<" | "<=" | ">" | ">=" | "in") operand]
    operand    = number | text | "true" | "false" | name | name "(" [expression {"," expression}] ")"
               | "[" [operand {"," operand}] "]" | "(" expression ")"

`and`, `or`, `not` and `in` bind as in Python, so `not a == b` denies the comparison. Texts stand in " or '.
"""

import re
from functools import lru_cache
from typing import NoReturn

import msgspec

MAX_LENGTH = 1000
MAX_DEPTH = 40
"""Deeper nesting is a fault, so that neither reading nor evaluating can exhaust the stack."""
KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false", "answered"})
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<text>"[^"\n]*"|'[^'\n]*')
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>==|!=|<=|>=|<|>|[()\[\],-])""",
    re.VERBOSE,
)


class ExpressionFault(Exception):
    """What is wrong with an expression, and at which column (from 1). `code` is "show_if.<something>"."""

    def __init__(self, code: str, column: int, **params: str) -> None:
        self.code = code
        self.column = column
        self.params = params
        super().__init__(f"{code} at column {column}")


class Literal(msgspec.Struct, frozen=True, tag=True):
    """A number, a text or true/false as written."""

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
    """`and`, `or` or a comparison; the column is that of the sign."""

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
        raise ExpressionFault("show_if.too_long", 1, most=str(MAX_LENGTH))
    reader = _Reader(_tokens(text))
    node = reader.expression(0)
    if reader.here.kind != "end":
        reader.refuse()
    return node


def _tokens(text: str) -> list[_Token]:
    tokens = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            code = "show_if.open_text" if text[at] in "\"'" else "show_if.unexpected"
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

    @property
    def here(self) -> _Token:
        return self._tokens[self._at]

    def expression(self, depth: int) -> Node:
        node = self._conjunction(depth)
        while token := self._take("or"):
            node = Binary("or", node, self._conjunction(depth), token.column)
        return node

    def refuse(self) -> NoReturn:
        if self.here.kind == "end":
            raise ExpressionFault("show_if.ends_early", self.here.column)
        raise ExpressionFault("show_if.unexpected", self.here.column, found=self.here.text)

    def _conjunction(self, depth: int) -> Node:
        node = self._negation(depth)
        while token := self._take("and"):
            node = Binary("and", node, self._negation(depth), token.column)
        return node

    def _negation(self, depth: int) -> Node:
        if token := self._take("not"):
            return Not(self._negation(self._deeper(depth)), token.column)
        return self._comparison(depth)

    def _comparison(self, depth: int) -> Node:
        left = self._operand(depth)
        if self.here.text not in COMPARISONS or self.here.kind == "text":
            return left
        sign = self._next()
        node = Binary(sign.text, left, self._operand(depth), sign.column)
        if self.here.text in COMPARISONS and self.here.kind != "text":
            raise ExpressionFault("show_if.chain", self.here.column, found=self.here.text)
        return node

    def _operand(self, depth: int) -> Node:
        depth = self._deeper(depth)
        token = self.here
        if token.kind == "number":
            return Literal(float(self._next().text), token.column)
        if token.kind == "text":
            return Literal(self._next().text[1:-1], token.column)
        if token.kind == "name":
            return self._name(depth)
        if self._take("-"):
            number = self.here
            if number.kind != "number":
                self.refuse()
            return Literal(-float(self._next().text), token.column)
        if self._take("["):
            return Items(self._list("]", depth), token.column)
        if self._take("("):
            node = self.expression(depth)
            self._want(")")
            return node
        return self.refuse()

    def _name(self, depth: int) -> Node:
        token = self._next()
        if token.text in {"true", "false"}:
            return Literal(token.text == "true", token.column)
        if token.text in KEYWORDS - {"answered"}:
            raise ExpressionFault("show_if.unexpected", token.column, found=token.text)
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

    def _deeper(self, depth: int) -> int:
        if depth >= MAX_DEPTH:
            raise ExpressionFault("show_if.too_deep", self.here.column, most=str(MAX_DEPTH))
        return depth + 1

    def _next(self) -> _Token:
        token = self.here
        self._at += 1
        return token

    def _take(self, text: str) -> _Token | None:
        return self._next() if self.here.text == text and self.here.kind != "text" else None

    def _want(self, text: str) -> None:
        if not self._take(text):
            self.refuse()
