"""`nghedan province`: who owes figures, take them in, remind, hand out a survey, and roll all communes up."""

import asyncio
import hashlib
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

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
from app.commands.making import making
from app.commands.progress import bar
from app.commands.survey import checksum_of
from app.province import NoProvince, hand_out, province_of, read_file, remind, take_in
from app.province_making import Batch, Tell, make_all
from app.runtime import Runtime
from app.survey_companions import companions
from app.survey_files import lines, sound
from app.survey_files import read_file as read_survey
from app.wording import app_wording
from feedback.acts import Refusal
from feedback.roles import SYSTEM, Actor
from reports.figures import Figures
from reports.periods import BadPeriod, parse
from reports.province_files import pack
from storage import submissions
from storage.submissions import Standing
from surveys.opinions import unfilled
from vietnam.text import clean
from vietnam.time import local
from web.province_door import Received

T = TypeVar("T")
app = typer.Typer(no_args_is_help=True)
Period = Annotated[str, typer.Argument(help="2026-10, 2026-Q3, 2026-6m, 2026-9m or 2026-12m.")]
Slug = Annotated[str, typer.Option("--province", help="Slug of the province; default that of the first commune.")]
MOST_WORKERS = 32


@app.callback()
def province() -> None:
    """What a province does with the figures of its communes."""


