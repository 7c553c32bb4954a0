"""A document that an officer attaches: told by its content, never by its name, and kept as it is.

Nothing of it is ever shown by the program, only handed on to be saved. So what is looked at is what whoever opens it
would be harmed by: a file that is not what it says, programs inside, a small file that becomes an enormous one.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from storage.case_files import KINDS

EMPTY = "files.empty"
TOO_BIG = "files.too_big"
OLD_OFFICE = "files.old_office"
PICTURE = "files.picture"
UNKNOWN = "files.unknown"
BROKEN = "files.broken"
ACTIVE = "files.active"
LOCKED = "files.locked"
BOMB = "files.bomb"

MAX_PARTS = 5_000
"""Files inside a document; a long report with pictures has some hundreds."""
MAX_UNPACKED = 200 * 1024 * 1024
"""Bytes that all its parts may say they have once unpacked."""
MAX_RATIO = 200
"""How many times larger than packed one part may say it is, if it is large at all."""
_LARGE = 5 * 1024 * 1024
_HEAD = 2 * 1024 * 1024
"""Bytes of the lists in a document that are read: what is in it, and what it leads to."""
_TAIL = 2_048
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# ISO 32000-1, 12.6.4: what runs a program or brings another file along, as names stand in a file that hides nothing.
_RUNS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_TYPES = "[Content_Types].xml"
_MAIN = {
    ".docx": b"wordprocessingml.document.main+xml",
    ".xlsx": b"spreadsheetml.sheet.main+xml",
}
_MACROS = re.compile(rb"macroEnabled|vbaProject|macrosheet|activeX|oleObject", re.IGNORECASE)
_MACRO_PARTS = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|oleobject|(?:^|/)(?:basic|scripts)/", re.IGNORECASE
)
# A template that is fetched when the document is opened can bring programs, though the document itself has none.
_FAR_TEMPLATE = re.compile(rb'attachedTemplate"[^>]*Target="\s*(?:https?:|\\\\|ftp:|file://[^/])', re.IGNORECASE)
_FAR_TEMPLATE_BACK = re.compile(rb'Target="\s*(?:https?:|\\\\|ftp:|file://[^/])[^>]*attachedTemplate"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """What kind a document is: `ending` is one of storage.case_files.KINDS."""

    ending: str

    @property
    def media_type(self) -> str:
        """As it is served."""
        return KINDS[self.ending]


@dataclass(frozen=True, slots=True)
class DocumentRefused:
    """Why a document was not kept, as a wording key."""

    key: str


def look(data: bytes, most: int) -> Document | DocumentRefused:
    """What a file of at most `most` bytes is, or why it cannot be attached."""
    if not data:
        return DocumentRefused(EMPTY)
    if len(data) > most:
        return DocumentRefused(TOO_BIG)
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if data.startswith(_OLD):
        # Word and Excel up to 2003, and documents of today that a password locks, which nobody can look into.
        return DocumentRefused(LOCKED if "EncryptedPackage".encode("utf-16-le") in data else OLD_OFFICE)
    return DocumentRefused(PICTURE if data.startswith(_PICTURES) else UNKNOWN)


def _pdf(data: bytes) -> Document | DocumentRefused:
    tail = data[-_TAIL:]
    if b"%%EOF" not in tail or b"startxref" not in tail:
        return DocumentRefused(BROKEN)
    return DocumentRefused(ACTIVE) if _RUNS.search(data) else Document(".pdf")


def _packed(data: bytes) -> Document | DocumentRefused:
    # Counted before the list is read: each entry of it begins so.
    if data.count(b"PK\x01\x02") > MAX_PARTS:
        return DocumentRefused(BOMB)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _parts(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        return DocumentRefused(BROKEN)


def _parts(archive: zipfile.ZipFile) -> Document | DocumentRefused:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(set(names)) < len(names) or any(part.compress_type not in _PACKED for part in parts):
        return DocumentRefused(BROKEN)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        return DocumentRefused(LOCKED)
    if _is_bomb(parts):
        return DocumentRefused(BOMB)
    if any(_MACRO_PARTS.search(name) for name in names):
        return DocumentRefused(ACTIVE)
    kind: Callable[[zipfile.ZipFile], Document | DocumentRefused] = _office if _TYPES in names else _open_document
    return kind(archive)


def _is_bomb(parts: list[zipfile.ZipInfo]) -> bool:
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        return True
    return any(part.file_size > _LARGE and part.file_size > MAX_RATIO * part.compress_size for part in parts)


def _office(archive: zipfile.ZipFile) -> Document | DocumentRefused:
    """Word or Excel of today (ECMA-376): by what the list of its parts says the main one is."""
    types = _read(archive, _TYPES)
    if _MACROS.search(types):
        return DocumentRefused(ACTIVE)
    ending = next((ending for ending, main in _MAIN.items() if main in types), "")
    if not ending:
        return DocumentRefused(UNKNOWN)
    for name in archive.namelist():
        if name.endswith("settings.xml.rels"):
            leads = _read(archive, name)
            if _FAR_TEMPLATE.search(leads) or _FAR_TEMPLATE_BACK.search(leads):
                return DocumentRefused(ACTIVE)
    return Document(ending)


def _open_document(archive: zipfile.ZipFile) -> Document | DocumentRefused:
    """A text of LibreOffice (ODF 1.3 part 2, 3.3): the first part is named "mimetype" and says so."""
    first = archive.infolist()[0] if archive.infolist() else None
    if first is None or first.filename != "mimetype" or "content.xml" not in archive.namelist():
        return DocumentRefused(UNKNOWN)
    said = _read(archive, "mimetype").strip().decode(errors="replace")
    return Document(".odt") if said == KINDS[".odt"] else DocumentRefused(UNKNOWN)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of a part, and no more of it than any honest one has."""
    with archive.open(name) as part:
        return part.read(_HEAD)
