"""A citizen's own seat, within the turn in which they ask for it."""

from app import seats
from bot.conversation.effects import BookSeat, CancelSeat, CorrectSeat, MoveSeat
from bot.ledger import Refused
from feedback.acts import Refusal
from feedback.booking_deciding import Seated
from feedback.roles import CITIZEN, Actor
from feedback.session_acts import CancelBooking
from feedback.sessions import BookingState
from storage import conversations
from storage.conversations import Conversation
from storage.tx import Tx


def apply(tx: Tx, conversation: Conversation, effect: BookSeat | CancelSeat | CorrectSeat | MoveSeat, now: int) -> None:
    """Take, give back or change a seat; Refused with why not."""
    actor = Actor(kind=CITIZEN, unit=conversation.unit_id)
    own = conversations.accounts_of(tx.conn, conversation.person_id)
    done: Refusal | Seated | BookingState
    match effect:
        case BookSeat(session=session, act=book):
            mine, channel = conversation.account_id, conversation.on.channel
            done = seats.take(tx, session, book, actor, now, account=mine, channel=channel, accounts=own)
        case CancelSeat(code=code):
            done = seats.change(tx, code, CancelBooking(), actor, now, accounts=own)
        case CorrectSeat(code=code, name=name, phone=phone):
            done = seats.correct(tx, code, name, phone, actor, now, accounts=own)
        case MoveSeat(code=code, session=session, act=move):
            done = seats.move(tx, code, session, move, actor, now, accounts=own)
    if isinstance(done, Refusal):
        raise Refused(done.key)
