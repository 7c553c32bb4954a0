"""The name and telephone that somebody left with a booking, put right."""

from sqlalchemy import update

from feedback.roles import Actor
from feedback.sessions import BookingFacts
from storage import act_rows
from storage.tables import bookings
from storage.tx import Tx


def put_right(tx: Tx, unit: int, booking: BookingFacts, name: str, phone: str, actor: Actor, now: int) -> bool:
    """Write both; False where the booking changed after it was read. The record of it names neither."""
    same = (bookings.c.id == booking.id) & (bookings.c.version == booking.version)
    values = {"name": name.strip(), "phone": phone, "version": booking.version + 1}
    if tx.execute(update(bookings).where(same).values(**values)).rowcount != 1:
        return False
    after = booking.version + 1
    act_rows.record(tx, actor, "correct", thing="booking", thing_id=booking.id, unit=unit, now=now, version=after)
    return True
