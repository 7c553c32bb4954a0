"""`nghedan frame`: lists of households or people that samples are drawn from."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.commands.progress import bar
from app.frames import import_frame
from app.runtime import Runtime
from app.wording import app_wording, survey_wording
from feedback.roles import SYSTEM, Actor
from storage import frames
from storage.frames import Frame, NameTaken
from surveys.faults import SurveyFaults, describe
from surveys.waves import FrameKind
from vietnam.time import local

app = typer.Typer(no_args_is_help=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A list in .xlsx, .xls or .csv, with headings over its columns.")],
    name: Annotated[str, typer.Option("--name", help="What to call it.")],
    kind: Annotated[FrameKind, typer.Option("--kind", help="person, household or service_user.")],
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Import a list that samples are drawn from; every cell that cannot be used is named, and then nothing is kept."""
    try:
        data = file.read_bytes()
    except OSError as fault:
        raise Stop(f"{file}: cannot be read ({fault.strerror})") from None
    say = app_wording()

    async def work(runtime: Runtime) -> tuple[Frame, bool, int]:
        unit = await commune_of(runtime, commune)
        actor = Actor(kind=SYSTEM, unit=unit.id)
        with bar(say("frame.importing")) as tell:
            frame, new = await import_frame(runtime, actor, unit.id, data, name.strip() or file.stem, kind, tell)
        return frame, new, await runtime.store.read(lambda conn: frames.reached(conn, frame.id))

    try:
        frame, new, reached = with_runtime(settings_of(config), work)
    except SurveyFaults as faults:
        texts = survey_wording().texts
        raise Stop([f"{file}: {describe(fault, texts.__getitem__)}" for fault in faults.faults], 1) from None
    except NameTaken:
        raise Stop(say("frame.name_taken", name=name), 1) from None
    if as_json:
        told = {"name": frame.name, "kind": frame.kind, "rows": frame.size, "new": new, "reached": reached}
        out(msgspec.json.encode(told).decode())
    else:
        out(say("frame.imported" if new else "frame.known", name=frame.name, rows=frame.size))
        out(say("frame.reached", reached=reached, paper=frame.size - reached))


@app.command("list")
def list_(commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """The lists of a commune, newest first."""

    async def work(runtime: Runtime) -> list[Frame]:
        unit = await commune_of(runtime, commune)
        return await runtime.store.read(lambda conn: frames.listed(conn, unit.id))

    found = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode(found).decode())
        return
    say = app_wording()
    for one in found:
        kind = say(f"frame.kind.{one.kind}")
        out(f"{one.name}\t{kind}\t{say('frame.rows', rows=one.size)}\t{local(one.imported_at):%d/%m/%Y}")
