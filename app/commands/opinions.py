"""`nghedan opinions`: what people said about a draft, taken out as a sheet, and the answers brought back (SV7)."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.runtime import Runtime
from app.wording import app_wording, survey_wording
from feedback.roles import SYSTEM, Actor, may
from storage import opinions
from storage.opinions import Consultation
from storage.units import Unit
from surveys.faults import SurveyFaults, describe
from surveys.opinions import HEADINGS, LABELS, SHEET, lines, read_lines
from surveys.sheets.grid import read_workbook

app = typer.Typer(no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="The code of the wave that asks for opinions.")]
_WIDTHS = (22, 30, 60, 60, 18, 60)


async def _closed(runtime: Runtime, slug: str, code: str) -> tuple[Unit, Consultation]:
    unit = await commune_of(runtime, slug)
    say = app_wording()
    now = runtime.now()
    asked = await runtime.store.read(lambda conn: opinions.consultation(conn, unit.id, code, now))
    if asked is None:
        raise Stop(say("opinions.none", code=code), 1)
    if not asked.closed:
        raise Stop(say("opinions.still_open", code=code), 1)
    return unit, asked


@app.command()
def export(
    code: Code,
    target: Annotated[Path, typer.Option("--out", help="The .xlsx file to write.")],
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Write every opinion of a closed wave into a sheet with columns for the answers."""

    async def work(runtime: Runtime) -> int:
        _, asked = await _closed(runtime, commune, code)
        found = await runtime.store.read(lambda conn: opinions.opinions(conn, asked))
        texts = {question.id: question.text for question in asked.survey.questions}
        _write(target, lines(found, texts))
        return len(found)

    count = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode({"opinions": count, "file": str(target)}).decode())
    else:
        out(app_wording()("opinions.exported", count=count, file=target))


def _write(target: Path, rows: list[tuple[str, ...]]) -> None:
    import xlsxwriter

    try:
        book = xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False})
        sheet = book.add_worksheet(SHEET)
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E6EEF0"})
        text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        for column, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value, text)
        if rows:
            sheet.data_validation(1, 4, len(rows), 4, {"validate": "list", "source": list(LABELS.values())})
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        book.close()
    except OSError as fault:
        raise Stop(f"--out: {target}: {fault.strerror}") from None


@app.command("import")
def import_(
    code: Code,
    file: Annotated[Path, typer.Argument(help="The sheet of `opinions export`, filled in.")],
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Publish the answers of a sheet; with one fault in it nothing is taken."""
    try:
        data = file.read_bytes()
    except OSError as fault:
        raise Stop(f"{file}: {fault.strerror}") from None

    async def work(runtime: Runtime) -> tuple[int, str]:
        unit, asked = await _closed(runtime, commune, code)
        actor = Actor(kind=SYSTEM, unit=unit.id)
        if not may(actor, "opinion.answer", unit.id):
            raise Stop("not allowed", 1)
        found = await runtime.store.read(lambda conn: opinions.opinions(conn, asked))
        try:
            replies = read_lines(read_workbook(data, file.name).sheets[0], found, file.name)
        except SurveyFaults as fault:
            say = survey_wording().texts.__getitem__
            raise Stop([f"{file}: {describe(one, say)}" for one in fault.faults], 1) from None
        now = runtime.now()
        await runtime.store.write(lambda tx: opinions.reply(tx, actor, unit.id, asked.wave, replies, now))
        return len(replies), f"{runtime.settings.public_url}/{unit.slug}/lay-y-kien/{asked.code}"

    count, url = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode({"answered": count, "url": url}).decode())
    else:
        out(app_wording()("opinions.published", count=count))
        out(url)
