"""A wave of the demo that asked a random sample of households by letter, closed: its figures have intervals."""

from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256
from random import Random
from secrets import token_hex

from sqlalchemy import insert, select

from app.demo_data import one_answer, publish_ready
from app.runtime import Runtime
from app.waves import act, open_wave, wave_of
from app.worker import take_jobs
from feedback.roles import SYSTEM, Actor
from storage import frames, participations, responses, units
from storage.jobs import Job
from storage.tables import invitations
from storage.tables import participations as tokens
from storage.tx import Tx
from storage.wave_acts import WaveRow
from surveys.definition import Survey
from surveys.frame_sheet import FrameLine
from surveys.ready import ready
from surveys.waves import Close, FrameKind, Opening, WaveKind
from vietnam.time import DAY, day_of

SURVEY = "mot_cua"
CODE = f"{SURVEY}-m1"
_SEED = "demo"
_HOUSEHOLDS, _SAMPLE, _ANSWERING = 360, 180, 0.6
_OPEN_DAYS, _CLOSED_SINCE = 20, 3 * DAY


async def ask_sample(runtime: Runtime, unit_id: int) -> None:
    """A list of invented households, a wave to a sample of it, the answers of some, and its close a few days ago."""
    closed = runtime.now() - _CLOSED_SINCE
    opened = closed - _OPEN_DAYS * DAY
    then, later = replace(runtime, now=lambda: opened), replace(runtime, now=lambda: closed)
    actor = Actor(kind=SYSTEM, unit=unit_id)
    published = (await publish_ready(then, unit_id, (SURVEY,), at=opened))[SURVEY]
    await act(then, actor, await wave_of(then, published.wave), Close())
    name = await _list_households(then, actor, unit_id)
    opening = Opening(code=CODE, kind=WaveKind.INVITED, opens_at=opened, seed=_SEED, sample=_SAMPLE)
    wave = await open_wave(then, actor, unit_id, SURVEY, opening, name)
    await runtime.store.write(partial(_answer, runtime=runtime, wave=wave, day=day_of(closed)))
    await act(later, actor, wave, Close())
    await _release(runtime, wave, day_of(closed))
    await _wind_up(runtime, closed)


async def _wind_up(runtime: Runtime, closed: int) -> None:
    """Do what a worker does within minutes of a close: the figures of a wave that is winding up are not shown yet."""
    for at in (closed, closed + 2 * runtime.ledger.grace):
        then = replace(runtime, now=partial(int, at))
        while await take_jobs(then, _no_picture):
            pass


async def _no_picture(_runtime: Runtime, job: Job) -> None:
    raise LookupError(job.kind)


async def _list_households(runtime: Runtime, actor: Actor, unit_id: int) -> str:
    villages = await runtime.store.read(lambda conn: units.villages(conn, unit_id))
    lines = [
        FrameLine(
            number=number,
            village=villages[number % len(villages)].id,
            name=runtime.wording("demo.citizen", number=number),
        )
        for number in range(1, _HOUSEHOLDS + 1)
    ]
    name = runtime.wording("demo.households")

    def unit(tx: Tx) -> None:
        checksum, now = sha256(token_hex(8).encode()).hexdigest(), runtime.now()
        frame, _ = frames.begin(tx, unit_id, name=name, kind=FrameKind.HOUSEHOLD, checksum=checksum, now=now)
        frames.add_rows(tx, runtime.vault, frame, lines, {})
        frames.finish(tx, actor, unit_id, frame, len(lines), now)

    await runtime.store.write(unit)
    return name


def _answer(tx: Tx, runtime: Runtime, wave: WaveRow, day: date) -> None:
    """Some of the invited take part, with their code."""
    rng, survey = Random(_SEED), ready(SURVEY)  # noqa: S311 - sample data, the same every time
    mine = select(invitations.c.id, invitations.c.village_id).where(invitations.c.wave_id == wave.id)
    came = []
    for row in tx.execute(mine.order_by(invitations.c.frame_row_id)).all():
        if rng.random() > _ANSWERING:
            continue
        came.append({"token": participations.of_invitation(runtime.vault, wave.id, row.id), "wave_id": wave.id})
        responses.seal(
            tx,
            runtime.vault,
            survey=survey,
            wave=wave.id,
            unit=wave.unit,
            village=row.village_id,
            channel="webchat",
            answers=one_answer(survey, rng, row.village_id % 4, day),
        )
    tx.execute(insert(tokens), came)


async def _release(runtime: Runtime, wave: WaveRow, day: date) -> None:
    rng = Random(_SEED)  # noqa: S311 - no secret is drawn
    survey: Survey = ready(SURVEY)

    def unit(tx: Tx) -> int:
        return responses.close_wave(tx, runtime.vault, wave.id, lambda _version: survey, day, rng)

    while await runtime.store.write(unit):
        pass
