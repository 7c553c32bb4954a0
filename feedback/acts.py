"""Every change to a case is one of these acts: what it brings, what a decision needs, and what comes of it."""

from typing import Any, Literal

import msgspec

from feedback.attaching import Attached
from feedback.clocks import Deadline
from feedback.confidential import Closed, Guarding
from feedback.handing import Handing
from feedback.kinds import Kind
from feedback.merging import Merging
from feedback.notes import Note
from feedback.replies import PLAIN, Draft, Parts
from feedback.retention import Expire
from feedback.routing import Assignee, Colleague
from feedback.states import State
from feedback.transcribing import Transcribe

Heard = Literal["", "paper", "phone", "visit"]
MAX_TEXT = 4_000
MAX_REPLY = 3_500
MAX_BLOBS = 5
MAX_PLACE = 300
MAX_STARS = 5
MAX_REOPENED = 1


class Open(msgspec.Struct, frozen=True, kw_only=True, tag="open"):
    """A citizen brings something. `wanted_day` is the day a talk is wished for, in the citizen's words."""

    code: str
    kind: Kind
    category: str
    text: str
    village: int | None = None
    works: int | None = None
    """The công trình or dự án that it concerns."""
    anonymous: bool = True
    name: str = ""
    phone: str = ""
    wanted_day: str = ""
    blobs: tuple[int, ...] = ()
    where: str = ""
    """The place in the citizen's words."""
    heard: Heard = ""
    """How an officer heard it who enters it for somebody; "" where the citizen wrote."""
    point: tuple[float, float] | None = None
    """The place as latitude and longitude, WGS 84 degrees."""
    matter: str = ""
    """What the words surely are (feedback.complaints.Matter), though the citizen said that they are not; "" else."""
    organisation: str = ""
    """Whose member brought it, where the Front enters it (feedback.oversight.ORGANISATIONS); "" else."""


class Receive(msgspec.Struct, frozen=True, tag="receive"):
    """An officer has read a case and says so to the citizen; who works on it is still to be seen."""


class Take(msgspec.Struct, frozen=True, tag="take"):
    """An officer takes a case in hand."""


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """An officer asks the citizen something; `seen` as in Reply. `files` are documents that go with the question."""

    text: str
    seen: int = 0
    files: tuple[Attached, ...] = ()


class Extend(msgspec.Struct, frozen=True, tag="extend"):
    """An officer needs more time, by so many units of the promise's own rule, and says why; the citizen is told.

    `seen` as in Reply.
    """

    by: int
    reason: str
    seen: int = 0


class Apologise(msgspec.Struct, frozen=True, tag="apologise"):
    """A promise is about to be broken and nobody has said so: the citizen hears it before it is."""


class Forward(msgspec.Struct, frozen=True, tag="forward"):
    """A case goes to another authority (`to`) that answers from there; `text` tells more, `seen` is as in Reply.

    `contact`: a telephone or an address of that authority, for the citizen to ask at.
    """

    to: str
    text: str = ""
    seen: int = 0
    contact: str = ""


class Reply(msgspec.Struct, frozen=True, tag="reply"):
    """An officer answers; the text goes to the citizen's chat word for word.

    `seen` is the version of the case the officer was looking at (0: none in particular): a second click, or a page
    that does not show a colleague's answer yet, sends nothing.
    """

    text: str
    seen: int = 0
    parts: Parts = PLAIN


class DraftReply(msgspec.Struct, frozen=True, tag="draft_reply"):
    """An officer writes the answer that a leader signs; nobody is told yet. One draft a case, the newest counts."""

    text: str
    seen: int = 0
    parts: Parts = PLAIN


class Approve(msgspec.Struct, frozen=True, tag="approve"):
    """A leader signs the draft: it goes to the citizen as the answer. `seen` as in Reply."""

    seen: int = 0


class ReturnDraft(msgspec.Struct, frozen=True, tag="return_draft"):
    """A leader sends the draft back to whoever wrote it, and says why. `seen` as in Reply."""

    text: str
    seen: int = 0


class Tell(msgspec.Struct, frozen=True, tag="say"):
    """The citizen adds words or pictures to their own case, asked or not."""

    text: str
    blobs: tuple[int, ...] = ()


