"""The texts of one language, frozen; app/ loads them from the catalogues and passes them in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from bot.conversation.effects import Text


class Wording(msgspec.Struct, frozen=True):
    """Texts by key, with {named} places."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **params: Any) -> str:  # noqa: ANN401
        """The text of a key; KeyError where the catalogue lacks it (a test proves that none does)."""
        return self.texts[key].format(**{name: self._worded(value) for name, value in params.items()})

    def word(self, text: Text) -> str:
        """A Text as a person reads it."""
        return str(text.params["text"]) if text.key == "plain" else self(text.key, **text.params)

    def _worded(self, value: object) -> object:
        if isinstance(value, Text):
            return self.word(value)
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return value
