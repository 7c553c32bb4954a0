"""What a page may ask for on paper, and what it gets."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

import msgspec

from feedback.roles import Actor
from reports.paper_facts import CasePaper
from reports.session_facts import SessionPaper


class CaseWanted(msgspec.Struct, frozen=True, kw_only=True, tag="case"):
    """A paper of the case with that code."""

    code: str
    paper: CasePaper
    ending: Literal["docx", "pdf"]


class SessionWanted(msgspec.Struct, frozen=True, kw_only=True, tag="session"):
    """A paper of the session with that id. `aloud` is what the loudspeaker says, for that paper."""

    session: int
    paper: SessionPaper
    ending: Literal["docx", "pdf"]
    aloud: str = ""


class RegisterWanted(msgspec.Struct, frozen=True, kw_only=True, tag="register"):
    """A register of a period such as "2026-10"."""

    which: Literal["cases", "visits"]
    period: str
    names: bool
    ending: Literal["xlsx", "pdf"]


PaperWanted = CaseWanted | SessionWanted | RegisterWanted


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A paper that was made."""

    name: str
    media_type: str
    data: bytes


class PaperFailed(Exception):
    """It could not be made now; what was to be in it is in no message of this."""


class NoSuchPeriod(ValueError):
    """No period, or one that has not begun."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What the pages of papers are given."""

    make: Callable[[Actor, PaperWanted], Awaitable[PaperFile | None]]
    """None where the actor's unit has no such case or session. PermissionError, PaperFailed, NoSuchPeriod."""
    ask_dossier: Callable[[Actor, str, bool], Awaitable[int]]
    """(leader, period, with names): the id of a ZIP, made soon. PermissionError, NoSuchPeriod."""
    fetch_dossier: Callable[[Actor, int], Awaitable[PaperFile | None]]
    """(leader, id): the ZIP, and that it was taken is noted; None where there is none any more. PermissionError."""
