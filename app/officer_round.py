"""What officers are told in chat without asking: new cases, near and late days, drafts, and the line of the morning.

A line is written to the officer's own conversation, in the transaction that remembers that it was told: once, whatever
crashes. From there on it is a message like any other, with the platform's limits. To whom nothing can be sent just
now nothing is written: it waits for their next word (app/officer_held.py).
"""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from app import officer_held
from app.case_hands import limits_of
from app.officer_lines import is_typed, ways, with_console, worded
from app.runtime import Runtime
from bot.conversation.messages import Bubble
from feedback.morning import line
from feedback.roles import Actor, may
from storage import act_rows, officer_accounts, officer_news, officer_numbers
from storage.morning import hot_count, morning
from storage.officer_accounts import Link
from storage.officer_news import CaseNews
from storage.tx import Tx
from surveys.quiet import clock, quiet_until
from vietnam.calendar import is_working_day
from vietnam.time import HOUR, day_of, local

_MORNING_LASTS = 4 * HOUR
"""A line of the morning that could not be said by then is said no more."""


async def officer_round(runtime: Runtime) -> bool:
    """One look at every unit of which somebody is told in chat; never busy. Nobody is woken for a case."""
    now, waves = runtime.now(), runtime.settings.waves
    if quiet_until(now, clock(waves.quiet_from), clock(waves.quiet_to)) is not None:
        return False
    for unit in await runtime.store.read(officer_accounts.units_told):
        await _unit(runtime, unit)
    return False


class _Told(NamedTuple):
    """Something to tell: to whom, the key under which it is told once, and either a case or a message."""

    link: Link
    key: str
    news: CaseNews | None = None
    bubble: Bubble | None = None


async def _unit(runtime: Runtime, unit: int) -> None:
    def look(conn: Connection) -> tuple[list[_Told], list[Link], list[Link]]:
        told: list[_Told] = []
        hold: list[Link] = []
        back: list[Link] = []
        for link in officer_accounts.of_unit(conn, unit):
            known = officer_accounts.told(conn, link.id)
            held = officer_accounts.held_since(conn, link.id) is not None
            found = [one for one in _for(runtime, conn, link) if one.key not in known]
            if officer_held.reaches(link, runtime.now()):
                told += [one for one in found if one.news is None or not held]
                back += [link] if held else []
            elif not held and any(one.news is not None for one in found):
                hold.append(link)
        return told, hold, back

    told, hold, back = await runtime.store.read(look)
    if told or hold or back:
        await runtime.store.write(lambda tx: _tell(runtime, tx, told, hold, back))


def _tell(runtime: Runtime, tx: Tx, told: list[_Told], hold: list[Link], back: list[Link]) -> None:
    now = runtime.now()
    officer_accounts.forget(tx, now)
    for link in hold:
        officer_accounts.hold_back(tx, link.id, now)
    for link in back:
        officer_held.say(runtime, tx, link)
    for link, key, news, bubble in told:
        if not officer_accounts.tell_once(tx, link.id, key, now):
            continue
        if news is not None:
            number = 0
            if is_typed(link.channel) and ways(news.what):
                number = officer_numbers.give(tx, link.id, news.code, now)
            bubble = worded(runtime, link.channel, news, number)  # noqa: PLW2901 - the one or the other
        if bubble is not None:
            runtime.ledger.write_to(tx, link.account, bubble, now)


def _for(runtime: Runtime, conn: Connection, link: Link) -> list[_Told]:
    """All there is to tell one officer now."""
    now, actor = runtime.now(), link.officer.actor()
    soon = runtime.settings.officers.soon_hours * HOUR
    found = [_Told(link, one.key, one) for one in officer_news.news(conn, actor, link.linked_at, now, soon)]
    day = morning_day(runtime, conn, actor.unit)
    if day and may(actor, "case.approve", actor.unit):
        found.append(_Told(link, f"morning:{day}", bubble=morning_bubble(runtime, conn, link)))
    return found


def morning_day(runtime: Runtime, conn: Connection, unit: int) -> str:
    """The local day whose morning line may be said now ("2026-11-20"); "" outside its hours and on days off."""
    said = runtime.settings.officers.morning_at
    if not said:
        return ""
    now, today = runtime.now(), day_of(runtime.now())
    at, here = time.fromisoformat(said), local(now)
    begins = datetime.combine(today, at, here.tzinfo)
    if not begins <= here < begins + timedelta(milliseconds=_MORNING_LASTS):
        return ""
    return today.isoformat() if is_working_day(today, runtime.ledger.office_in(conn, unit).table) else ""


def morning_bubble(runtime: Runtime, conn: Connection, link: Link) -> Bubble:
    """The line of the morning for a leader, with the way to what it speaks of."""
    by, now = link.officer.actor(), runtime.now()
    found = morning(conn, by, hot_count(conn, by, limits_of(runtime), now), now)
    bubble = Bubble(text=line(found, runtime.wording))
    if found.calm:
        return bubble
    return with_console(runtime, bubble, "/can-bo/cho-duyet" if found.to_sign and not found.late else "/can-bo/")


async def send_brief(runtime: Runtime, actor: Actor, report: int, text: str) -> int:
    """The brief of an issued report, marked "để biết", to whoever of the unit has linked an account; each once."""

    def unit(tx: Tx) -> int:
        if not may(actor, "brief.send", actor.unit):
            return 0
        now, many = runtime.now(), 0
        for link in officer_accounts.of_unit(tx.conn, actor.unit):
            if officer_accounts.tell_once(tx, link.id, f"brief:{report}", now):
                runtime.ledger.write_to(tx, link.account, Bubble(text=text), now)
                many += 1
        if many:
            act_rows.record(
                tx, actor, "send_brief", thing="brief", thing_id=report, unit=actor.unit, now=now, many=many
            )
        return many

    return await runtime.store.write(unit)
