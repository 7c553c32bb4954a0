"""`nghedan served`: how many people the one-stop service served each month."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.runtime import Runtime
from app.wording import app_wording, survey_wording
from feedback.roles import SYSTEM, Actor
from storage import served
from storage.served import ServedRow
from surveys.faults import SurveyFaults, describe
from surveys.served_sheet import Months, month_of, read_served
from surveys.sheets.grid import read_workbook
from vietnam.numbers import number_vi
from vietnam.text import sort_key

app = typer.Typer(no_args_is_help=True)
_FIRST, _LAST = "2000-01", "2099-12"


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A table in .xlsx, .xls or .csv: months, fields and numbers.")],
    month: Annotated[str, typer.Option("--month", help="2026-10, where the table has no column of months.")] = "",
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Read how many people were served; what was known of the same months before is replaced."""
    say = app_wording()
    wanted = month_of(month)
    if month and not wanted:
        raise Stop(say("served.month", month=month))
    try:
        data = file.read_bytes()
    except OSError as fault:
        raise Stop(f"{file}: cannot be read ({fault.strerror})") from None
    try:
        found = read_served(read_workbook(data, file.name), wanted)
    except SurveyFaults as faults:
        texts = survey_wording().texts
        raise Stop([f"{file}: {describe(fault, texts.__getitem__)}" for fault in faults.faults], 1) from None

    async def work(runtime: Runtime) -> None:
        unit = await commune_of(runtime, commune)
        actor, now = Actor(kind=SYSTEM, unit=unit.id), runtime.now()
        await runtime.store.write(lambda tx: served.put(tx, actor, unit.id, found, now))

    with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode(found).decode())
        return
    for line in _lines(found):
        out(line)


@app.command("list")
def list_(commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """The months that are known, oldest first."""

    async def work(runtime: Runtime) -> list[ServedRow]:
        unit = await commune_of(runtime, commune)
        return await runtime.store.read(lambda conn: served.of_months(conn, unit.id, _FIRST, _LAST))

    months: Months = {}
    for row in with_runtime(settings_of(config), work):
        months.setdefault(row.month, {})[row.field] = row.people
    if as_json:
        out(msgspec.json.encode(months).decode())
        return
    for line in _lines(months) or [app_wording()("served.none")]:
        out(line)


def _lines(months: Months) -> list[str]:
    say = app_wording()
    found = []
    for month, fields in sorted(months.items()):
        named = [f"{name}: {number_vi(count)}" for name, count in sorted(fields.items(), key=_order) if name]
        found.append(
            say("served.line", month=f"{int(month[5:])}/{month[:4]}", count=number_vi(sum(fields.values())))
            + (f" ({'; '.join(named)})" if named else "")
        )
    return found


def _order(pair: tuple[str, int]) -> str:
    return sort_key(pair[0])
