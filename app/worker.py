"""What a process does beside talking: kept events, jobs, and the round of the house."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from secrets import SystemRandom
from typing import Any

import msgspec

from app import dossiers
from app.alarms import alarm_round
from app.bulletins import bulletin_round
from app.case_round import case_round
from app.channels import ChannelOn
from app.follow_notices import tell_followers, tell_over
from app.ledger import PHOTO_JOB
from app.legal_round import legal_round
from app.logs import get_logger
from app.merging import part_one, tell_joined
from app.officer_round import officer_round
from app.oversight_round import oversight_round
from app.photo_jobs import give_up_killed
from app.report_files import files_failed, give_up_files, write_files
from app.reporting import REPORT_JOB, make_report, report_failed
from app.retention_round import retention_round
from app.runtime import Runtime
from app.schedule import DUE_JOB, ask_due, reports_due
from app.session_notices import notice_round
from app.session_round import session_round, tell_round
from app.waves import end_wave, release_rest, release_wave, send_round, wave_round
from bot.conversation.messages import Bubble, Inbound
from bot.conversation.state import State, UnknownState, dump, load
from storage import housekeeping, inbox, jobs, notices, paper, report_rows, responses
from storage.bookings import NEWS as SESSION_NEWS
from storage.following import JOB as FOLLOW_JOB
from storage.following import OVER_JOB
from storage.jobs import Job
from storage.merging import JOB as JOINED_JOB
from storage.merging import PART_JOB
from storage.report_desk import FILES_JOB
from storage.tx import Tx
from storage.wave_acts import END_JOB, RELEASE_JOB
from surveys.definition import Survey
from vietnam.time import HOUR, day_of

FetchPhoto = Callable[[Runtime, Job], Awaitable[None]]
"""Brings a picture over from its platform and feeds it back to the conversation."""

log = get_logger()
LEASE = 5 * 60_000
POLL = 1.0
RELEASE_EVERY = 10 * 60.0
"""Seconds between two releases of answers: never at once after an answer, which would show when it came."""
DOSSIERS = 5.0
"""Seconds between two looks for ZIPs to be made, which wait for nobody at a desk."""
SENDING = 2.0
"""Seconds between two looks for invitations and reminders, while there are none."""
TELLING = 30.0
"""Seconds between two looks for reminders of sessions; what is new of a booking wakes it at once."""
OFFICERS = 5.0
"""Seconds between two looks for what officers are told in chat."""
LOOK = 10 * 60.0
"""Seconds between two looks at the channels and the queues."""
ROUND = 10 * 60.0
"""Seconds between two rounds of the house."""


async def run(runtime: Runtime, fetch_photo: FetchPhoto, channels: Sequence[ChannelOn] = ()) -> None:
    """Work until the runtime stops. `fetch_photo` brings a picture over from its platform; `channels` are looked at."""

    async def look() -> bool:
        await alarm_round(runtime, channels)
        return False

    async def notices() -> bool:
        of_sessions = await notice_round(runtime)
        return await bulletin_round(runtime) or of_sessions

    async with asyncio.TaskGroup() as group:
        group.create_task(_repeat(runtime, "inbox", POLL, lambda: take_inbox(runtime)))
        group.create_task(_repeat(runtime, "jobs", POLL, lambda: take_jobs(runtime, fetch_photo)))
        group.create_task(_repeat(runtime, "jobs", DOSSIERS, lambda: take_dossiers(runtime, fetch_photo)))
        group.create_task(_repeat(runtime, "waves", SENDING, lambda: send_round(runtime)))
        group.create_task(_repeat(runtime, SESSION_NEWS, TELLING, lambda: tell_round(runtime)))
        group.create_task(_repeat(runtime, "notices", SENDING, notices))
        group.create_task(_repeat(runtime, "officers", OFFICERS, lambda: officer_round(runtime)))
        group.create_task(_repeat(runtime, "release", RELEASE_EVERY, lambda: release(runtime)))
        group.create_task(_repeat(runtime, "round", ROUND, lambda: go_round(runtime)))
        group.create_task(_repeat(runtime, "alarms", LOOK, look))


async def _repeat(runtime: Runtime, topic: str, seconds: float, work: Callable[[], Awaitable[bool]]) -> None:
    """Do the work, again at once while there was some, else when woken or after that time."""
    while not runtime.stop.is_set():
        waiter = runtime.store.wakes.waiter(topic)
        try:
            busy = await work()
        except Exception as fault:  # noqa: BLE001 - a worker never dies of one piece of work
            log.error("worker.failed", topic=topic, fault=type(fault).__name__)
            busy = False
        if not busy:
            stopping = asyncio.ensure_future(runtime.stop.wait())
            waiting: list[asyncio.Future[Any]] = [waiter, stopping]
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
        waiter.cancel()


async def take_inbox(runtime: Runtime) -> bool:
    """Try the kept events whose time has come; whether there were any."""
    kept = await runtime.store.read(lambda conn: inbox.due(conn, runtime.vault, runtime.now()))
    for event in kept:
        await _take_kept(runtime, event)
    return bool(kept)


async def _take_kept(runtime: Runtime, event: inbox.Kept) -> None:
    try:
        on = await runtime.account(event.channel_account_id)
        inbound = msgspec.json.decode(event.body, type=Inbound)

        def unit(tx: Tx) -> None:
            runtime.turn(tx, on, inbound)
            inbox.done(tx, event.id)

        await runtime.store.write(unit)
    except Exception as fault:  # noqa: BLE001 - kept for another try, or given up after the last
        name = type(fault).__name__
        if not await runtime.store.write(lambda tx: _put_off(runtime, tx, event, name)):
            log.error("inbox.given_up", fault=name)


def _put_off(runtime: Runtime, tx: Tx, event: inbox.Kept, fault: str) -> bool:
    """Another try later; False where it was the last one: then the officers and the person are told, all at once."""
    now = runtime.now()
    if inbox.failed(tx, event, fault, now):
        return True
    notices.add(tx, event.unit_id, "notice.inbox_dead", {}, now)
    try:
        # What made the turns fail may well make the apology fail too; the officers are told all the same.
        with tx.conn.begin_nested():
            _apologise(runtime, tx, event, now)
    except Exception as why:  # noqa: BLE001 - whatever it was, the next one goes on
        log.error("inbox.no_apology", fault=type(why).__name__)
    return False


def _apologise(runtime: Runtime, tx: Tx, event: inbox.Kept, now: int) -> None:
    chat = runtime.ledger.chat(tx, runtime.known_account(event.channel_account_id), event.chat, now)
    chat.say(Bubble(text=runtime.wording("turn.sorry")), 0)
    chat.save(_fresh_if_unreadable(chat.state()))


def _fresh_if_unreadable(state: bytes | None) -> bytes | None:
    """A new beginning for a state that no turn could go on from: else the person would hear apologies for ever."""
    try:
        load(state)
    except UnknownState:
        return dump(State())
    return None


async def take_jobs(runtime: Runtime, fetch_photo: FetchPhoto) -> bool:
    """Do the jobs whose time has come; whether there were any."""
    claimed = await runtime.store.write(lambda tx: jobs.claim(tx, runtime.now(), LEASE, 4, but=dossiers.DOSSIER_JOB))
    await _each(runtime, claimed, fetch_photo)
    return bool(claimed)


async def take_dossiers(runtime: Runtime, fetch_photo: FetchPhoto) -> bool:
    """Make one ZIP that was asked for, beside the other jobs: it may take minutes; whether there was any.

    A process that is to end does not wait for it: the job is done again by the next one.
    """
    claimed = await runtime.store.write(
        lambda tx: jobs.claim(tx, runtime.now(), dossiers.LEASE, 1, only=dossiers.DOSSIER_JOB)
    )
    working = asyncio.ensure_future(_each(runtime, claimed, fetch_photo))
    stopping = asyncio.ensure_future(runtime.stop.wait())
    await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        working.result()
    else:
        working.cancel()
        await asyncio.wait([working])
    return bool(claimed)


async def _each(runtime: Runtime, claimed: Sequence[Job], fetch_photo: FetchPhoto) -> None:
    """Do claimed jobs, one after the other."""
    for job in claimed:
        try:
            await _do(runtime, job, fetch_photo)
        except Exception as fault:  # noqa: BLE001 - another try later, or dead
            name = type(fault).__name__
            log.error("job.failed", kind=job.kind, fault=name)
            dead = await runtime.store.write(partial(jobs.retry, job=job, now=runtime.now(), fault=name))
            if dead and job.kind == REPORT_JOB:
                await report_failed(runtime, int(job.key), name)
            elif dead and job.kind == FILES_JOB:
                await files_failed(runtime, job.key, name)
            elif dead and job.kind == dossiers.DOSSIER_JOB:
                await dossiers.failed(runtime, job, name)
        else:
            await runtime.store.write(partial(jobs.done, job=job))


async def _do(runtime: Runtime, job: Job, fetch_photo: FetchPhoto) -> None:
    if job.kind == REPORT_JOB:
        await make_report(runtime, int(job.key))
    elif job.kind == FILES_JOB:
        await write_files(runtime, job)
    elif job.kind == dossiers.DOSSIER_JOB:
        await dossiers.make(runtime, job)
    elif job.kind == DUE_JOB:
        await ask_due(runtime, job)
    elif job.kind == END_JOB:
        await end_wave(runtime, job)
    elif job.kind == RELEASE_JOB:
        await release_wave(runtime, job)
    elif job.kind == PHOTO_JOB:
        await fetch_photo(runtime, job)
    elif job.kind == FOLLOW_JOB:
        await tell_followers(runtime, job)
    elif job.kind == OVER_JOB:
        await tell_over(runtime, job)
    elif job.kind == JOINED_JOB:
        await tell_joined(runtime, job)
    elif job.kind == PART_JOB:
        await part_one(runtime, job)
    else:
        raise LookupError(job.kind)


async def release(runtime: Runtime) -> bool:
    """Release what may be released, one chunk; whether there was any."""
    rng = SystemRandom()
    now = runtime.now()
    day = day_of(now)

    def survey_of(tx: Tx) -> Callable[[int], Survey]:
        return lambda version: runtime.ledger.surveys.get(tx, version)

    went = await runtime.store.write(lambda tx: responses.release(tx, runtime.vault, survey_of(tx), day, rng))
    for wave in await runtime.store.read(lambda conn: responses.closing(conn, now)):
        went += await release_rest(runtime, wave)
    if not went:
        await runtime.store.forget_log()  # it counts the turns of whoever has answered since the last time
    return went > 0


async def go_round(runtime: Runtime) -> bool:
    """Sweep what has had its time, ask for the reports that are due, and see to the waves."""
    now = runtime.now()
    await housekeeping.sweep(runtime.store, now)
    await runtime.blobs.sweep(now - 24 * HOUR)
    await runtime.store.write(lambda tx: paper.sweep(tx, now))
    for report in await runtime.store.read(report_rows.abandoned):
        await report_failed(runtime, report, "killed")
    await give_up_killed(runtime)
    await give_up_files(runtime)
    await reports_due(runtime)
    await wave_round(runtime)
    await case_round(runtime)
    await legal_round(runtime)
    await oversight_round(runtime)
    await session_round(runtime)
    await retention_round(runtime)
    return False
