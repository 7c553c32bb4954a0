"""The kinds and fields that a commune takes: what is offered of them, and what becomes of one that it takes no more."""

from bot.conversation.context import Context
from bot.conversation.effects import Text, t
from bot.conversation.state import Drafting
from feedback.kinds import OTHERS, Kind, rule, typed

MORE = "more"
OFF = "kinds.off"
"""Why a case is refused whose kind or field the commune has just switched off."""


def rarer(ctx: Context) -> tuple[Kind, ...]:
    """The kinds of the second list that the commune takes."""
    taken = ctx.desk.in_use().kinds
    return tuple(kind for kind in OTHERS if kind in taken)


def more_label(ctx: Context, key: str) -> Text:
    """The line that leads to them: it names what is there. `key` is that of the line which names all of them."""
    left = rarer(ctx)
    if left == OTHERS:
        return t(key)
    names = [ctx.wording(f"kinds.short.{kind}") for kind in left]
    joined = ", ".join(names)
    return t(f"{key}_some", names=joined, Names=joined[:1].upper() + joined[1:])


def named_kind(ctx: Context) -> Kind | None:
    """The kind that was typed by its name and is taken here; None for anything else."""
    named = None if ctx.choice else typed(ctx.said)
    return named if named in ctx.desk.in_use().kinds else None


def taken_no_more(ctx: Context, draft: Drafting) -> None:
    """A kind or a field that was chosen, and that the commune takes no more, is asked for anew; what was told stays."""
    if draft.case or draft.kind is None:
        return
    taken = ctx.desk.in_use()
    if draft.kind not in taken.kinds:
        ctx.lead.append(t("kinds.off", kind=t(f"draft.kind.{draft.kind}"), commune=ctx.desk.commune().name))
        draft.kind, draft.more, draft.editing = None, False, ""
        draft.done = [name for name in draft.done if name not in ("kind", "kind_more")]
    elif "field" in rule(draft.kind).asks and draft.category and draft.category not in taken.fields:
        ctx.lead.append(t("kinds.field_off", field=t(f"category.{draft.category}"), commune=ctx.desk.commune().name))
        draft.category, draft.about_works, draft.works, draft.editing = "", False, 0, ""
        draft.done = [name for name in draft.done if name not in ("category", "works")]
