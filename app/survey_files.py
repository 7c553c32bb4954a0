"""Survey files of every kind on disk: TOML, the officers' template, XLSForm, and the ready questionnaires by name."""

from dataclasses import dataclass, field
from pathlib import Path

from app.commands.common import Stop
from app.wording import app_wording, survey_wording
from surveys.definition import Survey
from surveys.faults import Fault, SurveyFaults, describe
from surveys.languages import remarks as language_remarks
from surveys.reading import read_survey
from surveys.ready import ready_file, ready_names

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".csv", ".xlsb", ".ods")
"""Endings read as spreadsheets; .xlsb and .ods are refused with what to do about them."""
ENDINGS = (".toml", *SPREADSHEETS)
_MOST = 64 << 20
"""Bytes read of a file: more than any reader of surveys takes, so that each can say that it is too big."""
_UNREAD = {FileNotFoundError: "file.none", IsADirectoryError: "file.folder", PermissionError: "file.denied"}
_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: a survey with remarks, or faults. `data` are its bytes, `kind` toml, template or xlsform."""

    file: str
    kind: str
    data: bytes
    survey: Survey | None
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)


def bytes_of(file: str) -> bytes:
    """The bytes of a survey file or ready questionnaire; Stop where it cannot be read."""
    path = Path(file)
    try:
        if not path.exists() and file in ready_names():
            return ready_file(file)
        with path.open("rb") as opened:
            return opened.read(_MOST)
    except OSError as fault:
        key = _UNREAD.get(type(fault), "file.unread")
        raise Stop(app_wording()(key, file=file, reason=fault.strerror, known=", ".join(ready_names()))) from None


def read_file(file: str) -> Reading:
    """The survey in a file, told by what is in it; Stop where the file cannot be read at all."""
    return read_data(file, bytes_of(file))


def read_data(file: str, data: bytes) -> Reading:
    """The survey in the bytes of a file of that name."""
    if data.startswith(_SIGNATURES) or file.lower().endswith(SPREADSHEETS):
        return _spreadsheet(file, data)
    try:
        survey = read_survey(data, file)
    except SurveyFaults as fault:
        return Reading(file, "toml", data, None, faults=fault.faults)
    return Reading(file, "toml", data, survey, remarks=language_remarks(survey))


def survey_from(file: str) -> Survey:
    """The survey in a file; Stop with every fault where there is any."""
    return sound(read_file(file))


def sound(reading: Reading) -> Survey:
    """The survey of a reading; Stop with every fault where it has none."""
    if reading.survey is None:
        raise Stop(lines(reading.file, reading.faults), 1)
    return reading.survey


def lines(file: str, faults: list[Fault]) -> list[str]:
    """Faults or remarks, one sentence each, behind the name of the file."""
    texts = survey_wording().texts
    return [f"{file}: {describe(fault, texts.__getitem__)}" for fault in faults]


def _spreadsheet(file: str, data: bytes) -> Reading:
    # Readers of spreadsheets are big, and `serve` reads no survey file.
    from surveys.sheets.files import kind_of
    from surveys.sheets.grid import read_workbook
    from surveys.sheets.template import reading_of
    from surveys.xlsform.reading import read_xlsform

    name = Path(file).name
    try:
        book = read_workbook(data, name)
        # What is neither is told as the template is, which is the officers' own way.
        if kind_of(book) != "xlsform":
            template = reading_of(book)
            remarks = [*template.remarks, *(language_remarks(template.survey) if template.survey else ())]
            return Reading(file, "template", data, template.survey, list(template.faults), remarks)
        form = read_xlsform(book, name)
    except SurveyFaults as fault:
        return Reading(file, "xlsform", data, None, faults=fault.faults)
    return Reading(file, "xlsform", data, form.survey, remarks=list(form.remarks))
