"""The wording catalogues (.mo, built by `make setup` and by the wheel) as frozen values for the rooms."""

import gettext
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.conversation.wording import Wording

_ROOT = Path(__file__).resolve().parent.parent


class MissingCatalogue(Exception):
    """A catalogue has not been compiled."""


class Catalogue(Mapping[str, str]):
    """A compiled catalogue as a mapping of keys to texts."""

    def __init__(self, room: str, language: str) -> None:
        path = _ROOT / room / "locale" / language / "LC_MESSAGES" / f"{room}.mo"
        try:
            with path.open("rb") as file:
                self._texts = gettext.GNUTranslations(file)
            self._known: dict[str, str] = {}
        except FileNotFoundError:
            raise MissingCatalogue(f"{path.name} is not built: run `make setup`") from None

    def __getitem__(self, key: str) -> str:
        text = self._known.get(key)
        if text is None:
            text = self._texts.gettext(key)
            if text == key:
                raise KeyError(key)
            self._known[key] = text
        return text

    def __iter__(self) -> Iterator[str]:
        raise TypeError("a compiled catalogue is looked up, not listed")

    def __len__(self) -> int:
        raise TypeError("a compiled catalogue is looked up, not counted")


def bot_wording(language: str = "vi") -> Wording:
    """What the bot says. MissingCatalogue."""
    return Wording(language, Catalogue("bot", language))


def app_wording(language: str = "vi") -> Wording:
    """What the command line says. MissingCatalogue."""
    return Wording(language, Catalogue("app", language))


def survey_wording(language: str = "vi") -> Wording:
    """What is said of a survey file's faults. MissingCatalogue."""
    return Wording(language, Catalogue("surveys", language))
