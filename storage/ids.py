"""Ids are made here, never by the database: inserts need no round trip and nothing depends on an engine's counter."""

import secrets
import time

_EPOCH = 1_735_689_600_000  # 2025-01-01 UTC
_LOW_BITS = 22
_last = _low = 0


def random_id() -> int:
    """63 random bits: for rows whose order of arrival must not be left anywhere (responses)."""
    return secrets.randbits(63) or 1


def new_id() -> int:
    """A 63-bit id that grows with time, so that an index stays compact; for rows that carry their time anyway.

    Within a millisecond ids are counted from a place drawn for it: a count that went on would tell how many rows were
    written between two that are left, and so how many questions somebody was asked.
    """
    global _last, _low  # noqa: PLW0603 - one counter a process is the whole idea
    now = time.time_ns() // 1_000_000 - _EPOCH
    _low = _low + 1 if now == _last else secrets.randbits(_LOW_BITS - 1)
    _last = now
    return (now << _LOW_BITS) | _low
