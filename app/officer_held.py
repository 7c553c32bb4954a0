"""What an officer could not be told while a platform's window was closed: one short summary at their next word.

While it is closed no line is written at all: what was news a week ago may be settled by now. What is said then is
counted at that moment.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from app.capabilities import CAPABILITIES
from app.officer_lines import APPROVE, RETURN, TAKE, headline, ways, with_console
from bot.channels.base import takes_now
from bot.conversation.messages import Bubble
from storage import officer_accounts, officer_news, officer_numbers
from vietnam.time import DAY, HOUR, MINUTE, local

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.runtime import Runtime
    from bot.conversation.messages import Inbound
    from storage.conversations import ChannelAccount
    from storage.officer_accounts import Link
    from storage.officer_news import CaseNews
    from storage.tx import Tx

_IN_TIME = 10 * MINUTE
"""A line written so shortly before the window closes might leave after it."""
_MOST_NAMED = 5
_ORDER = ("late", "soon", "draft", "returned", "given", "new")
"""What is said first."""


def reaches(link: Link, now: int) -> bool:
    """Whether a line that is written now will arrive."""
    return not link.gone and takes_now(CAPABILITIES[link.channel], link.heard_at - _IN_TIME, now)


def tell(runtime: Runtime, tx: Tx, on: ChannelAccount, inbound: Inbound) -> None:
    """After the answer to whatever the officer wrote: what was held. Asked of windowed platforms alone, in the turn.

    Where the person is back on another platform, the next round of the worker says it.
    """
    capabilities = CAPABILITIES.get(on.channel)
    if capabilities is None or not capabilities.window:
        return
    held = officer_accounts.held_of(tx.conn, on.id, inbound.person)
    link = None if held is None else officer_accounts.by_link(tx.conn, held)
    if link is not None and reaches(link, runtime.now()):
        say(runtime, tx, link)


def say(runtime: Runtime, tx: Tx, link: Link) -> None:
    """Say what was held, and hold nothing any more; nothing where another process has been first."""
    now, since = runtime.now(), officer_accounts.held_since(tx.conn, link.id)
    if since is None or not officer_accounts.let_go(tx, link.id):
        return
    found = missed(runtime, tx.conn, link, since)
    found = [one for one in found if officer_accounts.tell_once(tx, link.id, one.key, now)]
    found.sort(key=lambda one: _ORDER.index(one.what))
    once: dict[str, CaseNews] = {}
    for one in found:
        once.setdefault(one.code, one)  # a new case that is late by now is one case
    news = list(once.values())
    if not news:
        return
    numbers = {one.code: officer_numbers.give(tx, link.id, one.code, now) for one in news[:_MOST_NAMED]}
    runtime.ledger.write_to(tx, link.account, summary(runtime, news, numbers), now)


def missed(runtime: Runtime, conn: Connection, link: Link, since: int) -> list[CaseNews]:
    """What there was to tell since lines are held (UTC ms), as far as it is so still."""
    now, soon = runtime.now(), runtime.settings.officers.soon_hours * HOUR
    # What was fresh when the window was found closed had not been told either.
    found = officer_news.missed(conn, link.officer.actor(), max(link.linked_at, since - DAY), now, soon)
    known = officer_accounts.told(conn, link.id)
    return [one for one in found if one.key not in known]


def summary(runtime: Runtime, news: list[CaseNews], numbers: dict[str, int]) -> Bubble:
    """How many of each sort, the first of them by name with a number to be typed, and the way to all of them."""
    say = runtime.wording
    many = Counter(one.what for one in news)
    parts = ", ".join(say(f"officer.held.{what}", many=many[what]) for what in _ORDER if many[what])
    named = [one for one in news if one.code in numbers]
    lines = [f"{numbers[one.code]}. {_line(runtime, one)}" for one in named]
    if len(news) > len(named):
        lines.append(say("officer.held.more", many=len(news) - len(named)))
    first = {way: numbers[one.code] for one in reversed(named) for way in ways(one.what)}
    typed = "\n".join(
        say(f"officer.typed.many.{way}", number=first[way]) for way in (TAKE, APPROVE, RETURN) if way in first
    )
    text = "\n\n".join(filter(None, (say("officer.held.head", parts=parts), "\n".join(lines), typed)))
    return with_console(runtime, Bubble(text=text))


def _line(runtime: Runtime, one: CaseNews) -> str:
    parts = [headline(runtime, one)]
    if one.village:
        parts.append(one.village)
    if one.due_at is not None:
        parts.append(runtime.wording("officer.held.due", day=f"{local(one.due_at):%d/%m}"))
    return ", ".join(parts)
