"""Quiet hours: nobody is invited or reminded at night, wherever the night begins."""

from datetime import time, timedelta

from vietnam.time import local, to_ms


def clock(text: str) -> time:
    """A time as the settings write it ("21:00"); ValueError for anything else."""
    return time.fromisoformat(text)


def quiet_until(now: int, begins: time, ends: time) -> int | None:
    """When the quiet hours end that an instant lies in (UTC milliseconds); None outside them.

    They may go over midnight. The same time twice means that there are none.
    """
    here = local(now)
    if begins == ends:
        return None
    at = here.time()
    inside = begins <= at < ends if begins < ends else at >= begins or at < ends
    if not inside:
        return None
    end = here.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return to_ms(end if end > here else end + timedelta(days=1))
