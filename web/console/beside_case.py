"""What stands beside a case: who follows it, whether its sender is blocked, and which pictures others may see."""

import msgspec
from sqlalchemy import Connection

from feedback.blocking import MAX_REASON, MOST_DAYS
from feedback.kinds import Kind
from feedback.roles import Role
from storage import blocks, following, shown_photos
from storage.reading_cases import CasePage
from web.console.access import Desk


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside a case: how many more report the same, until when its sender is blocked (UTC ms, 0: not).

    `shown` are the pictures that others may see, `can_show`: whether any of such a case ever may. `most_days` is how
    long the officer may block, 0 where not at all.
    """

    followers: int
    blocked_until: int
    shown: frozenset[int]
    can_show: bool
    most_days: int
    max_reason: int = MAX_REASON


def beside(conn: Connection, desk: Desk, case: CasePage) -> Beside:
    """Of a case of the officer's own unit."""
    role = desk.officer.role
    return Beside(
        followers=following.counts(conn, desk.unit, [case.code]).get(case.code, 0),
        blocked_until=blocks.of_case(conn, case.id, desk.services.now()),
        shown=shown_photos.of(conn, case.id),
        can_show=shown_photos.can(case.kind, case.category),
        most_days=0 if _not_theirs(desk, case) else MOST_DAYS.get(role, 0),
    )


def _not_theirs(desk: Desk, case: CasePage) -> bool:
    """Whether the officer may not block whoever opened this case: see feedback.blocking.decide_block."""
    conduct = Kind.CONDUCT in (case.kind, case.category)
    return not desk.may("block.put") or (conduct and desk.officer.role is not Role.LEADER)
