"""A table as a survey file gives it, made of a spreadsheet instead, held against the same rules."""

from typing import Any

import msgspec

from surveys.checking import check_survey
from surveys.definition import Survey
from surveys.faults import Fault
from surveys.findings import Findings
from surveys.lines import Lines
from surveys.piping import set_apart
from surveys.writing_out import write_out


def survey_from_table(table: dict[str, Any]) -> tuple[Survey | None, list[Fault]]:
    """The survey, or every fault with its place by question, choice or item, and key."""
    findings = Findings(Lines(""))
    written = write_out(table, findings)
    check_survey(written, findings)
    if findings.faults:
        return None, findings.faults
    return set_apart(msgspec.convert(written.table, Survey)), []
