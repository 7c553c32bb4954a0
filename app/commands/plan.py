"""`nghedan plan`: read a plan's file, say what a commune owes under it, and keep the plans it works by."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from sqlalchemy import Connection

from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.office import days_of
from app.plan_desk import PlanDesk
from app.runtime import Runtime
from app.wording import app_wording
from feedback.roles import SYSTEM, Actor
from reports.deadlines import TooEarly
from reports.due import Due
from reports.owing import OwedReport, owing
from reports.plans import BadPlan, Plan, plan_names, read, shipped
from vietnam.numbers import date_vi
from vietnam.time import day_of
from web.plan_door import PlanShown, PlanTried

app = typer.Typer(no_args_is_help=True)
File = Annotated[str, typer.Argument(help="A plan's file (TOML), or the name of a shipped plan.")]


@app.callback()
def plan() -> None:
    """Read plans, and keep those a commune works by."""


@app.command()
def check(
    file: File,
    year: Annotated[
        int | None, typer.Option("--year", min=2000, max=2099, help="The year its days are read for; else its last.")
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Name every fault of a plan's file, or list what is owed under it: period, last day, days counted, to whom."""
    settings = settings_of(config)
    say = app_wording()
    raw, path = _read(file), Path(file)
    try:
        found = read(raw.decode("utf-8-sig"), path.stem)
        used = year or found.years[-1]
        owed = owing(found, used, days_of(settings), days=settings.report.lead_days)
    except UnicodeDecodeError:
        raise Stop(f"{file}: not UTF-8") from None
    except BadPlan as bad:
        raise Stop("\n".join(f"{path.name}: {fault}" for fault in bad.faults), 1) from None
    except TooEarly as early:
        raise Stop(f"{path.name}: {early}", 1) from None
    if as_json:
        out(msgspec.json.encode({"id": found.id, "year": used, "owed": owed}).decode())
        return
    out(found.title)
    out(say("plan.holds", years=_years(found), targets=len(found.targets), sections=len(found.outline)))
    for one in owed:
        out(f"- {_line(one)}")
    if used not in found.years:
        out(say("plan.other_year", years=_years(found), used=used))
    elif not year:
        out(say("plan.ask_year", years=_years(found)))


@app.command()
def add(
    file: File,
    year: Annotated[
        int | None, typer.Option("--year", min=2000, max=2099, help="The year it is used in, where it is of another.")
    ] = None,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Let a commune work by a plan: its reports are made and reminded of from now on. The same name is replaced."""
    raw = _read(file)

    async def work(runtime: Runtime) -> PlanTried:
        unit = await commune_of(runtime, commune)
        return await PlanDesk(runtime).add(raw, year, Actor(kind=SYSTEM, unit=unit.id))

    tried = with_runtime(settings_of(config), work, make=True)
    say = app_wording()
    if tried.faults:
        raise Stop([f"{Path(file).name}: {fault}" for fault in tried.faults], 1)
    if tried.refused:
        raise Stop(say("plan.many"), 1)
    if tried.choices:
        options = ", ".join(f"--year {one}" for one in tried.choices)
        raise Stop(say("plan.which_year", title=tried.title, years=_span(tried.years), options=options))
    out(say("plan.added" if tried.new else "plan.replaced", title=tried.title))


@app.command("list")
def list_plans(commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """The plans a commune works by, and how far each report is that they ask for this year."""

    async def work(runtime: Runtime) -> tuple[list[PlanShown], list[str]]:
        unit, today = await commune_of(runtime, commune), day_of(runtime.now())
        desk = PlanDesk(runtime)

        def look(conn: Connection) -> tuple[list[PlanShown], list[str]]:
            return desk.plans(conn, unit.id, today), desk.unreadable(conn, unit.id)

        return await runtime.store.read(look)

    found, unreadable = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode({"plans": found, "unreadable": unreadable}).decode())
        return
    say = app_wording()
    for one in found:
        years = str(one.year) if one.year else _span(one.years)
        key = "plan.listed" if one.kept else "plan.listed.settings"
        out(say(key, slug=one.slug, title=one.title, years=years))
        for due in one.due:
            out(f"- {_line(due.owed)} {say(f'plan.stage.{due.stage}') if _dated(due) else ''}".rstrip())
        if not one.holds:
            out(f"- {say('plan.idle')}")
    for slug in unreadable:
        out(say("plan.unreadable", slug=slug))


@app.command()
def remove(
    slug: Annotated[str, typer.Argument(help="The name of the plan, as `nghedan plan list` prints it.")],
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Work by a plan no longer; what was made under it stays."""

    async def work(runtime: Runtime) -> str:
        unit = await commune_of(runtime, commune)
        return await PlanDesk(runtime).remove(slug, Actor(kind=SYSTEM, unit=unit.id))

    refused = with_runtime(settings_of(config), work)
    say = app_wording()
    if refused:
        raise Stop(say("plan.in_use" if refused == "plan.in_use" else "plan.none", slug=slug), 1)
    out(say("plan.removed", slug=slug))


def _read(file: str) -> bytes:
    """The bytes of a file, or of a shipped plan by its name. Stop."""
    if not file.endswith(".toml"):
        raw = shipped(file)
        if raw is None:
            raise Stop(f"{file}: no .toml file, and no plan of that name; there are: {', '.join(plan_names())}")
        return raw
    try:
        return Path(file).read_bytes()
    except OSError as fault:
        raise Stop(f"{file}: {fault.strerror}") from None


def _years(plan: Plan) -> str:
    return _span((plan.years[0], plan.years[-1]))


def _span(years: tuple[int, int]) -> str:
    first, last = years
    return str(first) if first == last else f"{first}-{last}"


def _dated(due: Due) -> bool:
    return due.owed.deadline is not None


def _line(one: OwedReport) -> str:
    say = app_wording()
    about = f"{one.name}, {one.period.title}" if one.period else one.name
    if one.period is None or one.deadline is None:
        return say("plan.owed.no_day", about=about, due=one.due or "-", to=one.to)
    return say(
        "plan.owed",
        about=about,
        issue_by=date_vi(one.deadline.issue_by),
        before=date_vi(one.deadline.before),
        first=date_vi(one.period.first),
        last=date_vi(one.deadline.cut_off),
        to=one.to,
    )
