"""`nghedan phieu`: print a survey as numbered paper forms, and look at what was typed from them."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.phieu import MOST_COPIES, Helped, Wanted, helped, print_forms, running
from app.places import NoSuchVillage, village_of
from app.runtime import Runtime
from app.wording import app_wording, survey_wording
from surveys.definition import Survey
from surveys.faults import SurveyFaults, describe
from surveys.paper_numbers import MOST
from surveys.reading import read_survey
from surveys.ready import ready_file, ready_names

app = typer.Typer(no_args_is_help=True)


@app.callback()
def phieu() -> None:
    """Print forms, and check what was typed."""


@app.command("print")
def print_(
    file: Annotated[Path, typer.Option("--out", help="PDF to write.")],
    survey: Annotated[
        str, typer.Option("--survey", help="A survey file, the name of a published or of a ready questionnaire.")
    ] = "",
    wave: Annotated[str, typer.Option("--wave", help="Code of the wave; printed on every form.")] = "",
    copies: Annotated[int, typer.Option("--copies", min=1, max=MOST_COPIES, help="How many forms.")] = 1,
    first: Annotated[
        int, typer.Option("--first-number", min=1, help="Where to go on: 51 after 50 forms printed earlier.")
    ] = 1,
    village: Annotated[str, typer.Option("--village", help="Printed instead of boxes for every village.")] = "",
    language: Annotated[str, typer.Option("--language", help="A language of the survey, such as km.")] = "",
    give_back: Annotated[str, typer.Option("--return-to", help="Where the form is to be given back.")] = "",
    one_sided: Annotated[
        bool, typer.Option("--one-sided", help="No empty page so that copies begin in front.")
    ] = False,
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Print forms on A4: large type, a number each, the digits of the chat, no name."""
    if bool(survey) == bool(wave):
        raise Stop("--survey or --wave: name one of them")
    if first + copies - 1 > MOST:
        raise Stop(f"--first-number: a wave has forms 1 to {MOST}")

    async def work(runtime: Runtime) -> int:
        unit = await commune_of(runtime, commune)
        where = (await village_of(runtime, unit, village)).name if village else ""
        asked = await running(runtime, unit, wave or survey)
        if wave and asked is None:
            raise Stop(f"--wave: {wave} is not the code of a running wave", 1)
        whole = asked[1] if asked else _read(survey)
        wanted = Wanted(
            survey=whole,
            wave=asked[0] if asked else None,
            copies=copies,
            first=first,
            village=where,
            language=_language(whole, language),
            give_back=give_back,
            two_sided=not one_sided,
        )
        return await print_forms(runtime, unit, wanted, file)

    try:
        printed = with_runtime(settings_of(config), work, make=True)
    except NoSuchVillage as fault:
        raise Stop(f"--village: {fault}", 1) from None
    except OSError as fault:
        raise Stop(f"--out: {file}: {fault.strerror}") from None
    if not printed:
        raise Stop("nobody is invited on paper from that number on", 1)
    if as_json:
        out(msgspec.json.encode({"file": str(file), "forms": printed}).decode())
    else:
        out(app_wording()("phieu.printed", forms=printed, file=file))


def _read(name: str) -> Survey:
    path = Path(name)
    try:
        data = ready_file(name) if name in ready_names() and not path.exists() else path.read_bytes()
    except OSError as fault:
        raise Stop(f"--survey: {name} cannot be read ({fault.strerror}); ready: {', '.join(ready_names())}") from None
    try:
        return read_survey(data, name)
    except SurveyFaults as fault:
        say = survey_wording().texts.__getitem__
        raise Stop([f"{name}: {describe(one, say)}" for one in fault.faults], 1) from None


def _language(survey: Survey, wanted: str) -> str:
    if wanted and wanted not in survey.languages:
        raise Stop(f"--language: {wanted} is none of {', '.join(survey.languages)}", 1)
    return wanted


@app.command()
def check(
    wave: Annotated[str, typer.Option("--wave", help="Code of the wave.")],
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """What officers typed for a wave: forms, differences of second typings, and piles unlike the others."""

    async def work(runtime: Runtime) -> Helped:
        found = await helped(runtime, await commune_of(runtime, commune), wave)
        if found is None:
            raise Stop(f"--wave: {wave} is not the code of a wave", 1)
        return found

    found = with_runtime(settings_of(config), work)
    if as_json:
        totals = [
            {key: value for key, value in msgspec.to_builtins(total).items() if key != "kept"} for total in found.totals
        ]
        out(msgspec.json.encode({"piles": totals, "findings": found.findings}).decode())
        return
    say = app_wording()
    if not found.totals:
        out(say("phieu.nothing", wave=wave))
    for total in found.totals:
        out(
            say(
                "phieu.pile",
                who=total.officer_name,
                where=total.village_name or say("phieu.no_village"),
                source=say(f"phieu.source.{total.source}"),
                forms=total.forms,
                expected=total.expected,
                checked=total.checked,
                differing=total.differing,
            )
        )
    if found.findings is None and found.totals:
        out(say("phieu.sealed"))
    for finding in found.findings or ():
        out(say(f"phieu.finding.{finding.code}", who=finding.helper))
