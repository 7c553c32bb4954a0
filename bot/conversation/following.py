"""Following no more what somebody else has reported: by the button below a notice, or in words."""

from bot.conversation.context import Context
from bot.conversation.effects import UnfollowCase, t
from bot.conversation.going import ask_again
from bot.conversation.nearby import UNFOLLOW

_TYPED = frozenset({"thoi theo doi", "bo theo doi", "khong theo doi nua", "ngung theo doi", "huy theo doi"})


def typed(ctx: Context) -> str:
    """The command of words that mean to follow no more, "" for anything else."""
    bare = not ctx.choice and ctx.inbound.kind == "text" and ctx.state.dialogue is None
    return UNFOLLOW if bare and ctx.said in _TYPED else ""


def unfollow(ctx: Context, command: str) -> None:
    """One case, by the button below what was told of it, or all of them."""
    id = command.removeprefix(UNFOLLOW).lstrip(".")
    case = int(id) if id.isascii() and id.isdecimal() and len(id) < 20 else 0
    if id and not case:
        ctx.lead.append(t("nav.past"))
    else:
        ctx.want(UnfollowCase(case=case))
        ctx.lead.append(t("near.unfollowed"))
    ask_again(ctx)
