"""The days until which a case was promised an answer, read from its acts: which were kept, and who said sorry in time.

A promise is a day that the citizen was told. It ends when the case is answered (or goes to another authority), or when
a later day is named in its place; one that is put off within its day is still the same promise. While the citizen is
waited for nothing is promised, and the day that the clock then runs to is the one that counts.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from feedback.acts import Decision
from feedback.clocks import Deadline
from feedback.states import OPEN
from vietnam.time import day_of

SORRY = frozenset({"extend", "apologise"})
"""Acts that tell the citizen that a day will not be kept: an officer's own, or the program's for them."""


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One act on a case, as far as it is about what was promised. `at`, `due` and `until` are UTC milliseconds.

    `due` is until when an answer was promised before the act, `until` after it, None where neither was; `open_before`
    and `open_after`: whether an answer was owed. `by_officer`: an officer's own act; `named`: the apology said whom to
    turn to.
    """

    at: int
    action: str
    open_before: bool
    open_after: bool
    due: int | None = None
    until: int | None = None
    by_officer: bool = False
    named: bool = False


class Sorry(msgspec.Struct, frozen=True):
    """An apology of that moment: whether it named a new day and a person, and whether an officer wrote it."""

    at: int
    new_day: bool
    named: bool
    by_officer: bool


class Promised(msgspec.Struct, frozen=True, kw_only=True):
    """One promised day. `answered_at`: when what was promised came, None where it has not; `sorry`: the apology for it.

    `due` is its last instant in time.
    """

    due: int
    answered_at: int | None = None
    sorry: Sorry | None = None

    @property
    def day(self) -> date:
        """The day that the citizen was told."""
        return day_of(self.due)

    def missed(self, before: int) -> bool:
        """Whether it had passed without an answer by that instant."""
        return self.due < before and (self.answered_at is None or self.answered_at > self.due)


def owed(before: Deadline | None, decision: Decision) -> tuple[int | None, int | None]:
    """`due` and `until` of the act that a decision is; `before` is the deadline that stood. (None, None) for others."""
    after = decision.deadline
    if before is None or decision.before is None:
        return None, None
    if decision.action in SORRY:
        return before.due, after.due if after is not None and after.due > before.due else None
    if decision.before in OPEN and decision.after not in OPEN:
        # What stood still runs on with the answer itself; then the day is the one that it has run to.
        standing = after if before.paused else before
        return (None if standing is None else standing.due), None
    return None, None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to what had been promised. `first` and `last` are the first and the last day named for it (UTC ms)."""

    at: int
    first: int
    last: int


def answers(promised: Iterable[Promised]) -> list[Answer]:
    """The answers of one case: what was promised again and again, and came at one instant, is one."""
    found: dict[int, list[int]] = {}
    for one in promised:
        if one.answered_at is not None:
            found.setdefault(one.answered_at, []).append(one.due)
    return [Answer(at=at, first=min(dues), last=max(dues)) for at, dues in sorted(found.items())]


def overdue_since(happened: Iterable[Happened], standing: Deadline | None, before: int) -> int | None:
    """The day that stood just before an instant, where it had passed without the answer; else None.

    As it was then: a later day named since, an answer, or a new asking, makes no case of that time less late.
    `standing` is the deadline now.
    """
    acts = list(happened)
    past = [act for act in acts if act.at < before]
    if past and not past[-1].open_after:
        return None
    # The first act since then that is about what was promised says what stood until it.
    later = next((act for act in acts if act.at >= before and (act.due is not None or not act.open_after)), None)
    now = None if standing is None or standing.paused else standing.due
    due = now if later is None else later.due
    return due if due is not None and due < before else None


def promised_days(happened: Iterable[Happened], standing: Deadline | None) -> list[Promised]:
    """Every day that a case was promised, in order; `standing` is its deadline now.

    Acts that do not say what was promised (written before that was kept) count for nothing.
    """
    over: list[Promised] = []
    replaced: list[Promised] = []
    sorry: Sorry | None = None
    still_open = True
    for act in happened:
        still_open = act.open_after
        if act.action in SORRY and act.due is not None:
            new_day = act.until is not None and day_of(act.until) > day_of(act.due)
            said = Sorry(act.at, new_day, act.named, act.by_officer)
            if new_day:
                replaced.append(Promised(due=act.due, sorry=_best(sorry, said)))
                sorry = None
            else:
                sorry = _best(sorry, said)
        elif act.open_before and not act.open_after:
            if act.due is not None:
                replaced.append(Promised(due=act.due, sorry=sorry))
            over += [msgspec.structs.replace(one, answered_at=act.at) for one in replaced]
            replaced, sorry = [], None
        elif act.open_after and not act.open_before:
            sorry = None
    if still_open and standing is not None and not standing.paused:
        replaced.append(Promised(due=standing.due, sorry=sorry))
    return over + replaced


def _best(first: Sorry | None, then: Sorry) -> Sorry:
    """Of two apologies for one day the one that named another; else the earlier."""
    return then if first is None or (then.new_day and not first.new_day) else first


def is_open(state: str) -> bool:
    """Whether an answer is owed in a state; no for what is no state."""
    return state in {str(one) for one in OPEN}
