"""A point in the sea or in another province: it is asked once whether it is meant, and taken either way."""

from bot.conversation.context import Context
from bot.conversation.effects import Option, Text, t
from bot.conversation.state import Drafting
from feedback.acts import MAX_PLACE
from feedback.nearness import metres
from vietnam.numbers import number_vi

STEP = "odd_place"
_KEEP, _DROP = "keep", "drop"
_YES = frozenset({"dung", "dung roi", "dung the", "phai", "co", "vang", "uh", "u", "ok"})
_NO = frozenset({"khong", "ko", "khong dung", "sai", "sai roi", "nham", "nham roi", "chua dung"})


def due(ctx: Context, draft: Drafting) -> bool:
    """Whether the point lies outside the commune, and nobody has said yet that it is right."""
    place = draft.place
    return place is not None and place != draft.sure and not ctx.desk.area().holds(place.lat, place.lon)


def question(ctx: Context, draft: Drafting) -> list[Text]:
    """That it is outside, and how far from the middle where that tells something."""
    commune = ctx.desk.commune().name
    if draft.place is None:
        return [t("odd.ask", commune=commune)]
    area = ctx.desk.area()
    middle = ((area.south + area.north) / 2, (area.west + area.east) / 2)
    km = round(metres((draft.place.lat, draft.place.lon), middle) / 1000)
    return [t("odd.ask_far", commune=commune, km=number_vi(km)) if km else t("odd.ask", commune=commune)]


def options(_ctx: Context, _draft: Drafting) -> list[Option]:
    """It is right, or it is not to be kept; another point or words may be sent as well."""
    return [Option(_KEEP, t("odd.keep"), "1"), Option(_DROP, t("odd.drop"), "2")]


def hear(ctx: Context, draft: Drafting) -> Text | None:
    """Keep it, drop it, or take words instead; a fault where neither can be told."""
    meant = ctx.meant(options(ctx, draft))
    if meant == _KEEP or (not ctx.choice and ctx.said in _YES):
        draft.sure = draft.place
        return None
    if meant == _DROP:
        draft.place = None
        return None
    if ctx.choice or ctx.inbound.kind != "text" or not ctx.said or ctx.said in _NO:
        return t("odd.correct")
    if len(ctx.inbound.text) > MAX_PLACE:
        return t("draft.field_too_long", length=number_vi(len(ctx.inbound.text)), limit=number_vi(MAX_PLACE))
    draft.place, draft.where = None, ctx.inbound.text.strip()
    return None
