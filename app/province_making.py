"""Many communes in one run: each one's report where it has none yet, and the roll-up of all of them."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from app.logs import get_logger
from app.report_pool import Pool, pool
from app.reporting import Made, ReportFailed, ask_report, make_report, report_failed
from app.runtime import Runtime
from feedback.roles import SYSTEM, Actor
from reports.figures import Figures
from reports.periods import Period, parse
from reports.plans import Profile
from reports.province import Province, Summary, roll_up, summary
from reports.province import State as Came
from reports.texts import texts
from storage import profile_rows, submissions
from storage.submissions import Standing
from vietnam.time import day_of

log = get_logger()
Tell = Callable[[int, int, str, str], None]
"""(done, of how many, commune, "" or why it failed): called once for each commune, in the order in which they end."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a run. `made` communes got a report now, `there` had one or sent a file, `failed` are named.

    `files` are the names of the province's own; empty where the roll-up could not be made, and `fault` says why.
    """

    made: tuple[str, ...]
    there: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    files: tuple[str, ...] = ()
    fault: str = ""


async def make_all(
    runtime: Runtime,
    province: tuple[int, str],
    period_key: str,
    out: Path,
    tell: Tell,
    *,
    workers: int,
    approved_only: bool = False,
) -> Batch:
    """Make what is missing, `workers` communes at a time, and roll all up into `out`; BadPeriod.

    A commune that fails holds up no other. Broken off, whatever was made stands whole, and nothing half-made is left.
    """
    period = parse(period_key, month=runtime.settings.report.month)
    found = await runtime.store.read(lambda conn: submissions.standings(conn, province[0], period_key))
    todo = [] if approved_only else [one for one in found if one.unit and one.state in ("none", "making")]
    async with pool(workers) as children:
        failed = await _make(runtime, todo, period_key, out, children, tell, workers)
        rolled = await rolled_up(runtime, province, period, approved_only=approved_only)
        tried = {one.name for one in todo}
        batch = Batch(
            made=tuple(one.name for one in todo if one.name not in failed),
            there=tuple(name for name in (*(row.name for row in rolled.rows), *rolled.other_days) if name not in tried),
            failed=tuple(failed.items()),
            missing=rolled.missing,
        )
        try:
            made = await write_roll_up(runtime, province[0], rolled, out, children)
        except ReportFailed as fault:
            return msgspec.structs.replace(batch, fault=str(fault))
        return msgspec.structs.replace(batch, files=tuple(one.name for one in made))


async def _make(
    runtime: Runtime,
    todo: Sequence[Standing],
    period: str,
    out: Path,
    children: Pool,
    tell: Tell,
    workers: int,
) -> dict[str, str]:
    """Why communes failed, by name."""
    failed: dict[str, str] = {}
    waiting = iter(todo)
    done = 0

    async def hand() -> None:
        nonlocal done
        for one in waiting:
            fault = await _one(runtime, one, period, out / one.slug, children)
            if fault:
                failed[one.name] = fault
            done += 1
            tell(done, len(todo), one.name, fault)

    # One more hand than processes: while these set pages, the next commune is counted. One worker: one at a time.
    async with asyncio.TaskGroup() as hands:
        for _ in range(workers + 1 if workers > 1 else 1):
            hands.create_task(hand())
    return failed


async def _one(runtime: Runtime, one: Standing, period: str, folder: Path, children: Pool) -> str:
    """Make the report of a commune; "" or one line that says why it could not be made."""
    actor = Actor(kind=SYSTEM, unit=one.unit)
    asking = asyncio.ensure_future(ask_report(runtime, one.unit, period, actor, by_worker=False))
    try:
        # Asked for or not at all: what is broken off in the middle would stand there as being made for ever.
        report_id = await asyncio.shield(asking)
        await make_report(runtime, report_id, copy_to=folder, write=children.write)
    except asyncio.CancelledError:
        await asyncio.shield(_stopped(runtime, asking))
        raise
    except Exception as fault:  # noqa: BLE001 - whatever it was: the other communes go on, and this one is named
        if asking.done() and not asking.exception():
            await report_failed(runtime, asking.result(), type(fault).__name__)
        return f"{type(fault).__name__}: {' '.join(str(fault).split())}"
    return ""


async def _stopped(runtime: Runtime, asking: "asyncio.Future[int]") -> None:
    await report_failed(runtime, await asking, "stopped")


async def rolled_up(
    runtime: Runtime, province: tuple[int, str], period: Period, *, approved_only: bool = False
) -> Province:
    """The roll-up of what the communes have by now."""
    found = await runtime.store.read(lambda conn: submissions.standings(conn, province[0], period.key))
    summaries, missing = [], []
    for one in found:
        # One at a time: a hundred communes' figures are never in memory together.
        read = await _summary(runtime, one) if one.submitted or not approved_only else None
        summaries += [read] if read is not None else []
        missing += [one.name] if read is None else []
    return roll_up(province[1], period, summaries, missing, made_on=day_of(runtime.now()))


async def write_roll_up(runtime: Runtime, province: int, rolled: Province, out: Path, children: Pool) -> list[Made]:
    """The roll-up's documents, signed as the province does. ReportFailed."""
    profile = await runtime.store.read(lambda conn: province_profile(conn, province))
    return await children.roll_up(rolled, profile, out)


async def _summary(runtime: Runtime, one: Standing) -> Summary | None:
    body = await runtime.store.read(lambda conn: submissions.figures_of(conn, one))
    if body is None:
        return None
    came: Came = "file" if one.state == "file" else "approved" if one.state == "approved" else "draft"
    try:
        return summary(Figures.decode(body.encode()), came)
    except msgspec.DecodeError:
        # Of a time when figures were written otherwise: named as missing, and the others are rolled up.
        log.warning("province.unreadable", commune=one.name)
        return None


def province_profile(conn: Connection, province: int) -> Profile:
    """How the province signs, or how any province does where it has not said so."""
    body = profile_rows.body(conn, province)
    if body is not None:
        return msgspec.json.decode(body, type=Profile)
    say = texts().say
    copies, signature = say("province.copies"), say("province.signature")
    return Profile(addressed=(), copies=tuple(copies.split("|")), signature=tuple(signature.split("|")))
