"""`nghedan survey check` of many files: a table that accounts for every one of them."""

from pathlib import Path

from app.commands.common import Stop
from app.survey_files import ENDINGS, Reading, lines, read_file
from app.wording import app_wording
from surveys.faults import Fault

SHOWN = 3
"""Reasons told of a refused file where not all are wanted."""


def files_of(folder: Path) -> list[str]:
    """The survey files of a folder and the folders in it, sorted; Stop where there is none."""
    found = sorted(
        str(path)
        for path in folder.rglob("*")
        if path.suffix.lower() in ENDINGS and not path.name.startswith("~$") and path.is_file()
    )
    if not found:
        raise Stop(app_wording()("check.none", folder=str(folder)))
    return found


def account(files: list[str], named: list[str]) -> list[Reading]:
    """Every file read. One that cannot be opened stops the command if it was `named`; of a folder it is refused."""
    return [read_file(file) if file in named else _found(file) for file in files]


def _found(file: str) -> Reading:
    try:
        return read_file(file)
    except Stop:
        return Reading(file, "", b"", None, faults=[Fault("unopened")])


def table(readings: list[Reading], *, whole: bool) -> list[str]:
    """A line for each file and its reasons below, remarks after faults, and a last line with the sums."""
    say = app_wording()
    wide = max(len(Path(reading.file).name) for reading in readings)
    told: list[str] = []
    for reading in readings:
        name = Path(reading.file).name
        if reading.survey is None:
            told.append(f"{name:<{wide}}  {say('check.refused', count=len(reading.faults))}")
            told += _reasons([line.removeprefix(": ") for line in lines("", reading.faults)], whole=whole)
        else:
            told.append(f"{name:<{wide}}  {say('check.taken', count=len(reading.survey.questions))}")
        remarks = [say("check.remark", text=line.removeprefix(": ")) for line in lines("", reading.remarks)]
        told += _reasons(remarks, whole=whole) if whole else []
    taken = [reading for reading in readings if reading.survey is not None]
    questions = sum(len(reading.survey.questions) for reading in taken if reading.survey)
    refused = len(readings) - len(taken)
    told.append(say("check.total", files=len(readings), taken=len(taken), questions=questions, refused=refused))
    return told


def _reasons(reasons: list[str], *, whole: bool) -> list[str]:
    shown = reasons if whole else reasons[:SHOWN]
    left = len(reasons) - len(shown)
    more = [app_wording()("check.more", count=left)] if left else []
    return [f"    {reason}" for reason in (*shown, *more)]
