"""The wording of reports, read from the catalogue: keys with named parameters, never Vietnamese in code."""

import gettext
from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).parent / "locale" / "vi" / "LC_MESSAGES" / "reports.po"


class Texts:
    """Templates by key. A key or a parameter that is missing is a KeyError: a report never goes out half worded."""

    def __init__(self, templates: dict[str, str]) -> None:
        self._templates = templates

    def __contains__(self, key: str) -> bool:
        return key in self._templates

    def keys(self) -> frozenset[str]:
        """Every key of the catalogue."""
        return frozenset(self._templates)

    def say(self, key: str, **params: object) -> str:
        """The text of `key` with its {named} parameters filled in."""
        return self._templates[key].format_map(params)


@cache
def texts(path: Path = CATALOGUE) -> Texts:
    """The catalogue: the compiled .mo beside `path` when it is as new as the .po, else the .po itself.

    FileNotFoundError where neither is there.
    """
    compiled = path.with_suffix(".mo")
    if compiled.exists() and (not path.exists() or compiled.stat().st_mtime >= path.stat().st_mtime):
        return Texts(_from_mo(compiled))
    return Texts(_from_po(path))


def _from_mo(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        found: dict[object, str] = vars(gettext.GNUTranslations(file))["_catalog"]
    return {key: text for key, text in found.items() if isinstance(key, str) and key}


def _from_po(path: Path) -> dict[str, str]:
    # Only a source tree without `make setup` comes here; a wheel carries the .mo.
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        messages = read_po(file, locale="vi")
    return {str(message.id): str(message.string) for message in messages if message.id}
