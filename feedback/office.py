"""What an office promises: its days and hours of work, and how long each kind of case takes at most."""

from functools import lru_cache

import msgspec

from feedback.clock_rules import Ground, Rule, Terms, rules
from feedback.clocks import Deadline, start
from feedback.kinds import Kind
from feedback.kinds import rule as rule_of
from vietnam.calendar import DayTable, shipped_days
from vietnam.working_time import USUAL, Sessions

PROMISES: dict[Kind, str] = {kind: rule_of(kind).promise for kind in Kind}
"""Kind -> id of the rule (feedback.clock_rules) that says until when it is answered."""


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """The table of days off, the hours of a working day, and the commune's own numbers."""

    table: DayTable = msgspec.field(default_factory=shipped_days)
    sessions: Sessions = USUAL
    terms: Terms = Terms()
    sign_off: frozenset[str] = frozenset()
    """Kinds and fields whose answers a leader signs before they go."""

    def rule(self, id: str) -> Rule:
        """A rule by its id; KeyError where there is none."""
        return _rules(self.terms)[id]

    def promise(self, kind: Kind, at: int) -> Deadline:
        """Until when a case of that kind that comes in at an instant (UTC milliseconds) is answered."""
        return start(self.rule(PROMISES[kind]), at, self.table, self.sessions)

    def most(self, deadline: Deadline) -> int:
        """By how many units of its rule a promise may be made longer at once; 0 where it may not."""
        allowed = (one.each for one in self.rule(deadline.rule).extensions if one.ground is Ground.OWN)
        return next(allowed, 0)


@lru_cache(maxsize=8)
def _rules(terms: Terms) -> dict[str, Rule]:
    return rules(terms)
