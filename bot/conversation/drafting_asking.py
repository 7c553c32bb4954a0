"""One question of a case as it is put: what it invites, what can be chosen below it, and what it says after a fault."""

from bot.conversation import matter, menu, odd_place
from bot.conversation.context import Context, nav
from bot.conversation.drafting_steps import Step
from bot.conversation.effects import Option, Text
from bot.conversation.kinds_taken import rarer
from bot.conversation.messages import Wants
from bot.conversation.state import Drafting
from feedback.kinds import Kind

KINDS = ("kind", "kind_more")
MAX_TRIES = 3
_SAYS_ALL = frozenset(
    {"draft.phone_wrong", "draft.name_wrong", "draft.photo_only", "draft.too_long", "draft.field_too_long"}
)
"""Faults after which the question itself would only be said twice."""
_WANTS: dict[str, Wants] = {
    "text": "words",
    "photo": "photo",
    "place": "place",
    odd_place.STEP: "place",
    "phone": "contact",
}


def ask(ctx: Context, draft: Drafting, step: Step, *, again: bool = True) -> None:
    """Put a question; with `again` False only what is above it, where that says all."""
    draft.step = step.name
    skip = step.skip is not None and step.skip(draft)
    ctx.ask(
        *(step.question(ctx, draft) if again else ()),
        options=(ctx.narrowed or options(ctx, draft, step)) + nav(skip=skip),
        wants=_wants(draft, step),
    )


def ask_after(ctx: Context, draft: Drafting, step: Step, fault: Text) -> None:
    """The question once more below what was wrong; after some tries also whom to call."""
    draft.tries += 1
    ctx.lead.append(fault)
    if draft.tries >= MAX_TRIES:
        menu.say_phone(ctx)
    ask(ctx, draft, step, again=fault.key not in _SAYS_ALL)


def options(ctx: Context, draft: Drafting, step: Step) -> list[Option]:
    """What can be chosen; below the last list of kinds also what is not taken here: nobody looks for it in vain."""
    found = step.options(ctx, draft)
    last = KINDS[1] if rarer(ctx) else KINDS[0]
    return [*found, matter.way(len(found) + 1)] if step.name == last else found


def _wants(draft: Drafting, step: Step) -> Wants:
    """A picture needs no button where a place does: every channel takes one as it is."""
    return "scene" if step.name == "photo" and draft.kind is Kind.FEEDBACK else _WANTS.get(step.name, "")
