"""`nghedan survey`: check files, import and export them, publish, list what is there."""

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.commands.common import (
    AsJson,
    CommuneSlug,
    Config,
    Stop,
    commune_of,
    out,
    settings_of,
    with_runtime,
    write_whole,
)
from app.commands.survey_account import account, files_of, table
from app.commands.walk import walk
from app.runtime import Runtime
from app.survey_companions import Companion, companions
from app.survey_files import Reading, lines, read_file, sound, survey_from
from app.wording import app_wording
from feedback.roles import SYSTEM, Actor, may
from storage import survey_files, waves
from storage.tx import Tx
from surveys.definition import Survey
from surveys.faults import Fault, SurveyFaults
from surveys.opinions import unfilled
from surveys.ready import ready_names
from vietnam.time import local

app = typer.Typer(no_args_is_help=True)
app.command("walk")(walk)
File = Annotated[
    str, typer.Argument(help="A survey file (TOML, Excel template, XLSForm), or the name of a ready questionnaire.")
]
Out = Annotated[Path, typer.Option("--out", help="The file to write; one that is there is written over.")]


class Format(StrEnum):
    """What a survey is written as."""

    XLSFORM = "xlsform"
    TEMPLATE = "template"
    TOML = "toml"


@app.command()
def check(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Survey files, or folders of them.")],
    whole: Annotated[bool, typer.Option("--all", help="Of many files too, every reason and remark.")] = False,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Name every fault of survey files by its place; of a folder, a table that accounts for each file.

    Of files named one by one, exit 1 where one has faults. Of a folder 0: a refused file is an answer there.
    """
    settings_of(config)
    if len(paths) == 1 and not Path(paths[0]).is_dir():
        _check_one(read_file(paths[0]), as_json=as_json)
        return
    folders = [path for path in paths if Path(path).is_dir()]
    files = [file for path in paths for file in (files_of(Path(path)) if path in folders else [path])]
    readings = account(files, paths)
    if as_json:
        out(msgspec.json.encode({"files": [_told(reading) for reading in readings]}).decode())
    else:
        out("\n".join(table(readings, whole=whole)))
    if not folders and any(reading.survey is None for reading in readings):
        raise SystemExit(1)


def _check_one(reading: Reading, *, as_json: bool) -> None:
    say = app_wording()
    if as_json:
        out(msgspec.json.encode(_told(reading)).decode())
    else:
        if reading.survey is not None:
            out(say("survey.right", file=reading.file))
        told = lines(reading.file, reading.faults)
        told += [say("check.remark", text=line) for line in lines(reading.file, reading.remarks)]
        out("\n".join(told), end="\n" if told else "")
    if reading.survey is None:
        raise SystemExit(1)


def _told(reading: Reading) -> dict[str, object]:
    questions = None if reading.survey is None else len(reading.survey.questions)
    return {
        "file": reading.file,
        "kind": reading.kind,
        "questions": questions,
        "faults": reading.faults,
        "remarks": reading.remarks,
    }


@app.command("import")
def import_(file: File, target: Out, config: Config = None) -> None:
    """Write a template or an XLSForm as a readable TOML file, which can be checked, changed and published."""
    settings_of(config)
    reading = read_file(file)
    survey = sound(reading)
    write_whole(target, _as_toml(survey))
    say = app_wording()
    out(say("import.done", file=str(target), count=len(survey.questions)))
    _remark(reading.file, reading.remarks)


@app.command()
def export(
    file: File,
    to: Annotated[Format, typer.Option("--to", help="xlsform (Kobo, ODK), template (Excel of this program) or toml.")],
    target: Out,
    config: Config = None,
) -> None:
    """Write a survey as XLSForm, as the Excel template or as TOML; what has no place there is said."""
    settings_of(config)
    survey = survey_from(file)
    try:
        data, lost = _exported(survey, to)
    except SurveyFaults as fault:
        raise Stop(lines(file, fault.faults), 1) from None
    write_whole(target, data)
    out(app_wording()("export.done", file=str(target), count=len(survey.questions)))
    _remark(file, lost)


@app.command()
def template(target: Out, config: Config = None) -> None:
    """Write the empty Excel template, filled with an example, to write a survey in."""
    from surveys.sheets.template_writing import write_template

    settings_of(config)
    write_whole(target, write_template())
    out(app_wording()("template.done", file=str(target)))


@app.command()
def publish(
    file: File,
    no_wave: Annotated[
        bool, typer.Option("--no-wave", help="Open nothing: `wave open` asks it, by invitation.")
    ] = False,
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Freeze a survey as its next version and open it to everyone; the same text again changes nothing.

    Recordings and the document that it names are read from the folder of its file and stored with the version.
    """
    reading = read_file(file)
    survey = sound(reading)
    # A ready questionnaire lies inside the program; its files are looked for in the working folder.
    files, missing = companions(survey, Path(file).parent if Path(file).exists() else Path())
    if wrong := [*unfilled(survey), *missing]:
        raise Stop(lines(file, wrong), 1)
    checksum = checksum_of(reading.data, files)

    async def work(runtime: Runtime) -> tuple[waves.Published, str]:
        unit = await commune_of(runtime, commune)
        if not may(Actor(kind=SYSTEM, unit=unit.id), "survey.publish", unit.id):
            raise Stop("not allowed", 1)
        now = runtime.now()
        # The bytes are safe before the version says that they are there; of one that is not new they are swept.
        stored = {one.name: await runtime.blobs.put(unit.id, one.media_type, one.data, name=one.name) for one in files}

        def act(tx: Tx) -> waves.Published:
            published = waves.publish(tx, unit.id, survey, checksum, now, opens=not no_wave)
            for name, blob in stored.items() if published.new else ():
                survey_files.put(tx, published.version, name, blob)
            return published

        published = await runtime.store.write(act)
        url = f"{runtime.settings.public_url}/{unit.slug}/?n=ks_{published.code}"
        return published, "" if no_wave else url

    published, url = with_runtime(settings_of(config), work, make=True)
    if as_json:
        out(
            msgspec.json.encode(
                {"survey": survey.id, "version": published.number, "new": published.new, "url": url}
            ).decode()
        )
    else:
        key = "survey.published" if published.new else "survey.unchanged"
        out(app_wording()(key, title=survey.title, number=published.number))
        out(url or app_wording()("survey.no_wave", survey=survey.id))


@app.command("list")
def list_(commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """List published versions, and the ready questionnaires that can be published."""

    async def work(runtime: Runtime) -> list[waves.Listed]:
        unit = await commune_of(runtime, commune)
        return await runtime.store.read(lambda conn: waves.listed(conn, unit.id))

    rows = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode({"published": rows, "ready": ready_names()}).decode())
        return
    say = app_wording()
    for row in rows:
        number, state = say("survey.version", number=row.number), say("survey.not_open")
        if row.code:
            state = say("survey.wave", code=row.code, state=say(f"wave.state.{row.state}"))
        out(f"{row.slug}\t{number}\t{local(row.published_at):%d/%m/%Y}\t{state}\t{row.title}")
    out(say("survey.ready", names=", ".join(ready_names())))


def _exported(survey: Survey, to: Format) -> tuple[bytes, list[Fault]]:
    if to is Format.XLSFORM:
        from surveys.xlsform.writing import write_xlsform

        return write_xlsform(survey)
    if to is Format.TEMPLATE:
        from surveys.sheets.template_writing import lost_in_template, write_template

        return write_template(survey), lost_in_template(survey)
    return _as_toml(survey), []


def _as_toml(survey: Survey) -> bytes:
    from surveys.writing import write_survey

    return write_survey(survey).encode()


def _remark(file: str, remarks: list[Fault]) -> None:
    for line in lines(file, remarks):
        out(app_wording()("check.remark", text=line))


def checksum_of(data: bytes, files: list[Companion]) -> str:
    """Of the survey's text, and of its files where it has some: another recording is another version."""
    whole = hashlib.sha256(data)
    for one in files:
        whole.update(hashlib.sha256(one.data).digest())
    return whole.hexdigest()
