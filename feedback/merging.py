"""Two cases that tell of the same matter become one: the joined one is closed, its sender hears with the other's.

Nothing of one sender goes to the other: not the words, not the name, not how either is reached. The answer goes to all
of them word for word, so it may name none of them.
"""

from typing import TYPE_CHECKING

import msgspec

from feedback.clocks import Deadline, resume
from feedback.kinds import Kind
from feedback.office import Office
from feedback.roles import SYSTEM, Actor
from feedback.states import OPEN, State
from vietnam.phones import read_phones
from vietnam.text import fold_words
from vietnam.time import day_of

if TYPE_CHECKING:  # acts joins these acts to its own
    from feedback.acts import CaseFacts

MERGEABLE = frozenset({Kind.FEEDBACK, Kind.PETITION, Kind.SUGGESTION, Kind.BUSINESS})
"""Kinds of which two may be one matter.

Whoever asks for a talk is given a day of their own, whoever praises is thanked, and what is said of an official is
nobody else's business.
"""
_OWED = OPEN | {State.FORWARDED}
"""States in which the answer is still to come: one that has been given would never reach whoever joins later."""
_FEWEST_SYLLABLES = 2
"""A name of one syllable is any word."""


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """The case into which another is joined, as it stands now."""

    id: int
    code: str
    kind: Kind
    state: State
    category: str = ""
    matter: str = ""
    confidential: bool = False
    merged: bool = False


class Merge(msgspec.Struct, frozen=True, tag="merge"):
    """An officer finds that this case is the same matter as `into`: it ends here. `seen` as in Reply."""

    into: Other
    seen: int = 0


class Joined(msgspec.Struct, frozen=True, tag="joined"):
    """Another case was joined into this one; written together with its Merge."""

    other: int


class Part(msgspec.Struct, frozen=True, tag="part"):
    """A case that was joined goes its own way again: a leader says so the same day, or the other is open no more."""

    seen: int = 0


class Parted(msgspec.Struct, frozen=True, tag="parted"):
    """A case that was joined into this one has left it; written together with its Part."""

    other: int


Merging = Merge | Joined | Part | Parted


def fault(case: "CaseFacts", act: object, actor: Actor, now: int) -> str:
    """Why the two cannot be one, or not be parted any more, as a wording key; "" where nothing is in the way."""
    match act:
        case Merge(into=into):
            return _cannot(case, into)
        case Part() if not case.merged_into:
            return "act.already"
        case Part() if actor.kind != SYSTEM and day_of(case.merged_at) != day_of(now):
            return "merge.too_late"
        case _:
            return ""


def _cannot(case: "CaseFacts", into: Other) -> str:
    if into.id == case.id:
        return "merge.itself"
    if case.confidential or into.confidential or case.matter or into.matter:
        return "merge.matter"
    if not all(_may_be_one(kind, field) for kind, field in ((case.kind, case.category), (into.kind, into.category))):
        return "merge.kind"
    if into.merged:
        return "merge.into_merged"
    if case.joined:
        return "merge.has_joined"
    return "" if into.state in _OWED else "merge.answered"


def _may_be_one(kind: Kind, category: str) -> bool:
    return kind in MERGEABLE and category != Kind.CONDUCT


def may_be_offered(case: "CaseFacts | Other") -> bool:
    """Whether a case of this kind and field may be one with another at all."""
    return _may_be_one(case.kind, case.category) and not case.matter and not case.confidential


def names_somebody(case: "CaseFacts", *texts: str) -> bool:
    """Whether words that go to everybody who told of this matter name one of them, or have their number."""
    if not case.joined:
        return False
    said = " ".join(texts)
    words = f" {' '.join(fold_words(said).split())} "
    numbers = set(read_phones(said))
    for told in case.senders:
        name = fold_words(told).split()
        if numbers & set(read_phones(told)):
            return True
        if len(name) >= _FEWEST_SYLLABLES and f" {' '.join(name)} " in words:
            return True
    return False


def runs_on(deadline: Deadline | None, now: int, office: Office) -> Deadline | None:
    """Until when a case is answered that goes its own way again: as it had been promised."""
    if deadline is None or not deadline.paused:
        return deadline
    running = resume(deadline, now, office.table, office.sessions)
    return running if isinstance(running, Deadline) else deadline
