"""What a province does with its communes' figures: take them in, see who owes, remind, hand out a survey."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from app.runtime import Runtime
from app.survey_companions import Companion
from feedback.acts import Refusal
from feedback.roles import SYSTEM, Actor, may
from reports.periods import Month, parse
from reports.province_files import MOST, BadFile, Sent, unpack
from storage import handing_out, submissions, survey_files, waves
from storage.tx import Tx
from storage.units import communes, seed_of, unit
from surveys.definition import Survey
from web.province_door import Received


class NoProvince(LookupError):
    """A slug that is no province's, or none named where there are several."""

    def __init__(self, slug: str, known: Sequence[str]) -> None:
        super().__init__(slug)
        self.slug = slug
        self.known = tuple(known)


async def province_of(runtime: Runtime, slug: str = "") -> tuple[int, str]:
    """(id, name) of the province of that slug; else that of the first commune. NoProvince."""
    known = await runtime.store.read(submissions.provinces)
    if slug:
        found = next(((id, name) for id, name, own in known if own == slug), None)
    else:
        wanted = runtime.settings.commune
        seed = seed_of(wanted.province, wanted.name)
        found = await runtime.store.read(lambda conn: _first(conn, seed, wanted.name, known))
    if found is None:
        raise NoProvince(slug, [own for _, _, own in known])
    return found


def _first(conn: Connection, seed: str, name: str, known: list[tuple[int, str, str]]) -> tuple[int, str] | None:
    """Of the commune that the settings made, whatever it is called by now."""
    own = communes(conn)
    mine = next((one for one in own if one.seed == seed), next((one for one in own if one.name == name), None))
    mine = mine or (own[0] if own else None)
    if mine is not None and mine.parent_id is not None:
        above = unit(conn, mine.parent_id)
        return above.id, above.name
    return known[0][:2] if len(known) == 1 else None


async def take_in(
    runtime: Runtime,
    province: tuple[int, str],
    read: Sequence[tuple[str, Sent | BadFile]],
    actor: Actor,
    period: str = "",
) -> list[Received]:
    """Take in what was read of files, by their names, each whole or not at all; one refused holds up no other.

    `period`: files of another one are refused.
    """
    newest = await runtime.store.read(lambda conn: submissions.handed_out(conn, province[0]))
    handed = {one.survey: one.checksum for one in newest}
    sent: dict[tuple[str, str], set[str]] = {}
    for _, one in read:
        if isinstance(one, Sent) and _is_of(one, province):
            key = (submissions.same_name(one.figures.commune), one.figures.period.key)
            sent.setdefault(key, set()).add(one.sha256)
    twice = {key for key, sums in sent.items() if len(sums) > 1}
    done = []
    for file, one in read:
        done.append(await _take(runtime, province, file, one, actor, period, handed, twice))
    return done


def _is_of(one: Sent, province: tuple[int, str]) -> bool:
    return submissions.same_name(one.figures.province) == submissions.same_name(province[1])


def read_file(file: Path) -> Sent | BadFile:
    """What a file on disk holds, or why it is not taken."""
    try:
        with file.open("rb") as opened:
            return read_bytes(opened.read(MOST + 1))
    except OSError as fault:
        return BadFile("unread", reason=fault.strerror)


def read_bytes(raw: bytes) -> Sent | BadFile:
    """The same of its bytes."""
    try:
        return unpack(raw)
    except BadFile as fault:
        return fault


async def _take(
    runtime: Runtime,
    province: tuple[int, str],
    file: str,
    one: Sent | BadFile,
    actor: Actor,
    period: str,
    handed: dict[str, str],
    twice: set[tuple[str, str]],
) -> Received:
    if isinstance(one, BadFile):
        return Received(file=file, outcome=one.why, params={key: str(value) for key, value in one.params.items()})
    figures = one.figures
    about = Received(file=file, outcome="new", commune=figures.commune, period=figures.period.key)
    if period and figures.period.key != period:
        return replace(about, outcome="period", params={"wanted": period, "period": figures.period.key})
    if not _is_of(one, province):
        return replace(about, outcome="province", params={"province": figures.province})
    if (submissions.same_name(figures.commune), figures.period.key) in twice:
        return replace(about, outcome="twice")
    now = runtime.now()
    outcome = await runtime.store.write(
        lambda tx: submissions.receive(
            tx,
            actor,
            commune=figures.commune,
            period=figures.period.key,
            figures=one.body,
            sha256=one.sha256,
            made_on=figures.made_on.isoformat(),
            approved=one.approved,
            now=now,
        )
    )
    if isinstance(outcome, Refusal):
        return replace(about, outcome=outcome.key.removeprefix("province."))
    foreign = sorted(
        {survey.title for survey in figures.surveys if handed.get(survey.id, survey.checksum) != survey.checksum}
    )
    return replace(about, outcome=outcome, approved=one.approved, foreign=tuple(foreign))


async def remind(runtime: Runtime, actor: Actor, period: str, month: Month) -> list[str] | Refusal:
    """Remind every commune of the store that owes the period; the names of those that were told. BadPeriod."""
    title, now = parse(period, month=month).title, runtime.now()
    return await runtime.store.write(lambda tx: submissions.remind(tx, actor, period=period, title=title, now=now))


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """A survey that was handed out: in how many communes of the store it is `new`, and in how many it stood already."""

    survey: str
    checksum: str
    new: int
    same: int


async def hand_out(
    runtime: Runtime,
    province: int,
    survey: Survey,
    checksum: str,
    files: Sequence[Companion],
    *,
    opens: bool,
    by: Actor | None = None,
) -> Handed:
    """Publish one survey in every commune of the store that has not this very version, and tell it; PermissionError.

    Whatever was done stays done where it is broken off; the same again goes on from there. `by`: the officer.
    """
    actor = by or Actor(kind=SYSTEM, unit=province)
    if not may(actor, "province.hand_out", province):
        raise PermissionError("province.hand_out")
    below = await runtime.store.read(lambda conn: handing_out.standing(conn, province, "survey", survey.id, checksum))
    name = (await runtime.store.read(lambda conn: unit(conn, province))).name
    new = 0
    for one in below:
        if one.has != "same":  # where it stands and was closed since, that was the commune's own will
            new += await _publish(runtime, one.unit, survey, checksum, files, opens=opens, told=name)
    await _publish(runtime, province, survey, checksum, files, opens=False)
    if new:
        now = runtime.now()
        await runtime.store.write(
            lambda tx: submissions.record_hand_out(
                tx, actor, survey=survey.id, checksum=checksum, communes=new, now=now
            )
        )
    return Handed(survey=survey.id, checksum=checksum, new=new, same=len(below) - new)


async def _publish(
    runtime: Runtime,
    unit_id: int,
    survey: Survey,
    checksum: str,
    files: Sequence[Companion],
    *,
    opens: bool,
    told: str = "",
) -> bool:
    """Whether it is a new version there; recordings and documents are stored for each commune.

    `told`: the province that the commune is told has handed it out.
    """
    now = runtime.now()
    # The bytes are safe before the version says that they are there; of one that is not new they are swept.
    stored = {one.name: await runtime.blobs.put(unit_id, one.media_type, one.data, name=one.name) for one in files}

    def act(tx: Tx) -> bool:
        published = waves.publish(tx, unit_id, survey, checksum, now, opens=opens)
        for name, blob in stored.items() if published.new else ():
            survey_files.put(tx, published.version, name, blob)
        if published.new and told:
            handing_out.tell(tx, unit_id, "survey", survey.title, told, now)
        return published.new

    return await runtime.store.write(act)
