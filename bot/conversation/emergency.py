"""Whoever writes that somebody is in danger reads the emergency numbers first; the dialogue goes on as it would."""

from typing import Any

import msgspec

from bot.conversation.context import Context
from bot.conversation.effects import Say, Text, t
from bot.conversation.state import Answering, Dialogue
from feedback.emergency import emergencies
from vietnam.time import HOUR

QUIET = HOUR
"""Milliseconds in which the numbers are not said again: a story is often told in several messages."""
_WRITTEN = frozenset({"text", "photo", "edited"})


def point_out(ctx: Context, dialogue: Dialogue | None) -> None:
    """Put the numbers above the first message of the answer, if the words call for them.

    `dialogue` is what was open when the words came.
    """
    inbound = ctx.inbound
    if ctx.choice or inbound.kind not in _WRITTEN or not inbound.text:
        return
    numbers = emergencies().called_for(inbound.text)
    if isinstance(dialogue, Answering):
        _in_survey(ctx, dialogue, numbers)
    elif numbers and inbound.at - ctx.state.warned_at >= QUIET:
        ctx.state.warned_at = inbound.at
        _above(ctx, _line(numbers))


def _in_survey(ctx: Context, doing: Answering, numbers: tuple[str, ...]) -> None:
    """That it was said there is remembered with the answers and goes with them.

    Nothing that stays tells who wrote of a danger in an answer without a name; nor does the size of the message that
    follows an answer in words, which is stored as long as any other whether the numbers stand above it or not.
    """
    at = ctx.inbound.at
    said = _first(ctx)
    if said is not None and doing.wordy and doing in ctx.state.unfinished:
        _replace(ctx, said, long=True)
    if numbers and at - max(doing.warned_at, ctx.state.warned_at) >= QUIET:
        doing.warned_at = at
        _above(ctx, _line(numbers), doing.topic)


def _line(numbers: tuple[str, ...]) -> Text:
    first, second, third, fourth = (t(f"emergency.{number}") for number in numbers)
    return t("emergency.line", first=first, second=second, third=third, fourth=fourth)


def _above(ctx: Context, line: Text, topic: int = 0) -> None:
    """Above the answer; as a message of its own, since one put in the place of an older one rings no bell."""
    said = _first(ctx)
    if said is None:
        ctx.want(Say(parts=(line,), topic=topic))
    else:
        # To a cry for help nobody says that it was not understood.
        rest = [part for part in said.parts if part.key != "nav.not_understood"]
        _replace(ctx, said, parts=(line, *rest), topic=said.topic or topic, instead=False)


def _first(ctx: Context) -> Say | None:
    return next((effect for effect in ctx.effects if isinstance(effect, Say)), None)


def _replace(ctx: Context, said: Say, **changes: Any) -> None:  # noqa: ANN401 - whatever a Say has
    ctx.effects[ctx.effects.index(said)] = msgspec.structs.replace(said, **changes)
