"""One more word of news for bookings, beside what their persons have not been told yet (feedback/seat_news.py)."""

from sqlalchemy import ColumnElement, case

from feedback.seat_news import LINES, with_more
from storage.tables import bookings


def added(word: str) -> ColumnElement[str]:
    """What bookings.news becomes; decided by the row as it stands, for it may be told in this very moment."""
    longer = {line: with_more(line, word) for line in LINES if with_more(line, word) != word}
    return case(longer, value=bookings.c.news, else_=word)
