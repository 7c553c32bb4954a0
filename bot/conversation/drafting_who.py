"""Who writes a case: anonymous or named, the telephone, the day that is wished for; and how long any words may be."""

from bot.conversation.context import Context
from bot.conversation.effects import Option, Text, t
from bot.conversation.state import Drafting
from feedback.acts import MAX_TEXT
from vietnam.numbers import number_vi
from vietnam.phones import read_phone

MAX_NAME = 80
MAX_DAY = 120


def words_within(ctx: Context, limit: int) -> str | Text:
    """The words that were typed, or what was wrong with them."""
    if ctx.inbound.kind != "text" or ctx.choice or not ctx.said:
        return t("draft.words_only")
    if len(ctx.inbound.text) > limit:
        return too_long(ctx, limit)
    return ctx.inbound.text.strip()


def too_long(ctx: Context, limit: int) -> Text:
    """What is said to a text of more characters than can be taken."""
    key = "draft.too_long" if limit == MAX_TEXT else "draft.field_too_long"
    return t(key, length=number_vi(len(ctx.inbound.text)), limit=number_vi(limit))


def who_options(_ctx: Context, _draft: Drafting) -> list[Option]:
    """Anonymous or named."""
    return [Option("anonymous", t("draft.anonymous"), "1"), Option("named", t("draft.named"), "2")]


def hear_who(ctx: Context, draft: Drafting) -> Text | None:
    """Anonymous or named, or what was wrong; whoever wants to be unknown leaves no name and no telephone."""
    meant = ctx.meant(who_options(ctx, draft))
    if meant is None:
        return t("nav.not_understood")
    draft.anonymous = meant == "anonymous"
    if draft.anonymous:
        draft.name = draft.phone = ""
        draft.done = [name for name in draft.done if name not in ("name", "phone")]
    return None


def hear_name(ctx: Context, draft: Drafting) -> Text | None:
    """A name, of a person or of a business."""
    words = words_within(ctx, MAX_NAME)
    if isinstance(words, Text):
        return words
    if not any(char.isalpha() for char in words) or ctx.said in ("khong", "ko", "k"):
        return t("draft.name_wrong")
    draft.name = words
    draft.anonymous = False
    return None


def hear_phone(ctx: Context, draft: Drafting) -> Text | None:
    """A Vietnamese telephone number."""
    phone = read_phone(ctx.inbound.text)
    if phone is None:
        return t("draft.phone_wrong")
    draft.phone = phone
    return None


def clear_phone(draft: Drafting) -> None:
    """Without a telephone."""
    draft.phone = ""


def hear_day(ctx: Context, draft: Drafting) -> Text | None:
    """The day that is wished for, in the person's own words."""
    words = words_within(ctx, MAX_DAY)
    if isinstance(words, Text):
        return words
    draft.wanted_day = words
    return None


def clear_day(draft: Drafting) -> None:
    """Any day."""
    draft.wanted_day = ""
