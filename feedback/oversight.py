"""Kiến nghị giám sát: what the Front asks of the People's Committee, the term in which it is answered, and the answer.

It is no case of a citizen: it has its own life, and is counted in no figure of cases. The term is a setting of the
commune, since the rules on oversight by the Front name one only for some matters.
"""

from datetime import date, timedelta
from enum import StrEnum

import msgspec

from feedback.acts import Refusal
from feedback.kinds import CATEGORIES
from feedback.roles import Actor, may

MAX_SUBJECT = 200
MAX_TEXT = 4_000
MAX_ABOUT = 20
"""Cases that one names."""


class State(StrEnum):
    """đang chờ trả lời · đã trả lời · đã rút."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Recommend(msgspec.Struct, frozen=True, kw_only=True, tag="recommend"):
    """The Front asks: about a field, about cases (`about`, their ids), or freely."""

    subject: str
    text: str
    category: str = ""
    about: tuple[int, ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag="answer"):
    """A leader answers; `seen` is the version the leader was looking at."""

    text: str
    seen: int


class Withdraw(msgspec.Struct, frozen=True, kw_only=True, tag="withdraw"):
    """The Front takes it back, and says why."""

    text: str
    seen: int


Act = Recommend | Answer | Withdraw


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """One as it stands."""

    id: int
    unit: int
    state: State
    version: int


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What is written: the state afterwards, the words, and for a new one until when it is answered."""

    action: str
    after: State
    text: str
    subject: str = ""
    due_on: date | None = None


def decide(facts: Facts | None, act: Act, actor: Actor, *, today: date, days: int) -> Decision | Refusal:
    """Whether it may happen now. `facts` is None only for Recommend; `days`: the commune's term, in days."""
    action = str(act.__struct_config__.tag)
    unit = actor.unit if facts is None else facts.unit
    if not may(actor, f"oversight.{action}", unit):
        return Refusal("act.not_allowed")
    text = act.text.strip()
    if isinstance(act, Recommend):
        return _recommend(act, text, today, days)
    if facts is None or facts.state is not State.OPEN:
        return Refusal("oversight.over")
    if act.seen != facts.version:
        return Refusal("oversight.changed")
    if not text:
        return Refusal("oversight.answer_empty" if isinstance(act, Answer) else "oversight.reason_empty")
    if len(text) > MAX_TEXT:
        return Refusal("oversight.long", {"most": MAX_TEXT})
    return Decision(action=action, after=State.ANSWERED if isinstance(act, Answer) else State.WITHDRAWN, text=text)


def _recommend(act: Recommend, text: str, today: date, days: int) -> Decision | Refusal:
    subject = " ".join(act.subject.split())
    if not subject or not text:
        return Refusal("oversight.empty")
    if len(subject) > MAX_SUBJECT or len(text) > MAX_TEXT:
        return Refusal("oversight.long", {"most": MAX_TEXT})
    if act.category and act.category not in CATEGORIES:
        return Refusal("act.category")
    if len(act.about) > MAX_ABOUT:
        return Refusal("oversight.too_many", {"most": MAX_ABOUT})
    due = today + timedelta(days=days)
    return Decision(action="recommend", after=State.OPEN, text=text, subject=subject, due_on=due)


def days_late(due_on: date, today: date) -> int:
    """How many days past its term, 0 while there is time."""
    return max((today - due_on).days, 0)
