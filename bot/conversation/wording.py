"""The texts of one language, frozen; app/ loads them from the catalogues and passes them in."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from bot.conversation.effects import Text


class _Typed(Mapping[str, str]):
    """Texts of which some have another form, "key.typed"."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __getitem__(self, key: str) -> str:
        try:
            return self._texts[f"{key}.typed"]
        except KeyError:
            return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class Wording(msgspec.Struct, frozen=True):
    """Texts by key, with {named} places. `others` are the same in other languages, by their tags."""

    language: str
    texts: Mapping[str, str]
    others: Mapping[str, "Wording"] = {}

    def spoken(self, language: str) -> "Wording":
        """What is said to whoever chose that tag: in it or its base language where there is a catalogue, else this."""
        if not language or not self.others:
            return self
        return self.others.get(language) or self.others.get(language.split("-", 1)[0]) or self

    def typed(self) -> "Wording":
        """The same for a channel without buttons: "key.typed" goes before "key", as nothing there can be touched.

        Other languages stay as they are: their catalogues are a commune's own.
        """
        return Wording(self.language, _Typed(self.texts), self.others)

    def __call__(self, key: str, **params: Any) -> str:  # noqa: ANN401 - handed on as it came
        """The text of a key; KeyError where the catalogue lacks it (a test proves that none does)."""
        text = self.texts[key]
        return text.format(**{name: self._worded(value) for name, value in params.items()}) if params else text

    def word(self, text: Text) -> str:
        """A Text as a person reads it."""
        return str(text.params["text"]) if text.key == "plain" else self(text.key, **text.params)

    def _worded(self, value: object) -> object:
        if isinstance(value, Text):
            return self.word(value)
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return value
