"""The look before a case is sent: read back, sent without a name or with one, corrected, or dropped.

With or without a name is a choice of this look and no question of its own: nearly everybody stays unknown, and whoever
wants to be called back is asked name and telephone from here and comes back here.
"""

from typing import Literal

from bot.conversation import matter, menu
from bot.conversation.context import Context, nav
from bot.conversation.drafting_asking import ask
from bot.conversation.drafting_steps import BY_NAME, STEPS, may_hide
from bot.conversation.drafting_who import hide
from bot.conversation.effects import Option, t
from bot.conversation.state import Drafting
from bot.conversation.villages import place_word

REVIEW, CHOOSING = "review", "choosing"
SEND, NAMED, HIDDEN, EDIT, CANCEL = "send", "named", "hidden", "edit", "cancel"
Next = Literal["", "on", "send"]
"""What is to be done once an answer was heard: nothing (something has been asked), the next question, or send it."""
NOTHING = frozenset(
    {"bo qua", "khong", "ko", "k", "khong co", "ko co", "khong co anh", "ko co anh", "chua co", "khong can"}
)
"""Folded words of whoever has nothing to add."""
NOTHING_OR_STOP = NOTHING | {"dung", "bo"}
_YES = frozenset(
    {"gui", "gui di", "dong y", "dong y gui", "dong y va gui", "ok", "oke", "vang", "duoc", "dung roi", "uh", "u"}
)
_GIVING_NAME = frozenset({"co ten", "de ten", "neu ten", "gui co ten", "gui ghi ten", "toi muon ghi ten"})


def review(ctx: Context, draft: Drafting) -> None:
    """Everything that was given, what sending it means, and the ways on."""
    if matter.ask(ctx, draft):
        return
    draft.step, draft.editing, draft.tries = REVIEW, "", 0
    lines = [step.shown(ctx, draft) for step in STEPS if step.applies(draft)]
    hidden = _hidden(draft)
    ctx.ask(
        t("draft.review"),
        *(line for line in lines if line is not None),
        *([t("draft.shown.anonymous")] if hidden else ()),
        t("draft.consent_hidden" if hidden else "draft.consent", commune=ctx.desk.commune().name),
        options=[*_options(draft), *nav(menu=False)],
    )


def _hidden(draft: Drafting) -> bool:
    return may_hide(draft) and draft.anonymous


def _options(draft: Drafting) -> list[Option]:
    """With the ways out five at most: more are no buttons on every channel."""
    rows = [(SEND, "draft.send_hidden" if _hidden(draft) else "draft.send")]
    if may_hide(draft):
        rows.append((NAMED, "draft.give_name") if draft.anonymous else (HIDDEN, "draft.hide_name"))
    rows += [(EDIT, "draft.edit"), (CANCEL, "draft.cancel")]
    return [Option(id, t(key), str(place)) for place, (id, key) in enumerate(rows, start=1)]


def hear(ctx: Context, draft: Drafting) -> Next:
    """What is done with the finished draft."""
    meant = _meant(ctx, draft)
    if meant == SEND:
        return "send"
    if meant == NAMED:
        draft.anonymous = False
        return "on"
    if meant == EDIT:
        choose(ctx, draft)
    elif meant == CANCEL:
        matter.drop(ctx, draft)
        ctx.lead.append(t("draft.cancelled"))
        menu.show(ctx)
    else:
        if meant == HIDDEN:
            hide(draft)
        else:
            ctx.lead.append(t("draft.send_or_not" if ctx.said in NOTHING_OR_STOP else "nav.not_understood"))
        review(ctx, draft)
    return ""


def _meant(ctx: Context, draft: Drafting) -> str:
    """Empty where it cannot be told: "không" may be nothing to change, or nothing to be sent."""
    if ctx.choice:
        return ctx.meant(_options(draft)) or ""
    if ctx.said in NOTHING:
        return ""
    if ctx.said in _YES:
        return SEND
    if may_hide(draft) and not draft.anonymous and ("an danh" in ctx.said or ctx.said.startswith("khong ghi ten")):
        return HIDDEN
    if _hidden(draft) and (ctx.said in _GIVING_NAME or ctx.said.startswith("ghi ten")):
        return NAMED
    return ctx.meant(_options(draft)) or ""


def choose(ctx: Context, draft: Drafting) -> None:
    """Ask what is to be corrected."""
    draft.step = CHOOSING
    ctx.ask(t("draft.what_to_edit"), options=_parts(ctx, draft) + nav(menu=False))


def _parts(ctx: Context, draft: Drafting) -> list[Option]:
    place = menu.capital(place_word(ctx))
    steps = [step for step in STEPS if step.applies(draft)]
    return [
        Option(step.name, t(f"draft.field.{step.name}", Place=place), str(n)) for n, step in enumerate(steps, start=1)
    ]


def hear_chosen(ctx: Context, draft: Drafting) -> None:
    """Open the question of the part that was chosen."""
    meant = ctx.meant(_parts(ctx, draft))
    if meant is None:
        ctx.lead.append(t("nav.not_understood"))
        choose(ctx, draft)
        return
    if meant in draft.done:
        draft.done.remove(meant)
    draft.editing = meant
    ask(ctx, draft, BY_NAME[meant])
