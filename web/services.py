"""What the pages are given by app/wiring.py; they change nothing except through `receive` and `act`."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection

from bot.channels.base import Door
from bot.conversation.messages import Inbound
from bot.conversation.wording import Wording
from feedback.acts import Act, Decision, Open, Refusal
from feedback.attaching import Attached
from feedback.blocking import Block, Blocked
from feedback.complaints import Matter
from feedback.office import Office
from feedback.rights import CloseRequest
from feedback.roles import Actor, Role
from reports.periods import Month
from reports.petitions import Letter
from reports.plans import Plan
from reports.source import CaseSource
from storage.morning import HotCounts
from storage.officer_changes import Refused
from storage.store import Store
from storage.vault import Vault
from surveys.definition import Survey
from surveys.statistics import Formula
from vietnam.time import DAY
from web.paper_services import Papers
from web.plan_door import PlanDoor
from web.province_door import ProvinceDoor
from web.report_door import ReportDoor
from web.session_door import SessionDoor
from web.wave_door import CellFault, WaveDoor

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
    placed: tuple[CellFault, ...] = ()
    """The faults again, each beside the row that it is about."""


class HandedOn(msgspec.Struct, frozen=True, kw_only=True):
    """What became of somebody's open cases: how many went to whoever follows, and how many back to a desk."""

    handed: int
    back: int


async def _tells_nobody(_actor: Actor, _report: int, _text: str) -> int:
    return 0


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
    leave: Callable[[int, int, int, Actor], Awaitable[HandedOn | Refused]]
    """(officer, who follows or 0, version, actor): switched off and handed on, in one transaction."""
    enter: Callable[[Open, Actor, str], Awaitable[str | Refusal]]
    """(case, officer, once): a case entered for somebody without a chat; its code, which is drawn, or why not.

    `once` names the form; the code of the case it made is given where it was sent before. "" names none.
    """
    merge: Callable[[int, str, int, Actor], Awaitable[Decision | Refusal]]
    """(case id, code of the other, version looked at, actor): joined into the other, its sender told, or why not."""
    part: Callable[[int, int, Actor], Awaitable[Decision | Refusal]]
    """(case id, version looked at, actor): goes its own way again, and its sender is told, or why not."""
    keep_photo: Callable[[int, bytes], Awaitable[int | PhotoRefused]]
    """(unit id, bytes as sent): checked and re-encoded in a child process; the id of the blob."""
    keep_voice: Callable[[int, bytes], Awaitable[int | PhotoRefused]]
    """(unit id, bytes as sent): checked; the id of the blob, or why not."""
    keep_file: Callable[[int, str, bytes], Awaitable[Attached | PhotoRefused]]
    """(unit id, name as sent, bytes): a document that officers attach, looked at and kept; or why not."""
    file_mb: int
    """The largest document that may be attached."""
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
    explain: Callable[[int, Matter], Awaitable[list[str]]]
    """(unit id, matter): where a khiếu nại or tố cáo is brought, in paragraphs."""
    publish_sample: Callable[[int], Awaitable[str]]
    """(unit id): the questionnaire that every commune begins with is published and open; the code of its wave."""
    kept_months: Mapping[str, int]
    """Kind of a case, "bookings" or "chat" -> months after which what was said goes; 0: never."""
    office_in: Callable[[Connection, int], Office]
    """(connection, unit id): the office with the unit's own days off, as they are entered now."""
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
    plans: PlanDoor
    """Plans, what they ask for, and how the commune signs."""
    province: ProvinceDoor
    """What officers of a province bring in and take out."""
    reports: ReportDoor
    """One report, from its draft to the signed file."""
    cases_counted: Callable[[Connection, int], CaseSource]
    """(connection, unit id): what is counted of its cases, as reports count it."""
    waves: WaveDoor
    """Surveys published, waves, lists and posters."""
    doors: Callable[[], Iterable[Door]] = tuple
    """Where platforms may knock now."""
    logins: Callable[[], Mapping[tuple[str, int], FinishLogin]] = dict
    """(channel, channel account): how a login is finished when a browser comes back from the platform."""
    way_back: Callable[[str], str] = lambda _channel: ""
    """(channel): the address that opens the chat on that platform, "" where none is known."""
    hot: HotCounts = field(default_factory=HotCounts)
    """From when on something is a hot spot."""
    plan_files: Callable[[Connection, int], list[Plan]] = lambda _conn, _unit: []
    """(connection, unit id): the plans that the commune works by, whole."""
    tell_officers: Callable[[Actor, int, str], Awaitable[int]] = _tells_nobody
    """(officer, report id, text): the brief of an issued report to all who have linked an account; to how many now."""
    answer_days: int = 15
    """Days until the People's Committee answers a kiến nghị giám sát of the Front."""
    report_month: Month = "calendar"
    """Whether months of reports follow the calendar or the statutory cut-off."""
    second_step: frozenset[Role] = frozenset()
    """Roles that must have a second step at the door."""
    first_password: int = 3 * DAY
    """Milliseconds for which a password that somebody else gave an officer opens the door."""
    formula: Callable[[], Formula] = lambda: "top2"
    """The satisfaction index of the plan that reports are made by: two of them side by side would tell more."""
