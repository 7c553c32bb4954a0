"""A point or words in the sea or in another province: it is asked once whether it is meant, and taken either way."""

from bot.conversation.context import Context
from bot.conversation.effects import Option, Text, t
from bot.conversation.state import Drafting
from feedback.acts import MAX_PLACE
from feedback.nearness import metres
from vietnam.area import VIETNAM
from vietnam.numbers import number_vi
from vietnam.provinces import Lands, elsewhere

STEP = "odd_place"
_KEEP, _DROP = "keep", "drop"
_YES = frozenset({"dung", "dung roi", "dung the", "phai", "co", "vang", "uh", "u", "ok"})
_NO = frozenset({"khong", "ko", "khong dung", "sai", "sai roi", "nham", "nham roi", "chua dung"})


def due(ctx: Context, draft: Drafting) -> bool:
    """Whether the place lies outside the commune, and nobody has said yet that it is right."""
    return _far(ctx, draft) or bool(_named(ctx, draft))


def _far(ctx: Context, draft: Drafting) -> bool:
    place = draft.place
    return place is not None and place != draft.sure and not ctx.desk.area().holds(place.lat, place.lon)


def _named(ctx: Context, draft: Drafting) -> str:
    """Another province that the words of the place name."""
    if not draft.where or draft.where == draft.sure_of:
        return ""
    own = [name for village in ctx.desk.villages() for name in (village.name, village.former) if name]
    return elsewhere(draft.where, ctx.desk.guidance().province, own)


def question(ctx: Context, draft: Drafting) -> list[Text]:
    """That it is outside, and how far from the middle where that tells something."""
    commune = ctx.desk.commune().name
    if draft.place is None or not _far(ctx, draft):
        named = _named(ctx, draft)
        return [t("odd.ask_named", commune=commune, named=named) if named else t("odd.ask", commune=commune)]
    area = ctx.desk.area()
    if isinstance(area, Lands):
        return [t("odd.ask_province", commune=commune, province=area.province)]
    if area == VIETNAM:
        return [t("odd.ask_country", commune=commune)]
    middle = ((area.south + area.north) / 2, (area.west + area.east) / 2)
    km = round(metres((draft.place.lat, draft.place.lon), middle) / 1000)
    return [t("odd.ask_far", commune=commune, km=number_vi(km)) if km else t("odd.ask", commune=commune)]


def options(ctx: Context, draft: Drafting) -> list[Option]:
    """It is right, or it is not to be kept; another point or words may be sent as well."""
    drop = "odd.drop" if _far(ctx, draft) else "odd.drop_words"
    return [Option(_KEEP, t("odd.keep"), "1"), Option(_DROP, t(drop), "2")]


def hear(ctx: Context, draft: Drafting) -> Text | None:
    """Keep it, drop it, or take words instead; a fault where neither can be told."""
    meant = ctx.meant(options(ctx, draft))
    if meant == _KEEP or (not ctx.choice and ctx.said in _YES):
        draft.sure, draft.sure_of = draft.place, draft.where
        return None
    if meant == _DROP:
        if _far(ctx, draft):
            draft.place = None
        else:
            draft.where = ""
        return None
    if ctx.choice or ctx.inbound.kind != "text" or not ctx.said or ctx.said in _NO:
        return t("odd.correct")
    if len(ctx.inbound.text) > MAX_PLACE:
        return t("draft.field_too_long", length=number_vi(len(ctx.inbound.text)), limit=number_vi(MAX_PLACE))
    draft.place, draft.where = None, ctx.inbound.text.strip()
    return None
