"""Every change to a report after its making is one of these acts; `seen` is the version the officer was looking at."""

from datetime import date
from enum import StrEnum

import msgspec

MAX_TEXT = 30_000
MAX_COMMENT = 20_000
MAX_REASON = 2_000


class ReportState(StrEnum):
    """đang tạo · chưa tạo được · dự thảo · đã duyệt · đã chuyển văn thư · đã phát hành."""

    MAKING = "making"
    FAILED = "failed"
    READY = "ready"
    APPROVED = "approved"
    HANDED = "handed"
    FROZEN = "frozen"


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """An officer's words for one place of the documents; an empty text takes away what stood there.

    `digest` is that of the figures they were written beside, `seen` when the words that they replace were written
    (UTC ms; 0: there were none).
    """

    place: str
    text: str
    digest: str = ""
    seen: int = 0


class WriteTexts(msgspec.Struct, frozen=True, tag="write_text"):
    """An officer's own words, in one or more places of a draft; all of them are kept or none."""

    pieces: tuple[Piece, ...]


class Comment(msgspec.Struct, frozen=True, tag="comment"):
    """A remark of one officer to the others; it stands in no document."""

    text: str


class Approve(msgspec.Struct, frozen=True, kw_only=True, tag="approve"):
    """A leader agrees. `sure`: words that were written beside other figures have been read again and still hold."""

    seen: int = 0
    sure: bool = False


class Return(msgspec.Struct, frozen=True, kw_only=True, tag="return_"):
    """A leader sends it back to be worked on, and says why."""

    text: str
    seen: int = 0


class Hand(msgspec.Struct, frozen=True, kw_only=True, tag="hand"):
    """The documents have gone to văn thư, to be signed and numbered in their own system."""

    seen: int = 0


class Number(msgspec.Struct, frozen=True, kw_only=True, tag="number"):
    """Số and ngày phát hành (an ISO day), as văn thư gave them; both as they were typed."""

    number: str
    issued_on: str
    seen: int = 0


class Freeze(msgspec.Struct, frozen=True, kw_only=True, tag="freeze"):
    """The signed file is kept, and with it nothing of the report changes any more. `sha256` is that of its bytes."""

    blob: int
    sha256: str
    seen: int = 0


class Submit(msgspec.Struct, frozen=True, kw_only=True, tag="submit"):
    """An officer says that the draft is ready for a leader; any new words of an officer take that back."""

    seen: int = 0


class Remake(msgspec.Struct, frozen=True, kw_only=True, tag="remake"):
    """Count anew, and make the documents anew; the officers' words stay."""

    seen: int = 0


ReportAct = WriteTexts | Comment | Approve | Return | Hand | Number | Freeze | Remake | Submit


class PlaceFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A place of the documents that an officer may write in.

    `written`: when its words were (0: there are none); `stale`: beside other figures than there are now; `required`:
    the draft on dân vận cannot be approved without them; `cites`: its words are the căn cứ of the document.
    """

    written: int = 0
    stale: bool = False
    required: bool = False
    cites: bool = False


class ReportFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it stands now. `behind`: its documents do not hold yet what was written or decided last.

    `lines`: how many lines of the annexes of its draft nobody has filled. `numbers` are those that other reports of the
    unit have had, with their years. `submitted`: it waits for a leader.
    """

    id: int
    unit: int
    state: ReportState
    version: int
    made_on: date | None = None
    behind: bool = False
    number: str = ""
    issued_on: str = ""
    places: dict[str, PlaceFacts] = {}
    lines: int = 0
    numbers: frozenset[tuple[int, str]] = frozenset()
    submitted: bool = False


class ReportDecision(msgspec.Struct, frozen=True, kw_only=True):
    """The accepted change. `refile`: the documents are to be written anew, after a new count where `recount`.

    `number` as it is kept ("5", never "05"). `waits`: it waits for a leader afterwards.
    """

    action: str
    before: ReportState
    after: ReportState
    text: str = ""
    number: str = ""
    refile: bool = False
    recount: bool = False
    waits: bool = False
