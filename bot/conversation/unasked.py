"""What is said while no question is open: a way by its name, a code, a picture, or simply what is wrong."""

import msgspec

from bot.conversation import (
    asking_commune,
    booking_own,
    drafting,
    following,
    inviting,
    matter,
    menu,
    thread,
    tracking,
)
from bot.conversation.context import BACK, SKIP, Context
from bot.conversation.drafting_who import too_long
from bot.conversation.effects import t
from bot.conversation.kinds_taken import named_kind
from feedback.acts import MAX_TEXT

_HELLO = frozenset({"alo", "a lo", "chao", "xin chao", "hello", "hi", "chao xa", "chao can bo", "bat dau"})
_NOTHING_TO_PASS = frozenset({"bo qua", "gui", "xong", "ok", "vang", "da"})
"""One word more than was needed, just after something has been sent off."""
_THANKS = frozenset({"cam on", "xin cam on", "cam on nhieu", "cam on xa", "cam on can bo", "thanks"})
_LONG_ENOUGH = 12


def hear(ctx: Context) -> str:
    """Answer it; the command that it is, "" where it has been answered."""
    if ctx.inbound.kind == "location":
        drafting.start(ctx, None)
    elif ctx.inbound.kind in ("photo", "voice") and ctx.inbound.media:
        sent = msgspec.structs.replace(ctx.inbound.media[0], kind=ctx.inbound.kind)
        drafting.start(ctx, None, text=ctx.inbound.text.strip()[:MAX_TEXT], photo=sent)
    elif ctx.inbound.kind not in ("text", "choice"):
        ctx.lead.append(t("nav.cannot_read"))
        menu.show(ctx)
    elif command := _way_typed(ctx) or _kind_named(ctx) or _asked_of_menu(ctx):
        return command
    elif not (tracking.answer(ctx) or _code(ctx) or asking_commune.asked_at_the_menu(ctx)):
        _told(ctx)
    return ""


def _way_typed(ctx: Context) -> str:
    """The way that was typed of something the person has: a case, a booking; "" for anything else."""
    return thread.typed(ctx) or booking_own.typed(ctx) or following.typed(ctx) or matter.typed(ctx)


def _kind_named(ctx: Context) -> str:
    """The way to a kind that was typed by its name ("khen", "góp ý"), "" for anything else."""
    named = named_kind(ctx)
    return f"go:{named}" if named else ""


def _asked_of_menu(ctx: Context) -> str:
    if ctx.choice:
        return ""
    if ctx.state.others and (command := ctx.meant(menu.others(ctx))):
        return command
    if ctx.state.others and ctx.number_said:
        return ""  # a number of that page, which it has not
    return ctx.meant(menu.options(ctx)) or ""


def _code(ctx: Context) -> bool:
    """Whether it was a one-time code, right or mistyped."""
    found = None if ctx.choice else inviting.find(ctx, ctx.inbound.text)
    if found is None and (ctx.choice or not inviting.looks_like_code(ctx.inbound.text)):
        return False
    inviting.enter(ctx, found)
    return True


def _told(ctx: Context) -> None:
    if len(ctx.inbound.text) > MAX_TEXT:
        ctx.lead.append(too_long(ctx, MAX_TEXT))
        menu.show(ctx)
    elif len(ctx.said) >= _LONG_ENOUGH and " " in ctx.said:
        # Somebody who simply writes what is wrong is heard, not sent back to a list of buttons.
        drafting.start(ctx, None, text=ctx.inbound.text.strip())
    else:
        if ctx.said in _THANKS:
            ctx.lead.append(t("menu.thanked"))
        elif ctx.said not in _NOTHING_TO_PASS and ctx.said not in _HELLO and ctx.choice not in (BACK, SKIP):
            ctx.lead.append(t("nav.not_understood"))
        menu.show(ctx)
