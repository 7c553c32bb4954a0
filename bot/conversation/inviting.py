"""One-time codes: from a letter, a message or a deep link to the survey that they open."""

import re

from bot.conversation import answering, menu
from bot.conversation.context import Context
from bot.conversation.desk import Invited
from bot.conversation.effects import Text, WrongCode, t
from bot.conversation.state import Answering
from feedback.invitation_codes import read_code
from vietnam.time import HOUR

CODE = "go:code."
SOURCE = "m_"
MOST_WRONG = 10
"""Codes within an hour that are well formed and open nothing: then no more are looked up for this chat."""
_SHAPE = re.compile(r"[A-Za-z0-9]{3}[\s.\-–]+[A-Za-z0-9]{3}[\s.\-–]+[A-Za-z0-9]{3}")
"""How a code is printed: whoever types something like it means one, be it with a slip."""


def find(ctx: Context, text: str) -> Invited | None:
    """What a code opens; None where the words are none, or it opens nothing, or too many such came within the hour.

    Only what could be a code counts: a slip is told by the check sign, and whoever mistypes is never shut out.
    """
    if not _too_often(ctx):
        found = ctx.desk.invitation(text)
        if found is None and read_code(text) is not None:
            hour = _hour(ctx)
            ctx.state.wrong_codes = {hour: ctx.state.wrong_codes.get(hour, 0) + 1}
            ctx.want(WrongCode())
        return found
    return None


def _hour(ctx: Context) -> str:
    return str(ctx.inbound.at // HOUR)


def _too_often(ctx: Context) -> bool:
    return ctx.state.wrong_codes.get(_hour(ctx), 0) >= MOST_WRONG


def unknown(ctx: Context) -> Text:
    """What is said to a code that opens nothing."""
    return t("code.too_often" if _too_often(ctx) else "code.unknown")


def looks_like_code(text: str) -> bool:
    """Whether words are a code, or shaped as our codes are and mistyped."""
    if read_code(text) is not None:
        return True
    return _SHAPE.fullmatch(text.strip()) is not None and any(sign.isdigit() for sign in text)


def already_open(ctx: Context, found: Invited | None) -> bool:
    """Whether the survey of that code is the one that is being answered."""
    doing = ctx.state.dialogue
    return found is not None and isinstance(doing, Answering) and doing.invitation == found.id


def enter(ctx: Context, found: Invited | None) -> None:
    """Begin, or go on with, the survey of a code; whatever was open has been put aside before."""
    if found is None:
        ctx.lead.append(unknown(ctx))
        menu.say_phone(ctx)
        menu.show(ctx)
        return
    begun = next((doing for doing in reversed(ctx.state.paused) if doing.invitation == found.id), None)
    if found.used:
        ctx.lead.append(t("code.used"))
        menu.say_phone(ctx)
        menu.show(ctx)
    elif not found.takes:
        ctx.lead.append(t("survey.closed"))
        menu.show(ctx)
    elif begun is not None:
        answering.resume(ctx, begun)
    else:
        ctx.lead.append(t("code.household" if found.per == "household" else "code.person"))
        answering.start(ctx, found.wave, found.version, found)
