"""Who may not write for a while: why, until when, and who decides it."""

import msgspec

from feedback.acts import Refusal
from feedback.roles import Actor, Role, may
from vietnam.time import DAY

MOST_DAYS = {Role.RECEPTION: 7, Role.LEADER: 90}
"""How long an officer of a role may block at once; nobody is blocked for ever."""
MAX_REASON = 300


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """An officer stops an account from opening cases: `reason` is read by the person word for word; `days` from now."""

    reason: str
    days: int


class Blocked(msgspec.Struct, frozen=True, kw_only=True):
    """The accepted block; `until` is UTC milliseconds."""

    reason: str
    until: int


class Barred(msgspec.Struct, frozen=True, kw_only=True):
    """Why a person can open no case now: a block with its reason, or (`many`) as many cases today as anybody may open.

    `until` is UTC milliseconds.
    """

    until: int
    reason: str = ""
    many: int = 0


def decide_block(
    act: Block, actor: Actor, unit: int, *, now: int, confidential: bool = False, conduct: bool = False
) -> Blocked | Refusal:
    """Whether the actor may block whoever opened a case of that unit.

    Never from a `confidential` case: to silence a denouncer is what the law forbids (Luật Tố cáo 2018, Đ.8), and a
    list of blocks would tell that there is one. From one about the `conduct` of officials only a leader may: the desk
    it is written to may be the one it is about.
    """
    if confidential or not may(actor, "block.put", unit) or (conduct and actor.role is not Role.LEADER):
        return Refusal("act.not_allowed")
    reason = " ".join(act.reason.split())
    if not reason:
        return Refusal("block.no_reason")
    if len(reason) > MAX_REASON:
        return Refusal("block.reason_long", {"limit": MAX_REASON})
    most = MOST_DAYS.get(actor.role, 0) if actor.role else 0
    if not 1 <= act.days <= most:
        return Refusal("block.days", {"most": most})
    return Blocked(reason=reason, until=now + act.days * DAY)
