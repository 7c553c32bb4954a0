"""How the command line speaks of waves."""

from app.commands.common import Stop
from app.runtime import clock
from app.waves import WaveRefused
from app.wording import app_wording
from storage.wave_acts import WaveRow
from surveys.waves import WaveState
from vietnam.time import local


def refused(fault: WaveRefused) -> Stop:
    """The reason of a refusal, for stderr."""
    return Stop(app_wording()(fault.refusal.key, **fault.refusal.params), 1)


def line(wave: WaveRow) -> str:
    """A wave in one line."""
    say = app_wording()
    until = say("wave.no_end") if wave.closes_at is None else f"{local(wave.closes_at - 1):%d/%m/%Y}"
    days = f"{local(wave.opens_at):%d/%m/%Y} - {until}"
    # It stands open from the day it is made; before its first day it takes no answer and sends nothing.
    state = "coming" if wave.state == WaveState.OPEN and wave.opens_at > clock() else wave.state
    return "\t".join((wave.code, say(f"wave.kind.{wave.kind}"), say(f"wave.state.{state}"), days, wave.title))


def whole(wave: WaveRow) -> list[str]:
    """Everything of a wave, a line each."""
    say = app_wording()
    lines = [
        line(wave),
        say("wave.asks", survey=wave.slug, number=wave.number),
        say(f"wave.owner.{wave.owner}"),
        say(f"wave.per.{wave.per}"),
    ]
    if wave.sealed:
        lines.append(say("wave.sealed"))
    if wave.frame is not None:
        drawn = {"sample": wave.sample, "population": wave.population, "frame": wave.frame_name}
        lines.append(say("wave.drawn", **drawn, seed=wave.seed))
    if wave.sending:
        lines.append(say(f"wave.sending.{wave.sending}"))
    if wave.remind_times:
        lines.append(say("wave.reminds", times=wave.remind_times, days=wave.remind_days))
    if wave.repeat:
        lines.append(say(f"wave.repeat.{wave.repeat}"))
    return lines
