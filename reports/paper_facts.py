"""What papers are made of: the office that issues them, and a case. Instants are UTC milliseconds."""

from datetime import date
from typing import Literal

import msgspec

from feedback.replies import PLAIN, Parts

CasePaper = Literal["receipt", "transfer", "answer"]
"""phiếu tiếp nhận · phiếu chuyển · văn bản trả lời."""
CASE_PAPERS: tuple[CasePaper, ...] = ("receipt", "transfer", "answer")


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """Who issues a paper, and how it is signed. `url` is where citizens look, `sample`: all of it is sample data."""

    commune: str
    province: str
    phone: str = ""
    contact: str = ""
    url: str = ""
    signature: tuple[str, ...]
    signer: str = ""
    letters_mark: str = "UBND-VP"
    sample: bool = False


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a case's history: who is a name, "citizen" or "system"."""

    at: int
    who: str
    action: str
    text: str = ""
    to: str = ""


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """A case. `name` and `phone` are "" where the citizen is anonymous or names are left out (`nameless`)."""

    code: str
    kind: str
    category: str
    village: str = ""
    place: str = ""
    point: str = ""
    text: str
    anonymous: bool = True
    nameless: bool = False
    name: str = ""
    phone: str = ""
    wanted_day: str = ""
    channel: str = ""
    opened_at: int
    photos: int = 0
    recordings: int = 0
    state: str = ""
    due_at: int | None = None
    paused: bool = False
    law: str = ""
    officer: str = ""
    forwarded_to: str = ""
    reply: str = ""
    parts: Parts = PLAIN
    answered_at: int | None = None
    stars: int = 0
    history: tuple[Step, ...] = ()


class CaseJob(msgspec.Struct, frozen=True, kw_only=True, tag="case"):
    """One paper of a case, as DOCX or PDF."""

    office: Office
    case: CaseFile
    paper: CasePaper
    ending: Literal["docx", "pdf"]
    made_on: date
