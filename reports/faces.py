"""Which faces to set a page in: those that are installed here and have every Vietnamese letter."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import typst
from matplotlib.ft2font import FT2Font

SERIFS = ("Times New Roman", "Liberation Serif", "Tinos")
CARRIED = "Libertinus Serif"
"""The face that Typst brings along: what a machine without the others prints in, and it has every letter too."""
_LETTERS = "ơưƠƯạỆẫỹ"


class Faces(NamedTuple):
    """Names, best first and last the one that is always there, and the fonts that Typst is to look them up in."""

    names: tuple[str, ...]
    fonts: typst.Fonts


def vietnamese_fonts(wanted: Sequence[str] = SERIFS, folders: Sequence[str] = ()) -> list[str]:
    """The names of `faces` alone."""
    return list(faces(tuple(wanted), tuple(folders)).names)


@cache
def faces(wanted: tuple[str, ...] = SERIFS, folders: tuple[str, ...] = (), *, machine: bool = True) -> Faces:
    """Times New Roman or what has its widths, where it is installed whole; `folders` are looked through too.

    Liberation Serif before 2.0 lacks letters, and a page that takes some of them from another face is ugly. It often
    lies beside the newer one under the same name: then the folder of the old one is left out. `machine`: whether what
    is installed counts at all. Read once: a program is started again after a font was installed.
    """
    fonts = typst.Fonts(include_system_fonts=machine, font_paths=list(folders))
    found = _installed(fonts, wanted)
    lacking = {path.parent for paths in found.values() for path in paths if not _complete(path)}
    if lacking:
        kept = {Path(font.path).parent for font in fonts.fonts() if font.path is not None} - lacking
        # Typst looks into folders of folders: none of those that are kept may hold one that is not.
        kept = {folder for folder in kept if not any(folder in bad.parents for bad in lacking)}
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in sorted(kept)])
        found = _installed(fonts, wanted)
    names = [face for face in wanted if face in found and all(_complete(path) for path in found[face])]
    return Faces((*names, CARRIED), fonts)


def _installed(fonts: typst.Fonts, wanted: tuple[str, ...]) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for font in fonts.fonts():
        # What stands narrow in another file is never asked for.
        if font.family in wanted and font.path is not None and font.stretch == 1.0:
            found.setdefault(font.family, []).append(Path(font.path))
    return found


@cache
def _complete(path: Path) -> bool:
    known = FT2Font(str(path)).get_charmap()
    return all(ord(letter) in known for letter in _LETTERS)
