"""Waves put to work: opened with their sample, changed by acts, sent a chunk at a time, wound up, and followed."""

from calendar import monthrange
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from secrets import SystemRandom, token_hex

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.logs import get_logger
from app.runtime import Runtime
from app.wave_texts import Invitation, words
from bot.conversation.messages import Inbound
from feedback.roles import SYSTEM, Actor, may
from storage import audience, frames, invitations, reminding, responses, sending, settling, unfinished, units, wave_acts
from storage.invitations import Drawn
from storage.jobs import Job
from storage.sending import Pace
from storage.tx import Tx
from storage.wave_acts import WaveRow
from storage.waves import survey_of
from surveys.quiet import clock, quiet_until
from surveys.sampling import AllocationFault, allocate, draw
from surveys.waves import (
    Act,
    Cancel,
    Change,
    Close,
    Ground,
    Opening,
    Pause,
    Refusal,
    Remind,
    Resume,
    Send,
    Sending,
    WaveKind,
    WaveState,
    decide,
    decide_opening,
)
from vietnam.time import day_of, start_of

log = get_logger()
DRAW_CHUNK = 300
"""Rows invited in one transaction."""
_ACTIONS: dict[type[Act], str] = {
    Close: "close",
    Cancel: "cancel",
    Send: "invite",
    Pause: "pause",
    Resume: "resume",
    Remind: "remind",
}
Tell = Callable[[int, int], None]
"""(done, of how many)"""


