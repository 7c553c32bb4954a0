"""A case passes from hand to hand: given to somebody, come back untouched, called late, flagged as over-level."""

from typing import TYPE_CHECKING

import msgspec

from feedback.roles import Role
from feedback.routing import Assignee, is_there, returned_to
from feedback.states import State

if TYPE_CHECKING:  # acts joins these acts to its own
    from feedback.acts import CaseFacts

MAX_REASON = 500
_IN_HAND = frozenset({State.IN_PROGRESS, State.WAITING})
"""States in which somebody works on it: as long as they are there it stays with them."""
MAX_ESCALATED = 2


class Assign(msgspec.Struct, frozen=True, kw_only=True, tag="assign"):
    """An officer gives a case to a colleague, or to a role, and says why; `seen` as in Reply."""

    officer: int = 0
    role: Role | None = None
    reason: str = ""
    seen: int = 0


class Return(msgspec.Struct, frozen=True, tag="return"):
    """Nobody has taken or answered it for as long as the commune waits, or whoever did is not there any more.

    It goes back to reception, then to the leaders.
    """


class Escalate(msgspec.Struct, frozen=True, tag="escalate"):
    """It is late: the leaders are told, once for each level."""


class Remind(msgspec.Struct, frozen=True, tag="remind"):
    """It lies with another authority for as long as the commune waits: somebody is to ask for the outcome."""


class Flag(msgspec.Struct, frozen=True, tag="flag"):
    """An officer says that it is beyond what the commune may decide (vượt thẩm quyền), and why; `seen` as in Reply."""

    reason: str
    seen: int = 0


Handing = Assign | Return | Escalate | Remind | Flag


def fault_of(case: "CaseFacts", act: Handing) -> str:
    """What is missing or cannot be, as a wording key; "" where nothing is."""
    match act:
        case Assign(reason=reason) | Flag(reason=reason) if not reason.strip():
            return "act.reason_needed"
        case Assign(reason=reason) | Flag(reason=reason) if len(reason) > MAX_REASON:
            return "act.reason_long"
        case Assign(officer=officer, role=role) if not is_there(Assignee(role, officer), case.staff):
            return "act.nobody_there"
        case Assign(officer=officer, role=role) if case.assigned == Assignee(role, officer):
            return "act.assigned_already"
        case Return() if case.state in _IN_HAND and is_there(case.assigned, case.staff):
            return "act.already"
        case Return() if returned_to(case.kind, case.assigned, case.staff) is None:
            return "act.already"
        case Escalate() if case.escalated >= MAX_ESCALATED:
            return "act.already"
        case Flag() if case.over_level:
            return "act.already"
        case _:
            return ""


def next_hand(case: "CaseFacts", act: object) -> Assignee | None:
    """Whose turn it is after an act; None where it stays as it was."""
    match act:
        case Assign(officer=officer, role=role):
            return Assignee(None if officer else role, officer)
        case Return():
            return returned_to(case.kind, case.assigned, case.staff)
        case Flag() if is_there(Assignee(Role.LEADER), case.staff):
            return Assignee(Role.LEADER)
        case _:
            return None
