"""A session (đối thoại, tiếp công dân) as it may stand on paper. Instants: UTC milliseconds; days: ISO text."""

from datetime import date
from typing import Literal

import msgspec

from feedback.sessions import RECEPTIONS
from reports.paper_facts import Office

SessionPaper = Literal["sheet", "notice", "minutes", "results", "loudspeaker"]
"""danh sách cho bàn tiếp dân · niêm yết · biên bản · thông báo kết quả · bản tin truyền thanh."""
SESSION_PAPERS: tuple[SessionPaper, ...] = ("sheet", "notice", "minutes", "results", "loudspeaker")


def allowed(paper: SessionPaper, kind: str) -> bool:
    """Whether a session of that kind has such a paper: of a reception nothing is published."""
    return paper != "results" or kind not in RECEPTIONS


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """What was promised, who sees to it, until which day, how it stands."""

    text: str
    owner: str
    due: str
    state: str = "open"
    session: str = ""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked, and what was answered by whom; `asker` "" where nobody wrote it down.

    `public` is what anybody may read of it, in an officer's words, "" for only its topic.
    """

    topic: str
    text: str
    public: str = ""
    asker: str = ""
    village: str = ""
    answer: str = ""
    answered_by: str = ""


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on the list. `cases` are code, kind, state and opening of earlier ones; `promises` open ones."""

    seat: int | None = None
    slot_at: int | None = None
    state: str
    code: str = ""
    name: str = ""
    phone: str = ""
    village: str = ""
    topic: str
    questions: tuple[Question, ...] = ()
    cases: tuple[tuple[str, str, str, int], ...] = ()
    promises: tuple[Promise, ...] = ()


class SessionFile(msgspec.Struct, frozen=True, kw_only=True):
    """A session with everything that was said in it. `village` "" for the whole commune; `matter`: what it is about."""

    id: int
    kind: str
    host: str
    host_name: str = ""
    title: str
    matter: str = ""
    place: str
    online: str = ""
    village: str = ""
    state: str
    starts_at: int
    ends_at: int
    seats: int
    slot_minutes: int = 0
    summary: str = ""
    aloud: str = ""
    """What the loudspeaker says, a paragraph a line; only for that paper."""
    visitors: tuple[Visitor, ...] = ()
    questions: tuple[Question, ...] = ()
    """Every question, in the order in which they were asked."""
    promises: tuple[Promise, ...] = ()
    earlier_at: int | None = None
    """When it was to begin as told before its last move; `earlier_place` where. `reason`: why, or why it is off."""
    earlier_place: str = ""
    reason: str = ""


class SessionJob(msgspec.Struct, frozen=True, kw_only=True, tag="session"):
    """One paper of a session."""

    office: Office
    session: SessionFile
    paper: SessionPaper
    ending: Literal["docx", "pdf"]
    made_on: date
