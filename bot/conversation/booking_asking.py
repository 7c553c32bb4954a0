"""What is asked of whoever books: what it is about, and who they are."""

from bot.conversation import booking_matter
from bot.conversation.bookable import Bookable
from bot.conversation.booking_reading import SEAT, USE, is_time, known, numbered, time_meant, times
from bot.conversation.booking_words import clock, details, when
from bot.conversation.context import Context, nav
from bot.conversation.effects import Text, t
from bot.conversation.naming import mistyped, name_and_phone
from bot.conversation.state import Booking
from feedback.session_acts import MAX_QUESTION
from feedback.topics import topic_of
from vietnam.numbers import number_vi

_SHORTEST = 4
"""Characters of a question that says anything."""


def question(ctx: Context, doing: Booking, session: Bookable) -> None:
    """What they want to talk about; with the time they would get."""
    doing.step = "question"
    parts = [t("booking.chosen", title=session.meeting.title, when=when(session.meeting.starts_at)), *details(session)]
    offered = times(ctx, session)
    if doing.wait:
        parts.append(t("booking.will_wait", number=session.waiting + 1))
    elif offered:
        doing.seat = doing.seat or int(offered[0].id.removeprefix(SEAT))
        at = session.meeting.slot_at(doing.seat) or session.meeting.starts_at
        parts.append(t("booking.your_time", time=clock(at)))
        offered = [option for option in offered if option.id != f"{SEAT}{doing.seat}"]
    ctx.ask(*parts, t("booking.ask_question"), options=[*numbered(offered), *nav()], wide=False)


def hear_question(ctx: Context, doing: Booking, session: Bookable) -> bool:
    """True where the booking goes on with what was written."""
    seat = time_meant(ctx, doing, session)
    if seat:
        doing.seat, doing.chosen = seat, True
        question(ctx, doing, session)
        return False
    fault = t("seat.gone") if seat == 0 else take_words(ctx, doing)
    if fault is not None:
        ctx.lead.append(fault)
        question(ctx, doing, session)
        return False
    return not booking_matter.asks(ctx, doing)


def take_words(ctx: Context, doing: Booking) -> Text | None:
    """Take what was written as the question, or say what was wrong with it."""
    words = ctx.inbound.text.strip()
    if ctx.inbound.kind != "text" or ctx.choice or len(words) < _SHORTEST or ctx.number_said or is_time(ctx.said):
        return t("booking.words_only")
    if len(words) > MAX_QUESTION:
        return t("draft.field_too_long", length=number_vi(len(words)), limit=number_vi(MAX_QUESTION))
    doing.question, doing.topic = words, topic_of(words)
    return None


def person(ctx: Context, doing: Booking) -> None:
    """Name and telephone, whichever is missing; to put them right, either will do."""
    if doing.step == "correct":
        ctx.ask(t("booking.ask_correct"), options=nav(), wants="contact")
        return
    doing.step = "person"
    if doing.name or doing.phone:
        ctx.ask(t("booking.ask_phone" if doing.name else "booking.ask_name"), options=nav(), wants="contact")
        return
    consent = "booking.consent_private" if doing.private else "booking.consent"
    parts = (t("booking.ask_person"), t(consent, commune=ctx.desk.commune().name))
    ctx.ask(*parts, options=[*known(ctx), *nav()], wants="contact")


def hear_person(ctx: Context, doing: Booking) -> bool:
    """True where both are there."""
    last = ctx.desk.last_booking()
    if not (doing.name or doing.phone) and ctx.meant(known(ctx)) == USE and last is not None:
        doing.name, doing.phone = last.name, last.phone
        return True
    name, phone = given(ctx, phone_missing=bool(doing.name))
    doing.name, doing.phone = doing.name or name, doing.phone or phone
    if doing.name and doing.phone:
        return True
    person(ctx, doing)
    return False


def given(ctx: Context, *, phone_missing: bool = False) -> tuple[str, str]:
    """Name and telephone of a line, "" for what is not in it; what was wrong is said."""
    text = "" if ctx.choice else ctx.inbound.text
    name, phone = name_and_phone(text)
    if mistyped(text):
        ctx.lead.append(t("draft.phone_wrong"))
    elif not (name or phone):
        ctx.lead.append(t("draft.phone_wrong" if phone_missing else "draft.name_wrong"))
    return name, phone


def took_all_the_same(ctx: Context, doing: Booking) -> bool:
    """Keep what was said though the session is no more; True where it has to be asked first what is meant."""
    if doing.step == "person" and not ctx.choice:
        name, phone = name_and_phone(ctx.inbound.text)
        doing.name, doing.phone = doing.name or name, doing.phone or phone
    return doing.step == "question" and take_words(ctx, doing) is None and booking_matter.asks(ctx, doing)
