"""What a group gives its questions: its condition and its heading."""

from surveys.xlsform.columns import Table
from surveys.xlsform.expressions import Expressions
from surveys.xlsform.rows import Draft, Group
from surveys.xlsform.texts import Texts

_SECTION_BREAK = " – "

Said = dict[str, str]
"""A text by language, the form's own apart."""


class Groups:
    """Reads the rows of groups, each once, when a question in them first asks."""

    def __init__(self, table: Table, texts: Texts, expressions: Expressions) -> None:
        self._table = table
        self._texts = texts
        self._expressions = expressions
        self._headings: dict[int, tuple[str, Said]] = {}
        self._conditions: dict[int, str] = {}

    def conditions(self, group: Group | None) -> list[str]:
        """The conditions of the group and those around it, the outermost first."""
        found = []
        for one in group.chain() if group else ():
            if one.row not in self._conditions:
                self._conditions[one.row] = self._expressions.condition(one.row, "relevant")
            found.append(self._conditions[one.row])
        return found

    def section(self, draft: Draft, *, but: int = 0) -> tuple[str, Said]:
        """The headings that a question stands under, in every language; `but` is the row of one left out."""
        rows = [one.row for one in draft.group.chain()] if draft.group else []
        rows += [draft.head] if draft.head else []
        return _joined([self.heading(row) for row in rows if row != but])

    def heading(self, row: int) -> tuple[str, Said]:
        """The label of a group, or of the head of a table."""
        if row not in self._headings:
            self._headings[row] = self._texts.of(self._table, row, "label")
        return self._headings[row]


def _joined(labels: list[tuple[str, Said]]) -> tuple[str, Said]:
    """Headings within headings as one, in every language."""
    named = [(text, others) for text, others in labels if text]
    tags = dict.fromkeys(tag for _, others in named for tag in others)
    own = _SECTION_BREAK.join(text for text, _ in named)
    return own, {tag: _SECTION_BREAK.join(others.get(tag, text) for text, others in named) for tag in tags}
