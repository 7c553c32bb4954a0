"""What `nghedan doctor` looks at: each check says what it found and, where it is not well, what to do."""

import shutil
import stat
from collections.abc import AsyncIterator

import msgspec
from sqlalchemy import Connection, func, select

from app.channels import ChannelOn, switch_on
from app.days_off import wrong_days
from app.plans_in_use import of_settings, unreadable
from app.runtime import Runtime
from reports.plans import BadPlan
from reports.plans import plan as plan_of
from storage import confidential, counters, inbox, jobs, maps, outbox, plan_rows, profile_rows, units
from storage.alarms import standing
from storage.opening import sqlite_path
from storage.tables import officers
from storage.tables import outbox as outbox_rows
from vietnam.provinces import lands_of
from vietnam.time import DAY, MINUTE, day_of

_OLD = 10 * MINUTE
_LEAST_DISK = 1_000_000_000
_NEW_YEAR = 15
"""Days before a year whose days off are not known, from which on that is a fault and no warning any more."""
_LEAST_KEY_MODE = 0o077


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at. `todo` is empty where all is well; with `well` it is what will be wrong soon."""

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
    yield await runtime.store.read(_keepers)
    yield await runtime.store.read(_places)
    yield await runtime.store.read(lambda conn: _plan(runtime, conn))
    yield await runtime.store.read(_profiles)
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


def _keepers(conn: Connection) -> Finding:
    lost = confidential.lost_keepers(conn)
    said = "; ".join(f"{unit}: {name or 'without an account'}" for unit, name in lost)
    todo = "nobody sees the denunciations kept there: have the chairman name another, nghedan officer keeper LOGIN"
    return _finding("keeper of denunciations", f"switched off: {said}" if lost else "there", todo, well=not lost)


def _places(conn: Connection) -> Finding:
    """Without a map and a middle a point of the next commune is taken without a word: no fault, but worth knowing."""
    said = [
        f"only {'another province' if lands_of(province) else 'the sea and what is abroad'} is asked about: "
        f"[commune] centre, or nghedan map, says where {commune} lies"
        for commune, province in maps.unplaced(conn)
    ]
    return Finding(check="places outside the commune", well=True, found="; ".join(said) or "asked about")


def _plan(runtime: Runtime, conn: Connection) -> Finding:
    name = runtime.settings.report.plan
    try:
        plan_of(name)
    except BadPlan as fault:
        return _finding("plan", str(fault), "[report] plan: name one of reports/plans", well=False)
    known = {unit.name: unit.id for unit in units.communes(conn)}
    bad = [f"{commune}: {slug}" for commune, unit in known.items() for slug in unreadable(conn, unit)]
    if bad:
        todo = "this program cannot read them any more: nghedan plan check FILE, then nghedan plan add FILE"
        return _finding("plan", "; ".join(bad), todo, well=False)
    own = plan_rows.how_many(conn)
    without = [commune for commune, unit in known.items() if unit not in own]
    said = f"{name}, and {sum(own.values())} of the communes' own" if own else name
    year = day_of(runtime.now()).year
    idle = bool(without) and not of_settings(runtime.settings.report).holds(year)
    todo = f"asks for no report of {year}: nghedan plan add, or [report] plan_year, says what is owed"
    return Finding(check="plan", well=True, found=said, todo=todo if idle else "")


def _profiles(conn: Connection) -> Finding:
    """A report without a profile is a sound one, but perhaps not signed as the commune signs: worth knowing."""
    without = profile_rows.without(conn)
    todo = "their papers go out as any commune's, signed by the Chủ tịch: nghedan profile set, or the page Kế hoạch"
    return Finding(
        check="profile of papers", well=True, found=", ".join(without) or "there", todo=todo if without else ""
    )


def _calendar(runtime: Runtime, now: int) -> Finding:
    table = runtime.ledger.office.table
    said = wrong_days(table, day_of(now))
    # The notice of a year comes late in the year before: no fault of whoever runs the program until it is urgent.
    well = wrong_days(table, day_of(now + _NEW_YEAR * DAY), ahead=0) == ""
    return Finding(check="days off", well=well, found=f"known for {min(table.years)} to {max(table.years)}", todo=said)


def _fonts() -> Finding:
    from reports.faces import CARRIED, vietnamese_fonts

    first = vietnamese_fonts()[0]
    todo = "reports use the face that comes along; apt install fonts-liberation2 gives the widths of Times New Roman"
    # Every letter is there either way: a page of other widths is no fault.
    return Finding(check="fonts", well=True, found=first, todo=todo if first == CARRIED else "")


def _address(runtime: Runtime) -> Finding:
    url = runtime.settings.public_url
    secure = url.startswith("https://") or "127.0.0.1" in url or "localhost" in url
    return _finding("public address", url, "[web] public_url: citizens need https://", well=secure)


def _alarms(conn: Connection) -> Finding:
    # The days off have a finding of their own, which knows when they are urgent.
    told = [one for one in standing(conn) if one.kind != "days_off"]
    found = [" ".join(filter(None, (one.kind, one.params["channel"], one.params["found"]))) for one in told]
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
