"""A person's own bookings: shown again, given back, moved."""

from bot.conversation import menu
from bot.conversation.bookable import Booked
from bot.conversation.booking_words import confirmed, line, when
from bot.conversation.context import Context, nav
from bot.conversation.effects import CancelSeat, Option, Text, t
from bot.conversation.state import Booking
from feedback.sessions import BookingState

_YES, _KEEP = "yes", "keep"
_AGAIN = "go:hen.lai."
_PRIVATE = "go:hen.rieng"
_TYPED = {
    _PRIVATE: ("dat lich den gap truc tiep", "dat lich den gap", "den gap truc tiep"),
    _AGAIN: ("chon buoi khac",),
    "go:hen.sua.": ("sua ten", "sua ho ten", "sua so dien thoai", "sua ho ten so dien thoai", "sua lich hen"),
    "go:hen.doi.": ("doi lich", "doi lich hen", "toi muon doi lich", "xin doi lich"),
    "go:hen.huy.": ("huy lich", "huy lich hen", "toi muon huy lich", "xin huy lich"),
}


def ways(booked: Booked) -> list[Option]:
    """What can be done with a booking; these hold at any time."""
    if not booked.own or not booked.live:
        return []
    return [
        Option(f"go:hen.doi.{booked.code}", t("booking.way.move")),
        Option(f"go:hen.huy.{booked.code}", t("booking.way.cancel")),
    ]


def ways_now(booked: Booked) -> list[Option]:
    """The same, where the booking is shown with the name that was left: that can be put right as well."""
    mine = ways(booked)
    return [Option(f"go:hen.sua.{booked.code}", t("booking.way.correct")), *mine] if mine and booked.name else mine


def typed(ctx: Context) -> str:
    """The way that was typed, of the next booking; "" for anything else."""
    name = next((name for name, words in _TYPED.items() if ctx.said in words), "")
    if ctx.choice or ctx.inbound.kind != "text" or not name:
        return ""
    if name == _AGAIN:
        last = ctx.desk.last_booking()
        return f"{_AGAIN}{last.code}" if last is not None and not last.live else "go:hen"
    if name == _PRIVATE:
        return name if ctx.desk.takes_bookings() else ""
    own = ctx.desk.own_bookings()
    return f"{name}{own[0].code}" if own else ""


def show(ctx: Context, booked: Booked) -> None:
    """A booking with what can be done about it; somebody else's shows only which session it is."""
    if not booked.own:
        ctx.lead += [t("booking.others", code=booked.code), line(booked.session)]
        ctx.close()
        return
    if not booked.live:
        ctx.lead.append(_over(booked))
        ctx.close()
        return
    ctx.lead += confirmed(booked, ctx.desk.commune())
    ctx.offer(options=[] if booked.session.begun(ctx.inbound.at) else ways_now(booked))


def show_all(ctx: Context) -> None:
    """Every booking of this person that is still to come."""
    own = ctx.desk.own_bookings()
    if not own:
        ctx.lead.append(t("booking.none_own"))
    for booked in own:
        show(ctx, booked)
    menu.show(ctx)


def lines(ctx: Context) -> list[Text]:
    """One line each, for the list of what the person has with the commune."""
    return [
        t("booking.own_line", title=one.session.meeting.title, when=when(one.at), code=one.code)
        for one in ctx.desk.own_bookings()
    ]


def way_to_all(ctx: Context) -> list[Option]:
    """The way to the person's bookings, where there are any."""
    return [Option("go:hen.toi", t("booking.mine"))] if ctx.desk.own_bookings() else []


def not_there(ctx: Context, booked: Booked | None) -> None:
    """A booking that is not the person's, or is over."""
    ctx.lead.append(t("booking.none") if booked is None or not booked.own else _over(booked))
    menu.show(ctx)


def too_late(ctx: Context, booked: Booked) -> None:
    """Its session has begun: whoever can still come comes, and whoever cannot books another one."""
    said = t("booking.begun_waiting" if booked.state is BookingState.WAITING else "booking.begun")
    phone = menu.phone_line(ctx.desk.commune())
    if ctx.desk.sessions():
        ctx.offer(said, t("booking.begun_other"), options=[Option(f"{_AGAIN}{booked.code}", t("booking.way.again"))])
    else:
        ctx.lead += [said, *([phone] if phone else [])]
    menu.show(ctx)


def _over(booked: Booked) -> Text:
    return t("booking.is_over", code=booked.code, state=t(f"booking.state.{booked.state}"))


def _choices() -> list[Option]:
    return [Option(_YES, t("booking.cancel.yes"), "1"), Option(_KEEP, t("booking.cancel.keep"), "2")]


def ask_cancel(ctx: Context, code: str) -> None:
    """Whether it is really to be given back."""
    booked = ctx.desk.booking(code)
    if booked is None or not booked.own or not booked.live:
        not_there(ctx, booked)
        return
    ctx.state.dialogue = Booking(step="cancel", moving=code)
    asked = t("booking.cancel.ask", title=booked.session.meeting.title, when=when(booked.at))
    ctx.ask(asked, options=[*_choices(), *nav(back="")])


def hear_cancel(ctx: Context, doing: Booking) -> None:
    """Yes or no."""
    meant = ctx.meant(_choices())
    if meant == _YES or (not ctx.choice and ctx.said in ("co", "dong y", "vang", "huy", "ok")):
        ctx.want(CancelSeat(code=doing.moving))
        ctx.lead.append(t("booking.cancelled"))
        ctx.close()
        menu.show(ctx)
    elif meant == _KEEP or ctx.said in ("khong", "ko", "giu"):
        ctx.lead.append(t("booking.kept"))
        menu.show(ctx)
    else:
        ctx.lead.append(t("nav.not_understood"))
        ask_cancel(ctx, doing.moving)
