"""What the pages are given by app/wiring.py; they change nothing except through `receive` and `act`."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from bot.channels.base import Door
from bot.conversation.messages import Inbound
from bot.conversation.wording import Wording
from feedback.acts import Act, Decision, Open, Refusal
from feedback.blocking import Block, Blocked
from feedback.hot_spots import Thresholds
from feedback.office import Office
from feedback.rights import CloseRequest
from feedback.roles import Actor
from reports.petitions import Letter
from storage.store import Store
from storage.vault import Vault
from surveys.definition import Survey
from surveys.statistics import Formula
from web.paper_services import Papers
from web.session_door import SessionDoor

FinishLogin = Callable[[str, str, str], Awaitable[str]]
"""(code, state, the platform's id of the account): "" where tokens came of it, else a word of oauth.html."""


@dataclass(frozen=True, slots=True)
class PhotoRefused:
    """Why a picture was not kept, as a wording key ("photo.not_a_photo", "photo.too_big", "photo.bomb")."""

    key: str


class SurveyFile(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a survey file: a survey with remarks, or its faults, each a sentence with its place.

    Neither where the file could not be read at all.
    """

    survey: Survey | None = None
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Services:
    """One per process. All callables are safe to call from any request."""

    store: Store
    vault: Vault
    public_url: str
    now: Callable[[], int]
    """UTC milliseconds."""
    receive: Callable[[Inbound], Awaitable[None]]
    """One whole turn, committed or safely kept in the inbox when it returns."""
    act: Callable[[int, Act, Actor], Awaitable[Decision | Refusal]]
    """(case id, act, actor): decided and written in one transaction; the citizen's message is in the outbox."""
    enter: Callable[[Open, Actor], Awaitable[str | Refusal]]
    """(case, officer): a case entered for somebody without a chat; its code, which is drawn, or why there is none."""
    keep_photo: Callable[[int, bytes], Awaitable[int | PhotoRefused]]
    """(unit id, bytes as sent): checked and re-encoded in a child process; the id of the blob."""
    keep_voice: Callable[[int, bytes], Awaitable[int | PhotoRefused]]
    """(unit id, bytes as sent): checked; the id of the blob, or why not."""
    blob: Callable[[int], Awaitable[bytes | None]]
    """(blob id): its bytes, None where it is gone; the page has checked who may see it."""
    close_request: Callable[[int, CloseRequest, Actor], Awaitable[str | Refusal]]
    """(id of a request about one's own data, act, actor): kept, and the person told, in one transaction; KeyError."""
    ask_report: Callable[[int, str, Actor], Awaitable[int]]
    """(unit id, period such as "2026-10", actor): the id of a row of `reports`, made soon in a child process."""
    chance: Callable[[int, int], list[int]]
    """chance(n, k): k different numbers of 0..n-1, drawn so that nobody can foresee them."""
    wait: Callable[[int, int, float], Awaitable[None]]
    """(conversation id, seq already shown, seconds): returns when there may be something newer, or at the time."""
    closing: Callable[[], bool]
    """True once the process is to end: streams stop."""
    count: Callable[[str, int], None]
    """(name, by): adds to a counter of the day, in the background."""
    say: Wording
    """say(key, **params): a text of the bot's wording catalogue in Vietnamese."""
    papers: Papers
    """Papers of cases and sessions, registers, and the ZIP of a period."""
    read_survey: Callable[[str, bytes], Awaitable[SurveyFile]]
    """(name of a file, its bytes): the survey in it, read in a child process; nothing is kept."""
    write_letter: Callable[[Letter], Awaitable[bytes | None]]
    """(letter): as DOCX, made in a child process and kept nowhere; None where it could not be made."""
    block: Callable[[int, Block, Actor], Awaitable[Blocked | Refusal]]
    """(case id, act, actor): whoever opened the case is blocked and told so, or why not."""
    lift: Callable[[int, Actor], Awaitable[bool]]
    """(id of a block, actor): it is over and the person is told; False where there was nothing to end."""
    office: Office
    """The days and hours of work, and what is promised."""
    sessions: SessionDoor
    """Dialogues and receptions."""
    doors: Callable[[], Iterable[Door]] = tuple
    """Where platforms may knock now."""
    logins: Callable[[], Mapping[tuple[str, int], FinishLogin]] = dict
    """(channel, channel account): how a login is finished when a browser comes back from the platform."""
    way_back: Callable[[str], str] = lambda _channel: ""
    """(channel): the address that opens the chat on that platform, "" where none is known."""
    hot_limits: Thresholds = field(default_factory=Thresholds)
    """From when on something is a hot spot."""
    formula: Callable[[], Formula] = lambda: "top2"
    """The satisfaction index of the plan that reports are made by: two of them side by side would tell more."""
