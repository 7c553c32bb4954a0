"""What an officer reads in chat of a case, and the ways out that stand below it or are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.capabilities import CAPABILITIES
from bot.conversation.messages import Bubble, Button
from vietnam.time import local

if TYPE_CHECKING:
    from app.runtime import Runtime
    from storage.officer_news import CaseNews

PRESS = "go:cb:"
"""What the choices of an officer's buttons begin with."""
TAKE, APPROVE, RETURN = "nhan", "duyet", "tra"
_LINE = {what: f"officer.line.{what}" for what in ("new", "given", "soon", "late", "draft", "returned")}
_WAYS = {"new": (TAKE,), "given": (TAKE,), "draft": (APPROVE, RETURN)}


def ways(what: str) -> tuple[str, ...]:
    """What can be done about a line of that sort at once."""
    return _WAYS.get(what, ())


def is_typed(channel: str) -> bool:
    """Whether nothing can be pressed on a channel, so that each line has a number to be typed."""
    return not CAPABILITIES[channel].buttons


def worded(runtime: Runtime, channel: str, news: CaseNews, number: int = 0) -> Bubble:
    """One line as an officer reads it: code, kind, thôn, day and a link; nothing of the citizen.

    `number`: what is typed in place of a button where the channel has none.
    """
    lines = [headline(runtime, news)]
    if news.village:
        lines.append(runtime.wording("board.village", village=news.village))
    lines += due_line(runtime, news.due_at)
    bubble = Bubble(text="\n".join(lines))
    if is_typed(channel):
        typed = [runtime.wording(f"officer.typed.{way}", number=number) for way in ways(news.what) if number]
        text = "\n\n".join(filter(None, (bubble.text, "\n".join(typed))))
        return with_page(runtime, msgspec.structs.replace(bubble, text=text), news.code)
    bubble = msgspec.structs.replace(bubble, buttons=buttons(runtime, news.what, news.code))
    return bubble if news.what == "draft" else with_page(runtime, bubble, news.code)


def headline(runtime: Runtime, news: CaseNews) -> str:
    """What it is about, on one line: the sort of news, the kind of case and its code."""
    return runtime.wording(_LINE[news.what], kind=runtime.wording(f"kind.{news.kind}"), code=news.code)


def due_line(runtime: Runtime, due_at: int | None) -> tuple[str, ...]:
    """Until when a case is to be answered, on a line of its own; nothing where nobody owes an answer."""
    if due_at is None:
        return ()
    at = local(due_at)
    return (runtime.wording("officer.due", time=f"{at:%H:%M}", day=f"{at:%d/%m/%Y}"),)


def with_page(runtime: Runtime, bubble: Bubble, code: str) -> Bubble:
    """The same with the address of the case in the console, which asks whoever opens it to log in."""
    address = f"{runtime.settings.public_url}/can-bo/vu-viec/{code}"
    return msgspec.structs.replace(bubble, link=address, link_label=runtime.wording("board.open"))


def with_console(runtime: Runtime, bubble: Bubble, page: str = "/can-bo/") -> Bubble:
    """The same with the address of a page of the console."""
    address = f"{runtime.settings.public_url}{page}"
    return msgspec.structs.replace(bubble, link=address, link_label=runtime.wording("officer.open_console"))


def buttons(runtime: Runtime, what: str, code: str) -> tuple[Button, ...]:
    """What can be done about a line at once, to be pressed."""
    return tuple(Button(id=f"{PRESS}{way}:{code}", label=runtime.wording(f"officer.way.{way}")) for way in ways(what))
