"""A survey file (TOML) read into a Survey, or every fault in it with its place.

Every key, with an example of each, is in docs/can-bo/viet-phieu.md.
"""

import re
import tomllib
import unicodedata
from typing import Any

import msgspec

from surveys.checking import check_survey
from surveys.definition import Survey
from surveys.faults import Fault, Place, SurveyFaults
from surveys.findings import Findings
from surveys.languages import remarks
from surveys.lines import Lines
from surveys.piping import set_apart
from surveys.writing_out import write_out

__all__ = ["MAX_BYTES", "check", "read_survey", "remarks"]

MAX_BYTES = 1 << 20
_DEEP_KEY = re.compile(r"""(?<![\w"'-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""")
"""A key of so many parts that tomllib, which keeps every beginning of it, would need memory without end."""
_WHERE = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_survey(data: bytes, name: str) -> Survey:
    """The survey in a file's bytes, its texts in NFC. SurveyFaults, with every fault, where there is any.

    `name` is the file's, for the exception. What the survey lacks without being wrong is told by `remarks`.
    """
    table, faults = _checked(data)
    if faults:
        raise SurveyFaults(name, faults)
    return set_apart(msgspec.convert(table, Survey))


def check(data: bytes) -> list[Fault]:
    """Every fault of a survey file, in the order of its lines as far as they are known; [] where it is sound."""
    return _checked(data)[1]


def _checked(data: bytes) -> tuple[dict[str, Any], list[Fault]]:
    if len(data) > MAX_BYTES:
        return {}, [Fault("too_big", Place(), {"most": str(MAX_BYTES >> 20)})]
    try:
        text = data.decode("utf-8-sig")  # Notepad puts a byte order mark there
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        return {}, [Fault("not_utf8", Place(line=before.count(b"\n") + 1, column=column))]
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    if _DEEP_KEY.search(text):
        return {}, [Fault("not_toml.deep")]
    try:
        table = tomllib.loads(text)
    except RecursionError:
        return {}, [Fault("not_toml.deep")]
    except ValueError as error:
        return {}, [_toml_fault(str(error), text)]
    findings = Findings(Lines(text))
    written = write_out(table, findings)
    check_survey(written, findings)
    return written.table, sorted(findings.faults, key=lambda fault: fault.place.line or len(text))


def _toml_fault(message: str, text: str) -> Fault:
    where = _WHERE.search(message)
    lines = text.split("\n")
    if where is None:
        return Fault("not_toml.end", Place(line=len(lines)))
    line, column = int(where[1]), int(where[2])
    found = lines[line - 1].strip()[:80] if line <= len(lines) else ""
    code = "not_toml.twice" if "overwrite" in message or "twice" in message else "not_toml"
    return Fault(code, Place(line=line, column=column), {"found": found})
