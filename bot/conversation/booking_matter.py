"""A khiếu nại or tố cáo in the words of a booking: asked about, explained; the booking keeps a name and a time.

What is written for a session lies before whoever receives there, and before everybody at the desk.
"""

from bot.conversation import matter, menu
from bot.conversation.context import Context
from bot.conversation.effects import EraseTopic, t
from bot.conversation.state import Booking
from feedback.complaints import Matter, complaints, denounced

_NO = "matter.no.visit"


def asks(ctx: Context, doing: Booking) -> bool:
    """Ask what is meant, where the words could be such a matter; False where there is nothing to ask."""
    reading = complaints().read(doing.question)
    if reading is None or not matter.stops_a_visit(reading):
        return False
    doing.matter = str(reading.matter)
    ask_again(ctx, doing)
    return True


def ask_again(ctx: Context, doing: Booking) -> None:
    """The question, once more."""
    doing.step = "matter"
    asked = Matter(doing.matter)
    said = t(f"booking.matter.{asked}", commune=ctx.desk.commune().name)
    ctx.ask(said, options=matter.yes_and_no(asked, _NO))


def hear(ctx: Context, doing: Booking) -> bool:
    """What the person says to it; True where the booking goes on."""
    asked = Matter(doing.matter)
    said = matter.meant(ctx, asked, _NO)
    sure = denounced(doing.question)
    if not said:
        ctx.lead.append(t("nav.not_understood"))
        ask_again(ctx, doing)
        return False
    if said == matter.NO and not sure:
        matter.no_petition(ctx, doing.question)
        doing.matter = ""
        return True
    commune = ctx.desk.commune()
    erased = t("matter.erased", commune=commune.name)
    forget(ctx, doing)
    if asked is Matter.ABOUT_CHAIRMAN:
        below = [erased, t("matter.write_again")] if said == matter.NO else [erased]
        matter.explain(ctx, asked, *below)
        menu.show(ctx)
        return False
    keep_to_oneself(ctx, doing)
    if said == matter.NO:
        ctx.lead.append(t("booking.not_noted"))
    else:
        ctx.say(*matter.explained(asked, commune, ctx.desk.guidance()), erased)
        ctx.lead.append(t("booking.goes_on"))
    return True


def keep_to_oneself(ctx: Context, doing: Booking) -> None:
    """What it is about is said in person: the booking names no more than that."""
    doing.private, doing.topic = True, "other"
    doing.question = ctx.all_wording("booking.private")


def forget(ctx: Context, doing: Booking) -> None:
    """Keep nothing of what was written, on both sides of the chat."""
    if doing.talk:  # begun before the words of a booking had a topic: these stay until the chat is swept
        ctx.want(EraseTopic(topic=doing.talk))
    doing.talk, doing.question, doing.topic, doing.matter = ctx.new_topic(), "", "other", ""


def drop(ctx: Context, doing: Booking) -> None:
    """The person goes while it is asked: what may not be kept leaves nothing behind."""
    if doing.matter:
        forget(ctx, doing)