class WaveRefused(Exception):
    """An act or an opening that is not possible; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.key)
        self.refusal = refusal


def _silent(_done: int, _of: int) -> None:
    pass


# --- opening ----------------------------------------------------------------------------------------------------------


async def open_wave(
    runtime: Runtime, actor: Actor, unit_id: int, slug: str, opening: Opening, frame: str = "", tell: Tell = _silent
) -> WaveRow:
    """Open a wave of the newest version of a survey; its sample is drawn before it returns. WaveRefused.

    A process that dies on the way leaves a planned wave; the worker of any other draws the rest and opens it.
    """
    if not may(actor, "wave.open", unit_id, owner=opening.owner):
        raise WaveRefused(Refusal("wave.not_allowed"))
    now = runtime.now()

    def look(conn: Connection) -> tuple[int, int | None, Ground]:
        version = wave_acts.newest_version(conn, unit_id, slug, asked_by=opening.owner)
        if version is None:
            raise WaveRefused(Refusal("wave.no_survey", {"survey": slug}))
        found = frames.by_name(conn, unit_id, frame) if frame else None
        if frame and found is None:
            raise WaveRefused(Refusal("wave.no_frame", {"frame": frame}))
        ground = Ground(
            frame=None if found is None else found.kind,
            listed=0 if found is None else audience.frame_count(conn, found.id, opening.segment),
            code_taken=wave_acts.code_taken(conn, unit_id, opening.code),
        )
        return version[0], None if found is None else found.id, ground

    version, frame_id, ground = await runtime.store.read(look)
    refusal = decide_opening(opening, ground, now)
    if refusal is not None:
        raise WaveRefused(refusal)
    if opening.kind is WaveKind.INVITED:
        # Whoever names no seed gets one made by chance, before anybody has looked at the frame.
        opening = msgspec.structs.replace(opening, seed=opening.seed or token_hex(8))
    add = partial(wave_acts.add, actor=actor, unit_id=unit_id, version=version, opening=opening)
    id = await runtime.store.write(lambda tx: add(tx, now=now, frame=frame_id, listed=ground.listed))
    await draw_up(runtime, id, tell)
    return await wave_of(runtime, id)


async def wave_of(runtime: Runtime, id: int) -> WaveRow:
    """A wave by its id; LookupError."""
    found = await runtime.store.read(lambda conn: wave_acts.wave(conn, id))
    if found is None:
        raise LookupError(f"no wave {id}")
    return found


async def draw_up(runtime: Runtime, id: int, tell: Tell = _silent) -> None:
    """Draw the sample of a planned wave and open it. Any number of processes may do so at once: the seed says whom."""
    wave = await wave_of(runtime, id)
    if wave.frame is not None:
        drawn = await runtime.store.read(lambda conn: sample_of(conn, wave))
        for at in range(0, len(drawn), DRAW_CHUNK):
            some = drawn[at : at + DRAW_CHUNK]
            vault, unit, at_once = runtime.vault, wave.unit, wave.opens_at
            await runtime.store.write(
                partial(invitations.invite_rows, vault=vault, unit_id=unit, wave=id, drawn=some, now=at_once)
            )
            tell(at + len(some), len(drawn))
    try:
        await runtime.store.write(lambda tx: wave_acts.begin(tx, id))
    except IntegrityError:
        # Another wave of the same code was opened since this one was asked for.
        actor = Actor(kind=SYSTEM, unit=wave.unit)
        await act(runtime, actor, wave, Cancel())
        raise WaveRefused(Refusal("wave.code_taken", {"code": wave.code})) from None


def sample_of(conn: Connection, wave: WaveRow) -> list[Drawn]:
    """Whom a wave invites, in the order of the frame: its whole segment, or a sample by village with its seed."""
    if wave.frame is None:
        return []
    rows = audience.frame_list(conn, wave.frame, wave.segment)
    if 0 < wave.sample < len(rows):
        sizes: dict[int, int] = {}
        for row in rows:
            sizes[row.village] = sizes.get(row.village, 0) + 1
        try:
            wanted = allocate(sizes, wave.sample)
        except AllocationFault:  # fewer than there are villages: then some get nobody
            wanted = allocate(sizes, wave.sample, least=0)
        chosen = set(draw(((str(row.number), row.village) for row in rows), wanted, wave.seed))
        rows = [row for row in rows if str(row.number) in chosen]
    return [Drawn(row.id, row.village or None, row.account) for row in rows]


# --- acts -------------------------------------------------------------------------------------------------------------


async def act(
    runtime: Runtime, actor: Actor, wave: WaveRow, wanted: Act, tell: Tell = _silent, why: str = ""
) -> Change:
    """An act on a wave, decided and written in one transaction; what follows from it is done too. WaveRefused.

    `why`: the reason that is kept with it.
    """
    action = _ACTIONS[type(wanted)]
    if not may(actor, f"wave.{action}", wave.unit, owner=wave.owner):
        raise WaveRefused(Refusal("wave.not_allowed"))
    if isinstance(wanted, Send) and wave.kind is WaveKind.OPEN:
        await _list_subscribers(runtime, wave, tell)

    somebody = isinstance(wanted, Remind) and await runtime.store.read(
        lambda conn: reminding.anybody(conn, runtime.vault, wave.id, runtime.now())
    )

    def unit(tx: Tx) -> Change | Refusal:
        now = runtime.now()
        made = decide(wave_acts.facts(tx, wave.id), wanted, now)
        if isinstance(made, Refusal) or made.again:
            return made
        if isinstance(wanted, Remind) and not (somebody and reminding.remind_now(tx, wave.id, now)):
            return Refusal("wave.nobody_to_remind")
        wave_acts.change(tx, actor, wave.unit, wave.id, action, made, now, why=why)
        return made

    made = await runtime.store.write(unit)
    if isinstance(made, Refusal):
        raise WaveRefused(made)
    if isinstance(wanted, Pause | Cancel):
        await take_back(runtime, wave.id, cancelled=isinstance(wanted, Cancel))
    if isinstance(wanted, Cancel):
        await destroy(runtime, wave.id)
    return made


async def _list_subscribers(runtime: Runtime, wave: WaveRow, tell: Tell) -> None:
    """Enter the subscribers that an open wave means, whoever is new."""
    after, listed = 0, 0
    while some := await runtime.store.read(
        partial(audience.subscribers, unit_id=wave.unit, segment=wave.segment, after=after, limit=DRAW_CHUNK)
    ):
        unit, now = wave.unit, runtime.now()
        await runtime.store.write(
            partial(invitations.invite_accounts, unit_id=unit, wave=wave.id, accounts=some, now=now)
        )
        after, listed = some[-1][0], listed + len(some)
        tell(listed, 0)


async def take_back(runtime: Runtime, wave: int, *, cancelled: bool) -> None:
    """Take what is unsent of a wave out of the outbox, a little at a time."""
    while await runtime.store.write(partial(settling.withdraw, wave=wave, now=runtime.now(), cancelled=cancelled)):
        pass


async def destroy(runtime: Runtime, wave: int) -> None:
    """What a cancelled wave leaves: nobody stands in its list any more, and its sealed answers are gone."""
    while await runtime.store.write(partial(settling.cancel_rest, wave=wave, paper=True)):
        pass
    while await runtime.store.write(partial(responses.destroy, wave=wave)):
        pass


# --- the worker's rounds ----------------------------------------------------------------------------------------------


async def send_round(runtime: Runtime) -> bool:
    """A chunk of invitations or reminders of every wave that has some; whether there were any.

    Nothing is queued in quiet hours, and what stands unsent in the outbox then waits there until they end.
    """
    now = runtime.now()
    settings = runtime.settings.waves
    until = quiet_until(now, clock(settings.quiet_from), clock(settings.quiet_to))
    busy = await settle(runtime)
    if until is not None:
        if await runtime.store.read(lambda conn: settling.loud(conn, until)):
            await runtime.store.write(lambda tx: settling.keep_quiet(tx, until))
        return busy
    for wave, again in await runtime.store.read(lambda conn: sending.due(conn, now)):
        busy = await send_some(runtime, wave, again=again) > 0 or busy
    return busy


async def send_some(runtime: Runtime, wave: int, *, again: bool, pace: Pace | None = None) -> int:
    """Queue one chunk of a wave, reminders where `again`; how many rows were dealt with."""

    def letter(conn: Connection) -> Invitation:
        row = wave_acts.wave(conn, wave)
        if row is None:
            raise LookupError(f"no wave {wave}")
        return Invitation(
            commune=units.unit(conn, row.unit).name,
            owner=row.owner,
            code=row.code,
            title=row.own_title,
            survey=survey_of(conn, row.version),
            closes_at=row.closes_at,
        )

    worded = words(runtime, await runtime.store.read(letter))
    pace = pace or Pace(cool_down_days=runtime.settings.waves.cool_down_days)
    queue = partial(sending.remind if again else sending.invite, vault=runtime.vault, wave=wave, words=worded)
    went = await runtime.store.write(lambda tx: queue(tx, now=runtime.now(), pace=pace))
    if not went and not again:
        await runtime.store.write(partial(sending.finish, wave=wave))
    return went


async def settle(runtime: Runtime) -> bool:
    """Learn what became of queued messages, and take back those of waves that are paused or over."""
    busy = False
    for wave, going_on in await runtime.store.read(settling.unsettled):
        if not going_on:
            paused = (await wave_of(runtime, wave)).sending is Sending.PAUSED
            await take_back(runtime, wave, cancelled=not paused)
        busy = await runtime.store.write(partial(settling.settle, wave=wave)) > 0 or busy
    return busy


async def wave_round(runtime: Runtime) -> None:
    """What waves need now and then: their end, the next of a schedule, what a killed process left undone."""
    now = runtime.now()
    if await runtime.store.read(lambda conn: wave_acts.is_over(conn, now)):
        await runtime.store.write(lambda tx: wave_acts.over(tx, now))
    for id in await runtime.store.read(wave_acts.planned):
        await _alone(partial(draw_up, runtime, id))
    for wave in await runtime.store.read(settling.called_off):
        await destroy(runtime, wave)
    for wave in await runtime.store.read(responses.called_off):
        await destroy(runtime, wave)
    await expire_round(runtime)
    for before in await runtime.store.read(wave_acts.monthly):
        await _alone(partial(follow, runtime, before))


async def _alone(work: Callable[[], Awaitable[None]]) -> None:
    """Do something for one wave; what goes wrong with it holds up no other."""
    try:
        await work()
    except WaveRefused as fault:
        log.warning("wave.refused", why=fault.refusal.key)
    except Exception as fault:  # noqa: BLE001 - tried again in the next round
        log.error("wave.failed", fault=type(fault).__name__)


async def follow(runtime: Runtime, before: WaveRow) -> None:
    """Open the wave of this month in place of one of an earlier month, once, however many processes try."""
    now = runtime.now()
    first = day_of(now).replace(day=1)
    begun = day_of(before.opens_at)
    if (begun.year, begun.month) >= (first.year, first.month):
        return
    ends = None
    if before.ends_day:
        last = min(before.ends_day, monthrange(first.year, first.month)[1])
        ends = start_of(first.replace(day=last) + timedelta(days=1))
    seed = token_hex(8) if before.frame is not None else ""
    id = await runtime.store.write(
        lambda tx: wave_acts.follow(tx, before.id, opens_at=start_of(first), closes_at=ends, seed=seed, now=now)
    )
    if id is None:
        return
    await draw_up(runtime, id)
    if before.sending in (Sending.RUNNING, Sending.DONE):
        await act(runtime, Actor(kind=SYSTEM, unit=before.unit), await wave_of(runtime, id), Send())


async def expire_round(runtime: Runtime) -> int:
    """Hand in what was left unfinished too long, as partial answers (DL5); how many conversations."""
    now = runtime.now()
    found = await runtime.store.read(lambda conn: unfinished.expired(conn, now))
    for one in found:
        await _expire(runtime, one, f"expire:{one.id}:{one.expires_at}", now)
    return len(found)


async def end_wave(runtime: Runtime, job: Job) -> None:
    """A wave is over: what is unsent is taken back; whoever is answering has some minutes more (`release_wave`).

    Of a wave that was called off what is unfinished goes at once, and nothing is released.
    """
    wave = int(job.key)
    await runtime.store.write(lambda tx: wave_acts.over(tx, runtime.now()))
    await take_back(runtime, wave, cancelled=True)
    while await runtime.store.write(partial(settling.cancel_rest, wave=wave, paper=False)):
        pass
    row = await wave_of(runtime, wave)
    if row.state is WaveState.CANCELLED:
        await _gather(runtime, row)
        return
    # From now on, not from the close: that may lie back, as on the 1st of a month, or after the machine was off.
    at = runtime.now() + runtime.ledger.grace
    await runtime.store.write(partial(wave_acts.release_at, unit_id=row.unit, id=wave, at=at))


async def release_wave(runtime: Runtime, job: Job) -> None:
    """Gather what was left unfinished in a wave that is over, as partial answers; then release its remainder."""
    row = await wave_of(runtime, int(job.key))
    await _gather(runtime, row)
    while await release_rest(runtime, row.id):
        pass


async def release_rest(runtime: Runtime, wave: int) -> int:
    """Release one chunk of a wave that is over; how many answers went."""
    day, vault, surveys = day_of(runtime.now()), runtime.vault, runtime.ledger.surveys
    return await runtime.store.write(
        lambda tx: responses.close_wave(tx, vault, wave, lambda version: surveys.get(tx, version), day, SystemRandom())
    )


async def _gather(runtime: Runtime, row: WaveRow) -> None:
    now, after, wave = runtime.now(), 0, row.id
    while found := await runtime.store.read(partial(unfinished.of_unit, unit_id=row.unit, after=after)):
        for one in found:
            await _expire(runtime, one, f"expire:{one.id}:wave:{wave}", now)
        after = found[-1].id


async def _expire(runtime: Runtime, one: unfinished.Unfinished, key: str, now: int) -> None:
    on = await runtime.account(one.channel_account)
    await runtime.receive(
        Inbound(
            channel=on.channel, channel_account=on.id, dedupe_key=key, person=one.platform_id, kind="expire", at=now
        )
    )
