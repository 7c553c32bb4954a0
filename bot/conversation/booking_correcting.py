"""Name and telephone of a booking put right by its own person; the seat stays theirs meanwhile."""

import msgspec

from bot.conversation import booking_asking, booking_own, menu
from bot.conversation.booking_words import confirmed
from bot.conversation.context import Context
from bot.conversation.effects import CorrectSeat, t
from bot.conversation.state import Booking
from feedback.session_acts import MAX_NAME


def ask(ctx: Context, code: str) -> None:
    """Ask for both anew."""
    booked = ctx.desk.booking(code)
    if booked is None or not booked.own or not booked.live:
        booking_own.not_there(ctx, booked)
        return
    doing = Booking(step="correct", moving=code, talk=ctx.new_topic(), private=True)
    ctx.state.dialogue = doing
    booking_asking.person(ctx, doing)


def hear(ctx: Context, doing: Booking) -> None:
    """Whichever of the two was given; the other stays as it was."""
    booked = ctx.desk.booking(doing.moving)
    if booked is None or not booked.own or not booked.live:
        booking_own.not_there(ctx, booked)
        return
    name, phone = booking_asking.given(ctx)
    if not (name or phone):
        booking_asking.person(ctx, doing)
        return
    right = msgspec.structs.replace(booked, name=(name or booked.name)[:MAX_NAME], phone=phone or booked.phone)
    ctx.want(CorrectSeat(code=right.code, name=right.name, phone=right.phone))
    ctx.lead += [t("booking.corrected"), *confirmed(right, ctx.desk.commune())]
    ctx.offer(options=booking_own.ways_now(right))
    menu.show(ctx)
