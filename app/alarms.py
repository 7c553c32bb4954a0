"""Alarms: what is wrong is noted, the officers are told once a day in plain words, and once when it is well again.

The operator finds the same in the log, in the metrics and in `nghedan doctor`, with what to do.
"""

import shutil
from collections.abc import Sequence
from functools import partial

import msgspec
from prometheus_client import Gauge
from sqlalchemy import Connection

from app.channels import ChannelOn
from app.days_off import wrong_days
from app.ledger import WRONG_CODES
from app.logs import get_logger
from app.runtime import Runtime
from storage import alarms, channel_rows, counters, inbox, notices, outbox, units
from storage.opening import sqlite_path
from storage.tx import Tx
from vietnam.time import DAY, HOUR, MINUTE, day_of

log = get_logger()
STANDING = Gauge("nghedan_alarms", "Alarms that have not ended", ["kind"])
KINDS = ("channel", "silent", "outbox", "inbox", "disk", "codes", "days_off")
_SELDOM = {"days_off": 7 * DAY}
"""Milliseconds between two tellings of what nobody mends in a day; a day for the others."""
OLD_OUTBOX = 10 * MINUTE
LEAST_DISK = 1_000_000_000


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """Something looked at: `well`, or else what the operator is told. `key` is the same every time."""

    key: str
    kind: str
    unit: int
    well: bool
    channel: str = ""
    found: str = ""
    todo: str = ""


async def alarm_round(runtime: Runtime, channels: Sequence[ChannelOn]) -> None:
    """Look at everything once. Only what was looked at is ended: another process may see more."""
    looked = [await _channel(runtime, on) for on in channels]
    looked += [await _silence(runtime, on) for on in channels if on.door() is not None]
    looked += await runtime.store.read(partial(_store, runtime))
    for wrong in looked:
        await runtime.store.write(partial(_note, runtime, wrong=wrong))
    standing = await runtime.store.read(alarms.standing)
    for kind in KINDS:
        STANDING.labels(kind).set(sum(one.kind == kind for one in standing))


async def _channel(runtime: Runtime, on: ChannelOn) -> Wrong:
    unit = (await runtime.account(on.account)).unit_id
    try:
        state = await on.state()
    except ConnectionError as fault:
        found, todo = str(fault), "is the token right, is its api_base reachable?"
    else:
        found, todo = state.found, state.todo
    key = f"channel:{on.account}"
    return Wrong(key=key, kind="channel", unit=unit, well=not todo, channel=on.channel, found=found, todo=todo)


async def _silence(runtime: Runtime, on: ChannelOn) -> Wrong:
    """A channel whose platform brings its events to us, and has brought none for long."""
    unit = (await runtime.account(on.account)).unit_id
    hours = runtime.settings.alarms.silent_hours
    heard = await runtime.store.read(lambda conn: channel_rows.heard_at(conn, on.account))
    silent = bool(hours) and heard is not None and runtime.now() - heard > hours * HOUR
    return Wrong(
        key=f"silent:{on.account}",
        kind="silent",
        unit=unit,
        well=not silent,
        channel=on.channel,
        found=f"no event for {hours} hours",
        todo="does the platform still know our webhook? nghedan doctor says",
    )


def _store(runtime: Runtime, conn: Connection) -> list[Wrong]:
    unit = units.communes(conn)[0].id
    oldest = outbox.oldest_waiting(conn)
    waited = 0 if oldest is None else runtime.now() - oldest
    _waiting, given_up = inbox.waiting(conn)
    path = sqlite_path(runtime.settings.storage.url)
    free = shutil.disk_usage(path.parent if path else ".").free
    days = wrong_days(runtime.ledger.office.table, day_of(runtime.now()))
    wrong, most = counters.since(conn, WRONG_CODES, day_of(runtime.now())), runtime.settings.alarms.wrong_codes
    return [
        Wrong(
            key="outbox", kind="outbox", unit=unit, well=waited < OLD_OUTBOX,
            found=f"the oldest message waits {waited // MINUTE} min", todo="can this machine reach the platforms?",
        ),
        Wrong(
            key="inbox", kind="inbox", unit=unit, well=not given_up,
            found=f"{given_up} events given up", todo="look for turn.failed in the log",
        ),
        Wrong(
            key="disk", kind="disk", unit=unit, well=free >= LEAST_DISK,
            found=f"{free // 1_000_000} MB free", todo="make room: at least 1 GB",
        ),
        Wrong(
            key="codes", kind="codes", unit=unit, well=not most or wrong < most,
            found=f"{wrong} one-time codes today that open nothing", todo="somebody may be guessing codes: nobody who"
            " does is told of any, after 10 an hour; are letters of a cancelled wave still going round?",
        ),
        Wrong(
            key="days_off", kind="days_off", unit=unit, well=not days,
            found=days, todo="every promise that reaches there is counted without its days off",
        ),
    ]  # fmt: skip


def _note(runtime: Runtime, tx: Tx, wrong: Wrong) -> None:
    now = runtime.now()
    said = {"channel": wrong.channel, "found": wrong.found, "todo": wrong.todo}
    if wrong.well:
        if alarms.end(tx, wrong.key):
            log.info("alarm.over", kind=wrong.kind, channel=wrong.channel)
            notices.add(tx, wrong.unit, f"alarm.over.{wrong.kind}", _shown(runtime, wrong), now)
        return
    if alarms.begin(tx, key=wrong.key, unit_id=wrong.unit, kind=wrong.kind, params=said, now=now):
        log.error("alarm.raised", kind=wrong.kind, **said)
    if alarms.told(tx, wrong.key, now, before=now - _SELDOM.get(wrong.kind, DAY)):
        notices.add(tx, wrong.unit, f"alarm.{wrong.kind}", _shown(runtime, wrong), now)


def _shown(runtime: Runtime, wrong: Wrong) -> dict[str, str]:
    """What officers need of it: the name of the channel, not what an operator would do."""
    return {"channel": runtime.wording(f"channel.{wrong.channel}")} if wrong.channel else {}
