"""Where a command leads, once what was open has been put aside: every dialogue by the name it is called with."""

from collections.abc import Callable
from functools import partial

from bot.conversation import (
    answering,
    asking_commune,
    booking,
    drafting,
    matter,
    menu,
    opening,
    rights,
    subscribing,
    thread,
    tracking,
)
from bot.conversation.context import Context
from bot.conversation.effects import t
from bot.conversation.kinds_taken import MORE
from feedback.kinds import Kind

_STARTS: dict[str, Callable[[Context], None]] = {
    "go:track": tracking.start,
    menu.ASK: asking_commune.start,
    menu.OTHERS: menu.show_others,
    subscribing.NOTICES: subscribing.start,
    f"go:{MORE}": partial(drafting.start, kind=None, more=True),
}
_SURVEY = "go:survey."


def take(ctx: Context, command: str) -> None:
    """Take a way; the menu where it leads nowhere."""
    name = command.removeprefix("go:")
    if booking.leads(ctx, command):
        return
    if name in list(Kind):
        drafting.start(ctx, Kind(name))
    elif rights.is_way(command):
        rights.go(ctx, command)
    elif thread.is_way(command):
        thread.go(ctx, command)
    elif command.startswith(matter.WAY):
        matter.go(ctx, command)
    elif command in _STARTS:
        _STARTS[command](ctx)
    elif command.startswith(menu.GO_ON):
        _go_on(ctx, command.removeprefix(menu.GO_ON))
    elif command.startswith(_SURVEY):
        _survey(ctx, command.removeprefix(_SURVEY))
    else:
        menu.show(ctx)


def _go_on(ctx: Context, topic: str) -> None:
    """A survey that was put aside."""
    begun = next((doing for doing in ctx.state.paused if str(doing.topic) == topic), None)
    if begun is None:
        ctx.lead.append(t("nav.past"))
        menu.show(ctx)
    else:
        answering.resume(ctx, begun)


def _survey(ctx: Context, code: str) -> None:
    wave = next((wave for wave in ctx.waves if wave.code == code), None)
    if wave is None:
        ctx.lead.append(t("survey.closed"))
        menu.show(ctx)
    else:
        opening.start_survey(ctx, wave)
