"""What officers are told in chat without asking: new cases, near and late days, drafts, and the line of the morning.

A line is written to the officer's own conversation, in the transaction that remembers that it was told: once, whatever
crashes. From there on it is a message like any other: the platform's windows and limits hold for it as well.
"""

from datetime import datetime, time, timedelta

import msgspec
from sqlalchemy import Connection

from app.capabilities import CAPABILITIES
from app.case_hands import limits_of
from app.officer_chat import buttons, due_line, with_page
from app.runtime import Runtime
from bot.conversation.messages import Bubble
from feedback.morning import line
from feedback.roles import Actor, may
from storage import act_rows, officer_accounts, officer_news
from storage.morning import morning
from storage.officer_accounts import Link
from storage.officer_news import CaseNews
from storage.tx import Tx
from surveys.quiet import clock, quiet_until
from vietnam.calendar import is_working_day
from vietnam.time import HOUR, day_of, local

_MORNING_LASTS = 4 * HOUR
"""A line of the morning that could not be said by then is said no more."""
_LINE = {"new": "officer.line.new", "given": "officer.line.given", "soon": "officer.line.soon"}
_LINE |= {"late": "officer.line.late", "draft": "officer.line.draft", "returned": "officer.line.returned"}


async def officer_round(runtime: Runtime) -> bool:
    """One look at every unit of which somebody is told in chat; never busy. Nobody is woken for a case."""
    now, waves = runtime.now(), runtime.settings.waves
    if quiet_until(now, clock(waves.quiet_from), clock(waves.quiet_to)) is not None:
        return False
    for unit in await runtime.store.read(officer_accounts.units_told):
        await _unit(runtime, unit)
    return False


async def _unit(runtime: Runtime, unit: int) -> None:
    def look(conn: Connection) -> list[tuple[Link, str, Bubble]]:
        found = []
        for link in officer_accounts.of_unit(conn, unit):
            known = officer_accounts.told(conn, link.id)
            found += [(link, key, bubble) for key, bubble in _for(runtime, conn, link) if key not in known]
        return found

    told = await runtime.store.read(look)
    if told:
        await runtime.store.write(lambda tx: _tell(runtime, tx, told))


def _tell(runtime: Runtime, tx: Tx, told: list[tuple[Link, str, Bubble]]) -> None:
    now = runtime.now()
    officer_accounts.forget(tx, now)
    for link, key, bubble in told:
        if officer_accounts.tell_once(tx, link.id, key, now):
            runtime.ledger.write_to(tx, link.account, bubble, now)


def _for(runtime: Runtime, conn: Connection, link: Link) -> list[tuple[str, Bubble]]:
    """All there is to tell one officer now, by its key."""
    now, actor = runtime.now(), link.officer.actor()
    soon = runtime.settings.officers.soon_hours * HOUR
    found = [
        (one.key, worded(runtime, link.channel, one))
        for one in officer_news.news(conn, actor, link.linked_at, now, soon)
    ]
    day = morning_day(runtime, conn, actor.unit)
    if day and may(actor, "case.approve", actor.unit):
        found.append((f"morning:{day}", morning_bubble(runtime, conn, link)))
    return found


def worded(runtime: Runtime, channel: str, news: CaseNews) -> Bubble:
    """One line as an officer reads it: code, kind, thôn, day and a link; nothing of the citizen."""
    say = runtime.wording
    lines = [say(_LINE[news.what], kind=say(f"kind.{news.kind}"), code=news.code)]
    if news.village:
        lines.append(say("board.village", village=news.village))
    lines += due_line(runtime, news.due_at)
    able = CAPABILITIES[channel].buttons > 0
    bubble = Bubble(text="\n".join(lines), buttons=buttons(runtime, news.what, news.code) if able else ())
    if news.what == "draft":
        return bubble if able else with_page(runtime, bubble, news.code)
    return with_page(runtime, bubble, news.code)


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
    found = morning(conn, link.officer.actor(), limits_of(runtime), runtime.now())
    bubble = Bubble(text=line(found, runtime.wording))
    if found.calm:
        return bubble
    page = "/can-bo/cho-duyet" if found.to_sign and not found.late else "/can-bo/"
    address = f"{runtime.settings.public_url}{page}"
    return msgspec.structs.replace(bubble, link=address, link_label=runtime.wording("officer.open_console"))


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
