"""What pages may ask for about surveys and waves; app/wave_desk.py does it, each change in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from feedback.roles import Actor
from storage.frames import Frame
from storage.wave_acts import WaveRow
from surveys.definition import Survey
from surveys.faults import Fault
from surveys.waves import Act, Change, FrameKind, Opening, Refusal
from web.paper_services import PaperFile

if TYPE_CHECKING:  # the numbers' library is not for an idle server
    from surveys.changes import QuestionChange
    from surveys.results import WaveResults

Held = Literal["sealed", "releasing"]
"""Why no figures of a wave are shown: sealed until its close, or the last answers are being released."""
Size = Literal["A4", "A5"]
Ending = Literal["pdf", "png"]
ListEnding = Literal["pdf", "xlsx", "csv"]


class WaveFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What may be shown of a wave, as `nghedan wave results` has it. `first` and `last`: days of released answers.

    `bare`: answers of which nothing is kept but that they came. `villages`: names by id. `linked`: questions, and
    "village:<id>", withheld because of what was published before. `alone`: False where answers of another wave of the
    same survey came in these days, and `over`: False before the close: then nothing is said by village.
    """

    survey: Survey
    results: "WaveResults"
    partial: int
    assisted: int
    bare: int
    first: date | None
    last: date | None
    villages: dict[int, str]
    linked: tuple[str, ...]
    alone: bool
    over: bool


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """Two invited waves side by side. `left_out`: ids of questions that only one of them asks so."""

    before: WaveRow
    after: WaveRow
    figures_before: WaveFigures
    changes: "tuple[QuestionChange, ...]"
    left_out: tuple[str, ...]


class NoChange(msgspec.Struct, frozen=True):
    """Why nothing can be said of a change: a word of app.wave_changes.Why, or of Held; the code it lies with."""

    why: str
    code: str


class Publishing(msgspec.Struct, frozen=True, kw_only=True):
    """A survey to be published. `newest` is the version that stood there when the officer decided, 0 for none.

    `given`: files by name that it names itself, recordings and the document; `opens`: to everybody at once.
    """

    survey: Survey
    checksum: bytes
    newest: int
    given: Mapping[str, bytes] = {}
    opens: bool = False


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What came of publishing: a version, `new` or there already, or why not.

    `faults` are sentences about the survey or its files, `missing` the files that it names and nobody gave; `refused`
    is "stale" (somebody published another version meanwhile), "code" (the name is that of the other side's survey),
    "front" or "ubnd" (what stands open is a wave of the other side) or "". `wave` is what stands open to everybody now,
    0 for none; `opened`: it was opened by this.
    """

    number: int = 0
    version: int = 0
    new: bool = False
    wave: int = 0
    opened: bool = False
    faults: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    refused: str = ""


class CellFault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault beside what stands in the file. `row` is a row of a sheet or a line of text, 0 where none is known.

    `cells` are the texts of that row, the first few, `at` the place in them that is wrong (-1: the whole row); `cell`
    as people name it ("C5").
    """

    said: str
    sheet: str = ""
    row: int = 0
    cell: str = ""
    cells: tuple[str, ...] = ()
    at: int = -1


class FrameTried(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a list: it is kept (`frame`; `new` unless the same file was there), or what is wrong with it.

    `reached`: lines whose person can be written to. `refused`: "name" (another list is called so), "unread" or "".
    """

    frame: Frame | None = None
    new: bool = False
    reached: int = 0
    faults: tuple[CellFault, ...] = ()
    refused: str = ""


class WaveDoor(Protocol):
    """Surveys published, waves opened and changed, their figures, lists, posters and letters. PermissionError."""

    async def publish(self, wanted: Publishing, actor: Actor) -> Published:
        """Freeze a survey as its next version, and open it where that is wanted."""
        ...

    def named(self, survey: Survey) -> Sequence[str]:
        """Names of the files that a survey is published with."""
        ...

    def unfilled(self, survey: Survey) -> tuple[str, ...]:
        """Where a ready questionnaire still has a place to be filled in, as sentences."""
        ...

    def described(self, faults: Sequence[Fault]) -> tuple[str, ...]:
        """Faults of a survey as sentences, without the line of a file that nobody sees."""
        ...

    async def open(self, slug: str, opening: Opening, frame: str, actor: Actor) -> WaveRow | Refusal:
        """Open a wave of the newest version; its sample is drawn when this returns."""
        ...

    async def act(self, wave: WaveRow, act: Act, why: str, actor: Actor) -> Change | Refusal:
        """Close, call off, invite, pause, resume or remind; `why` is kept with it."""
        ...

    async def figures(self, wave: WaveRow) -> WaveFigures | Held:
        """The figures as of the last release; what is shown is remembered as published."""
        ...

    async def compared(self, unit: int, code: str, before: str) -> Changes | NoChange:
        """The newest closed invited waves of two codes, and what changed between them."""
        ...

    async def import_frame(self, data: bytes, file: str, name: str, kind: FrameKind, actor: Actor) -> FrameTried:
        """A list that samples are drawn from; read in a child process."""
        ...

    async def poster(self, wave: WaveRow, place: str, size: Size, ending: Ending, actor: Actor) -> PaperFile | None:
        """The poster for a place, counted from now on; None where the wave takes none. PaperFailed."""
        ...

    async def posters(self, wave: WaveRow, size: Size, actor: Actor) -> PaperFile | None:
        """A ZIP with the poster of every village. PaperFailed."""
        ...

    async def letters(self, wave: WaveRow, ending: ListEnding, everybody: bool, actor: Actor) -> PaperFile | None:  # noqa: FBT001 - a tick on the form
        """Invitations on paper with their one-time codes; that they were taken out is noted. PaperFailed."""
        ...
