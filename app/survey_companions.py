"""The files that a survey names: recordings of its questions, the document that it asks opinions on.

They stand beside the survey file and are published with it; a file is what its first bytes say, not its ending.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from surveys.definition import Survey
from surveys.faults import Fault, Place

MAX_AUDIO = 2 << 20
MAX_DOCUMENT = 10 << 20
_MPEG_SYNC = 0xE0
"""The first eleven bits of an MPEG audio frame are set (ISO/IEC 11172-3)."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A file to be stored with a version."""

    name: str
    media_type: str
    data: bytes


def companions(survey: Survey, folder: Path) -> tuple[list[Companion], list[Fault]]:
    """Every file that the survey names, read from the folder of its file, and what is wrong with them by name."""

    def read(name: str, most: int) -> bytes | None:
        try:
            with (folder / name).open("rb") as file:
                return file.read(most)
        except OSError:
            return None

    return checked(survey, read, str(folder))


def named(survey: Survey) -> list[str]:
    """Names of the files that a survey is published with, in the order in which it names them."""
    return list(_named(survey))


def checked(
    survey: Survey, read: Callable[[str, int], bytes | None], where: str
) -> tuple[list[Companion], list[Fault]]:
    """Every file that the survey names, and what is wrong with them by name.

    `read` gives the first so many bytes of a file, None where there is none; `where` is where they are looked for.
    """
    found: list[Companion] = []
    faults: list[Fault] = []
    for name, place in _named(survey).items():
        audio = name != survey.document
        most = MAX_AUDIO if audio else MAX_DOCUMENT
        data = read(name, most + 1)
        if data is None:
            faults.append(Fault("file.missing", place, {"found": name, "folder": where}))
            continue
        media_type = _audio_type(data) if audio else _document_type(data)
        if not media_type:
            faults.append(Fault("file.audio" if audio else "file.document", place, {"found": name}))
        elif len(data) > most:
            faults.append(Fault("file.too_big", place, {"found": name, "most": str(most >> 20)}))
        else:
            found.append(Companion(name, media_type, data))
    return found, faults


def _named(survey: Survey) -> dict[str, Place]:
    """Names of files, each once, with the first place that names it."""
    names: dict[str, Place] = {}
    if survey.document:
        names[survey.document] = Place(key="document")
    for number, question in enumerate(survey.questions, start=1):
        spoken = (texts.get(f"questions.{question.id}.audio", "") for texts in survey.translations.values())
        for name in (question.audio, *spoken):
            if name:
                names.setdefault(name, Place(question=number, id=question.id, key="audio"))
    return names


def _audio_type(data: bytes) -> str:
    """By RFC 3534 (OggS), ISO/IEC 14496-12 (ftyp), RFC 2361 (RIFF ... WAVE) and ISO/IEC 11172-3; "" for others."""
    if data.startswith(b"OggS"):
        return "audio/ogg"
    if data[4:8] == b"ftyp":
        return "audio/mp4"
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return "audio/wav"
    if data.startswith(b"ID3") or (data[:1] == b"\xff" and len(data) > 1 and data[1] & _MPEG_SYNC == _MPEG_SYNC):
        return "audio/mpeg"
    return ""


def _document_type(data: bytes) -> str:
    return "application/pdf" if data.startswith(b"%PDF-") else ""
