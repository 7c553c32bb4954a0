"""`nghedan wave`: open, send, watch, remind, close, and see what came of it."""

import asyncio
import sys
from typing import Annotated

import msgspec
import typer

from app.commands import wave_open, wave_paper, wave_results
from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.commands.progress import bar
from app.commands.wave_words import line, refused, whole
from app.runtime import Runtime
from app.waves import WaveRefused, act
from app.wording import app_wording
from feedback.roles import SYSTEM, Actor
from storage import invitations, wave_acts
from storage.invitations import Progress
from storage.wave_acts import WaveRow
from surveys.waves import Act, Cancel, Change, Close, Pause, Remind, Repeat, Resume, Send

app = typer.Typer(no_args_is_help=True)
app.command("open")(wave_open.open_)
app.command("results")(wave_results.results)
app.command("letters")(wave_paper.letters)
Code = Annotated[str, typer.Argument(help="Code of the wave.")]
_EVERY = 1.0
"""Seconds between two looks of --watch."""


async def found(runtime: Runtime, commune: str, code: str) -> WaveRow:
    """The wave of a code, or Stop."""
    unit = await commune_of(runtime, commune)
    wave = await runtime.store.read(lambda conn: wave_acts.by_code(conn, unit.id, code))
    if wave is None:
        raise Stop(app_wording()("wave.unknown", code=code), 1)
    return wave


@app.command("list")
def list_(commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """Every wave of a commune, newest first."""

    async def work(runtime: Runtime) -> list[WaveRow]:
        unit = await commune_of(runtime, commune)
        return await runtime.store.read(lambda conn: wave_acts.listed(conn, unit.id))

    rows = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode(rows).decode())
        return
    for row in rows:
        out(line(row))


@app.command()
def show(code: Code, commune: CommuneSlug = "", as_json: AsJson = False, config: Config = None) -> None:
    """Everything of one wave: whom it asks, how it was drawn, how its sending stands."""

    async def work(runtime: Runtime) -> WaveRow:
        return await found(runtime, commune, code)

    wave = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode(wave).decode())
        return
    for text in whole(wave):
        out(text)


def _do(wanted: Act, done: str, code: str, commune: str, config: Config) -> None:
    """An act, and a line that says what it made of the wave."""

    async def work(runtime: Runtime) -> tuple[Change, bool]:
        wave = await found(runtime, commune, code)
        with bar(app_wording()("wave.listing")) as tell:
            change = await act(runtime, Actor(kind=SYSTEM, unit=wave.unit), wave, wanted, tell)
        return change, wave.repeat is not Repeat.NEVER

    try:
        change, repeats = with_runtime(settings_of(config), work)
    except WaveRefused as fault:
        raise refused(fault) from None
    say = app_wording()
    if change.stops:
        out(say("wave.schedule_stopped", code=code))
        return
    out(say("wave.already" if change.again else done, code=code))
    if isinstance(wanted, Close) and repeats:
        out(say("wave.goes_on", code=code))


@app.command()
def close(code: Code, commune: CommuneSlug = "", config: Config = None) -> None:
    """End a wave now: who is answering has some minutes; then the unfinished counts as partial, and results appear."""
    _do(Close(), "wave.closed", code, commune, config)


@app.command()
def cancel(
    code: Code,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    commune: CommuneSlug = "",
    config: Config = None,
) -> None:
    """Call a wave off: unsent invitations and answers that nobody has counted yet are destroyed."""
    if not yes and not (sys.stdin.isatty() and typer.confirm(app_wording()("wave.sure_to_cancel", code=code))):
        raise Stop(app_wording()("wave.not_cancelled"), 1)
    _do(Cancel(), "wave.cancelled", code, commune, config)


@app.command()
def pause(code: Code, commune: CommuneSlug = "", config: Config = None) -> None:
    """Stop sending for now; what is unsent leaves the outbox at once."""
    _do(Pause(), "wave.paused", code, commune, config)


@app.command()
def resume(code: Code, commune: CommuneSlug = "", config: Config = None) -> None:
    """Go on sending."""
    _do(Resume(), "wave.resumed", code, commune, config)


@app.command()
def invite(code: Code, commune: CommuneSlug = "", config: Config = None) -> None:
    """Begin to invite: the sample of an invited wave, or the bot's subscribers to an open one."""
    _do(Send(), "wave.inviting", code, commune, config)


@app.command()
def remind(code: Code, commune: CommuneSlug = "", config: Config = None) -> None:
    """Remind now whoever was invited, has not answered and may still be reminded."""
    _do(Remind(), "wave.reminding", code, commune, config)


@app.command()
def progress(
    code: Code,
    watch: Annotated[bool, typer.Option("--watch", help="Until everything is sent; Ctrl-C ends it.")] = False,
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """How the sending of a wave stands: percent, sent, failed, held, on paper, and the time left."""

    async def work(runtime: Runtime) -> Progress:
        wave = await found(runtime, commune, code)
        stand = await runtime.store.read(lambda conn: invitations.progress(conn, wave.id))
        with bar(code) as tell:
            while watch and stand.planned + stand.queued:
                tell(stand.sent + stand.failed, stand.total)
                await asyncio.sleep(_EVERY)
                stand = await runtime.store.read(lambda conn: invitations.progress(conn, wave.id))
        return stand

    stand = with_runtime(settings_of(config), work)
    if as_json:
        left = {"percent": round(stand.percent, 1), "remaining_ms": stand.remaining_ms()}
        out(msgspec.json.encode(msgspec.to_builtins(stand) | left).decode())
        return
    say = app_wording()
    out(say("wave.stand", percent=f"{stand.percent:.0f}", total=stand.total, sent=stand.sent, failed=stand.failed))
    out(say("wave.stand_more", waiting=stand.planned + stand.queued, held=stand.held, paper=stand.paper))
    if stand.paper:
        out(say("wave.stand_paper", code=code))
    out(say("wave.stand_answers", took_part=stand.took_part, reminders=stand.reminders))
    left_ms = stand.remaining_ms()
    if left_ms:
        out(say("wave.stand_left", minutes=-(-left_ms // 60_000)))
