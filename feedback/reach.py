"""Which of a unit's cases an officer reaches: the desk nearly all, a specialist those of the own fields and villages.

What is said of how officials behave goes to the leaders, past the desk, and the citizen is told so. Whoever it is about
may well sit at that desk: reception, specialists and the administrator find it in no list, unless a leader, or the
commune's own table, has given it to them.

The boards of the people (Ban Thanh tra nhân dân, Ban Giám sát đầu tư của cộng đồng) read what lies in their reach, and
nothing else: nobody gives them a case.
"""

from typing import TYPE_CHECKING

from feedback.kinds import Kind
from feedback.roles import OFFICER, Actor, Role

if TYPE_CHECKING:
    from feedback.acts import CaseFacts

PAST_THE_DESK = frozenset({Kind.CONDUCT})
"""Kinds that only leaders reach, and whoever they are given to."""
BOARDS = frozenset({Role.INSPECTION, Role.OVERSIGHT})
"""Who reads cases without names, telephones or pictures, and changes nothing."""
SCOPED = BOARDS | {Role.SPECIALIST}
"""Roles that reach the cases of some fields and villages; of all where none are said."""


def is_past(case: "CaseFacts", actor: Actor) -> bool:
    """Whether for this officer the case is as if it were not there; see storage.confidential.reached."""
    if actor.kind != OFFICER or actor.role is Role.LEADER:
        return False
    if case.confidential and actor.keeper:
        return False
    past = case.kind in PAST_THE_DESK or (actor.role in SCOPED and not _within(case, actor))
    if actor.role in BOARDS:
        return past
    given = case.assigned.officer == actor.id or (case.assigned.role is actor.role and actor.role not in SCOPED)
    return past and not given


def _within(case: "CaseFacts", actor: Actor) -> bool:
    """Whether it is of the actor's fields and villages; what happened in no known village is only of who has all."""
    return (not actor.fields or case.category in actor.fields) and (
        not actor.villages or case.village in actor.villages
    )
