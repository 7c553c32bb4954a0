"""What turns out to be a tố cáo: seen by the one person whom the Chủ tịch named, and by nobody else (Luật Tố cáo).

A chat is no way to bring a denunciation (Điều 25), so what is said there is never "accepted"; whoever is named tells
the citizen where and how. What is about the Chủ tịch is not the commune's at all: nothing of it is kept here.
"""

from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec

from feedback.complaints import Matter
from feedback.roles import CITIZEN, Actor

if TYPE_CHECKING:
    from feedback.acts import CaseFacts


class Closed(IntEnum):
    """To whom a case is open: its unit, the keeper alone, nobody (what was said in it is erased)."""

    NOT = 0
    KEPT = 1
    ERASED = 2


SECOND = "act.second_needed"
"""Why somebody alone may not have a case deleted."""


class MarkDenunciation(msgspec.Struct, frozen=True, tag="mark"):
    """An officer finds that a case is a tố cáo: from now on only the keeper sees it. `seen` as in Reply.

    `about_head`: the officer holds that it is about the Chủ tịch; the keeper sees that, and decides it.
    """

    seen: int = 0
    about_head: bool = False


class UnmarkDenunciation(msgspec.Struct, frozen=True, tag="unmark"):
    """The keeper finds that it is none: it goes back to the others, `text` says why. `seen` as in Reply."""

    text: str
    seen: int = 0


class HandUp(msgspec.Struct, frozen=True, tag="hand_up"):
    """It is about the Chủ tịch: the citizen is told who takes it, all that was said is erased. `seen` as in Reply.

    Nobody alone wipes a case away, least of all whom it is about: the words themselves must say that it is about the
    Chủ tịch, or the case lies with the keeper already, whom somebody else has shown it.
    """

    seen: int = 0


Guarding = MarkDenunciation | UnmarkDenunciation | HandUp


def is_closed_to(case: "CaseFacts", actor: Actor) -> bool:
    """Whether for this actor the case is as if it had never been.

    The citizen whose own it is goes on speaking in the chat; that they are the same person the caller sees to.
    """
    match case.confidential:
        case Closed.NOT:
            return False
        case Closed.KEPT:
            return not (actor.kind == CITIZEN or actor.keeper)
        case _:
            return True


def refused(case: "CaseFacts", act: object) -> str:
    """Why it cannot be marked or taken back now, as a wording key; "" where nothing is in the way."""
    if isinstance(act, MarkDenunciation):
        return "act.already" if case.confidential else "" if case.keeper else "act.no_keeper"
    if isinstance(act, UnmarkDenunciation) and not case.confidential:
        return "act.already"
    if isinstance(act, HandUp) and not case.confidential and case.matter != Matter.ABOUT_CHAIRMAN:
        return SECOND
    return ""


def closed_after(act: object) -> Closed | None:
    """To whom it is open after the act; None where that stays."""
    match act:
        case MarkDenunciation():
            return Closed.KEPT
        case UnmarkDenunciation():
            return Closed.NOT
        case HandUp():
            return Closed.ERASED
        case _:
            return None
