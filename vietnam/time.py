"""Instants and days: UTC milliseconds inside, Vietnamese local days outside (+07:00, no summer time since 1975)."""

from datetime import UTC, date, datetime, timedelta, timezone

TZ = timezone(timedelta(hours=7), "ICT")
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def to_ms(moment: datetime) -> int:
    """UTC milliseconds of an aware datetime; a naive one is a ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no instant")
    return round(moment.timestamp() * 1000)


def local(ms: int) -> datetime:
    """The wall clock in Viet Nam at an instant."""
    return datetime.fromtimestamp(ms / 1000, tz=UTC).astimezone(TZ)


def day_of(ms: int) -> date:
    """The Vietnamese calendar day an instant falls on."""
    return local(ms).date()


def start_of(day: date) -> int:
    """The first millisecond of a Vietnamese calendar day."""
    return to_ms(datetime(day.year, day.month, day.day, tzinfo=TZ))
