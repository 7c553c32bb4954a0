"""Somebody, or a telephone that is stuck, writes faster than anybody reads: told once, and told later what was lost."""

from bot.conversation import menu
from bot.conversation.context import Context
from bot.conversation.effects import t
from vietnam.numbers import number_vi


def stop(ctx: Context) -> None:
    """From here on nothing is taken for a while; in danger one calls."""
    ctx.lead += [t("flood.stop"), t("flood.danger")]
    menu.say_phone(ctx)
    ctx.say()


def missed(ctx: Context) -> None:
    """The first word after a flood: how many before it were not taken."""
    if ctx.inbound.missed:
        ctx.lead.append(t("flood.missed", many=number_vi(ctx.inbound.missed)))
