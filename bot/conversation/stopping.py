"""A word of stopping and nothing else: heeded wherever a choice is asked for, asked about where words are.

Nobody types accents on an old telephone: "thoi" is "thôi". But "huy" may be a man's name and "dung" is "đúng" as well,
so at a question in free words the person is asked once which of the two it is; written with its accent it is plain.
"""

from bot.conversation import answering, commands
from bot.conversation.context import STOP, Context
from bot.conversation.drafting_review import CHOOSING, REVIEW
from bot.conversation.effects import Option, t
from bot.conversation.state import Answering, Booking, Confirming, Drafting, Joining
from feedback.rights import Right

DOUBT = "go:stop?"
_STOP, _TAKE = "stop", "take"
_YES_TOO = frozenset({"dung"})
"""Without its accent it is the "đúng" with which a question of yes or no is answered."""
_NEWS = frozenset({"dừng", "dung"})
_NOT_SURE_AT_REVIEW = frozenset({"dung", "bo", "bỏ"})
_CHOSEN = frozenset({"kind", "kind_more", "category", "works", "near", "phone", REVIEW, CHOOSING})
"""What is asked of a case that is answered from a list or in digits."""


def command(ctx: Context) -> str:
    """STOP, DOUBT, or "" where it is no such word, or where the open question has another use for it."""
    typed = commands.stop_word(ctx.inbound.text)
    if not typed:
        return ""
    if ctx.state.doubted:
        return STOP
    match ctx.state.dialogue:
        case Answering() | None if commands.soft(ctx.said):
            return ""  # what is not to be sent then is the survey
        case Answering() as doing:
            return "" if answering.takes(ctx, doing) else STOP  # words are weighed by the survey itself (asides.py)
        case Drafting() as draft:
            return _of_draft(draft, typed)
        case Booking(step="question" | "person") | Confirming(right=Right.CORRECT):
            return DOUBT
        case Booking(step="cancel" | "correct" | "wait" | "matter") | Confirming() | Joining() if (
            typed in _YES_TOO or typed == "huy"
        ):
            return ""
        case _:
            return STOP


def _of_draft(draft: Drafting, typed: str) -> str:
    if draft.matter or draft.step == "odd_place":
        return "" if typed in _YES_TOO else STOP
    if draft.step == REVIEW and typed in _NOT_SURE_AT_REVIEW:
        return ""
    return STOP if draft.waiting or draft.step in _CHOSEN else DOUBT


def of_news(ctx: Context) -> bool:
    """Whether, where nothing is open that could be stopped, it is what comes unasked: a notice was read last."""
    return ctx.inbound.kind == "text" and ctx.inbound.text.lower().strip(" .!") in _NEWS


def ask(ctx: Context) -> None:
    """Which of the two is meant."""
    words = ctx.inbound.text.strip()
    ctx.state.doubted = words
    ctx.ask(t("stop.ask"), options=_options(words))


def _options(words: str) -> list[Option]:
    return [Option(_STOP, t("stop.stop"), "1"), Option(_TAKE, t("stop.take", words=words), "2")]


def settle(ctx: Context) -> None:
    """Hear which of the two it was; with anything else the doubt is forgotten, and the open question hears it."""
    words, ctx.state.doubted = ctx.state.doubted, ""
    if not words or ctx.choice.startswith("go:"):
        return
    meant = ctx.meant(_options(words))
    if meant == _STOP:
        ctx.choice = STOP
    elif meant == _TAKE:
        ctx.hear_instead(words)
