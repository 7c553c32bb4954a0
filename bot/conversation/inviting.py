"""One-time codes: from a letter, a message or a deep link to the survey that they open."""

import re

from bot.conversation import answering, menu
from bot.conversation.context import Context
from bot.conversation.desk import Invited
from bot.conversation.effects import t
from bot.conversation.state import Answering

CODE = "go:code."
SOURCE = "m_"
_SHAPE = re.compile(r"[A-Za-z0-9]{3}[\s.\-–]+[A-Za-z0-9]{3}[\s.\-–]+[A-Za-z0-9]{3}")
"""How a code is printed: whoever types something like it means one, be it with a slip."""


def find(ctx: Context) -> Invited | None:
    """What the typed words open, where they are a code."""
    return ctx.desk.invitation(ctx.inbound.text)


def looks_like_code(text: str) -> bool:
    """Whether words are shaped as our codes are, right or mistyped."""
    return _SHAPE.fullmatch(text.strip()) is not None and any(sign.isdigit() for sign in text)


def already_open(ctx: Context, found: Invited | None) -> bool:
    """Whether the survey of that code is the one that is being answered."""
    doing = ctx.state.dialogue
    return found is not None and isinstance(doing, Answering) and doing.invitation == found.id


def enter(ctx: Context, found: Invited | None) -> None:
    """Begin, or go on with, the survey of a code; whatever was open has been put aside before."""
    if found is None:
        ctx.lead.append(t("code.unknown"))
        menu.say_phone(ctx)
        menu.show(ctx)
        return
    begun = next((doing for doing in reversed(ctx.state.paused) if doing.invitation == found.id), None)
    if found.used:
        ctx.lead.append(t("code.used"))
        menu.show(ctx)
    elif not found.takes:
        ctx.lead.append(t("survey.closed"))
        menu.show(ctx)
    elif begun is not None:
        answering.resume(ctx, begun)
    else:
        ctx.lead.append(t("code.household" if found.per == "household" else "code.person"))
        answering.start(ctx, found.wave, found.version, found)
