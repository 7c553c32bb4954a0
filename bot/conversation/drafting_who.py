"""Who writes a case: anonymous or named, the telephone, the day that is wished for; and how long any words may be."""

from bot.conversation.context import Context
from bot.conversation.effects import Text, t
from bot.conversation.naming import name_and_phone
from bot.conversation.state import Drafting
from feedback.acts import MAX_TEXT
from feedback.kinds import Kind
from vietnam.numbers import number_vi
from vietnam.phones import read_phones

MAX_NAME = 80
MAX_DAY = 120
_TELLING = ("name", "phone")
_HIDING = frozenset(
    {"an danh", "gui an danh", "thoi an danh", "thoi gui an danh", "khong ghi ten", "khong ghi ten nua", "de an danh"}
)


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


def hide(draft: Drafting) -> None:
    """Without a name: whoever wants to be unknown leaves no name and no telephone."""
    draft.anonymous, draft.name, draft.phone = True, "", ""
    draft.done = [name for name in draft.done if name not in _TELLING]


def hides(ctx: Context, step: str) -> bool:
    """Whether who was just asked for the name or telephone would rather be unknown ("thôi, gửi ẩn danh")."""
    return step in _TELLING and not ctx.choice and ctx.said in _HIDING


def hear_name(ctx: Context, draft: Drafting) -> Text | None:
    """A name, of a person or of a business."""
    words = words_within(ctx, MAX_NAME)
    if isinstance(words, Text):
        return words
    name, phone = name_and_phone(words)
    if draft.kind is Kind.BUSINESS and not phone:
        name = words if any(char.isalpha() for char in words) and ctx.said not in ("khong", "ko", "k") else ""
    if not name:
        return t("draft.name_wrong")
    draft.name = name
    draft.anonymous = False
    if phone:  # both in one line, as most people give them
        draft.phone = phone
        draft.done.append("phone")
    return None


def hear_phone(ctx: Context, draft: Drafting) -> Text | None:
    """A Vietnamese telephone number."""
    found = read_phones(ctx.inbound.text)
    if not found:
        return t("draft.phone_wrong")
    draft.phone = found[0]
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
