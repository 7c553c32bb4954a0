"""One person on two channels, joined only by their own act: a code of one chat that is sent in the other (CN5)."""

import re

from bot.conversation import menu
from bot.conversation.context import BACK, Context, nav
from bot.conversation.effects import Join, OfferJoin, Option, Part, Text, t
from bot.conversation.state import Joining

JOIN, PART = "go:join", "go:part"
_YES, _NO = "yes", "no"
_SAYS_NO = frozenset({"khong", "ko", "k", "khong phai", "khong a"})
_CODE = re.compile(r"noi(?: kenh)?((?: ?\d){8})")
MOST_WRONG = 5
"""Wrong codes of a day: of a hundred million numbers nobody finds one that holds for fifteen minutes."""


def offer(ctx: Context) -> None:
    """A code for the other chat, in a line of its own that can be copied."""
    code = ctx.desk.new_join_code()
    ctx.want(OfferJoin(code=code))
    ctx.lead.append(t("join.offer"))
    ctx.close()
    ctx.say(t("join.code", code=f"{code[:4]} {code[4:]}"))
    ctx.lead.append(t("join.secret"))


def code_of(ctx: Context) -> str:
    """The eight digits of a typed code, "" where none was typed."""
    found = _CODE.fullmatch(ctx.said) if ctx.inbound.kind == "text" else None
    return found[1].replace(" ", "") if found else ""


def hear_code(ctx: Context, code: str) -> bool:
    """Somebody sent a code: ask before anything is joined. False where it leads nowhere, with the reason in `lead`."""
    if ctx.state.wrong_joins.get(ctx.today, 0) >= MOST_WRONG:
        ctx.lead.append(t("join.too_often"))
        return False
    found = ctx.desk.join_offer(code)
    if found is None:
        ctx.state.wrong_joins = {ctx.today: ctx.state.wrong_joins.get(ctx.today, 0) + 1}
        ctx.lead.append(t("join.unknown"))
        return False
    if found.here or found.joined:
        ctx.lead.append(t("join.here" if found.here else "join.already"))
        return False
    ctx.state.dialogue = Joining(code=code, channel=found.channel)
    ask_again(ctx)
    return True


def ask_again(ctx: Context) -> None:
    """Whether to join, with what that means."""
    ctx.ask(t("join.ask", channel=_name(ctx)), options=[*_options(), *nav(back="")])


def _options() -> list[Option]:
    return [Option(_YES, t("join.yes"), "1"), Option(_NO, t("join.no"), "2")]


def _name(ctx: Context) -> Text:
    dialogue = ctx.state.dialogue
    return t(f"channel.{dialogue.channel}") if isinstance(dialogue, Joining) else t("channel.webchat")


def hear(ctx: Context, asked: Joining) -> None:
    """Yes or no; anything else asks again."""
    says_no = not ctx.choice and ctx.said in _SAYS_NO
    meant = _NO if ctx.choice == BACK or says_no else ctx.meant(_options())
    if meant == _YES:
        ctx.want(Join(code=asked.code))
        ctx.lead.append(t("join.done", channel=_name(ctx)))
        ctx.close()
        menu.show(ctx)
    elif meant == _NO:
        ctx.lead.append(t("join.left"))
        menu.show(ctx)
    else:
        ctx.lead.append(t("nav.not_understood"))
        ask_again(ctx)


def refused(ctx: Context, reason: str) -> None:
    """The code was over, or used, before the answer came."""
    ctx.lead.append(t(reason))
    menu.show(ctx)


def part(ctx: Context) -> None:
    """From now on this chat stands for itself again."""
    alone = not ctx.desk.joined()
    if not alone:
        ctx.want(Part())
    ctx.lead.append(t("part.alone" if alone else "part.done"))
