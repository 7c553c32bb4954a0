"""What became of it: the person's own cases without a code, any other by its code."""

from bot.conversation import menu
from bot.conversation.context import BACK, Context, nav
from bot.conversation.desk import CaseBrief
from bot.conversation.effects import Text, plain, t
from bot.conversation.state import Tracking
from feedback.codes import looks_like_code, read_code
from vietnam.time import day_of


def start(ctx: Context) -> None:
    """Show the cases of this chat, and offer to look up another."""
    ctx.state.dialogue = Tracking()
    own = ctx.desk.own_cases()
    if own:
        ctx.lead.append(t("track.own"))
        ctx.lead.extend(_brief(case) for case in own)
    ask_again(ctx)


def ask_again(ctx: Context) -> None:
    """Ask for a code."""
    ctx.ask(t("track.ask"), options=nav(back=False))


def hear(ctx: Context) -> None:
    """A code, or something that is none."""
    if ctx.choice == BACK:
        menu.show(ctx)
        return
    if answer(ctx):
        return
    ctx.lead.append(t("track.no_code"))
    ask_again(ctx)


def answer(ctx: Context) -> bool:
    """Answer a message that is a case code, right or mistyped; False where it is nothing of the kind."""
    text = ctx.inbound.text
    code = read_code(text)
    if code is None:
        if not looks_like_code(text):
            return False
        ctx.lead.append(t("track.mistyped"))
        menu.show(ctx)
        return True
    case = ctx.desk.case(code)
    if case is None:
        ctx.lead.append(t("track.unknown", code=code))
    else:
        ctx.lead.append(_brief(case))
        if case.reply:
            ctx.lead += [t("track.reply"), plain(case.reply)]
        ctx.close()
    menu.show(ctx)
    return True


def _brief(case: CaseBrief) -> Text:
    key = "track.answered" if case.answered_at else "track.line"
    return t(
        key,
        code=case.code,
        kind=t(f"kind.{case.kind}"),
        state=t(f"state.{case.state}"),
        opened=day_of(case.opened_at),
        answered=day_of(case.answered_at) if case.answered_at else "",
    )
