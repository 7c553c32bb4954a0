"""`nghedan wave open`: whom a wave asks, when, and how."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
import typer

from app.capabilities import CAPABILITIES
from app.commands.common import AsJson, CommuneSlug, Config, Stop, commune_of, out, settings_of, with_runtime
from app.commands.progress import bar
from app.commands.wave_words import line, refused
from app.places import NoSuchVillage, village_of
from app.runtime import Runtime
from app.waves import WaveRefused, open_wave
from app.wording import app_wording
from feedback.roles import SYSTEM, Actor
from storage import audience, frames, wave_acts
from storage.units import Unit
from storage.wave_acts import WaveRow
from surveys.sampling import sample_size
from surveys.waves import Opening, Owner, Per, Repeat, Segment, WaveKind, WaveState
from vietnam.text import fold_words
from vietnam.time import start_of

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class Every(StrEnum):
    """How often the next one opens by itself."""

    ONCE = "once"
    MONTH = "month"


def open_(
    survey: Annotated[str, typer.Argument(help="Name of a published survey.")],
    kind: Annotated[WaveKind, typer.Option("--kind", help="open: anyone; invited: a random sample of a list.")] = (
        WaveKind.OPEN
    ),
    frame: Annotated[str, typer.Option("--frame", help="Name of the list that is drawn from.")] = "",
    sample: Annotated[str, typer.Option("--sample", help="How many: a number, auto (5 % margin), or all.")] = "all",
    seed: Annotated[str, typer.Option("--seed", help="Word the sample is drawn with; made by chance if empty.")] = "",
    villages: Annotated[str, typer.Option("--villages", help="Only these villages, with commas between.")] = "",
    groups: Annotated[str, typer.Option("--groups", help="Only these groups of the list.")] = "",
    channels: Annotated[str, typer.Option("--channels", help="Only these channels: telegram, webchat.")] = "",
    languages: Annotated[str, typer.Option("--languages", help="Only these languages: vi, tay.")] = "",
    since: Annotated[str, typer.Option("--from", help="First day, 2026-11-21 or 21/11/2026; today if empty.")] = "",
    until: Annotated[str, typer.Option("--to", help="Last day, whole; open until closed if empty.")] = "",
    per: Annotated[Per, typer.Option("--per", help="One answer per person or per household.")] = Per.PERSON,
    owner: Annotated[Owner, typer.Option("--owner", help="ubnd, or front: the Fatherland Front.")] = Owner.COMMITTEE,
    sealed: Annotated[bool, typer.Option("--sealed", help="Nobody sees a figure before the close.")] = False,
    every: Annotated[Every, typer.Option("--every", help="month: the next opens by itself on the 1st.")] = Every.ONCE,
    remind_days: Annotated[int, typer.Option("--remind-days", help="Days before a reminder; -1: as set.")] = -1,
    remind_times: Annotated[int, typer.Option("--remind-times", help="How often, at most 2.")] = 0,
    population: Annotated[int, typer.Option("--population", help="How many the list stands for.")] = 0,
    code: Annotated[str, typer.Option("--code", help="Word of its link: a-z, 0-9, dash.")] = "",
    title: Annotated[str, typer.Option("--title", help="What people read; the survey's title if empty.")] = "",
    commune: CommuneSlug = "",
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Open a wave: to anyone, or to a random sample drawn from a list."""
    settings = settings_of(config)
    first, last = _days(since, until)
    if code and not CODE.fullmatch(code):
        raise Stop(f"--code: {code} is not 1 to 32 of a-z, 0-9, - and _")

    async def work(runtime: Runtime) -> WaveRow:
        unit = await commune_of(runtime, commune)
        segment = Segment(
            villages=await _villages(runtime, unit, villages),
            groups=_parts(groups),
            channels=_channels(channels),
            languages=_parts(languages),
        )
        known = await runtime.store.read(lambda conn: wave_acts.listed(conn, unit.id))
        opening = Opening(
            code=code or _free(survey, kind, known),
            title=title.strip(),
            kind=kind,
            owner=owner,
            per=per,
            sealed=sealed,
            segment=segment,
            opens_at=max(runtime.now(), start_of(first)) if first else runtime.now(),
            closes_at=start_of(last + timedelta(days=1)) if last else None,
            seed=seed.strip(),
            sample=await _sample(runtime, unit, sample, frame, segment),
            population=population,
            remind_days=settings.waves.remind_days if remind_days < 0 else remind_days,
            remind_times=remind_times,
            repeat=Repeat.MONTHLY if every is Every.MONTH else Repeat.NEVER,
        )
        with bar(app_wording()("wave.drawing")) as tell:
            return await open_wave(runtime, Actor(kind=SYSTEM, unit=unit.id), unit.id, survey, opening, frame, tell)

    try:
        _tell(with_runtime(settings, work), as_json=as_json)
    except WaveRefused as fault:
        raise refused(fault) from None


def _days(since: str, until: str) -> tuple[date | None, date | None]:
    """The first and the last day; Stop where there is no day between them."""
    first, last = _day("--from", since), _day("--to", until)
    if first and last and last < first:
        raise Stop(app_wording()("wave.to_before_from"), 1)
    return first, last


def _tell(wave: WaveRow, *, as_json: bool) -> None:
    if as_json:
        out(msgspec.json.encode(wave).decode())
    else:
        out(app_wording()("wave.opened", code=wave.code))
        out(line(wave))


def _free(survey: str, kind: WaveKind, known: list[WaveRow]) -> str:
    """The survey's name for an open wave; for invited ones something else, so that both can stand open.

    While one of these stands open its code is given again, and refused: whoever means another wave says so by --code.
    """
    if kind is WaveKind.OPEN:
        return survey
    over = {wave.code for wave in known if wave.state in (WaveState.CLOSED, WaveState.CANCELLED)}
    number = 1
    while f"{survey}-m{number}" in over:
        number += 1
    return f"{survey}-m{number}"


def _day(option: str, text: str) -> date | None:
    for way in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, way).date() if text else None  # noqa: DTZ007 - a day, without a time
        except ValueError:
            continue
    raise Stop(f"{option}: {text} is no day such as 2026-11-21 or 21/11/2026")


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _channels(text: str) -> tuple[str, ...]:
    wrong = [name for name in _parts(text) if name not in CAPABILITIES]
    if wrong:
        raise Stop(f"--channels: {wrong[0]} is none of: {', '.join(CAPABILITIES)}")
    return _parts(text)


async def _villages(runtime: Runtime, unit: Unit, text: str) -> tuple[int, ...]:
    found = []
    for name in _parts(text):
        try:
            found.append((await village_of(runtime, unit, name)).id)
        except NoSuchVillage as fault:
            raise Stop(f"--villages: {fault}") from None
    return tuple(found)


async def _sample(runtime: Runtime, unit: Unit, text: str, frame: str, segment: Segment) -> int:
    """How many: 0 for everybody."""
    word = fold_words(text)
    if word in ("", "all"):
        return 0
    if word == "auto":
        found = await runtime.store.read(lambda conn: frames.by_name(conn, unit.id, frame))
        if found is None:
            return 0  # refused by what is said of the frame
        return sample_size(await runtime.store.read(lambda conn: audience.frame_count(conn, found.id, segment)))
    if not word.isdecimal() or int(word) < 1:
        raise Stop(f"--sample: {text} is neither a number, auto nor all")
    return int(word)
