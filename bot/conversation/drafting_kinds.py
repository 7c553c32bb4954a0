"""What kind of thing a citizen brings, and of which field."""

from bot.conversation.context import Context
from bot.conversation.effects import Option, Text, t
from bot.conversation.state import Drafting
from feedback.kinds import CATEGORIES, Kind
from feedback.states import OPEN, State

_ABOUT = "about."
_MOST_CASES = 2
"""Cases under way that words without a question may belong to; who has more says it by the code."""


def kind_options(ctx: Context, draft: Drafting) -> list[Option]:
    """The three things a citizen may bring; what was written first may also belong to a case that was sent before."""
    rows = [(str(kind), t(f"draft.kind.{kind}")) for kind in Kind]
    if draft.text or draft.photos:
        under_way = [case for case in ctx.desk.own_cases() if case.state in OPEN or case.state is State.ANSWERED]
        under_way.sort(key=lambda case: case.state is not State.WAITING)
        rows += [(f"{_ABOUT}{case.code}", t("draft.kind.about", code=case.code)) for case in under_way[:_MOST_CASES]]
    return [Option(id, label, str(place)) for place, (id, label) in enumerate(rows, start=1)]


def hear_kind(ctx: Context, draft: Drafting) -> Text | None:
    """What the person chose, or what was wrong."""
    meant = ctx.meant(kind_options(ctx, draft))
    if meant is None:
        return t("nav.not_understood")
    if meant.startswith(_ABOUT):
        draft.case = meant.removeprefix(_ABOUT)
    else:
        draft.kind = Kind(meant)
    return None


def category_options(_ctx: Context, _draft: Drafting) -> list[Option]:
    """The fields, numbered."""
    return [Option(id, t(f"category.{id}"), str(place)) for place, id in enumerate(CATEGORIES, start=1)]


def hear_category(ctx: Context, draft: Drafting) -> Text | None:
    """What the person chose, or what was wrong."""
    meant = ctx.meant(category_options(ctx, draft))
    if meant is None:
        return t("nav.not_understood")
    draft.category = meant
    return None
