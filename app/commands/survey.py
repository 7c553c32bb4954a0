"""`nghedan survey`: check a file, publish it, list what is there."""

import hashlib
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.runtime import Runtime
from app.wording import app_wording, survey_wording
from feedback.roles import SYSTEM, Actor, may
from storage import waves
from surveys.faults import Fault, SurveyFaults, describe
from surveys.reading import check as check_survey
from surveys.reading import read_survey
from surveys.ready import ready_file, ready_names
from vietnam.time import local

app = typer.Typer(no_args_is_help=True)
File = Annotated[str, typer.Argument(help="A survey file, or the name of a ready questionnaire.")]


def _bytes(file: str) -> bytes:
    path = Path(file)
    if not path.exists() and file in ready_names():
        return ready_file(file)
    try:
        return path.read_bytes()
    except OSError as fault:
        raise Stop(
            f"{file}: cannot be read ({fault.strerror}); ready questionnaires: {', '.join(ready_names())}"
        ) from None


def _lines(file: str, faults: list[Fault]) -> list[str]:
    wording = survey_wording()
    return [f"{file}: {describe(fault, wording.texts.__getitem__)}" for fault in faults]


@app.command()
def check(file: File, as_json: AsJson = False, config: Config = None) -> None:
    """Name every fault of a survey file by its place; exit 1 where there is one."""
    settings_of(config)
    faults = check_survey(_bytes(file))
    if as_json:
        out(msgspec.json.encode({"file": file, "faults": faults}).decode())
    elif faults:
        sys.stdout.writelines(f"{line}\n" for line in _lines(file, faults))
    else:
        out(app_wording()("survey.right", file=file))
    if faults:
        raise SystemExit(1)


@app.command()
def publish(file: File, commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """Freeze a survey as its next version and open it to everyone; the same text again changes nothing."""
    data = _bytes(file)
    try:
        survey = read_survey(data, file)
    except SurveyFaults as fault:
        raise Stop(_lines(file, list(fault.faults)), 1) from None

    async def work(runtime: Runtime) -> tuple[waves.Published, str]:
        unit = await commune_of(runtime, commune)
        if not may(Actor(kind=SYSTEM, unit=unit.id), "survey.publish", unit.id):
            raise Stop("not allowed", 1)
        checksum = hashlib.sha256(data).hexdigest()
        now = runtime.now()
        published = await runtime.store.write(lambda tx: waves.publish(tx, unit.id, survey, checksum, now))
        return published, f"{runtime.settings.public_url}/{unit.slug}/?n=ks_{published.code}"

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
        out(url)


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
        number, state = say("survey.version", number=row.number), say(f"survey.state.{row.state or 'none'}")
        out(f"{row.slug}\t{number}\t{local(row.published_at):%d/%m/%Y}\t{state}\t{row.title}")
    out(say("survey.ready", names=", ".join(ready_names())))