def export(
    period: Annotated[str, typer.Option("--period", help="2026-10, 2026-Q3, 2026-6m, 2026-9m or 2026-12m.")],
    target: Annotated[Path, typer.Option("--out", help="The file to write; one that is there is written over.")],
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Write the figures of a report as one file with its checksum, for a province that works with another store."""
    _checked(period)

    async def work(runtime: Runtime) -> tuple[bytes, bool]:
        unit = await commune_of(runtime, commune)
        standing = await runtime.store.read(lambda conn: submissions.own(conn, unit.id, period))
        body = await runtime.store.read(lambda conn: submissions.figures_of(conn, standing))
        if body is None:
            raise Stop(app_wording()("province.export.none", period=period), 1)
        approved = standing.state == "approved"
        return pack(Figures.decode(body.encode()), approved=approved), approved

    data, approved = with_runtime(settings_of(config), work)
    write_whole(target, data)
    out(app_wording()("province.export.done", file=str(target)))
    if not approved:
        sys.stderr.write(f"nghedan: {app_wording()('province.export.draft')}\n")


@app.command()
def status(period: Period, slug: Slug = "", as_json: AsJson = False, config: Config = None) -> None:
    """Say of every commune whether its figures of a period are in."""
    _checked(period)

    async def work(runtime: Runtime, own: tuple[int, str]) -> list[Standing]:
        return await runtime.store.read(lambda conn: submissions.standings(conn, own[0], period))

    found = of_province(slug, config, work)
    if as_json:
        told = [{"commune": one.name, "state": one.state, "submitted": one.submitted, "at": one.at} for one in found]
        out(msgspec.json.encode({"period": period, "communes": told}).decode())
        return
    say = app_wording()
    for one in found:
        when = f"{local(one.at):%d/%m/%Y}" if one.at else "-"
        out(f"{one.name}\t{say(f'province.state.{one.state}')}\t{when}")
    out(say("province.status", done=sum(one.submitted for one in found), all=len(found)))


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files that communes made by report export.")],
    period: Annotated[str, typer.Option("--period", help="Refuse files of any other period.")] = "",
    slug: Slug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Take in the figures of communes with stores of their own; exit 1 where any file was refused."""
    if period:
        _checked(period)

    async def work(runtime: Runtime, own: tuple[int, str]) -> list[Received]:
        read = [(str(file), read_file(file)) for file in files]
        return await take_in(runtime, own, read, Actor(kind=SYSTEM, unit=own[0]), period)

    done = of_province(slug, config, work)
    if as_json:
        out(msgspec.json.encode(done).decode())
    for one in () if as_json else done:
        for line in _told(one):
            out(line)
    if not all(one.taken for one in done):
        raise SystemExit(1)


def _told(one: Received) -> list[str]:
    say = app_wording()
    about = {"commune": one.commune, "period": one.period, **one.params}
    told = [f"{one.file}: {say(f'province.file.{one.outcome}', **about)}"]
    if one.taken and not one.approved:
        told.append(f"{one.file}: {say('province.file.draft')}")
    return told + [f"{one.file}: {say('province.file.foreign', title=title)}" for title in one.foreign]


@app.command()
def expect(
    file: Annotated[Path, typer.Argument(help="A text file: the name of a commune a line. An empty one: nobody.")],
    slug: Slug = "",
    config: Config = None,
) -> None:
    """Name the communes with stores of their own from which figures are expected, beside those of this store."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Stop(f"{file}: {fault.strerror if isinstance(fault, OSError) else 'not UTF-8'}") from None
    names = [" ".join(clean(line)[0].split()) for line in text.splitlines() if line.strip()]
    if bad := [name for name in names if not 3 <= len(name) <= 120]:
        raise Stop(f"{file}: {bad[0][:60]}: a name has 3 to 120 letters", 1)

    async def work(runtime: Runtime, own: tuple[int, str]) -> int:
        now = runtime.now()
        await runtime.store.write(lambda tx: submissions.expect(tx, Actor(kind=SYSTEM, unit=own[0]), names, now))
        return len(await runtime.store.read(lambda conn: submissions.awaited(conn, own[0])))

    out(app_wording()("province.expected", n=of_province(slug, config, work)))


@app.command("remind")
def remind_(period: Period, slug: Slug = "", config: Config = None) -> None:
    """Tell the officers of every commune of this store that owes the period; nobody is told twice within a day."""
    _checked(period)

    async def work(runtime: Runtime, own: tuple[int, str]) -> list[str] | Refusal:
        return await remind(runtime, Actor(kind=SYSTEM, unit=own[0]), period, runtime.settings.report.month)

    told = of_province(slug, config, work)
    if isinstance(told, Refusal):
        raise Stop("not allowed", 1)
    for name in told:
        out(name)
    out(app_wording()("province.reminded", n=len(told)))


@app.command("hand-out")
def hand_out_(
    file: Annotated[str, typer.Argument(help="A survey file, or the name of a ready questionnaire.")],
    folder: Annotated[
        Path | None, typer.Option("--out", help="Write the file and its SHA-256 here, for communes of other stores.")
    ] = None,
    no_wave: Annotated[bool, typer.Option("--no-wave", help="Open nothing: each commune opens it itself.")] = False,
    slug: Slug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Publish one survey in every commune of the store, the same version everywhere, and note its checksum."""
    reading = read_survey(file)
    survey = sound(reading)
    found, missing = companions(survey, Path(file).parent if Path(file).exists() else Path())
    if wrong := [*unfilled(survey), *missing]:
        raise Stop(lines(file, wrong), 1)
    checksum = checksum_of(reading.data, found)
    if folder is not None:
        name = Path(file).name if Path(file).suffix else f"{Path(file).name}.toml"
        _hand_over(folder, {name: reading.data, **{one.name: one.data for one in found}})

    async def work(runtime: Runtime, own: tuple[int, str]) -> object:
        done = await hand_out(runtime, own[0], survey, checksum, found, opens=not no_wave)
        if as_json:
            return done
        say = app_wording()
        out(say("province.handed_out", title=survey.title, new=done.new, same=done.same))
        out(say("province.checksum", checksum=checksum))
        return None

    done = of_province(slug, config, work)
    if as_json:
        out(msgspec.json.encode(done).decode())


def _hand_over(folder: Path, files: dict[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise Stop(f"--out: {folder}: {fault.strerror}") from None
    for name, data in files.items():
        write_whole(folder / name, data)
    # As sha256sum writes and checks it.
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    write_whole(folder / "SHA256SUMS", sums.encode())


@app.command()
def make(
    period: Period,
    folder: Annotated[Path, typer.Option("--out", help="Folder for the roll-up, and a folder for each commune made.")],
    workers: Annotated[
        int, typer.Option("--workers", min=0, max=MOST_WORKERS, help="Processes at a time; 0: as many as cores.")
    ] = 0,
    approved: Annotated[
        bool, typer.Option("--approved-only", help="Make nothing, and roll up only what leaders have approved.")
    ] = False,
    slug: Slug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Make the report of every commune of the store that has none of a period, and roll all communes up.

    Exit 1 where a commune failed (it is named, and the others are made), or the roll-up could not be.
    """
    _checked(period)

    async def work(runtime: Runtime, own: tuple[int, str]) -> Batch:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        many = workers or len(os.sched_getaffinity(0))
        with telling() as tell:
            return await make_all(runtime, own, period, folder.resolve(), tell, workers=many, approved_only=approved)

    with making(period, folder):
        done = of_province(slug, config, work)
    say = app_wording()
    if as_json:
        out(msgspec.json.encode(done).decode())
    else:
        counts = {"made": len(done.made), "there": len(done.there), "missing": len(done.missing)}
        out(say("province.made", **counts))
        for name in done.files:
            out(str(folder / name))
    faults = [say("province.failed", commune=name, why=why) for name, why in done.failed]
    if done.fault:
        faults.append(say("province.no_roll_up", why=done.fault))
    if faults:
        raise Stop(faults, 1)


@contextmanager
def telling() -> Iterator[Tell]:
    """A bar on a terminal; elsewhere a line for each commune on stderr, so that a log shows how far it got."""
    say = app_wording()
    with bar(say("province.making")) as shown:

        def tell(done: int, of: int, commune: str, fault: str) -> None:
            shown(done, of)
            if not sys.stderr.isatty():
                sys.stderr.write(f"[{done}/{of}] {commune}{f': {fault}' if fault else ''}\n")
                sys.stderr.flush()

        yield tell


def of_province(slug: str, config: Path | None, work: Callable[[Runtime, tuple[int, str]], Awaitable[T]]) -> T:
    """Open, do it for the province, close; Stop where there is none of that slug."""

    async def run(runtime: Runtime) -> T:
        try:
            own = await province_of(runtime, slug)
        except NoProvince as none:
            raise Stop(f"--province: name one of: {', '.join(none.known) or 'none'}") from None
        return await work(runtime, own)

    return with_runtime(settings_of(config), run)


def _checked(period: str) -> None:
    try:
        parse(period)
    except BadPeriod as fault:
        raise Stop(f"PERIOD: {fault}") from None
