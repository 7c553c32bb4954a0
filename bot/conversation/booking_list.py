"""Which session: what is coming, some at a time, and what becomes of a question whose session is no more."""

from bot.conversation import drafting, menu
from bot.conversation.bookable import Bookable
from bot.conversation.booking_words import line, short
from bot.conversation.context import Context, nav
from bot.conversation.effects import Option, Text, t
from bot.conversation.state import Booking, Drafting
from feedback.kinds import Kind

BOOK = "go:hen"
OTHER = "go:hen.khac"
MINE = "go:hen.toi"
_SESSION, _MORE = "s", "more"
_AT_ONCE = 6
"""Sessions that are shown together: more is no choice any more."""


def show(ctx: Context, doing: Booking) -> None:
    """Ask which session; what was written for another one goes along, as a request where none is left."""
    doing.step, doing.session, doing.seat, doing.wait = "session", 0, 0, False
    found = ctx.desk.sessions()
    if not found:
        none_left(ctx, doing)
        return
    if doing.page * _AT_ONCE >= len(found):
        doing.page = 0
    own = [booked for booked in ctx.desk.own_bookings() if booked.code != doing.moving]
    mine = [Option(MINE, t("booking.mine"))] if own else []
    kept = [t("booking.question_kept")] if doing.question and not doing.private else []
    ctx.ask(
        *kept,
        t("booking.which"),
        *(line(session) for session in _shown(found, doing)),
        options=[*_options(found, doing), *mine, *nav(back="booking.earlier" if doing.page else "")],
    )


def _shown(found: list[Bookable], doing: Booking) -> list[Bookable]:
    return found[doing.page * _AT_ONCE :][:_AT_ONCE]


def _options(found: list[Bookable], doing: Booking) -> list[Option]:
    rows = [(f"{_SESSION}{one.id}", short(one.meeting.starts_at)) for one in _shown(found, doing)]
    if len(found) > (doing.page + 1) * _AT_ONCE:
        rows.append((_MORE, t("booking.more")))
    if not doing.moving:
        rows.append((OTHER, t("booking.other")))
    return [Option(id, label, str(n)) for n, (id, label) in enumerate(rows, start=1)]


def hear(ctx: Context, doing: Booking) -> Bookable | None:
    """The session that was chosen; None where it has been answered otherwise."""
    found = ctx.desk.sessions()
    meant = ctx.meant(_options(found, doing))
    if meant == OTHER:
        ask_for_one(ctx, doing)
        return None
    if meant == _MORE:
        doing.page += 1
        show(ctx, doing)
        return None
    session = ctx.desk.session(int(meant.removeprefix(_SESSION))) if meant else None
    if session is None or not session.takes(ctx.inbound.at):
        ctx.lead.append(t("nav.not_understood") if meant is None else why_not(session, ctx.inbound.at))
        show(ctx, doing)
        return None
    return session


def why_not(session: Bookable | None, now: int) -> Text:
    """Why a session cannot be booked."""
    if session is None or session.takes(now):
        return t("session.none")
    return t("session.cancelled" if str(session.state) == "cancelled" else "session.past")


def ask_for_one(ctx: Context, doing: Booking) -> None:
    """A request for a session of one's own, with what was written already."""
    as_request(ctx, doing, way=BOOK)


def as_request(ctx: Context, doing: Booking, way: str = "") -> None:
    """What was written for a session becomes a request; the words keep their topic."""
    drafting.start(ctx, Kind.DIALOGUE, text=doing.question, topic=doing.talk, way=way)
    draft = ctx.state.dialogue
    if isinstance(draft, Drafting) and doing.name and doing.phone:
        draft.name, draft.phone, draft.anonymous = doing.name, doing.phone, False
        draft.done += ["name", "phone"]


def none_left(ctx: Context, doing: Booking) -> None:
    """No session is left: what was written is not lost, it can be sent as a request."""
    if doing.question and not doing.moving:
        ctx.lead.append(t("booking.none_left_kept"))
        as_request(ctx, doing)
        return
    ctx.lead.append(t("booking.none_left"))
    menu.show(ctx)
