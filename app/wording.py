"""The wording catalogues (.mo, built by `make setup` and by the wheel) as frozen values for the rooms."""

import gettext
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.conversation.wording import Wording

_ROOT = Path(__file__).resolve().parent.parent


class MissingCatalogue(Exception):
    """A catalogue has not been compiled."""


class Catalogue(Mapping[str, str]):
    """A compiled catalogue as a mapping of keys to texts.

    What it lacks is taken from `fallback` and counted in `missed`; without one it is a KeyError.
    """

    def __init__(self, room: str, language: str, fallback: Mapping[str, str] | None = None) -> None:
        path = _path(room, language)
        self.missed = 0
        self._fallback = fallback
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
                if self._fallback is None:
                    raise KeyError(key)
                self.missed += 1
                return self._fallback[key]
            self._known[key] = text
        return text

    def __iter__(self) -> Iterator[str]:
        raise TypeError("a compiled catalogue is looked up, not listed")

    def __len__(self) -> int:
        raise TypeError("a compiled catalogue is looked up, not counted")


def _path(room: str, language: str) -> Path:
    return _ROOT / room / "locale" / language / "LC_MESSAGES" / f"{room}.mo"


def bot_wording(language: str = "vi") -> Wording:
    """What the bot says, with every other language that it has a catalogue of. MissingCatalogue."""
    own = Catalogue("bot", language)
    tags = sorted(path.parents[1].name for path in (_ROOT / "bot" / "locale").glob("*/LC_MESSAGES/bot.mo"))
    others = {tag: Wording(tag, Catalogue("bot", tag, own)) for tag in tags if tag != language}
    return Wording(language, own, others)


def take_missed(wording: Wording) -> dict[str, int]:
    """How many texts each other language lacked since this was asked last."""
    missed = {}
    for tag, other in wording.others.items():
        if isinstance(other.texts, Catalogue) and other.texts.missed:
            missed[tag], other.texts.missed = other.texts.missed, 0
    return missed


def app_wording(language: str = "vi") -> Wording:
    """What the command line says. MissingCatalogue."""
    return Wording(language, Catalogue("app", language))


def survey_wording(language: str = "vi") -> Wording:
    """What is said of a survey file's faults. MissingCatalogue."""
    return Wording(language, Catalogue("surveys", language))
