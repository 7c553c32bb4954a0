"""One process that serves everything: pages, chat, Telegram, jobs; it stops cleanly on SIGTERM and Ctrl-C."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from random import SystemRandom

import uvicorn

from app import worker
from app.blocking import block, lift
from app.case_files import keep_file
from app.case_hands import limits_of
from app.channels import LogsIn, chat_address, switch_on
from app.entering import enter
from app.explaining import explain
from app.first_run import publish_sample
from app.leaving import leave
from app.letters import LetterFailed, write_letter
from app.logs import get_logger
from app.merging import merge, part
from app.officer_round import send_brief
from app.own_data import close_data_request
from app.paper_doors import papers_of
from app.photo_jobs import Download, fetch_photo, keep_photo, keep_voice
from app.photos import PhotoRefused as ChildRefused
from app.plan_desk import PlanDesk
from app.plans_in_use import plans_of
from app.province_desk import ProvinceDesk
from app.report_desk import ReportDesk
from app.report_source import StoreSource
from app.reporting import ask_report
from app.runtime import Runtime
from app.session_desk import SessionDesk
from app.settings_access import second_step_roles
from app.survey_trying import read_survey
from app.wave_desk import WaveDesk
from reports.petitions import Letter
from reports.plans import plan
from storage.jobs import Job
from storage.leases import take_back
from storage.morning import HotCounts
from storage.opening import sqlite_path
from vietnam.time import HOUR
from web.app import create_app
from web.services import PhotoRefused, Services

log = get_logger()
GRACE = 3
"""Seconds that open streams are given at the end; uvicorn would wait for them for ever."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; OSError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    sock.listen(512)
    return sock


async def _photo(runtime: Runtime, unit: int, data: bytes) -> int | PhotoRefused:
    kept = await keep_photo(runtime, unit, data)
    return PhotoRefused(kept.key) if isinstance(kept, ChildRefused) else kept


async def _voice(runtime: Runtime, unit: int, data: bytes) -> int | PhotoRefused:
    kept = await keep_voice(runtime, unit, data)
    return kept if isinstance(kept, int) else PhotoRefused(kept.key)


async def _letter(filled: Letter) -> bytes | None:
    try:
        return await write_letter(filled)
    except LetterFailed as fault:
        log.error("letter.failed", fault=type(fault).__name__)
        return None


def services_of(runtime: Runtime) -> Services:
    """What the pages are given."""
    return Services(
        store=runtime.store,
        vault=runtime.vault,
        public_url=runtime.settings.public_url,
        now=runtime.now,
        receive=runtime.receive,
        act=runtime.act,
        leave=partial(leave, runtime),
        enter=partial(enter, runtime),
        merge=partial(merge, runtime),
        part=partial(part, runtime),
        block=partial(block, runtime),
        lift=partial(lift, runtime),
        hot=HotCounts(limits_of(runtime)),
        keep_photo=partial(_photo, runtime),
        keep_voice=partial(_voice, runtime),
        keep_file=partial(keep_file, runtime),
        file_mb=runtime.settings.limits.file_mb,
        blob=runtime.blobs.get,
        close_request=partial(close_data_request, runtime),
        ask_report=partial(ask_report, runtime),
        chance=lambda n, k: SystemRandom().sample(range(n), k),
        wait=runtime.look_for_chat,
        closing=runtime.stop.is_set,
        count=runtime.count,
        explain=partial(explain, runtime),
        say=runtime.wording,
        papers=papers_of(runtime),
        read_survey=read_survey,
        write_letter=_letter,
        office=runtime.ledger.office,
        office_in=runtime.ledger.office_in,
        publish_sample=partial(publish_sample, runtime),
        kept_months=runtime.settings.retention.by_name(),
        sessions=SessionDesk(runtime),
        plans=PlanDesk(runtime),
        reports=ReportDesk(runtime),
        cases_counted=StoreSource,
        province=ProvinceDesk(runtime),
        waves=WaveDesk(runtime),
        way_back=lambda channel: chat_address(runtime.settings, channel),
        plan_files=lambda conn, unit: [one.plan for one in plans_of(conn, runtime.settings.report, unit)],
        tell_officers=partial(send_brief, runtime),
        answer_days=runtime.settings.front.answer_days,
        report_month=runtime.settings.report.month,
        second_step=second_step_roles(runtime.settings.access),
        first_password=runtime.settings.access.first_password_hours * HOUR,
        formula=lambda: plan(runtime.settings.report.plan).index,
    )


def _server(services: Services) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(services),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE,
        server_header=False,
        lifespan="off",
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
    )
    return uvicorn.Server(config)


async def serve(runtime: Runtime, sock: socket.socket, *, ready: Callable[[], Awaitable[None]] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; what was begun is finished, the store is closed last."""
    runtime.store.listen()
    if sqlite_path(runtime.settings.storage.url) is not None:
        # One process has the file to itself: what its last life held when it was killed need not wait a minute.
        await runtime.store.write(lambda tx: take_back(tx, runtime.now()))
    services = services_of(runtime)
    downloads: dict[int, Download] = {}
    channels = await switch_on(runtime)
    for channel in channels:
        downloads |= channel.downloads()
    doors = [door for channel in channels if (door := channel.door()) is not None]
    logins = {(one.channel, one.account): one.finish_login for one in channels if isinstance(one, LogsIn)}
    services = replace(services, doors=lambda: doors, logins=lambda: logins)

    async def photo(of: Runtime, job: Job) -> None:
        await fetch_photo(of, job, downloads)

    server = _server(services)
    loop = asyncio.get_running_loop()

    def end() -> None:
        runtime.stop.set()
        server.should_exit = True

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, end)
    working = asyncio.ensure_future(worker.run(runtime, photo, channels))
    serving = asyncio.ensure_future(server._serve([sock]))  # noqa: SLF001 - `serve` would take the signals away from us
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn says so only by an attribute
        await asyncio.sleep(0.005)
    for channel in channels:
        channel.start()
    gc.collect()
    gc.freeze()
    if ready is not None:
        await ready()
    try:
        await asyncio.wait([serving, working], return_when=asyncio.FIRST_COMPLETED)
    finally:
        end()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(serving, working, return_exceptions=True)
        for channel in channels:
            await channel.close()
        await runtime.close()
    for task in (serving, working):
        if not task.cancelled() and (fault := task.exception()) is not None:
            raise fault
