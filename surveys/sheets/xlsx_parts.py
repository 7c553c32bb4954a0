"""The parts of an .xlsx beside its sheets: the list of sheets, the shared texts, and which styles are dates."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from xml.parsers import expat
from zipfile import ZipFile

from surveys.sheets.grid import MAX_SHEETS, Limits, number_text

MAX_TEXT = 100_000
"""Characters of a cell; a spreadsheet holds 32,767, an escaped one a little more."""
_CHUNK = 1 << 16
_DATES = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_TIMES = frozenset((18, 19, 20, 21, 45, 46, 47))
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_MAX_DAY = 2_958_465  # 9999-12-31
_ESCAPED = re.compile(r"_x(000[9AaDd]|005[Ff])_")

Attributes = dict[str, str]


class Unsafe(Exception):
    """Contents that no spreadsheet program writes; the code of the fault."""


def local(name: str) -> str:
    """A tag or attribute without its namespace, so that the strict and the usual variant read alike."""
    return name.rsplit(":", 1)[-1]


class Archive:
    """The parts of the file, fed to handlers a piece at a time, with a limit on all that is unpacked and looked at."""

    def __init__(self, members: ZipFile, limits: Limits) -> None:
        self.names = frozenset(members.namelist())
        self._members = members
        self._bytes_left = limits.unpacked
        self._tags_left = limits.tags

    def parse(
        self,
        path: str,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Calls the handlers for a part; Unsafe; KeyError where there is none, ExpatError where it is damaged."""

        def refuse(*_: object) -> None:
            raise Unsafe("sheet.entities")

        def started(name: str, attributes: Attributes) -> None:
            self._tags_left -= 1
            if self._tags_left < 0:
                raise Unsafe("sheet.bomb")
            start(local(name), {local(key): value for key, value in attributes.items()})

        reader = expat.ParserCreate()
        reader.StartDoctypeDeclHandler = refuse
        reader.EntityDeclHandler = refuse
        reader.StartElementHandler = started
        if end:
            ended = end
            reader.EndElementHandler = lambda name: ended(local(name))
        if text:
            reader.buffer_text = True
            reader.CharacterDataHandler = text
        with self._members.open(path) as source:
            while piece := source.read(_CHUNK):
                self._bytes_left -= len(piece)
                if self._bytes_left < 0:
                    raise Unsafe("sheet.bomb")
                reader.Parse(piece, False)  # noqa: FBT003 - expat takes it by position
        reader.Parse(b"", True)  # noqa: FBT003 - yes or no is all there is to say


class Text:
    """The text of one cell as it comes in pieces; ValueError where it is longer than a cell can be."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0

    def add(self, piece: str) -> None:
        self._length += len(piece)
        if self._length > MAX_TEXT:
            raise ValueError("longer than a cell")
        self._pieces.append(piece)

    def __str__(self) -> str:
        return "".join(self._pieces)


def unescaped(text: str) -> str:
    """Excel writes a carriage return as _x000D_; other such marks stay as they stand."""
    return _ESCAPED.sub(lambda mark: chr(int(mark[1], 16)), text)


class Book:
    """Which sheets there are: (title, path, hidden), worksheets only, in the order of the tabs."""

    def __init__(self, archive: Archive) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.since_1904 = False
        roots = _relations(archive, "", "_rels/.rels") if "_rels/.rels" in archive.names else {}
        path = next((target for kind, target in roots.values() if kind == "officeDocument"), "xl/workbook.xml")
        folder, _, file = path.rpartition("/")
        self._parts = _relations(archive, folder, f"{folder}/_rels/{file}.rels")
        self._names = archive.names
        archive.parse(path, self._start)

    def part(self, kind: str) -> str:
        """The path of the one part of that kind, "" where there is none."""
        return next((target for own, target in self._parts.values() if own == kind and target in self._names), "")

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr":
            self.since_1904 = attributes.get("date1904") in {"1", "true"}
        elif tag == "sheet":
            kind, target = self._parts[attributes["id"]]
            if kind == "worksheet" and len(self.sheets) <= MAX_SHEETS:
                self.sheets.append((attributes["name"], target, attributes.get("state", "visible") != "visible"))


def _relations(archive: Archive, folder: str, path: str) -> dict[str, tuple[str, str]]:
    """By id: (last word of the type, path in the archive)."""
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes["Target"]
            whole = target if target.startswith("/") else f"{folder}/{target}"
            found[attributes["Id"]] = (attributes["Type"].rsplit("/", 1)[-1], _straight(whole))

    archive.parse(path, start)
    return found


def _straight(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


class SharedTexts:
    """The texts that cells point to by their number; only those wanted are kept."""

    def __init__(self, archive: Archive, path: str, wanted: set[int]) -> None:
        self.texts: dict[int, str] = {}
        self._wanted = wanted
        self._number = -1
        self._piece = Text()
        self._inside = False
        self._sounds = 0
        if path:
            archive.parse(path, self._start, self._end, self._text)

    def _start(self, tag: str, _: Attributes) -> None:
        if tag == "si":
            self._number += 1
            self._piece = Text()
        elif tag == "rPh":  # how Japanese characters are read
            self._sounds += 1
        self._inside = tag == "t" and not self._sounds and self._number in self._wanted

    def _text(self, piece: str) -> None:
        if self._inside:
            self._piece.add(piece)

    def _end(self, tag: str) -> None:
        if tag == "si" and self._number in self._wanted:
            self.texts[self._number] = unescaped(str(self._piece))
        elif tag == "rPh":
            self._sounds -= 1
        self._inside = False


class Styles:
    """Which numbers are days and times of day: a cell holds only a count of days since 1900 and a style."""

    def __init__(self, archive: Archive, path: str, *, since_1904: bool) -> None:
        self._formats: dict[int, str] = {}
        self._of_style: list[int] = []
        self._in_cells = False
        self._start_day = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a day on paper
        if path:
            archive.parse(path, self._start, self._end)

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == "numFmt" and "numFmtId" in attributes:
            self._formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "xf" and self._in_cells:
            self._of_style.append(int(attributes.get("numFmtId", "0")))

    def _end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._in_cells = False

    def shown(self, number: str, style: int) -> str:
        """The number as text: plain, or as a day, a time, or both."""
        value = float(number)
        day, time = self._parts_of(style)
        if not (day or time) or not 0 <= value <= _MAX_DAY:
            return number_text(value)
        moment = self._start_day + timedelta(seconds=round(value * 86400))
        shown_day = f"{moment:%Y-%m-%d}" if day and value >= 1 else ""
        midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
        clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
        shown_time = clock if not shown_day or (time and not midnight) else ""
        return " ".join(part for part in (shown_day, shown_time) if part)

    def _parts_of(self, style: int) -> tuple[bool, bool]:
        """Whether a style shows a day, and whether it shows a time."""
        kind = self._of_style[style] if 0 <= style < len(self._of_style) else 0
        code = self._formats.get(kind)
        if code is None:
            return kind in _DATES, kind in _TIMES or kind == 22  # 22 is m/d/yy h:mm
        hours = bool(re.search(r"\[(h+|m+|s+)\]", code, re.IGNORECASE))
        letters = _QUOTED.sub("", code.split(";", 1)[0]).lower()
        if "general" in letters:
            return False, False
        return any(c in letters for c in "dy"), hours or "h" in letters or "s" in letters
