"""A text cut into tokens, and a place among them: what every reader of expressions begins with."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, NoReturn

import msgspec


class SyntaxFault(Exception):
    """What is wrong with a text, and at which column (from 1). `code` is a wording key."""

    def __init__(self, code: str, column: int, **params: str) -> None:
        self.code = code
        self.column = column
        self.params = params
        super().__init__(f"{code} at column {column}")


class Token(msgspec.Struct, frozen=True):
    """A piece of the text; `kind` is the name of a group of the pattern, or "end" behind the last one."""

    kind: str
    text: str
    column: int


def tokens_of(text: str, pattern: re.Pattern[str], fault: type[SyntaxFault], family: str) -> Iterator[Token]:
    """The tokens of a text from left to right without those of kind "space", then one "end".

    `fault` with "<family>.open_text" or "<family>.unexpected" where no alternative of the pattern fits.
    """
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            code = "open_text" if text[at] in "\"'" else "unexpected"
            raise fault(f"{family}.{code}", at + 1, found=text[at])
        if match.lastgroup != "space":
            yield Token(match.lastgroup or "", match.group(), at + 1)
        at = match.end()
    yield Token("end", "", len(text) + 1)


class Cursor:
    """A place among tokens, for a reader by recursive descent; `fault` and `family` as `tokens_of` has them."""

    fault: ClassVar[type[SyntaxFault]]
    family: ClassVar[str]

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._tokens = list(tokens)
        self._at = 0

    @property
    def here(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._at]

    def refuse(self) -> NoReturn:
        """Say that the token that comes next cannot stand there."""
        if self.here.kind == "end":
            raise self.fault(f"{self.family}.ends_early", self.here.column)
        raise self.fault(f"{self.family}.unexpected", self.here.column, found=self.here.text)

    def next(self) -> Token:
        """The token that comes next, passed."""
        token = self.here
        self._at += 1
        return token

    def take(self, *texts: str) -> Token | None:
        """The token that comes next, passed, where it is one of these; None elsewhere. A quoted text never is."""
        return self.next() if self.here.text in texts and self.here.kind != "text" else None

    def want(self, text: str) -> None:
        """Pass this token; refused where another comes."""
        if not self.take(text):
            self.refuse()
