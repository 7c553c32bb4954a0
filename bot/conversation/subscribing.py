"""Invitations, reminders and notices: refused at once and for good with /dung, wanted again with /nhan_tin.

Whoever names a thôn (/thong_bao) hears its notices too.
"""

from bot.conversation import menu
from bot.conversation.context import BACK, SKIP, Context, nav
from bot.conversation.effects import SetOptOut, Subscribe, t
from bot.conversation.state import Subscribing
from bot.conversation.villages import hear_village, place_word, village_name, village_options

OPT_OUT, OPT_IN, NOTICES = "go:optout", "go:optin", "go:notices"


def leave(ctx: Context) -> None:
    """No invitations, reminders and notices from now on."""
    ctx.state.opted_out = True
    ctx.want(SetOptOut(out=True))
    ctx.lead.append(t("optout.done"))


def perhaps_leave(ctx: Context, *, meant: bool) -> None:
    """A word of stopping where nothing is open: the notices are meant, or the person is told how to say so."""
    if meant:
        leave(ctx)
    else:
        ctx.lead.append(t("optout.hint"))


def come_back(ctx: Context) -> None:
    """They are wanted again."""
    ctx.state.opted_out = False
    ctx.want(SetOptOut(out=False))
    ctx.lead.append(t("optin.done"))


def start(ctx: Context) -> None:
    """Whose notices the person wants to hear."""
    ctx.state.dialogue = Subscribing()
    ask_again(ctx)


def ask_again(ctx: Context) -> None:
    """The question for the thôn."""
    villages = ctx.narrowed or village_options(ctx)
    ctx.ask(t("notices.ask", place=place_word(ctx)), options=villages + nav(back="", skip=True))


def hear(ctx: Context, _asked: Subscribing) -> None:
    """A thôn, or none: then only what is for the whole commune."""
    if ctx.choice == BACK:
        menu.show(ctx)
        return
    heard = hear_village(ctx)
    if heard.fault is not None and ctx.choice != SKIP:
        ctx.lead.append(heard.fault)
        ask_again(ctx)
        return
    ctx.state.opted_out = False
    ctx.want(SetOptOut(out=False))
    ctx.want(Subscribe(village=heard.village))
    name = village_name(ctx, heard.village)
    ctx.lead.append(t("notices.of", village=name) if name else t("notices.of_all"))
    menu.show(ctx)
