"""What `nghedan doctor` looks at: each check says what it found and, where it is not well, what to do."""

import shutil
import stat
from collections.abc import AsyncIterator

import msgspec
from sqlalchemy import Connection, func, select

from app.channels import ChannelOn, switch_on
from app.runtime import Runtime
from reports.plans import BadPlan
from reports.plans import plan as plan_of
from storage import confidential, counters, inbox, jobs, outbox
from storage.alarms import standing
from storage.opening import sqlite_path
from storage.tables import officers
from storage.tables import outbox as outbox_rows
from vietnam.table_faults import table_faults
from vietnam.time import MINUTE, day_of

_OLD = 10 * MINUTE
_LEAST_DISK = 1_000_000_000
_LEAST_KEY_MODE = 0o077


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at. `todo` is empty where all is well."""

    check: str
    well: bool
    found: str
    todo: str = ""


def _finding(check: str, found: str, todo: str, *, well: bool) -> Finding:
    return Finding(check=check, well=well, found=found, todo="" if well else todo)


async def look(runtime: Runtime) -> AsyncIterator[Finding]:
    """Every finding of an open store, one after the other."""
    yield _finding("store", runtime.settings.storage.url.split("@")[-1], "", well=True)
    yield _key_file(runtime)
    yield _disk(runtime)
    now = runtime.now()
    yield await runtime.store.read(lambda conn: _outbox(conn, now))
    yield await runtime.store.read(_dead_letters)
    yield await runtime.store.read(_inbox)
    yield await runtime.store.read(_jobs)
    yield await runtime.store.read(_officers)
    yield _plan(runtime)
    yield _calendar(runtime, now)
    yield _fonts()
    yield _address(runtime)
    yield await runtime.store.read(_alarms)
    async for finding in _channels(runtime):
        yield finding
    counted = await runtime.store.read(counters.totals)
    yield _finding(
        "counters", ", ".join(f"{name} {count}" for name, count in sorted(counted.items())) or "0", "", well=True
    )


def _key_file(runtime: Runtime) -> Finding:
    path = runtime.settings.privacy.key_file
    mode = stat.S_IMODE(path.stat().st_mode)
    todo = f"others can read it: chmod 600 {path}"
    return _finding("key file", f"{path} {mode:o}", todo, well=not mode & _LEAST_KEY_MODE)


def _disk(runtime: Runtime) -> Finding:
    path = sqlite_path(runtime.settings.storage.url)
    free = shutil.disk_usage(path.parent if path else ".").free
    return _finding("disk", f"{free // 1_000_000} MB free", "make room: at least 1 GB", well=free >= _LEAST_DISK)


def _outbox(conn: Connection, now: int) -> Finding:
    oldest = outbox.oldest_waiting(conn)
    waited = 0 if oldest is None else now - oldest
    found = "nothing waits" if oldest is None else f"oldest message waits {waited // MINUTE} min"
    return _finding("outbox", found, "is `nghedan serve` running, and can it reach the platform?", well=waited < _OLD)


def _dead_letters(conn: Connection) -> Finding:
    dead = (outbox_rows.c.state == "dead") & confidential.letters()
    count = conn.scalar(select(func.count()).select_from(outbox_rows).where(dead)) or 0
    return _finding("dead letters", str(count), "see them on the officers' page, Tin chưa gửi", well=not count)


def _inbox(conn: Connection) -> Finding:
    waiting, given_up = inbox.waiting(conn)
    todo = "citizens' events failed three times: look for turn.failed in the log"
    return _finding("inbox", f"{waiting} wait, {given_up} given up", todo, well=not given_up)


def _jobs(conn: Connection) -> Finding:
    dead = jobs.dead(conn)
    todo = "look for job.failed in the log"
    return _finding(
        "jobs", ", ".join(f"{kind}: {fault}" for _id, kind, fault in dead) or "none dead", todo, well=not dead
    )


def _officers(conn: Connection) -> Finding:
    count = conn.scalar(select(func.count()).select_from(officers).where(officers.c.active == 1)) or 0
    return _finding("officers", str(count), "add one: nghedan officer add LOGIN --name NAME", well=count > 0)


def _plan(runtime: Runtime) -> Finding:
    name = runtime.settings.report.plan
    try:
        plan_of(name)
    except BadPlan as fault:
        return _finding("plan", str(fault), "[report] plan: name one of reports/plans", well=False)
    return _finding("plan", name, "", well=True)


_NEW_YEAR = 15
"""Days before a year from which its days off must be known."""
_CALENDAR = {
    "calendar.year_missing": "the days off of {year} are not known: upgrade, or write them in [work] days_file",
    "calendar.double": "{day:%d/%m/%Y} is both off and worked: [work] days_file",
    "calendar.no_tet": "{year} has {found} days off at Tết, the law gives {wanted}: [work] days_file",
    "calendar.no_holiday": "{day:%d/%m/%Y} is a public holiday and is worked: [work] days_file",
    "calendar.too_few": "{year} has {found} days off, the law gives {wanted}: [work] days_file",
    "calendar.too_many": "{year} has {found} days off, the law gives {wanted}: [work] days_file",
}
"""Key of vietnam.table_faults -> what it means and where it is mended."""


def _calendar(runtime: Runtime, now: int) -> Finding:
    table = runtime.ledger.office.table
    faults = table_faults(table, day_of(now))
    said = "; ".join(_CALENDAR[one.key].format(**one.values) for one in faults)
    # The notice of a year often comes in its last weeks only: until then this is a reminder.
    early = all(int(str(one.values.get("days", 0))) > _NEW_YEAR for one in faults)
    known = f"known for {min(table.years)} to {max(table.years)}"
    return _finding("days off", f"{known}; {said}" if said and early else known, said, well=early)


def _fonts() -> Finding:
    from reports.pdf import vietnamese_fonts

    found = vietnamese_fonts()
    todo = "reports use the face that comes along; apt install fonts-liberation2 gives the widths of Times New Roman"
    return Finding(check="fonts", well=True, found=", ".join(found) or todo)


def _address(runtime: Runtime) -> Finding:
    url = runtime.settings.public_url
    secure = url.startswith("https://") or "127.0.0.1" in url or "localhost" in url
    return _finding("public address", url, "[web] public_url: citizens need https://", well=secure)


def _alarms(conn: Connection) -> Finding:
    found = [" ".join(filter(None, (one.kind, one.params["channel"], one.params["found"]))) for one in standing(conn)]
    return _finding("alarms", "; ".join(found) or "none", "what follows says what to do", well=not found)


async def _channels(runtime: Runtime) -> AsyncIterator[Finding]:
    for on in await switch_on(runtime):
        try:
            yield await _channel(on)
        finally:
            await on.close()


async def _channel(on: ChannelOn) -> Finding:
    check = f"{on.channel} {on.name}".strip()
    try:
        state = await on.state()
    except ConnectionError as fault:
        return _finding(check, str(fault), "is the token right, is its api_base reachable?", well=False)
    return _finding(check, state.found, state.todo, well=not state.todo)
