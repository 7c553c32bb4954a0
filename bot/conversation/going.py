"""Leaving what is open, so that it waits, and coming back to it."""

from bot.conversation import (
    answering,
    asking_commune,
    booking,
    booking_matter,
    drafting,
    drafting_taking,
    joining,
    matter,
    menu,
    rights,
    subscribing,
    thread,
    tracking,
)
from bot.conversation.context import STOP, Context
from bot.conversation.effects import Text, t
from bot.conversation.state import (
    Answering,
    AskingCommune,
    Booking,
    Confirming,
    Drafting,
    Joining,
    Rating,
    Subscribing,
    Tracking,
)
from vietnam.time import day_of


def put_aside(ctx: Context, command: str = "") -> None:
    """Leave what is open: it waits to be continued; only who says stop drops a case that was not sent."""
    match ctx.state.dialogue:
        case Answering() as doing:
            ctx.state.paused.append(doing)
            if not command.startswith(("go:survey.", menu.GO_ON)):
                ctx.lead.append(_until_when(ctx, doing))
        case Drafting() as draft if command == STOP:
            matter.drop(ctx, draft)
            if draft.done:
                ctx.lead.append(t("draft.cancelled"))
        case Drafting() as draft:
            drafting_taking.put_aside(ctx, draft)
        case Booking() as seat:
            booking_matter.drop(ctx, seat)
        case _:
            pass
    ctx.state.dialogue = None


def _until_when(ctx: Context, doing: Answering) -> Text:
    """Until when a survey that was put aside can be gone on with."""
    if not ctx.desk.takes_answers(doing.wave):
        return t("survey.closed")
    day = day_of(doing.until)
    return t("survey.paused_today") if day <= day_of(ctx.inbound.at) else t("survey.paused", day=day)


def ask_again(ctx: Context) -> None:
    """The question that is open, once more; the menu where there is none."""
    match ctx.state.dialogue:
        case Answering() as doing:
            answering.ask_again(ctx, doing)
        case Drafting() as draft:
            drafting.ask_again(ctx, draft)
        case Tracking():
            tracking.ask_again(ctx)
        case Joining():
            joining.ask_again(ctx)
        case Subscribing():
            subscribing.ask_again(ctx)
        case Confirming():
            rights.ask_again(ctx)
        case Rating():
            thread.ask_again(ctx)
        case Booking() as seat:
            booking.ask_again(ctx, seat)
        case AskingCommune():
            asking_commune.ask_again(ctx)
        case None:
            menu.show(ctx)
