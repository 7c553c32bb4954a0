"""Pieces of survey files, and the words of the catalogue, for the tests of reading them."""

from pathlib import Path

from babel.messages.pofile import read_po

import surveys
from surveys.reading import check

QUESTION = '[[questions]]\nid = "a"\nkind = "text"\ntext = "A?"\n'
TOP = 'id = "mau"\ntitle = "Mẫu"\n'
CHOICES = (
    '[[questions]]\nid = "a"\nkind = "single"\ntext = "A?"\n'
    '[[questions.choices]]\nid = "co"\ntext = "Có"\n[[questions.choices]]\nid = "ko"\ntext = "Không"\n'
)


def codes(text: str) -> list[str]:
    return [fault.code for fault in check(text.encode())]


def catalogue() -> dict[str, str]:
    path = Path(surveys.__file__ or "").parent / "locale/vi/LC_MESSAGES/surveys.po"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def one(kind: str, *lines: str) -> str:
    """A question `a` of that kind with more lines."""
    return "\n".join([f'[[questions]]\nid = "a"\nkind = "{kind}"\ntext = "A?"', *lines, ""])