class Confirm(msgspec.Struct, frozen=True, tag="confirm"):
    """The citizen says that the matter is settled."""


class Rate(msgspec.Struct, frozen=True, tag="rate"):
    """How the citizen found a settled matter was handled: `stars` 1 (rất không hài lòng) to 5 (rất hài lòng)."""

    stars: int


class Reopen(msgspec.Struct, frozen=True, tag="reopen"):
    """The citizen says that it is not settled, and in `text` what is missing; once a case."""

    text: str
    blobs: tuple[int, ...] = ()


class Due(msgspec.Struct, frozen=True, tag="due"):
    """The day has passed until which an answer promised that it would be done: the citizen is asked whether it is."""


class Close(msgspec.Struct, frozen=True, tag="close"):
    """Nobody has said anything since the answer for as long as the commune waits."""


Signing = DraftReply | Approve | ReturnDraft
Act = (
    Open
    | Receive
    | Take
    | Ask
    | Extend
    | Apologise
    | Forward
    | Reply
    | Signing
    | Tell
    | Confirm
    | Rate
    | Reopen
    | Due
    | Close
    | Expire
    | Guarding
    | Handing
    | Transcribe
    | Note
    | Merging
)


class CaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision needs of a case as it stands now. `reopened`: how often; `deadline`: None before it had one."""

    id: int
    unit: int
    code: str
    kind: Kind
    state: State
    version: int
    reopened: int = 0
    taken: bool = False
    """Somebody works on it."""
    deadline: Deadline | None = None
    category: str = ""
    village: int = 0
    """Where it is, 0 where nobody has said."""
    draft: Draft | None = None
    """The answer that waits for a leader, or was sent back."""
    confidential: Closed = Closed.NOT
    keeper: int = 0
    """The officer of the unit whom the Chủ tịch named for what is confidential; 0 where nobody is."""
    assigned: Assignee = Assignee()
    """Whose turn it is."""
    staff: tuple[Colleague, ...] = ()
    """The officers of the unit who are there."""
    escalated: int = 0
    over_level: bool = False
    matter: str = ""
    """What the citizen's own words surely are: feedback.complaints.Matter, "" for anything else."""
    merged_into: int = 0
    """The case that is answered for this one too; 0 where it goes its own way."""
    merged_at: int = 0
    joined: int = 0
    """How many were joined into this one."""
    senders: tuple[str, ...] = ()
    """Names and numbers that those have left, where there are any: an answer to all of them says none."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The accepted change: what to write, and what the citizen is told (a wording key, or "").

    `to` is the authority it went to; `ways` are what the citizen can do about it at once (wording keys
    "case.way.<way>"). `deadline` is the new one, None where it stays as it was. `sorry` is the wording key of why a
    promise is not kept, where nobody has said it in words.
    """

    action: str
    before: State | None
    after: State
    tell: str = ""
    text: str = ""
    to: str = ""
    contact: str = ""
    """Where that authority is asked."""
    stars: int = 0
    blobs: tuple[int, ...] = ()
    ways: tuple[str, ...] = ()
    deadline: Deadline | None = None
    sorry: str = ""
    parts: Parts | None = None
    """Of an answer, or of the draft of one."""
    draft: Draft | None = None
    """What stands as the draft afterwards; None where it stays as it was, or (`draft_over`) is gone."""
    draft_over: bool = False
    language: str = ""
    """What was spoken where a recording is written down, "" for Vietnamese."""
    closed: Closed | None = None
    """To whom it is open from now on; None where that stays."""
    assigned: Assignee | None = None
    """Whose turn it is from now on; None where that stays."""
    about_head: bool = False
    """Whoever marked it holds that it is about the Chủ tịch."""
    matter: str = ""
    """What the citizen's words surely denounce (feedback.complaints.denounced), "" for nothing."""
    merged: int | None = None
    """The case that is answered for this one from now on, 0 for none; None where that stays."""
    other: int = 0
    """The case that was joined into this one, or has left it."""
    other_code: str = ""
    """By which the citizen follows the other case."""
    files: tuple[Attached, ...] = ()
    """Documents that come with it."""


class Refusal(msgspec.Struct, frozen=True):
    """Why not, as a wording key that tells the person what to do, and what its text needs."""

    key: str
    values: dict[str, Any] = {}
