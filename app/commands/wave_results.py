"""`nghedan wave results`: the figures of one wave, with intervals only where people were invited at random."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from app.commands import wave_changes
from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.runtime import Runtime
from app.wording import app_wording
from bot.conversation.wording import Wording
from storage import wave_acts
from surveys.definition import Kind
from surveys.waves import Owner, WaveKind
from vietnam.text import sort_key

if TYPE_CHECKING:
    from app.wave_results import Shown
    from surveys.results import QuestionResult


_WITH_SHARE = (Kind.LIKERT5, Kind.YESNO)


def results(
    code: Annotated[str, typer.Argument(help="Code of the wave.")],
    before: Annotated[
        str, typer.Option(help="Code of an earlier invited wave to compare with; of a monthly one its own code.")
    ] = "",
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """What a wave has given so far: each question, each thôn; small numbers are withheld and remembered as such."""
    if before:
        _compared(code, before, commune, config, as_json=as_json)
        return
    from app.wave_results import NotYet, StillReleasing, results_of  # the numbers' library is not for an idle server

    say = app_wording()

    async def work(runtime: Runtime) -> "tuple[Shown, Owner]":
        unit = await commune_of(runtime, commune)
        wave = await runtime.store.read(lambda conn: wave_acts.by_code(conn, unit.id, code))
        if wave is None:
            raise Stop(say("wave.unknown", code=code), 1)
        try:
            return await results_of(runtime, wave), wave.owner
        except StillReleasing as fault:
            raise Stop(say("wave.releasing", code=fault.code), 1) from None
        except NotYet as fault:
            key = "wave.sealed_by_front" if wave.owner is Owner.FRONT else "wave.sealed_until_close"
            raise Stop(say(key, code=fault.code), 1) from None

    shown, owner = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode(shown).decode())
        return
    for text in printed(shown, owner, say):
        out(text)


def _compared(code: str, before: str, commune: str, config: Path | None, *, as_json: bool) -> None:
    from app.wave_changes import Compared, NotComparable, compared, pair
    from app.wave_results import NotYet

    say = app_wording()

    async def work(runtime: Runtime) -> Compared:
        unit = await commune_of(runtime, commune)
        try:
            two = await runtime.store.read(lambda conn: pair(conn, unit.id, code, before, runtime.now()))
            return await compared(runtime, two)
        except NotComparable as fault:
            raise wave_changes.refused(fault, say) from None
        except NotYet as fault:
            raise Stop(say("wave.releasing", code=fault.code), 1) from None

    found = with_runtime(settings_of(config), work)
    if as_json:
        out(msgspec.json.encode(found).decode())
        return
    for text in wave_changes.printed(found, say):
        out(text)


def printed(shown: "Shown", owner: Owner, say: Wording) -> list[str]:
    """The figures as lines."""
    found = shown.results
    kind = say("results.invited" if shown.kind is WaveKind.INVITED else "results.open")
    lines = [f"{shown.title} ({shown.code})", kind]
    if owner is Owner.FRONT:
        lines.append(say("results.of_front"))
    lines.append(say("results.n", n=found.n))
    if shown.partial or shown.assisted:
        lines.append(say("results.apart", partial=shown.partial, assisted=shown.assisted))
    if shown.bare:
        lines.append(say("results.bare", count=shown.bare))
    if found.withheld:
        return [*lines, say("results.too_few")]
    if found.invited is not None:
        rate = "-" if found.invited.rate is None else _percent(found.invited.rate)
        lines.append(say("results.sample", invited=found.invited.invited, size=found.invited.size, rate=rate))
    lines.append(say(f"results.formula.{found.formula}"))
    # What was written beside "Khác" is read elsewhere, and its line alone would not say what it belongs to.
    asked = [one for one in found.questions if not shown.survey.question(one.id).other_of]
    lines += [_figures(one.text or one.id, one, say, linked=one.id in shown.linked) for one in asked]
    if found.villages:
        lines.append(say("results.by_village"))
    for id, one in sorted(found.villages.items(), key=lambda pair: sort_key(shown.villages.get(pair[0], ""))):
        linked = f"village:{id}" in shown.linked
        lines.append(_figures(shown.villages.get(id) or say("results.no_village"), one, say, linked=linked))
    if not shown.over:
        lines.append(say("results.villages_later"))
    elif not shown.alone:
        lines.append(say("results.not_alone"))
    return lines


def _figures(name: str, one: "QuestionResult", say: Wording, *, linked: bool) -> str:
    if one.withheld:
        return f"{name}\t…\t{say('results.linked' if linked else 'results.small')}"
    cells = [name, say("results.answers", n=one.n or 0)]
    if one.share is not None:
        share = _percent(one.share)
        cells.append(say("results.yes", share=share) if one.kind == Kind.YESNO else share)
        if one.low is not None and one.high is not None:
            cells.append(say("results.interval", low=_percent(one.low), high=_percent(one.high)))
    elif one.nps is not None:
        cells.append(f"NPS {one.nps:.0f}")
    elif one.mean is not None:
        cells.append(say("results.mean", mean=f"{one.mean:.2f}".replace(".", ",")))
    elif one.n and one.kind in _WITH_SHARE:
        cells += ["…", say("results.small")]
    elif one.ranks:
        cells += [say("results.rank", text=rank.text, mean=_places(rank.mean)) for rank in one.ranks]
    if one.n and one.kind in ("single", "multiple"):
        shares = [(bar.text or bar.id, None if bar.withheld else bar.share) for bar in one.distribution]
        cells += [f"{text}: {'…' if share is None else _percent(share)}" for text, share in shares]
    return "\t".join(cells)


def _places(mean: float) -> str:
    return f"{mean:.1f}".replace(".", ",")


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".replace(".", ",") + " %"
