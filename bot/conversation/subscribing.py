"""Invitations and reminders: refused at once and for good with /dung, wanted again with /nhan_tin."""

from bot.conversation.context import Context
from bot.conversation.effects import SetOptOut, t

OPT_OUT, OPT_IN = "go:optout", "go:optin"


def leave(ctx: Context) -> None:
    """No invitations, reminders and notices from now on."""
    ctx.state.opted_out = True
    ctx.want(SetOptOut(out=True))
    ctx.lead.append(t("optout.done"))


def come_back(ctx: Context) -> None:
    """They are wanted again."""
    ctx.state.opted_out = False
    ctx.want(SetOptOut(out=False))
    ctx.lead.append(t("optin.done"))
