"""What became of it: the person's own cases without a code, any other by its code."""

from bot.conversation import booking_own, menu, thread
from bot.conversation.context import BACK, Context, nav
from bot.conversation.desk import CaseBrief
from bot.conversation.effects import Option, Text, plain, t
from bot.conversation.joining import JOIN
from bot.conversation.state import Tracking
from feedback.codes import LENGTH, looks_like_code, read_code, slip_in
from feedback.states import State
from vietnam.time import day_of

_LONG_ENOUGH = 40
"""Characters that are no code but something to say: heard as at the menu."""


def start(ctx: Context) -> None:
    """Show the cases of this chat, and offer to look up another."""
    ctx.state.dialogue = Tracking()
    own = ctx.desk.own_cases()
    if own:
        ctx.lead.append(t("track.own"))
        ctx.lead.extend(t("track.item", line=_brief(case)) for case in own)
    ctx.lead.extend(booking_own.lines(ctx))
    ask_again(ctx)


def ask_again(ctx: Context) -> None:
    """Ask for a code; the person's own need no typing."""
    options = _own_options(ctx)
    key = "track.ask_other" if options else "track.ask"
    ways = [Option(JOIN, t("nav.join"))] if options else []
    ways += booking_own.way_to_all(ctx)
    year = day_of(ctx.inbound.at).year
    ctx.ask(t(key, prefix=ctx.desk.commune().prefix, year=year), options=[*options, *ways, *nav(back="")])


def _own_options(ctx: Context) -> list[Option]:
    return [Option(case.code, plain(case.code), str(place)) for place, case in enumerate(ctx.desk.own_cases(), start=1)]


def hear(ctx: Context) -> bool:
    """A code, or something that is none; False for what is no matter of codes at all."""
    own = ctx.meant(_own_options(ctx))
    if ctx.choice == BACK:
        menu.show(ctx)
    elif own is not None:
        _show(ctx, own)
    elif answer(ctx):
        pass
    elif ctx.inbound.kind == "photo" or len(ctx.said) > _LONG_ENOUGH or _menu_words(ctx):
        return False
    else:
        ctx.lead.append(t("track.no_code"))
        ask_again(ctx)
    return True


def _menu_words(ctx: Context) -> bool:
    """Whether a line of the menu was typed; its numbers count no more once another question is open."""
    return not ctx.said.isdecimal() and ctx.meant(menu.options(ctx)) is not None


def answer(ctx: Context) -> bool:
    """Answer a message that is a case code, right or mistyped; False where it is nothing of the kind."""
    text = ctx.inbound.text
    code = read_code(text)
    if code is not None:
        _show(ctx, code)
        return True
    if len(text) <= _LONG_ENOUGH and looks_like_code(text):
        ctx.state.dialogue = Tracking()
        ctx.lead += _mistyped(text)
        ask_again(ctx)
        return True
    return False


def _mistyped(text: str) -> list[Text]:
    """What is wrong with a code, as far as its shape tells: one sign is found sooner than looked for in ten."""
    slip = slip_in(text)
    if slip is None:
        return [t("track.mistyped")]
    return [t("track.mistyped"), t(f"track.slip.{slip.kind}", sign=slip.what, many=slip.many, right=LENGTH + 1)]


def by_link(ctx: Context, source: str) -> None:
    """Answer the code in a link, right or cut short; whatever was open has been put aside before."""
    code = read_code(source)
    if code is not None:
        _show(ctx, code)
        return
    ctx.state.dialogue = Tracking()
    ctx.lead += _mistyped(source)
    ask_again(ctx)


def _show(ctx: Context, code: str) -> None:
    case = ctx.desk.case(code)
    if case is None and (booked := ctx.desk.booking(code)) is not None:
        booking_own.show(ctx, booked)
        menu.show(ctx)
        return
    if case is None:
        ctx.state.dialogue = Tracking()
        ctx.lead.append(t("track.unknown", code=code))
        ask_again(ctx)
        return
    ctx.lead.append(_brief(case))
    if case.forwarded_to and case.state is State.FORWARDED:
        ctx.lead.append(t("track.forwarded", to=case.forwarded_to))
    if case.question:
        ctx.lead += [t("track.question"), plain(case.question)]
    if case.reply:
        ctx.lead += [t("track.reply"), plain(case.reply)]
    if not case.own and case.answered_at:
        pages = ctx.desk.commune().privacy_url.rpartition("/")[0]
        ctx.lead.append(t("track.not_own", address=f"{pages}/tra-cuu/{case.code}"))
    options = thread.ways(case)
    if options:
        ctx.offer(options=options)
    else:
        ctx.close()
    menu.show(ctx)


def _brief(case: CaseBrief) -> Text:
    if case.joined_to:
        return t(
            "track.joined",
            code=case.code,
            kind=t(f"kind.{case.kind}"),
            opened=day_of(case.opened_at),
            other=case.joined_to,
            state=t(f"state.{case.joined_state}"),
        )
    closed = case.state is State.CLOSED
    key = "track.closed" if closed else "track.answered" if case.state is State.ANSWERED else "track.line"
    return t(
        key,
        code=case.code,
        kind=t(f"kind.{case.kind}"),
        state=t(f"state.{case.state}"),
        opened=day_of(case.opened_at),
        answered=day_of(case.answered_at) if case.answered_at else "",
    )
